"""Captures a region of the screen: by the portal on Wayland, with our own overlay elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.capture.screenshots import Screenshot, crop, take_screenshots
from ocrdesk.desktop.capture.selection_overlay import RegionOverlay
from ocrdesk.desktop.intake.pasted_images import PastedImages

if TYPE_CHECKING:
    from ocrdesk.desktop.capture.portal import ScreenPortal

_WINDOW_GONE_MS = 250
"""Compositors fade a hidden window out; the screenshot is taken after that."""


class RegionCapture(QObject):
    """Captures one region at a time. Our own window is hidden while the screenshot is taken."""

    captured = Signal(object)
    """The path of the image file."""
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, window: QWidget, images: PastedImages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._images = images
        self._portal: ScreenPortal | None = None
        self._overlay: RegionOverlay | None = None
        self._window_was_shown = False
        self._screenshots: list[Screenshot] = []

    def start(self) -> None:
        if QGuiApplication.platformName() == "wayland":
            self._ask_portal()
        elif self._overlay is None:
            self._hide_window()
            QTimer.singleShot(_WINDOW_GONE_MS if self._window_was_shown else 0, self._cover_screens)

    def _ask_portal(self) -> None:
        from ocrdesk.desktop.capture.portal import ScreenPortal  # QtDBus, not needed to show the window

        if self._portal is None:
            self._portal = ScreenPortal(parent=self)
            self._portal.captured.connect(self._on_portal_captured)
            self._portal.cancelled.connect(self.cancelled)
            self._portal.failed.connect(self.failed)
        self._portal.ask()

    def _on_portal_captured(self, file: Path) -> None:
        """Copy the file: some portals write every screenshot to the same one."""
        self._images.copy(file, self.tr("Screen"), self._on_saved, self.failed.emit)

    def _cover_screens(self) -> None:
        if self._overlay is not None:
            return
        self._screenshots = take_screenshots()
        if not self._screenshots:
            self._show_window()
            self.failed.emit(
                self.tr("No screenshot could be taken. Allow ocrdesk to record the screen in the system's settings.")
            )
            return
        self._overlay = RegionOverlay(self._screenshots, self)
        self._overlay.chosen.connect(self._on_chosen)
        self._overlay.cancelled.connect(self._on_cancelled)
        self._overlay.show()

    def _on_chosen(self, part: QRect) -> None:
        image = crop(self._screenshots, part)
        self._end()
        self._images.save(image, self.tr("Screen"), self._on_saved, self.failed.emit)

    def _on_saved(self, path: Path) -> None:
        self.captured.emit(path)

    def _on_cancelled(self) -> None:
        self._end()
        self.cancelled.emit()

    def _end(self) -> None:
        if self._overlay is not None:
            self._overlay.deleteLater()
        self._overlay, self._screenshots = None, []
        self._show_window()

    def _hide_window(self) -> None:
        """Hide the window, not close it: the program would end with its last window."""
        self._window_was_shown = self._window.isVisible() and not self._window.isMinimized()
        if self._window_was_shown:
            self._window.hide()

    def _show_window(self) -> None:
        if self._window_was_shown:
            self._window.show()
            self._window_was_shown = False
