"""How the desktop behaves beside its window: tray, messages, and what closing and quitting do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

from ocrdesk.desktop.jobs.batch_end import BatchEndNotifier
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.notifications import Notifications
from ocrdesk.desktop.system.tray import Tray
from ocrdesk.desktop.window.main_window import MainWindow


class BackgroundMode(QObject):
    """Closing never asks: jobs are the server's, and go on without a window."""

    region_wanted = Signal()
    pause_wanted = Signal(bool)

    def __init__(
        self, window: MainWindow, session: Session, settings: BackgroundSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self.settings = window, settings
        self._is_closed = False
        """The window is, and the program lives on in the tray."""
        self.notices = Notifications(window, window.show_note, self)
        self.batches = BatchEndNotifier(session.model, self)
        self.batches.finished.connect(self._on_finished)
        self.tray = Tray(window.windowIcon() or QApplication.windowIcon(), self)
        self.tray.changed.connect(self._on_tray_changed)
        self.tray.open_wanted.connect(window.come_to_front)
        self.tray.message_clicked.connect(window.come_to_front)
        self.tray.region_wanted.connect(self.region_wanted)
        self.tray.pause_wanted.connect(self.pause_wanted)
        self.tray.quit_wanted.connect(self.quit)
        window.installEventFilter(self)
        self.apply()

    def apply(self) -> None:
        """Brings everything to what the settings say now."""
        self.tray.show(self.settings.has_tray)
        self._on_tray_changed()

    def quit(self) -> None:
        """Ends the program, also from the tray; jobs go on."""
        self._window.close()
        QApplication.quit()

    def close(self) -> None:
        """Takes the icon out of the tray, where it would outlive the program for a while."""
        self.tray.show(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:
            self._let_window_end_program()  # the tray may have gone meanwhile: nobody is left without a way in
            self._is_closed = not QApplication.quitOnLastWindowClosed()
        elif event.type() == QEvent.Type.Show:
            self._is_closed = False
        return False

    def _on_tray_changed(self) -> None:
        self.notices.show_message = self.tray.show_message if self.tray.is_shown else None
        self._let_window_end_program()
        if self._is_closed and not self.tray.is_shown:
            self._is_closed = False
            self._window.show()  # or nothing would be left to open it by
            self._window.show_note(self.tr("The system's tray is gone, so the window is back."))

    def _let_window_end_program(self) -> None:
        QApplication.setQuitOnLastWindowClosed(not (self.settings.closes_to_tray and self.tray.is_shown))

    def _on_finished(self, read: int, failed: int) -> None:
        if self.settings.notifies and not self._window.isActiveWindow():
            self.notices.say(self._said(read, failed))

    def _said(self, read: int, failed: int) -> str:
        parts = []
        if read:
            parts.append(self.tr("1 file was read") if read == 1 else self.tr("{count} files were read"))
        if failed:
            parts.append(self.tr("1 could not be read") if failed == 1 else self.tr("{failed} could not be read"))
        return ", ".join(parts).format(count=read, failed=failed) + "."
