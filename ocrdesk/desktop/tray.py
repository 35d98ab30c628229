"""The icon in the system's tray: its menu, and its messages. Where there is no tray it is not there, and says so."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon


class Tray(QObject):
    open_wanted = Signal()
    region_wanted = Signal()
    pause_wanted = Signal(bool)
    quit_wanted = Signal()
    message_clicked = Signal()

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self.menu.setAccessibleName("ocrdesk")
        self.open = self._add(self.tr("&Open ocrdesk"))
        self.region = self._add(self.tr("Read a part of the &screen"))
        self.menu.addSeparator()
        self.pause = self._add(self.tr("&Pause jobs and watched folders"))
        self.resume = self._add(self.tr("&Resume jobs and watched folders"))
        self.menu.addSeparator()
        self.quit = self._add(self.tr("&Quit"))
        self.open.triggered.connect(lambda: self.open_wanted.emit())
        self.region.triggered.connect(lambda: self.region_wanted.emit())
        self.pause.triggered.connect(lambda: self.pause_wanted.emit(True))
        self.resume.triggered.connect(lambda: self.pause_wanted.emit(False))
        self.quit.triggered.connect(lambda: self.quit_wanted.emit())
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.setToolTip("ocrdesk")
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.message_clicked)

    @staticmethod
    def is_possible() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        return self._icon.isVisible()

    def show(self, wanted: bool) -> None:
        self._icon.setVisible(wanted and self.is_possible())

    def show_message(self, title: str, text: str, duration_ms: int) -> None:
        self._icon.showMessage(title, text, self._icon.icon(), duration_ms)

    def _add(self, text: str) -> QAction:
        action = QAction(text, self)
        self.menu.addAction(action)
        return action

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_wanted.emit()
