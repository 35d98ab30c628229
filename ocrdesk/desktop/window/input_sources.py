"""The ways in beside dropping and choosing: paste, pictures without a file, a part of the screen, watched folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QSettings
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeySequence

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.capture.screen_capture import RegionCapture
from ocrdesk.desktop.capture.text_to_clipboard import RegionReader
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.intake.clipboard_content import local_paths, read_clip
from ocrdesk.desktop.intake.pasted_images import FOLDER, PastedImages
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.system.clipboard import ClipboardWriter
from ocrdesk.desktop.system.single_instance import StartRequest, use_token
from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher
from ocrdesk.desktop.watch.watch_settings import WatchSettings
from ocrdesk.desktop.watch.watched_folders import MEMORY, WatchedFolders
from ocrdesk.desktop.window.background_mode import BackgroundMode
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.pause_all import PauseAll

if TYPE_CHECKING:
    from ocrdesk.desktop.settings.pane import Pane


class InputSources(QObject):
    """Puts its actions into the window's File menu; everything it finds becomes files in the list."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        tasks: Tasks,
        background: BackgroundMode,
        settings: QSettings,
        folder: Path,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._tasks = window, session, tasks
        self.watched = watched = WatchedFolders(session, tasks, WatchSettings(settings), folder / MEMORY, self)
        self.store = PastedImages(folder / FOLDER, tasks, self)
        self.capture = RegionCapture(window, self.store, self)
        self.clipboard = ClipboardWriter(parent=self)
        self.region_reader = RegionReader(session, tasks, self.capture, self.clipboard, background.notices, self)
        self.region_reader.added.connect(background.batches.ignore)
        background.region_wanted.connect(self.capture.start)
        self.pause_all = PauseAll(session, watched, background, self)
        window.picture_dropped.connect(self._take_picture)
        watched.taken.connect(self._on_watched)
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
            None, self.tr("&Behaviour…"), PaneName.BEHAVIOUR, lambda: _behaviour_pane(background)
        )
        name_objects(
            action_paste=self.paste,
            action_read_screen=self.region,
            action_watched_folders=self.watch,
            action_behaviour=self.behaviour,
        )
        self._put_into_menu()
        window.shortcuts.adopt(self)
        PaletteWatcher(window, self._dress)

    def run(self, errand: StartRequest) -> None:
        """What a start asks for: files, a part of the screen, or just the window."""
        if errand.files:
            self._window.open_paths([Path(file) for file in errand.files])
        if errand.region:
            self.capture.start()

    def run_later_start(self, errand: StartRequest) -> None:
        """The same for a start that found this window: it comes to the front, unless the screen behind it is wanted."""
        if not errand.region:
            use_token(errand)
            self._window.come_to_front()
        self.run(errand)

    # ── paste ────────────────────────────────────────────────────────────────────────────────────

    def _paste(self) -> None:
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, data: QMimeData) -> None:
        """Files and pictures as they are; text if it names files that are there."""
        clip = read_clip(data)
        if clip.picture is not None:
            self._take_picture(clip.picture)
        elif local_paths(data):
            self._window.open_paths(clip.paths)
        elif clip.paths:
            self._tasks.run(
                partial(_present, clip.paths),
                partial(self._take_named, clip.paths),
                lambda error: self._window.show_note(short_reason(error)),
                lane=Lane.FILES,
            )
        else:
            self._window.show_note(self.tr("There is no picture and no file on the clipboard."))

    def _take_named(self, named: Sequence[Path], present: Sequence[Path]) -> None:
        if present:
            self._window.open_paths(present)
        else:
            self._window.show_note(self.tr("There is no such file: {path}").format(path=named[0]))

    def _take_picture(self, picture: QImage) -> None:
        self.store.keep(
            picture, self.tr("Pasted"), lambda path: self._window.open_paths([path]), self._window.show_note
        )

    def _on_watched(self, keys: Sequence[str]) -> None:
        count = len(keys)
        said = self.tr("1 file from a watched folder") if count == 1 else self.tr("{count} files from watched folders")
        self._window.show_note(said.format(count=count))

    def _on_state(self, state: SessionState) -> None:
        """Every connection brings the whole list: then it is known which pictures are in it."""
        if state.connection is ConnectionState.READY:
            self.store.tidy(self._session.file_names())

    # ── the menu ─────────────────────────────────────────────────────────────────────────────────

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

    def _settings_pane(self, picture: Icon | None, text: str, name: PaneName, make: Callable[[], Pane]) -> QAction:
        """Puts a pane into the settings; the action that opens them at it."""
        self._window.door.add_pane(name, make)
        return self._action(picture, text, "", lambda: self._window.door.open(name))

    def _put_into_menu(self) -> None:
        menu = self._window.file_menu
        first_separator = next(action for action in menu.actions() if action.isSeparator())
        menu.insertActions(first_separator, [self.paste, self.region])
        last = menu.actions()[-1]
        menu.insertActions(last, [self.watch, self.behaviour])
        menu.insertSeparator(last)

    def _dress(self) -> None:
        for action, name in self._icons.items():
            action.setIcon(icon(name, self._window.palette()))


def _watch_pane(watched: WatchedFolders) -> Pane:
    from ocrdesk.desktop.settings.panes.watched_folders_pane import WatchPane  # when it is first wanted

    return WatchPane(watched)


def _behaviour_pane(background: BackgroundMode) -> Pane:
    from ocrdesk.desktop.settings.panes.behaviour_pane import BehaviourPane  # as above

    return BehaviourPane(background.settings, background.apply)


def _present(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if path.exists()]
