"""The INI file: one file in the user's configuration folder, with a group for each feature."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings

_VERSION_KEY, _VERSION = "settings/version", 2
"""Version 1 had no such key."""

RENAMED_KEYS = {
    "manners/tray": "background/tray",
    "manners/stay_in_tray": "background/close_to_tray",
    "manners/tell": "background/notify",
    "manners/language": "interface/language",
    "watch/fresh": "watch/only_new_files",
    "watch/on": "watch/enabled",
    "library/was_off": "library/disabled_before",
    "export/without_furniture": "export/omit_headers_footers",
}
"""Keys of version 1 and their new names."""

RENAMED_SHORTCUTS = {
    "WindowActions.open_files": "files.open",
    "WindowActions.open_folder": "files.open_folder",
    "WaysIn.paste": "files.paste",
    "WaysIn.region": "files.read_screen",
    "WindowActions.copy": "text.copy",
    "OutActions.join_lines": "text.join_lines",
    "OutActions.export": "export.save",
    "TakingOut.copy_files": "export.copy_files",
    "WindowActions.cancel": "jobs.cancel",
    "WindowActions.remove": "jobs.remove",
    "JobActions.pause": "jobs.pause",
    "JobActions.resume": "jobs.resume",
    "JobActions.retry": "jobs.retry",
    "JobActions.move_up": "jobs.move_up",
    "JobActions.move_down": "jobs.move_down",
    "JobActions.move_top": "jobs.move_to_top",
    "JobActions.move_bottom": "jobs.move_to_bottom",
    "JobActions.pause_all": "jobs.pause_all",
    "JobActions.resume_all": "jobs.resume_all",
    "JobActions.retry_all": "jobs.retry_all",
    "JobActions.cancel_all": "jobs.cancel_all",
    "JobActions.select_all": "jobs.select_all",
    "JobActions.find": "jobs.filter",
    "ReviewActions.undo": "review.undo",
    "ReviewActions.redo": "review.redo",
    "ReviewActions.next": "review.next_word",
    "ReviewActions.previous": "review.previous_word",
    "ReviewActions.accept": "review.accept_word",
    "ReviewActions.edit": "review.edit_word",
    "ReviewActions.find": "review.find",
    "ReviewActions.replace": "review.replace",
    "ReviewActions.find_next": "review.find_next",
    "ReviewActions.find_previous": "review.find_previous",
    "ReviewActions.copy_page": "review.copy_page",
    "ReviewActions.lost": "review.orphaned_corrections",
    "ReviewActions.page_up": "review.previous_page",
    "ReviewActions.page_down": "review.next_page",
    "ReviewActions.go_to_page": "review.go_to_page",
    "ReviewActions.thumbnails": "review.thumbnails",
    "ReviewActions.zoom_in": "review.zoom_in",
    "ReviewActions.zoom_out": "review.zoom_out",
    "ReviewActions.fit_width": "review.fit_width",
    "ReviewActions.fit_page": "review.fit_page",
    "ReviewActions.actual_size": "review.actual_size",
    "ReviewActions.plain_text": "review.plain_text",
    "LibraryPlace.action": "library.show",
    "SettingsDoor.settings": "settings.open",
    "WaysIn.watch": "settings.watched_folders",
    "WaysIn.behaviour": "settings.behaviour",
    "WindowActions.quit": "window.quit",
}
"""Shortcuts of version 1, stored as class and attribute of an action, and their ids."""


def settings_path() -> Path:
    """Return the path of the user's settings file."""
    return platformdirs.user_config_path("ocrdesk") / "desktop.ini"


def open_settings(path: Path | None = None) -> QSettings:
    """Open the user's settings file, or the one at `path`, and bring its keys up to date."""
    path = path or settings_path()
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    _copy_renamed_keys(settings)
    return settings


def _copy_renamed_keys(settings: QSettings) -> None:
    """Copy each old key whose new one is absent.

    This happens once: a shortcut that is reset later has no key, and must not get its old value again. The old keys
    stay for one release, so that the version before this one still finds them; the next release deletes them.
    """
    version = str(settings.value(_VERSION_KEY, 1))
    if version.isdecimal() and int(version) >= _VERSION:
        return
    shortcuts = {f"shortcuts/{old}": f"shortcuts/{new}" for old, new in RENAMED_SHORTCUTS.items()}
    for old, new in (RENAMED_KEYS | shortcuts).items():
        if settings.contains(old) and not settings.contains(new):
            settings.setValue(new, settings.value(old))
    settings.setValue(_VERSION_KEY, _VERSION)
