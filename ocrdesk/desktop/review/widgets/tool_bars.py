"""The two small bars of a review: over the picture for the page and its zoom, over the text for the words to check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolButton, QWidget

from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.document.corrections import Saving
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.elided_label import ElidedLabel
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_NARROWEST_PX = 224
"""What the parts need that no bar goes without."""
_LEAST_WORDS_PX = 96
"""Less of a sentence says nothing."""


class _Bar(QWidget):
    """A row of buttons and words with a line below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(44)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.setSpacing(2)

        self._spared: list[QWidget] = []

    def add(self, *parts: QAction | QWidget) -> list[QWidget]:
        """In a row."""
        widgets = [_button(part) if isinstance(part, QAction) else part for part in parts]
        for widget in widgets:
            self._row.addWidget(widget)
        return widgets

    def spare(self, *widgets: QWidget) -> None:
        """These go where there is no room, the last of them first: menu and keys have them too."""
        self._spared = list(widgets)

    def fit(self) -> None:
        """Shows as much as there is room for."""
        gap, margins = self._row.spacing(), self._row.contentsMargins()
        left = self.width() - margins.left() - margins.right()
        spared: list[QWidget | None] = [*self._spared]
        for item in filter(None, map(self._row.itemAt, range(self._row.count()))):
            if item.widget() not in spared:
                left -= item.minimumSize().width() + gap
        for widget in self._spared:
            left -= (widget.minimumWidth() or widget.minimumSizeHint().width()) + gap
            widget.setVisible(left >= 0)
        self._row.activate()

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST_PX, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

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
        name_objects(page_number=self._number, page_count=self._of, zoom_percent=self._zoom)
        self.add(do.thumbnails, do.page_up, self._number, self._of, do.page_down)
        self._row.addStretch(1)
        smaller, percent, larger, fit_width, fit_page = self.add(
            do.zoom_out, self._zoom, do.zoom_in, do.fit_width, do.fit_page
        )
        self.spare(fit_width, smaller, larger, fit_page, percent)
        PaletteWatcher(self, self._dress)

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
        self.fit()

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
        self._saving.setMinimumWidth(_LEAST_WORDS_PX)
        name_objects(words_to_check=self._count, save_status=self._saving)
        self._row.addSpacing(8)
        self.add(self._count)
        self._row.addSpacing(4)
        previous, *_ = self.add(do.previous, do.next, do.accept)
        self._row.addSpacing(8)
        self._row.addWidget(self._saving, 1000)  # all of the room, but for what follows where it is not there
        self._row.addStretch(1)
        undo, redo, find = self.add(do.undo, do.redo, do.find)
        self.spare(find, previous, self._saving, undo, redo)
        PaletteWatcher(self, lambda: colours.paint_label(self._saving, colours.muted(self.palette())))

    def show_count(self, count: int) -> None:
        said = (
            self.tr("{count} to check").format(count=QLocale().toString(count))
            if count
            else self.tr("Nothing to check")
        )
        self._count.setText(said)
        self._count.setAccessibleName(said)
        self.fit()

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
            Saving.GONE: self.tr("Not saved: no longer on the server"),
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
