"""Paste, screen capture and watched folders as inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QSettings
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeySequence

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.capture.screen_capture import RegionCapture
from ocrdesk.desktop.capture.text_to_clipboard import RegionReader
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.intake.clipboard_content import local_paths, read_content
from ocrdesk.desktop.intake.pasted_images import FOLDER, PastedImages
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.system.clipboard import ClipboardWriter
from ocrdesk.desktop.system.single_instance import StartRequest, use_token
from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher
from ocrdesk.desktop.watch.watch_settings import WatchSettings
from ocrdesk.desktop.watch.watched_folders import SEEN_FILES, WatchedFolders
from ocrdesk.desktop.window.background_mode import BackgroundMode
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.pause_all import PauseAll

if TYPE_CHECKING:
    from ocrdesk.desktop.settings.pane import Pane


class InputSources(QObject):
    """Adds its actions to the File menu; everything it finds becomes files in the list."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        tasks: Tasks,
        background_mode: BackgroundMode,
        settings: QSettings,
        folder: Path,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._tasks = window, session, tasks
        self.watched = watched = WatchedFolders(session, tasks, WatchSettings(settings), folder / SEEN_FILES, self)
        self.images = PastedImages(folder / FOLDER, tasks, self)
        self.capture = RegionCapture(window, self.images, self)
        self.clipboard = ClipboardWriter(parent=self)
        self.region_reader = RegionReader(
            session, tasks, self.capture, self.clipboard, background_mode.notifications, self
        )
        self.region_reader.added.connect(background_mode.batches.ignore)
        background_mode.region_wanted.connect(self.capture.start)
        self.pause_all = PauseAll(session, watched, background_mode, self)
        window.image_dropped.connect(self._open_image)
        watched.added.connect(self._on_watched)
        session.state_changed.connect(self._on_state)
        self._icons: dict[QAction, Icon] = {}
        self.paste = self._action(Icon.PASTE, self.tr("&Paste"), QKeySequence.StandardKey.Paste, self._paste)
        self.region = self._action(
            Icon.REGION, self.tr("Read a part of the &screen"), "Ctrl+Shift+R", self.capture.start
        )
        self.watch = self._settings_pane(
            Icon.WATCH, self.tr("&Watched folders…"), PaneName.WATCHED_FOLDERS, lambda: _watch_pane(watched)
        )
        self.behaviour = self._settings_pane(
            None, self.tr("&Behaviour…"), PaneName.BEHAVIOUR, lambda: _behaviour_pane(background_mode)
        )
        name_objects(
            action_paste=self.paste,
            action_read_screen=self.region,
            action_watched_folders=self.watch,
            action_behaviour=self.behaviour,
        )
        self._add_to_menu()
        window.shortcuts.adopt(self)
        PaletteWatcher(window, self._update_icons)

    def run(self, request: StartRequest) -> None:
        """Open the files and start the screen capture that a start asks for."""
        if request.files:
            self._window.open_paths([Path(file) for file in request.files])
        if request.region:
            self.capture.start()

    def run_later_start(self, request: StartRequest) -> None:
        """The same for a later start: the window comes to the front, unless the screen behind it is to be captured."""
        if not request.region:
            use_token(request)
            self._window.come_to_front()
        self.run(request)

    # ── paste ────────────────────────────────────────────────────────────────────────────────────────

    def _paste(self) -> None:
        self.open_data(QGuiApplication.clipboard().mimeData())

    def open_data(self, data: QMimeData) -> None:
        """Open files and images, or the existing files that a text names."""
        content = read_content(data)
        if content.image is not None:
            self._open_image(content.image)
        elif local_paths(data):
            self._window.open_paths(content.paths)
        elif content.paths:
            self._tasks.run(
                partial(_existing, content.paths),
                partial(self._open_named, content.paths),
                lambda error: self._window.show_note(short_reason(error)),
                lane=Lane.FILES,
            )
        else:
            self._window.show_note(self.tr("There is no image and no file on the clipboard."))

    def _open_named(self, named: Sequence[Path], existing: Sequence[Path]) -> None:
        if existing:
            self._window.open_paths(existing)
        else:
            self._window.show_note(self.tr("There is no such file: {path}").format(path=printable_name(named[0])))

    def _open_image(self, image: QImage) -> None:
        self.images.save(image, self.tr("Pasted"), lambda path: self._window.open_paths([path]), self._window.show_note)

    def _on_watched(self, keys: Sequence[str]) -> None:
        count = len(keys)
        text = self.tr("1 file from a watched folder") if count == 1 else self.tr("{count} files from watched folders")
        self._window.show_note(text.format(count=count))

    def _on_state(self, state: SessionState) -> None:
        """Delete unused images: every connection lists all jobs, so their files are known now."""
        if state.connection is ConnectionState.READY:
            self.images.delete_unused(self._session.file_names())

    # ── the menu ─────────────────────────────────────────────────────────────────────────────────────

    def _action(
        self,
        name: Icon | None,
        text: str,
        shortcut: str | QKeySequence.StandardKey,
        slot: Callable[[], object],
    ) -> QAction:
        action = QAction(text, self)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: slot())
        if name is not None:
            self._icons[action] = name
        return action

    def _settings_pane(self, icon_name: Icon | None, text: str, name: PaneName, make: Callable[[], Pane]) -> QAction:
        """Add a pane to the settings and return the action that opens it."""
        self._window.settings_opener.add_pane(name, make)
        return self._action(icon_name, text, "", lambda: self._window.settings_opener.open(name))

    def _add_to_menu(self) -> None:
        menu = self._window.file_menu
        first_separator = next(action for action in menu.actions() if action.isSeparator())
        menu.insertActions(first_separator, [self.paste, self.region])
        last = menu.actions()[-1]
        menu.insertActions(last, [self.watch, self.behaviour])
        menu.insertSeparator(last)

    def _update_icons(self) -> None:
        for action, name in self._icons.items():
            action.setIcon(icon(name, self._window.palette()))


def _watch_pane(watched: WatchedFolders) -> Pane:
    from ocrdesk.desktop.settings.panes.watched_folders_pane import (
        WatchedFoldersPane,
    )  # imported when it is first needed

    return WatchedFoldersPane(watched)


def _behaviour_pane(background: BackgroundMode) -> Pane:
    from ocrdesk.desktop.settings.panes.behaviour_pane import BehaviourPane  # as above

    return BehaviourPane(background.settings, background.apply)


def _existing(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if path.exists()]
