"""Shows long text page by page without blocking; pages may arrive in any order."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, QTimer, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QShowEvent, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from ocrdesk.desktop.text.alignment import align_text
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

if TYPE_CHECKING:
    from ocrdesk.desktop.text.page_text import PageText

_TICK_S = 0.012
_CHUNK_LINES = 400
_TEXT, _HEADING, _NOTE, _SPACE = -1, 1, 2, 3
"""The kind of a text block (Qt's user state, initially -1)."""
_FONT_SCALE = {_HEADING: 0.85, _NOTE: 1.0, _SPACE: 0.4}


class TextView(QPlainTextEdit):
    """Read-only. Copied text is the pages' text, without the headings between them."""

    settled = Signal()
    """All pages that were added are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Recognised text"))
        self.document().setDocumentMargin(24)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self.setFont(font)
        self._numbers: list[int] = []
        self._starts: dict[int, QTextCursor] = {}
        self._pages: dict[int, PageText] = {}
        self._is_outdated = False
        self._pending: deque[PageText] = deque()
        self._writing: Iterator[bool] = iter(())
        self._with_headings = True
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._insert_some)
        PaletteWatcher(self, self._format_headings)

    def start(self) -> None:
        """Clear the view for another job's pages."""
        self._timer.stop()
        self._pending.clear()
        self._writing = iter(())
        self._numbers, self._starts, self._pages = [], {}, {}
        self._is_outdated = False
        self.clear()

    def set_headings(self, shown: bool) -> None:
        """Set whether each page starts with its number; call it before the first page."""
        self._with_headings = shown

    def add_pages(self, pages: Iterable[PageText]) -> None:
        for page in pages:
            if not self.has_text():
                align_text(self, page.text)
            self._pages[page.number] = page
            self._pending.append(page)
        self._timer.start()

    def correct_page(self, page: PageText) -> None:
        """Replace the text of a page; it is displayed the next time the view is visible."""
        if page.number in self._pages:
            self._pages[page.number] = page
            self._is_outdated = True
            if self.isVisible():
                self._write_again()

    def whole_text(self) -> str:
        """Return all pages, with an empty line between them."""
        return "\n\n".join(text for number in sorted(self._pages) if (text := self._pages[number].text.strip("\n")))

    def has_pages(self) -> bool:
        return bool(self._pages)

    def page_count(self) -> int:
        return len(self._pages)

    def has_text(self) -> bool:
        return any(page.text.strip() for page in self._pages.values())

    def selected_text(self) -> str:
        """Return the selection without headings and notes, with an empty line between pages."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start == 0 and end >= self.document().characterCount() - 1:
            return self.whole_text()  # the loop below takes half a second for 2,000 pages
        pages: list[list[str]] = [[]]
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < max(end, start + 1) and cursor.hasSelection():
            if block.userState() == _HEADING:
                pages.append([])
            elif block.userState() == _TEXT:
                first, last = max(start - block.position(), 0), min(end - block.position(), block.length())
                pages[-1].append(block.text()[first:last])
            block = block.next()
        texts = ["\n".join(lines).strip("\n") for lines in pages]
        return "\n\n".join(text for text in texts if text)

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_outdated:
            self._write_again()

    def _write_again(self) -> None:
        pages = [self._pages[number] for number in sorted(self._pages)]
        self.start()
        self.add_pages(pages)

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(colours.hairline(self.palette()), 1))
        margin = self.document().documentMargin()
        for block in self._visible_blocks():
            if block.userState() == _HEADING:
                box = self.blockBoundingGeometry(block).translated(self.contentOffset())
                line = block.layout().lineAt(0)
                beside = line.naturalTextWidth() + 12
                left, right = margin, self.viewport().width() - margin
                if line.naturalTextRect().left() > beside:
                    right -= beside
                else:
                    left += beside
                y = box.top() + line.y() + line.height() / 2
                painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.end()

    def _visible_blocks(self) -> Iterable[QTextBlock]:
        block, bottom = self.firstVisibleBlock(), self.viewport().height()
        while block.isValid() and self.blockBoundingGeometry(block).translated(self.contentOffset()).top() < bottom:
            yield block
            block = block.next()

    # ── inserting pages ──────────────────────────────────────────────────────────────────────────────

    def _insert_some(self) -> None:
        """Insert for a few milliseconds; the rest after Qt has handled everything else."""
        until = monotonic() + _TICK_S
        scroll = self.verticalScrollBar().value()
        while monotonic() < until:
            if next(self._writing, None) is None:
                if not self._pending:
                    break
                self._writing = self._insert(self._pending.popleft())
        else:
            self.verticalScrollBar().setValue(scroll)
            return
        self.verticalScrollBar().setValue(scroll)
        self._timer.stop()
        self.settled.emit()

    def _insert(self, page: PageText) -> Iterator[bool]:
        """Insert a page at its place, one chunk per step."""
        if page.number in self._starts:
            return
        place = bisect_left(self._numbers, page.number)
        cursor = QTextCursor(self.document())
        if place == len(self._numbers):
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if self._numbers:
                cursor.insertBlock()
        else:
            cursor.setPosition(self._starts[self._numbers[place]].position())
            cursor.insertBlock()
            cursor.block().setUserState(_HEADING if self._with_headings else _TEXT)
            # the page that was here moves down with its heading; continue in the block above it
            cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
        start = QTextCursor(cursor)
        start.setKeepPositionOnInsert(True)
        self._numbers.insert(place, page.number)
        self._starts[page.number] = start
        yield from self._write(cursor, page)
        start.setKeepPositionOnInsert(False)

    def _write(self, cursor: QTextCursor, page: PageText) -> Iterator[bool]:
        if self._with_headings:
            self._write_block(cursor, self.tr("Page {number}").format(number=page.number), _HEADING)
            cursor.insertBlock()
            cursor.setBlockCharFormat(self._format(_SPACE))
            cursor.block().setUserState(_SPACE)
            cursor.insertBlock()
            cursor.setBlockCharFormat(QTextCharFormat())
        if page.error is not None:
            note = self.tr("This page could not be read: {reason}").format(reason=page.error)
            self._write_block(cursor, note, _NOTE)
        elif not page.text.strip():
            self._write_block(cursor, self.tr("No text on this page."), _NOTE)
        else:
            cursor.block().setUserState(_TEXT)
            lines = page.text.strip("\n").split("\n")
            for first in range(0, len(lines), _CHUNK_LINES):
                piece = "\n".join(lines[first : first + _CHUNK_LINES])
                cursor.insertText(f"\n{piece}" if first else piece, QTextCharFormat())
                yield True
        if self._with_headings:
            cursor.insertBlock()
            cursor.block().setUserState(_TEXT)
        yield True

    def _write_block(self, cursor: QTextCursor, text: str, state: int) -> None:
        cursor.block().setUserState(state)
        cursor.insertText(text, self._format(state))

    def _format(self, state: int) -> QTextCharFormat:
        """Return the format of headings and notes."""
        style = QTextCharFormat()
        style.setForeground(colours.muted(self.palette()))
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _FONT_SCALE[state])
        font.setWeight(QFont.Weight.DemiBold if state == _HEADING else QFont.Weight.Normal)
        font.setItalic(state == _NOTE)
        style.setFont(font)
        return style

    def _format_headings(self) -> None:
        """Apply the colours of another palette."""
        formats = {state: self._format(state) for state in (_HEADING, _NOTE)}
        edit = QTextCursor(self.document())
        edit.beginEditBlock()
        for start in self._starts.values():
            block = start.block()
            for part in (block, block.next().next()):
                if part.userState() in formats:
                    cursor = QTextCursor(part)
                    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                    cursor.setCharFormat(formats[part.userState()])
        edit.endEditBlock()
