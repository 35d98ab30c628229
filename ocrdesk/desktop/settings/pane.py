"""The base of all panes, and form helpers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_MARGIN_PX = 24
_FIELD_PX = 30


class Notice(QLabel):
    """A message about a result or a problem; hidden while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, wordWrap=True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(self.tr("Message"))
        self._meaning: Meaning | None = None
        self.hide()
        PaletteWatcher(self, self._update_colours)

    def say(self, text: str, meaning: Meaning | None = None) -> None:
        """Show a message; an empty one hides the notice."""
        self._meaning = meaning
        self.setText(text)
        self.setAccessibleName(text or self.tr("Message"))
        self.setVisible(bool(text))
        self._update_colours()

    def _update_colours(self) -> None:
        owner = self.parentWidget()
        palette = owner.palette() if owner else self.palette()
        plain = palette.color(QPalette.ColorRole.Text)
        colours.paint_label(self, colours.meaning(palette, self._meaning) if self._meaning else plain)


class Pane(QScrollArea):
    """One page of the settings. `shown` is called each time the pane is shown."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside = QWidget()
        inside.setAccessibleName(title)
        inside.setAutoFillBackground(True)
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        self.body.setSpacing(8)
        self.setWidget(inside)
        self.viewport().setAccessibleName(title)
        self._muted: list[QLabel] = []
        self.body.addWidget(_heading(title, 1.4))
        self.body.addSpacing(4)
        PaletteWatcher(self, self._update_colours)

    def shown(self) -> None:
        """Update the pane."""

    def add_heading(self, text: str) -> QLabel:
        label = _heading(text, 1.0)
        self.body.addSpacing(12)
        self.body.addWidget(label)
        return label

    def add_note(self, text: str = "") -> QLabel:
        """Add an explanation in a muted colour."""
        label = self.note(text)
        self.body.addWidget(label)
        return label

    def note(self, text: str = "") -> QLabel:
        """Return an explanation in a muted colour, which the caller adds to a layout."""
        label = QLabel(text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(text or self.tr("Note"))
        self._muted.append(label)
        colours.paint_label(label, colours.muted(self.palette()))
        return label

    def _update_colours(self) -> None:
        # fields have the base colour as background, and in dark mode their border would be invisible on it
        role = QPalette.ColorRole.Window if colours.is_dark(self.palette()) else QPalette.ColorRole.Base
        self._inside.setBackgroundRole(role)
        for label in self._muted:
            colours.paint_label(label, colours.muted(self.palette()))


def _heading(text: str, scale: float) -> QLabel:
    label = QLabel(text)
    label.setAccessibleName(text)
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    return label


def form() -> QFormLayout:
    """Return a form with labels at the left and fields of full width."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(16)
    layout.setVerticalSpacing(8)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def add_field(layout: QFormLayout, label: str, field: QWidget) -> None:
    """Add a row whose label also names the field for screen readers."""
    words = QLabel(label)
    words.setBuddy(field)
    for part in (words, field):
        part.setAccessibleName(label)
        part.setMinimumHeight(_FIELD_PX)
    layout.addRow(words, field)


def add_frame(view: QAbstractItemView) -> None:
    """Give a list or table a border that is visible in light and dark mode."""
    view.setForegroundRole(QPalette.ColorRole.WindowText)
    view.setFrameStyle(int(QFrame.Shape.Box) | int(QFrame.Shadow.Plain))

    def update_border() -> None:
        palette = QPalette(view.palette())
        line = colours.mix_of_text(palette, 0.25)
        if palette.color(QPalette.ColorRole.WindowText) != line:  # a frame's colour; the entries have another role
            palette.setColor(QPalette.ColorRole.WindowText, line)
            view.setPalette(palette)

    PaletteWatcher(view, update_border)


def button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setAccessibleName(text.replace("&", ""))
    made.setMinimumHeight(32)
    made.setAutoDefault(False)
    return made


def beside(*widgets: QWidget) -> QHBoxLayout:
    """Return a row of widgets, aligned to the left."""
    line = QHBoxLayout()
    line.setSpacing(8)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch()
    return line
