"""Tray, notifications, and what closing does."""

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
    """Closing needs no confirmation: jobs continue on the server without a window."""

    region_wanted = Signal()
    pause_wanted = Signal(bool)

    def __init__(
        self, window: MainWindow, session: Session, settings: BackgroundSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self.settings = window, settings
        self._is_closed = False
        """The window is closed, and the program continues in the tray."""
        self.notifications = Notifications(window, window.show_note, self)
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
        """Apply the settings as they are now."""
        self.tray.show(self.settings.has_tray)
        self._on_tray_changed()

    def quit(self) -> None:
        """Quit the program, also from the tray; jobs continue."""
        self._window.close()
        QApplication.quit()

    def close(self) -> None:
        """Remove the icon from the tray, where it would stay for a while after the program."""
        self.tray.show(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:
            self._set_quit_on_close()  # the tray may be gone by now, and the program must stay reachable
            self._is_closed = not QApplication.quitOnLastWindowClosed()
        elif event.type() == QEvent.Type.Show:
            self._is_closed = False
        return False

    def _on_tray_changed(self) -> None:
        self.notifications.show_message = self.tray.show_message if self.tray.is_shown else None
        self._set_quit_on_close()
        if self._is_closed and not self.tray.is_shown:
            self._is_closed = False
            self._window.show()  # without a tray nothing else could open it
            self._window.show_note(self.tr("The system tray has disappeared, so the window is open again."))

    def _set_quit_on_close(self) -> None:
        QApplication.setQuitOnLastWindowClosed(not (self.settings.closes_to_tray and self.tray.is_shown))

    def _on_finished(self, read: int, failed: int) -> None:
        if self.settings.notifies and not self._window.isActiveWindow():
            self.notifications.show(self._summary(read, failed))

    def _summary(self, read: int, failed: int) -> str:
        parts = []
        if read:
            parts.append(self.tr("1 file was read") if read == 1 else self.tr("{count} files were read"))
        if failed:
            parts.append(self.tr("1 could not be read") if failed == 1 else self.tr("{failed} could not be read"))
        return ", ".join(parts).format(count=read, failed=failed) + "."
