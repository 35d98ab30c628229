"""The notice about conflicting changes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects

_NARROW_PX = 560
"""In a narrower notice the buttons are below the text."""


class ConflictNotice(QWidget):
    mine_wanted = Signal()
    theirs_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Changed by somebody else"))
        self._text = QLabel(wordWrap=True)
        self.mine = QPushButton(self.tr("Keep &mine"))
        self.theirs = QPushButton(self.tr("Use &theirs"))
        for button in (self.mine, self.theirs):
            button.setAccessibleName(button.text().replace("&", ""))
            button.setMinimumHeight(32)
        self.mine.clicked.connect(self.mine_wanted)
        self.theirs.clicked.connect(self.theirs_wanted)
        name_objects(conflict_words=self._text, keep_mine=self.mine, take_theirs=self.theirs)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.mine)
        buttons.addWidget(self.theirs)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(16, 8, 16, 8)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._text, 1)
        self._layout.addLayout(buttons)
        self.hide()

    def show_lines(self, pages: list[int], count: int) -> None:
        """Tell about a number of lines on these pages; hide the notice if there are none."""
        where = ", ".join(map(str, pages[:5])) + ("…" if len(pages) > 5 else "")
        text = (
            self.tr("Somebody else changed a line that you corrected (page {pages}). Yours is not saved.")
            if count == 1
            else self.tr("Somebody else changed {count} lines that you corrected (pages {pages}). Yours are not saved.")
        ).format(count=count, pages=where)
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self.setVisible(count > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW_PX
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(down if is_narrow else across)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), colours.tint(palette, colours.meaning(palette, Meaning.WAIT), 0.15))
        painter.end()
