"""The two small bars of a review: over the picture for the page and its zoom, over the text for the words to check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolButton, QWidget

from ocrdesk.desktop import colours
from ocrdesk.desktop.elided_label import ElidedLabel
from ocrdesk.desktop.palette_watch import PaletteWatch
from ocrdesk.desktop.review.corrections import Saving
from ocrdesk.desktop.review.review_actions import ReviewActions

_NARROWEST_PX = 190
_SPARED_PX, _SPARED_FIRST_PX = 312, 440
"""Below that some of the buttons go, and others before them: menu and keys have them too."""


class _Bar(QWidget):
    """A row of buttons and words with a line below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(44)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.setSpacing(2)

        self._spared: list[tuple[QWidget, int]] = []

    def add(self, *parts: QAction | QWidget, spared_below: int = 0) -> None:
        """In a row. Those that can be spared are there only where the bar is so wide."""
        for part in parts:
            widget = _button(part) if isinstance(part, QAction) else part
            self._row.addWidget(widget)
            self._spared.append((widget, spared_below))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST_PX, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for widget, spared_below in self._spared:
            widget.setVisible(self.width() >= spared_below)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.hairline(self.palette()))
        painter.end()


class PageBar(_Bar):
    """Which page, and how large."""

    page_wanted = Signal(int)

    def __init__(self, do: ReviewActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Page"))
        self._numbers: Sequence[int] = ()
        self._number = QSpinBox()
        self._number.setKeyboardTracking(False)  # 17 is not page 1 first
        self._number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._number.setAccessibleName(self.tr("Page number"))
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._number.valueChanged.connect(self.page_wanted)
        self._of = QLabel()
        self._zoom = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("0000 %"))
        self.add(do.thumbnails)
        self.add(do.page_up, spared_below=_SPARED_PX)
        self.add(self._number, self._of)
        self.add(do.page_down, spared_below=_SPARED_PX)
        self._row.addStretch(1)
        self.add(do.zoom_out)
        self.add(self._zoom, spared_below=_SPARED_FIRST_PX)
        self.add(do.zoom_in)
        self.add(do.fit_width, spared_below=_SPARED_PX)
        self.add(do.fit_page, spared_below=_SPARED_FIRST_PX)
        PaletteWatch(self, self._dress)

    def _dress(self) -> None:
        for label in (self._of, self._zoom):
            colours.paint_label(label, colours.muted(self.palette()))

    def show_pages(self, numbers: Sequence[int], current: int | None) -> None:
        self._numbers = numbers
        self._number.blockSignals(True)
        self._number.setRange(numbers[0] if numbers else 1, numbers[-1] if numbers else 1)
        if current is not None:
            self._number.setValue(current)
        self._number.blockSignals(False)
        said = self.tr("of {count}").format(count=numbers[-1] if numbers else 1)
        self._of.setText(said)
        self._of.setAccessibleName(said)

    def show_zoom(self, percent: int) -> None:
        self._zoom.setText(f"{percent} %")
        self._zoom.setAccessibleName(self.tr("Zoom: {percent} %").format(percent=percent))

    def ask_number(self) -> None:
        self._number.setFocus()
        self._number.selectAll()


class WordsBar(_Bar):
    """How many words are to be checked, the way to them, and whether the corrections are saved."""

    def __init__(self, do: ReviewActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Words to check"))
        self._count = QLabel()
        self._count.setAccessibleName(self.tr("Words to check"))
        self._saving = ElidedLabel()
        self._saving.setAccessibleName(self.tr("Saving"))
        self._saving.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row.addSpacing(8)
        self.add(self._count)
        self._row.addSpacing(4)
        self.add(do.previous, do.next)
        self.add(do.accept, spared_below=_SPARED_PX)
        self._row.addSpacing(8)
        self._row.addWidget(self._saving, 1)
        self.add(do.undo, do.redo, spared_below=_SPARED_FIRST_PX)
        self.add(do.find, spared_below=_SPARED_PX)
        PaletteWatch(self, lambda: colours.paint_label(self._saving, colours.muted(self.palette())))

    def show_count(self, count: int) -> None:
        said = self.tr("{count} to check").format(count=f"{count:,}") if count else self.tr("Nothing to check")
        self._count.setText(said)
        self._count.setAccessibleName(said)

    @property
    def count_text(self) -> str:
        return self._count.text()

    @property
    def saving_text(self) -> str:
        return self._saving.text()

    def show_saving(self, state: Saving, *, was_changed: bool) -> None:
        said = {
            Saving.SAVED: self.tr("Saved") if was_changed else "",
            Saving.UNDER_WAY: self.tr("Saving…"),
            Saving.AWAY: self.tr("Kept here until the server is back"),
            Saving.CONTESTED: self.tr("Not saved: changed by somebody else"),
            Saving.REFUSED: self.tr("Not saved; kept here"),
        }[state]
        self._saving.setText(said)
        self._saving.setAccessibleName(said or self.tr("Saving"))


def _button(action: QAction) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setIconSize(QSize(20, 20))
    button.setMinimumSize(34, 34)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
    return button
