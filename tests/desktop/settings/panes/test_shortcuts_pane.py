"""Keyboard shortcuts are changed and stored."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence

from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.settings.pane_names import PaneName
from tests.desktop.conftest import OpenDesktop


def test_shortcut_is_changed_stored_and_conflicts_are_reported(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    open_files, copy = desktop.driver.action("open_files"), desktop.driver.action("copy_text")
    settings = desktop.driver.open_settings(PaneName.SHORTCUTS)
    settings.select_shortcut("files.open")
    settings.set_keys("shortcut_keys", "Ctrl+J")
    settings.press("shortcut_set")
    assert open_files.shortcut() == QKeySequence("Ctrl+J")
    assert open_files.toolTip().endswith("(Ctrl+J)")
    settings.select_shortcut("text.copy")
    settings.set_keys("shortcut_keys", "Ctrl+J")
    assert "Open files" in settings.text("shortcut_notice")
    assert not settings.is_shown("shortcut_set")
    settings.press("shortcut_take")
    assert copy.shortcut() == QKeySequence("Ctrl+J")
    assert open_files.shortcut().isEmpty()
    again = open_desktop(LocalServer(), start=False)
    assert again.driver.action("copy_text").shortcut() == QKeySequence("Ctrl+J")
    assert again.driver.action("open_files").shortcut().isEmpty()
    settings.press("shortcut_restore_all")
    assert open_files.shortcut() == QKeySequence("Ctrl+O")
    assert copy.shortcut() == QKeySequence("Ctrl+Shift+C")


def test_every_menu_entry_has_a_changeable_and_unique_shortcut(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    shortcuts = desktop.window.shortcuts.all()
    known = {shortcut.action for shortcut in shortcuts}
    menus = [action.menu() for action in desktop.window.menuBar().actions()]
    entries = [entry for menu in menus for entry in menu.actions() if not entry.isSeparator()]
    assert len(entries) > 30
    assert desktop.driver.action("paste") in entries
    assert not [entry.text() for entry in entries if entry not in known]
    keys = [one.toString() for shortcut in shortcuts for one in shortcut.action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_all_keys_of_an_action_are_restored(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    shortcuts = desktop.window.shortcuts
    zoom = next(shortcut for shortcut in shortcuts.all() if shortcut.shortcut_id == "review.zoom_in")
    before, tip = zoom.action.shortcuts(), zoom.action.toolTip()
    shortcuts.give(zoom.shortcut_id, QKeySequence())
    assert zoom.action.toolTip() == zoom.tip
    shortcuts.give(zoom.shortcut_id, QKeySequence("Ctrl+Shift+I"))
    assert zoom.action.toolTip() == f"{zoom.tip} (Ctrl+Shift+I)"
    shortcuts.restore_all()
    assert (zoom.action.shortcuts(), zoom.action.toolTip()) == (before, tip)
