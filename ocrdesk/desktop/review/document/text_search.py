"""Finds and replaces in a document; no Qt."""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from ocrdesk.client import Client
from ocrdesk.contract.document import Page
from ocrdesk.contract.word_spacing import are_lines_joined, is_spaceless, join_words, word_starts
from ocrdesk.desktop.review.document.line_change import (
    LineChange,
    LinePosition,
    Words,
    changed,
    line_at,
    line_positions,
    retyped,
)
from ocrdesk.desktop.text.page_text import PageText, load_pages
from ocrdesk.export.text import page_text
from ocrdesk.layout.line_joining import BREAKS

_LINE = re.compile(r"[^\s][^\n]*")
"""A line without its indentation, which is not in its words."""
_LINE_END = rf"(?:[{BREAKS}]\n)?"
"""A word may be hyphenated at the end of a line."""


@dataclass(frozen=True, slots=True)
class Query:
    """A search. A hit lies within a paragraph, and may continue on the next line, also after a hyphen."""

    text: str
    match_case: bool = False
    whole_words: bool = False

    def pattern(self) -> re.Pattern[str]:
        """Return the pattern to search a page's text for."""
        found = "".join(map(_char_pattern, pairwise(f"{self.text} "))) if self.text else ""
        if self.whole_words and found:
            # a word of a script without spaces may be anywhere in a line
            before = "" if is_spaceless(self.text[0]) else r"(?<!\w)"
            after = "" if is_spaceless(self.text[-1]) else r"(?!\w)"
            found = f"{before}{found}{after}"
        return re.compile(found, 0 if self.match_case else re.IGNORECASE)


class Stretch(NamedTuple):
    """A hit's part of a line: the index among the page's lines with words, and characters in it (from 0)."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit: the page (from 1), and one stretch for each line that it covers."""

    page: int
    stretches: tuple[Stretch, ...]


def find_hits(number: int, text: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """Find the hits in a page's plain text."""
    lines: list[tuple[int, int]] = []  # start and end of the lines that are not empty
    for match in pattern.finditer(text):
        lines = lines or [line.span() for line in _LINE.finditer(text)]
        if stretches := tuple(_stretches(lines, *match.span())):
            yield Hit(number, stretches)


def _stretches(lines: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Stretch]:
    first = bisect_right(lines, start, key=lambda line: line[0]) - 1
    for number in range(max(first, 0), len(lines)):
        line_start, line_end = lines[number]
        if line_start >= end:
            break
        if max(start, line_start) < min(end, line_end):
            yield Stretch(number, max(start, line_start) - line_start, min(end, line_end) - line_start)


def _char_pattern(pair: tuple[str, str]) -> str:
    """Return the pattern for a character of the query and the character after it."""
    char, following = pair
    if char.isspace():
        return "(?: |\n *)"
    if are_lines_joined(char, following):
        return f"{re.escape(char)}\n?"
    return re.escape(char) + (_LINE_END if char.isalpha() and following.isalpha() else "")


def find(
    client: Client,
    job_id: str,
    query: Query,
    unsaved: Mapping[int, Sequence[LineChange]],
    stopped: threading.Event,
) -> list[Hit]:
    """Find all hits in the document, in order. `unsaved` are changes by page that the server may not have yet."""
    pattern = query.pattern()
    hits: dict[int, list[Hit]] = {}

    def search_page(number: int, text: str) -> None:
        hits[number] = list(find_hits(number, text, pattern))

    def search_pages(pages: Sequence[PageText]) -> None:
        for page in pages:
            search_page(page.number, page.text)

    load_pages(client, job_id, search_pages, stopped)
    for number, changes in unsaved.items():
        if not stopped.is_set():
            search_page(number, page_text(changed(client.page(job_id, number), changes)))
    return [hit for number in sorted(hits) for hit in hits[number]]


def replacements(
    client: Client,
    job_id: str,
    query: Query,
    new: str,
    hits: Iterable[Hit],
    unsaved: Mapping[int, Sequence[LineChange]],
    stopped: threading.Event,
) -> list[LineChange]:
    """Return the changes that replace every hit by `new`."""
    changes: list[LineChange] = []
    for number in sorted({hit.page for hit in hits}):
        if stopped.is_set():
            break
        page = changed(client.page(job_id, number), unsaved.get(number, ()))
        changes += replacements_on(page, query, new)
    return changes


def replacements_on(page: Page, query: Query, new: str) -> list[LineChange]:
    """Return the changes that replace every hit on the page by `new`."""
    return replaced_hits(page, find_hits(page.number, page_text(page), query.pattern()), new)


def replaced_hits(page: Page, hits: Iterable[Hit], new: str) -> list[LineChange]:
    """Return the changes that replace these hits, in order. Of a hit over two lines, `new` goes into the first."""
    pieces: dict[int, list[_Replacement]] = {}
    for hit in hits:
        for index, stretch in enumerate(hit.stretches):
            own = pieces.setdefault(stretch.line, [])
            own.append(_Replacement(stretch.start, stretch.end, "" if index else new))
    lines, changes = line_positions(page), []
    for number, own in pieces.items():
        line = line_at(page, lines[number]) if number < len(lines) else None
        if line is not None:
            changes.append(LineChange(lines[number], line.words, replaced(line.words, own)))
    return [it for it in changes if [word.text for word in it.before] != [word.text for word in it.after]]


class _Replacement(NamedTuple):
    """Characters of a line, and the text that replaces them."""

    start: int
    end: int
    new: str


def replaced(words: Words, replacements: Sequence[tuple[int, int, str]]) -> Words:
    """Replace stretches (start, end, text) of a line's words. They are in order and do not overlap."""
    starts, text = word_starts(words), join_words(words)
    ends = [start + len(word.text) for start, word in zip(starts, words, strict=True)]

    def touched(start: int, end: int) -> tuple[int, int]:
        # replacing a space changes the words on both sides of it
        last = end + (text[end - 1 : end] == " ")
        first = start - (text[start : start + 1] == " ")
        inside = [n for n in range(len(words)) if starts[n] < last and ends[n] > first]
        return inside[0], inside[-1] + 1

    for first, end, own in reversed(list(_clusters(replacements, touched))):
        piece, at = "", starts[first]
        for start, stop, new in own:
            piece += text[at : max(start, at)] + new
            at = stop
        piece += text[at : ends[end - 1]]
        words = retyped(words, first, end, piece)
    return words


def _clusters(
    replacements: Sequence[tuple[int, int, str]], touched: Callable[[int, int], tuple[int, int]]
) -> Iterator[tuple[int, int, list[tuple[int, int, str]]]]:
    """Group stretches that touch the same word: first word, end, and the stretches."""
    first, end = -1, -1
    own: list[tuple[int, int, str]] = []
    for one in replacements:
        from_word, to_word = touched(one[0], one[1])
        if own and from_word < end:
            end = max(end, to_word)
            own.append(one)
            continue
        if own:
            yield first, end, own
        first, end, own = from_word, to_word, [one]
    if own:
        yield first, end, own


def line_position_of(page: Page, stretch: Stretch) -> LinePosition | None:
    """Return the stretch's line, or None if the page has changed since."""
    lines = line_positions(page)
    return lines[stretch.line] if stretch.line < len(lines) else None


def by_page(changes: Iterable[LineChange]) -> dict[int, list[LineChange]]:
    """Group changes by page."""
    ordered = sorted(changes, key=lambda change: change.position.page)
    return {number: list(own) for number, own in groupby(ordered, key=lambda change: change.position.page)}
