"""The tray icon, its menu and its messages."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

_CHECK_MS = 3_000
_GONE_AFTER_CHECKS = 2
"""A panel that restarts is back by then."""


class Tray(QObject):
    """Shows the icon while the desktop has a tray, and emits what the user chooses in its menu."""

    changed = Signal()
    """A tray has appeared, with the icon in it, or is gone for good."""
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
        self._checks_without = 0
        self._check_again = QTimer(self, interval=_CHECK_MS)
        self._check_again.timeout.connect(self.check)

    @staticmethod
    def is_possible() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        """Whether the icon is visible. Qt's own flag is not enough: it stays set when the panel ends."""
        return self._icon.isVisible() and self.is_possible()

    def show(self, wanted: bool) -> None:
        """Show the icon as soon as there is a tray: a panel may start later, or restart."""
        self._icon.setVisible(wanted and self.is_possible())
        self._checks_without = 0
        if wanted:
            self._check_again.start()
        else:
            self._check_again.stop()

    def check(self) -> None:
        """Check for a tray, which takes a millisecond: Qt does not report trays that appear or disappear."""
        is_there = self.is_possible()
        was_gone = self._checks_without >= _GONE_AFTER_CHECKS
        self._checks_without = 0 if is_there else self._checks_without + 1
        if is_there and (was_gone or not self._icon.isVisible()):
            self._icon.setVisible(True)
            self.changed.emit()
        elif self._checks_without == _GONE_AFTER_CHECKS:
            self.changed.emit()

    def show_message(self, title: str, text: str, duration_ms: int) -> None:
        self._icon.showMessage(title, text, self._icon.icon(), duration_ms)

    def _add(self, text: str) -> QAction:
        action = QAction(text, self)
        self.menu.addAction(action)
        return action

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_wanted.emit()
