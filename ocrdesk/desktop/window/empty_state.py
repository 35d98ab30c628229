"""What the window shows while there are no jobs: what to do, with which files, and where to drop them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QKeySequence, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ocrdesk.contract.media_types import ACCEPTED
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.icons import Icon, drawing
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_ICON_PX = 56
_MARGIN_PX = 24


class EmptyState(QWidget):
    """An inviting area with a button for those who do not drag."""

    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, *, is_local: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("No jobs yet"))
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(self.tr("Drawing of a page being read"))
        title = QLabel(self.tr("Drop files or folders here"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        kinds = ACCEPTED.replace(", GIF", self.tr(" or GIF"))
        self._hint = QLabel(
            self.tr("Or paste them with {keys}. Their text appears here, page by page.\n{kinds}.").format(
                keys=QKeySequence(QKeySequence.StandardKey.Paste).toString(QKeySequence.SequenceFormat.NativeText),
                kinds=kinds,
            ),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        self._privacy = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.show_place(is_local=is_local)
        files = QPushButton(self.tr("Open files…"))
        files.setDefault(True)
        files.clicked.connect(self.files_wanted)
        folder = QPushButton(self.tr("Open folder…"))
        folder.clicked.connect(self.folder_wanted)
        for button in (files, folder):
            button.setMinimumSize(132, 36)
            button.setAccessibleName(button.text())
        for label in (title, self._hint):
            label.setAccessibleName(label.text())

        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(files)
        buttons.addWidget(folder)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 48, 48, 48)
        layout.addStretch(5)
        layout.addWidget(self._picture)
        layout.addSpacing(16)
        layout.addWidget(title)
        layout.addSpacing(8)
        layout.addWidget(self._hint)
        layout.addSpacing(24)
        layout.addLayout(buttons)
        layout.addSpacing(24)
        layout.addWidget(self._privacy)
        layout.addStretch(6)
        PaletteWatcher(self, self._dress)

    def show_place(self, *, is_local: bool) -> None:
        """Says where files are read."""
        where = self.tr("Everything is read on this computer.") if is_local else self.tr("Files go to your server.")
        self._privacy.setText(where)
        self._privacy.setAccessibleName(where)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dashed border that says "here"."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.mix_of_text(self.palette(), 0.3), 1.5, Qt.PenStyle.DashLine))
        area = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.drawRoundedRect(area, 12, 12)
        painter.end()

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        picture = drawing(Icon.SCAN, round(_ICON_PX * ratio), colours.accent(self.palette()))
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(picture)
        for label in (self._hint, self._privacy):
            colours.paint_label(label, colours.muted(self.palette()))
