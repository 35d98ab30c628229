"""Finds where a page's text refers to its footnotes.

A mark is found only where it can be nothing else: a superscript digit or a sign (*, †, §) at the end of a word, or the
digits of a number at the end of a word of letters; and at one place of the page only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.line_joining import one_line

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARK = re.compile(r"[0-9]{1,3}|\*{1,4}|[†‡§¶]{1,3}")
_AROUND = "()[].:"
_SIGN_AT_END = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\*{1,4}|[†‡§¶]{1,3})$")
_CLOSING = "]\")'\u201d\u2019\xbb"
_DIGITS_AT_END = re.compile(
    rf"(?:[^\W\d_]{{3}}|[^\W\d_][{re.escape(_CLOSING)}]|[^\W\d_]{{2}}[.,;:!?])[.,;:!?{re.escape(_CLOSING)}]*([0-9]{{1,3}})$"
)
_LONGEST_WORD = 40
"""Characters of a word that are examined, from its end."""

_OPEN, _MIDDLE, _CLOSE = "\x00", "\x01", "\x02"
"""Around a reference in a part's text. All control characters of the page's own text are replaced by spaces."""
_REFERENCE = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
_SPACE_BEFORE = re.compile(f" +(?={_OPEN})")

WordPlace = tuple[int, int, int]
"""The numbers of a block, a line and a word, each from 0."""


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A mark in the text. `label` names the note in its document; `mark` is what is printed."""

    label: str
    mark: str


def mark_of(marker: str | None) -> str | None:
    """Return the mark of a footnote as the text has it: digits or signs; None for others."""
    mark = (marker or "").strip(_AROUND).translate(_SUPERSCRIPTS)
    return mark if _MARK.fullmatch(mark) else None


def find_references(page: Page) -> dict[WordPlace, tuple[int, int, str]]:
    """Return where words of the text end with the mark of a footnote of their page.

    The values are the number of the footnote's block, the length of the mark and the mark. Marks of several notes, and
    those found at several places, are left out.
    """
    notes: dict[str, int | None] = {}
    for number, block in enumerate(page.blocks):
        if block.role is BlockRole.FOOTNOTE and (mark := mark_of(block.marker)):
            notes[mark] = None if mark in notes else number
    found: dict[str, list[tuple[WordPlace, int]]] = {}
    if notes:
        for place, text in _words(page):
            for mark, length in _marks_at_end(text):
                if mark in notes:
                    found.setdefault(mark, []).append((place, length))
    return {
        places[0][0]: (note, places[0][1], mark)
        for mark, places in found.items()
        if len(places) == 1 and (note := notes[mark]) is not None
    }


def _words(page: Page) -> Iterator[tuple[WordPlace, str]]:
    for number, block in enumerate(page.blocks):
        if block.role in (BlockRole.FOOTNOTE, BlockRole.CODE) or block.kind.is_header_or_footer:
            continue
        for index, line in enumerate(block.lines):
            for position, word in enumerate(line.words):
                if index or position or len(line.words) > 1:  # a mark alone refers from nowhere
                    yield (number, index, position), word.text[-_LONGEST_WORD:]


def _marks_at_end(text: str) -> Iterator[tuple[str, int]]:
    """Yield the marks that a word may end with, and their lengths."""
    sign = _SIGN_AT_END.search(text)
    if sign and (text == sign[0] or not text.startswith(sign[0])):  # "*so*" is emphasised
        yield sign[0].translate(_SUPERSCRIPTS), len(sign[0])
    elif digits := _DIGITS_AT_END.search(text):
        yield digits[1], len(digits[1])


def line_text(line: Line, marks: dict[int, tuple[int, NoteReference]]) -> str:
    """Return a line's text, in which the marks at the ends of the given words are references (`split_references`)."""
    if not marks:
        return one_line(line.text)
    words = []
    for number, word in enumerate(line.words):
        text = one_line(word.text)
        text = _marked(text, *marks[number]) if number in marks else text
        words.append(word.model_copy(update={"text": text or " "}))
    return _SPACE_BEFORE.sub("", join_words(words))


def _marked(text: str, length: int, reference: NoteReference) -> str:
    return f"{text[: max(0, len(text) - length)]}{_OPEN}{reference.label}{_MIDDLE}{reference.mark}{_CLOSE}"


def split_references(text: str) -> Iterator[str | NoteReference]:
    """Yield the parts of a text: plain text and references, in order."""
    end = 0
    for found in _REFERENCE.finditer(text):
        if text[end : found.start()]:
            yield text[end : found.start()]
        yield NoteReference(found[1], found[2])
        end = found.end()
    if text[end:]:
        yield text[end:]


def without_references(text: str) -> str:
    """Return a text with the marks as they are printed."""
    return _REFERENCE.sub(lambda found: found[2], text)


class NoteLabels:
    """Names the notes of a document, each by its number where no earlier note has it."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def label(self, page: int, block: int, mark: str) -> str:
        """Return a label of digits and hyphens that no other note of the document has."""
        own = mark if mark.isdigit() else ""
        label = own if own and own not in self._used else f"{page}-{block}"
        self._used.add(label)
        return label


def is_note(block: Block) -> bool:
    return block.role is BlockRole.FOOTNOTE and not block.kind.is_header_or_footer
