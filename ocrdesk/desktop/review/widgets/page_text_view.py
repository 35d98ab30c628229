"""The page's text, editable word by word.

Prose is wrapped to the width of the view. Copied text has the page's line breaks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import count, pairwise
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QMimeData, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from ocrdesk.contract.word_spacing import word_starts
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.text.alignment import align_text
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

if TYPE_CHECKING:
    from ocrdesk.contract.document import Line, Page, Word

_MARGIN_PX = 16


class _Span(NamedTuple):
    """A word's characters in the text."""

    start: int
    end: int
    word_position: WordPosition
    is_doubtful: bool
    hyphen: str
    """The hyphen at the word's end that is not shown, because the word continues in the next line."""
    start_in_line: int
    """Where the word begins in its line on the page."""


class _Joint(NamedTuple):
    """Where a line continues in the next one, the number of characters between the two, and the hyphen left out."""

    position: int
    length: int
    hyphen: str


class _Layout(NamedTuple):
    """A page's text, the spans of its words from the first to the last, and the joints of its prose."""

    text: str
    spans: list[_Span]
    joints: list[_Joint]


class PageTextView(QPlainTextEdit):
    """Read-only: it emits what the user types. The word with the cursor is the current one."""

    word_chosen = Signal(object)
    """The WordPosition of the cursor; None if it is on no word."""
    words_selected = Signal()
    accept_wanted = Signal()
    edit_wanted = Signal(object)
    """The text typed so far, or None to edit the word as it is."""
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Text of the page"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(_MARGIN_PX)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self.setFont(font)
        self._spans: list[_Span] = []
        self._starts: list[int] = []
        self._span_of_word: dict[WordPosition, _Span] = {}
        self._joints: list[_Joint] = []
        self._page_number = 0
        self._chosen: list[WordPosition] = []
        self._hits: list[tuple[int, int]] = []
        self._is_updating = False
        self.cursorPositionChanged.connect(self._on_cursor)
        self.selectionChanged.connect(self._on_selection)
        PaletteWatcher(self, self._update_colours)

    # ── showing ──────────────────────────────────────────────────────────────────────────────────

    def show_page(self, page: Page | None, instead: str = "") -> None:
        """Show the page's words, or a message instead. The cursor keeps its position if possible."""
        scroll, cursor = self.verticalScrollBar().value(), self.textCursor().position()
        text, self._spans, self._joints = _lay_out(page) if page is not None else _Layout("", [], [])
        self._page_number = page.number if page is not None else 0
        self._span_of_word = {span.word_position: span for span in self._spans}
        self._starts = [span.start for span in self._spans]
        self._chosen, self._hits = [], []
        self._is_updating = True
        align_text(self, text)
        self.setPlainText(text or instead)
        new_cursor = self.textCursor()
        new_cursor.setPosition(min(cursor, len(text)))
        self.setTextCursor(new_cursor)
        self._is_updating = False
        self.verticalScrollBar().setValue(scroll)
        self._update_colours()

    def set_current(self, word_position: WordPosition | None) -> None:
        """Put the cursor on the word, and scroll to it."""
        span = self._span_of(word_position) if word_position is not None else None
        if span is not None:
            self._is_updating = True
            cursor = self.textCursor()
            cursor.setPosition(span.start)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self._is_updating = False
        self._chosen = []
        self._update_colours()

    def choose(self, word_positions: Sequence[WordPosition]) -> None:
        """Select words, which need not be neighbours."""
        self.set_current(word_positions[0] if word_positions else None)
        self._chosen = list(word_positions)
        self._update_colours()

    def set_hits(self, hits: Iterable[tuple[tuple[int, int], int, int]]) -> None:
        """Mark search hits: block and line, first character and end in the line."""
        self._hits = [place for line, start, end in hits if (place := self._place_in_text(line, start, end))]
        self._update_colours()

    # ── words and text ───────────────────────────────────────────────────────────────────────────

    def current(self) -> WordPosition | None:
        span = self._span_at(self.textCursor().position())
        return span.word_position if span else None

    def selected_words(self) -> list[WordPosition]:
        """Return the words of the selection, or those chosen with `choose`, or the current one."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            start, end = cursor.selectionStart(), cursor.selectionEnd()
            return [span.word_position for span in self._spans if span.start < end and span.end > start]
        if self._chosen:
            return list(self._chosen)
        current = self.current()
        return [current] if current is not None else []

    def selected_text(self) -> str:
        """Return the text to copy; empty if nothing is selected."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return self._in_lines(cursor.selectionStart(), cursor.selectionEnd())
        lines: dict[tuple[int, int], list[_Span]] = {}
        for word_position in self._chosen:
            span = self._span_of(word_position)
            if span is not None:
                lines.setdefault((word_position.block, word_position.line), []).append(span)
        return "\n".join(map(self._joined, lines.values()))

    def _joined(self, spans: Sequence[_Span]) -> str:
        """Return words of a line, with a space between those that do not touch."""
        parts = [self._text_of(spans[0])]
        for before, span in pairwise(spans):
            parts += ["" if before.end == span.start else " ", self._text_of(span)]
        return "".join(parts)

    def _in_lines(self, start: int, end: int) -> str:
        """Return a part of the text with the page's line breaks."""
        inside = [joint for joint in self._joints if start < joint.position < end]
        begins = [start, *(joint.position + joint.length for joint in inside)]
        ends = [*(joint.position for joint in inside), end]
        hyphens = [*(joint.hyphen for joint in inside), ""]
        parts = zip(begins, ends, hyphens, strict=True)
        return "\n".join(self._text_between(begin, finish) + hyphen for begin, finish, hyphen in parts)

    def doubtful(self) -> list[WordPosition]:
        """Return the doubtful words in reading order."""
        return [span.word_position for span in self._spans if span.is_doubtful]

    def words(self) -> list[WordPosition]:
        return [span.word_position for span in self._spans]

    def rect_of(self, word_positions: Sequence[WordPosition]) -> QRect:
        """Return the area of words of one line in the viewport."""
        spans = [span for word_position in word_positions if (span := self._span_of(word_position)) is not None]
        area = QRect()
        for position in (edge for span in spans for edge in (span.start, span.end)):
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            area = area.united(self.cursorRect(cursor))
        return area

    def _span_of(self, word_position: WordPosition) -> _Span | None:
        return self._span_of_word.get(word_position)

    def _place_in_text(self, line: tuple[int, int], start: int, end: int) -> tuple[int, int] | None:
        """Return where a part of the page's line is in the text, which may have the line's words elsewhere."""
        found = []
        for number in count():
            span = self._span_of(WordPosition(self._page_number, *line, number))
            if span is None:
                break
            first, last = max(start - span.start_in_line, 0), min(end - span.start_in_line, span.end - span.start)
            if first < last:
                found.append((span.start + first, span.start + last))
        return (found[0][0], found[-1][1]) if found else None

    def _span_at(self, position: int) -> _Span | None:
        index = bisect_right(self._starts, position) - 1
        return self._spans[index] if index >= 0 and position <= self._spans[index].end else None

    def _text_of(self, span: _Span) -> str:
        return self._text_between(span.start, span.end) + span.hyphen

    def _text_between(self, start: int, end: int) -> str:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selection().toPlainText()

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy) and self._chosen and not self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.selected_text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not plain:
            self.accept_wanted.emit()
        elif key == Qt.Key.Key_F2:
            self.edit_wanted.emit(None)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not plain:
            self.delete_wanted.emit()
        elif event.text().strip() and event.text().isprintable() and not plain:
            self.edit_wanted.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.edit_wanted.emit(None)

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    # ── marks ────────────────────────────────────────────────────────────────────────────────────

    def _on_cursor(self) -> None:
        if not self._is_updating:
            self._chosen = []
            self._update_colours()
            self.word_chosen.emit(self.current())

    def _on_selection(self) -> None:
        if not self._is_updating and self.textCursor().hasSelection():
            self._chosen = []
            self.words_selected.emit()

    def _update_colours(self) -> None:
        """Mark doubtful words, hits, and the current or chosen words, in the palette's colours."""
        doubt, find, here = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        warning = colours.meaning(self.palette(), Meaning.WAIT)
        doubt.setBackground(colours.tint(self.palette(), warning, 0.16))
        doubt.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        doubt.setUnderlineColor(warning)
        find.setBackground(QColor("#ffe066"))
        find.setForeground(QColor("#1a1a1a"))
        here.setBackground(self.palette().highlight())
        here.setForeground(self.palette().highlightedText())
        marks = [self._mark(span.start, span.end, doubt) for span in self._spans if span.is_doubtful]
        marks += [self._mark(start, end, find) for start, end in self._hits]
        if not self.textCursor().hasSelection():
            word_positions = self._chosen or [
                word_position for word_position in [self.current()] if word_position is not None
            ]
            spans = (span for word_position in word_positions if (span := self._span_of(word_position)) is not None)
            marks += [self._mark(span.start, span.end, here) for span in spans]
        self.setExtraSelections(marks)

    def _mark(self, start: int, end: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark.cursor, mark.format = cursor, form
        return mark


def _lay_out(page: Page) -> _Layout:
    """Lay out the page's text: paragraphs with their lines joined, and each row of a table as a line."""
    from ocrdesk.contract.word_spacing import separator
    from ocrdesk.export.words_to_check import is_doubtful
    from ocrdesk.layout.line_breaks import find_wrapped_lines
    from ocrdesk.layout.tables.rows_as_lines import arrange_rows

    parts: list[str] = []
    spans: list[_Span] = []
    joints: list[_Joint] = []
    position = 0
    arranged = arrange_rows(page)
    blocks = [part.block for part in arranged]
    for number, part in enumerate(arranged):
        if position and any(line.words for line in part.block.lines):
            parts.append("\n")
            position += 1
        flows = [] if part.is_table else find_wrapped_lines(blocks, number)
        for line_number, (line, places) in enumerate(zip(part.block.lines, part.places, strict=True)):
            if not line.words:
                continue
            is_wrapped = line_number < len(flows) and flows[line_number]
            joint, hyphen = _joint(line, part.block.lines[line_number + 1]) if is_wrapped else ("\n", "")
            before: Word | None = None
            for place, word in zip(places, line.words, strict=True):
                position += len(separator(before, word)) if before is not None else 0
                before = word
                own_hyphen = hyphen if place is places[-1] else ""
                length = _length(word.text) - len(own_hyphen)
                word_position = WordPosition(page.number, *place)
                in_line = word_starts(page.blocks[place[0]].lines[place[1]].words)[place[2]]
                spans.append(_Span(position, position + length, word_position, is_doubtful(word), own_hyphen, in_line))
                position += length
            parts.append(line.text.removesuffix(hyphen))
            if is_wrapped:
                joints.append(_Joint(position, len(joint), hyphen))
            parts.append(joint)
            position += len(joint)
    return _Layout("".join(parts).rstrip("\n"), spans, joints)


def _joint(upper: Line, lower: Line) -> tuple[str, str]:
    """Return what is shown between two lines of a paragraph, and the hyphen at the upper one's end that is not shown.

    A word that was divided is joined as the exports join it.
    """
    from ocrdesk.layout.line_joining import join_lines

    last = upper.words[-1].text
    joined = join_lines([last, lower.text])
    if joined == f"{last} {lower.text}":
        return " ", ""
    return "", "" if joined.startswith(last) else last[-1]


def _length(text: str) -> int:
    """Return the length as Qt counts it: characters beyond U+FFFF count twice."""
    return len(text) + sum(sign > "\uffff" for sign in text)
