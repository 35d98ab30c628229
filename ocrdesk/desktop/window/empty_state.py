"""What an empty list shows: what to do, with which files, and where to drop them."""

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
    """An area to drop files on, with buttons for those who do not drag."""

    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, *, is_local: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("No jobs yet"))
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._icon.setAccessibleName(self.tr("Drawing of a page being read"))
        self._title = self._make_title()
        types, _, last_type = ACCEPTED.rpartition(", ")
        self._hint = QLabel(
            self.tr("Or paste them with {keys}. Their text appears here, page by page.\n{kinds}.").format(
                keys=QKeySequence(QKeySequence.StandardKey.Paste).toString(QKeySequence.SequenceFormat.NativeText),
                kinds=self.tr("{types} or {last_type}").format(types=types, last_type=last_type),
            ),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        self._hint.setAccessibleName(self._hint.text())
        self._privacy = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.show_location(is_local=is_local)
        self._arrange()
        PaletteWatcher(self, self._update_colours)

    def _make_title(self) -> QLabel:
        title = QLabel(self.tr("Drop files or folders here"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        title.setAccessibleName(title.text())
        title.setObjectName("empty_state_title")
        return title

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 48, 48, 48)
        layout.addStretch(5)
        layout.addWidget(self._icon)
        layout.addSpacing(16)
        layout.addWidget(self._title)
        layout.addSpacing(8)
        layout.addWidget(self._hint)
        layout.addSpacing(24)
        layout.addLayout(self._make_buttons())
        layout.addSpacing(24)
        layout.addWidget(self._privacy)
        layout.addStretch(6)

    def _make_buttons(self) -> QHBoxLayout:
        files = QPushButton(self.tr("Open files…"))
        files.setDefault(True)
        files.clicked.connect(self.files_wanted)
        folder = QPushButton(self.tr("Open folder…"))
        folder.clicked.connect(self.folder_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for button in (files, folder):
            button.setMinimumSize(132, 36)
            button.setAccessibleName(button.text())
            buttons.addWidget(button)
        buttons.addStretch()
        return buttons

    def show_expected(self, is_expected: bool) -> None:
        """Say that the list comes back once the server has answered, or (False) invite the user to drop files."""
        self._title.setText(
            self.tr("Your list is being loaded…") if is_expected else self.tr("Drop files or folders here")
        )
        self._title.setAccessibleName(self._title.text())

    def show_location(self, *, is_local: bool) -> None:
        """Show where files are read."""
        where = (
            self.tr("Everything is read on this computer.") if is_local else self.tr("Files are sent to your server.")
        )
        self._privacy.setText(where)
        self._privacy.setAccessibleName(where)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dashed border of the area."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.mix_of_text(self.palette(), 0.3), 1.5, Qt.PenStyle.DashLine))
        area = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.drawRoundedRect(area, 12, 12)
        painter.end()

    def _update_colours(self) -> None:
        ratio = self.devicePixelRatioF()
        image = drawing(Icon.SCAN, round(_ICON_PX * ratio), colours.accent(self.palette()))
        image.setDevicePixelRatio(ratio)
        self._icon.setPixmap(image)
        for label in (self._hint, self._privacy):
            colours.paint_label(label, colours.muted(self.palette()))
