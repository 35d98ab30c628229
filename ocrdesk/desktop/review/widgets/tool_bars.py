"""The two tool bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolButton, QWidget

from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.elided_label import ElidedLabel
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_MIN_WIDTH_PX = 224
"""The width of the widgets that are always shown."""
_MIN_TEXT_PX = 96
"""A narrower text would be unreadable."""


class _Bar(QWidget):
    """A row of buttons and texts with a line below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(44)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.setSpacing(2)

        self._optional: list[QWidget] = []

    def add(self, *parts: QAction | QWidget) -> list[QWidget]:
        """Add buttons for actions, and widgets, in a row."""
        widgets = [_button(part) if isinstance(part, QAction) else part for part in parts]
        for widget in widgets:
            self._row.addWidget(widget)
        return widgets

    def set_optional(self, *widgets: QWidget) -> None:
        """Hide these in a narrow bar, the last one first: they are also in the menu."""
        self._optional = list(widgets)

    def fit(self) -> None:
        """Show as many widgets as fit."""
        gap, margins = self._row.spacing(), self._row.contentsMargins()
        left = self.width() - margins.left() - margins.right()
        optional: list[QWidget | None] = [*self._optional]
        for item in filter(None, map(self._row.itemAt, range(self._row.count()))):
            if item.widget() not in optional:
                left -= item.minimumSize().width() + gap
        for widget in self._optional:
            left -= (widget.minimumWidth() or widget.minimumSizeHint().width()) + gap
            widget.setVisible(left >= 0)
        self._row.activate()

    def minimumSizeHint(self) -> QSize:
        return QSize(_MIN_WIDTH_PX, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.hairline(self.palette()))
        painter.end()


class PageBar(_Bar):
    """Above the image: the page number and the zoom."""

    page_wanted = Signal(int)

    def __init__(self, actions: ReviewActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Page"))
        self._numbers: Sequence[int] = ()
        self._number = QSpinBox()
        self._number.setKeyboardTracking(False)  # typing 17 must not go to page 1 first
        self._number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._number.setAccessibleName(self.tr("Page number"))
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._number.valueChanged.connect(self.page_wanted)
        self._of = QLabel()
        self._unread = QLabel()
        self._unread.setToolTip(self.tr("These areas look like text, but no word was read. They are outlined."))
        self._zoom = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("0000 %"))
        name_objects(page_number=self._number, page_count=self._of, unread_areas=self._unread, zoom_percent=self._zoom)
        self.add(actions.thumbnails, actions.page_up, self._number, self._of, actions.page_down)
        self._row.addSpacing(8)
        self.add(self._unread)
        self._row.addStretch(1)
        smaller, percent, larger, fit_width, fit_page = self.add(
            actions.zoom_out, self._zoom, actions.zoom_in, actions.fit_width, actions.fit_page
        )
        self.set_optional(self._unread, fit_width, smaller, larger, fit_page, percent)
        PaletteWatcher(self, self._update_colours)

    def _update_colours(self) -> None:
        for label in (self._of, self._unread, self._zoom):
            colours.paint_label(label, colours.muted(self.palette()))

    def show_pages(self, numbers: Sequence[int], current: int | None) -> None:
        self._numbers = numbers
        self._number.blockSignals(True)
        self._number.setRange(numbers[0] if numbers else 1, numbers[-1] if numbers else 1)
        if current is not None:
            self._number.setValue(current)
        self._number.blockSignals(False)
        text = self.tr("of {count}").format(count=numbers[-1] if numbers else 1)
        self._of.setText(text)
        self._of.setAccessibleName(text)
        self.fit()

    def show_unread(self, count: int) -> None:
        """Show how many areas of the page were not read; nothing if there are none."""
        self._unread.setText(self.tr("Not read: {count}").format(count=QLocale().toString(count)) if count else "")
        self._unread.setAccessibleName(self.tr("Areas that were not read: {count}").format(count=count))
        self.fit()

    def show_zoom(self, percent: int) -> None:
        self._zoom.setText(f"{percent} %")
        self._zoom.setAccessibleName(self.tr("Zoom: {percent} %").format(percent=percent))

    def ask_number(self) -> None:
        self._number.setFocus()
        self._number.selectAll()


class WordsBar(_Bar):
    """Above the text: the number of words to check, steps through them, and whether corrections are saved."""

    def __init__(self, actions: ReviewActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Words to check"))
        self._count = QLabel()
        self._count.setAccessibleName(self.tr("Words to check"))
        self._saving = ElidedLabel()
        self._saving.setAccessibleName(self.tr("Saving"))
        self._saving.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._saving.setMinimumWidth(_MIN_TEXT_PX)
        name_objects(words_to_check=self._count, save_status=self._saving)
        self._row.addSpacing(8)
        self.add(self._count)
        self._row.addSpacing(4)
        previous, *_ = self.add(actions.previous, actions.next, actions.accept)
        self._row.addSpacing(8)
        self._row.addWidget(self._saving, 1000)  # takes all free space
        self._row.addStretch(1)
        undo, redo, find = self.add(actions.undo, actions.redo, actions.find)
        self.set_optional(find, previous, self._saving, undo, redo)
        PaletteWatcher(self, lambda: colours.paint_label(self._saving, colours.muted(self.palette())))

    def show_count(self, count: int) -> None:
        text = (
            self.tr("{count} to check").format(count=QLocale().toString(count))
            if count
            else self.tr("Nothing to check")
        )
        self._count.setText(text)
        self._count.setAccessibleName(text)
        self.fit()

    @property
    def count_text(self) -> str:
        return self._count.text()

    @property
    def saving_text(self) -> str:
        return self._saving.text()

    def show_saving(self, state: SaveState, *, was_changed: bool) -> None:
        text = {
            SaveState.SAVED: self.tr("Saved") if was_changed else "",
            SaveState.SAVING: self.tr("Saving…"),
            SaveState.OFFLINE: self.tr("Kept on this computer until the server is back"),
            SaveState.CONFLICT: self.tr("Not saved: changed by somebody else"),
            SaveState.ORPHANED: self.tr("Not saved: no longer on the server"),
            SaveState.REFUSED: self.tr("Not saved; kept on this computer"),
        }[state]
        self._saving.setText(text)
        self._saving.setAccessibleName(text or self.tr("Saving"))


def _button(action: QAction) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setIconSize(QSize(20, 20))
    button.setMinimumSize(34, 34)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
    return button
