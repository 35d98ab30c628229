"""Finds text in a result and puts other text in its place; for a thread that may wait, it knows no Qt."""

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
from ocrdesk.desktop.review.document.line_change import LineChange, LinePlace, Words, changed, line_at, places, retyped
from ocrdesk.desktop.text.page_text import PageText, load_pages
from ocrdesk.export.text import page_text
from ocrdesk.layout.line_joining import BREAKS

_LINE = re.compile(r"[^\n]+")
_LINE_END = rf"(?:[{BREAKS}]\n)?"
"""Where a word may be broken: a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, within paragraphs: it may go on in the next line, also with a hyphen."""

    text: str
    match_case: bool = False
    whole_words: bool = False

    def pattern(self) -> re.Pattern[str]:
        """For a page's text."""
        found = "".join(map(_piece, pairwise(f"{self.text} "))) if self.text else ""
        if self.whole_words:
            found = rf"(?<!\w){found}(?!\w)"
        return re.compile(found, 0 if self.match_case else re.IGNORECASE)


class Stretch(NamedTuple):
    """A hit's part of a line: the line among the page's lines with words, and letters in it (all from 0)."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where it stands: the page (from 1), and on it at least one stretch, each in a line of its own."""

    page: int
    stretches: tuple[Stretch, ...]


def hits_in_text(number: int, text: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """The hits on a page, by its plain text."""
    lines: list[tuple[int, int]] = []  # where those that are not empty begin and end
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


def _piece(signs: tuple[str, str]) -> str:
    """The pattern for a sign of the query, by the one that follows it."""
    sign, following = signs
    if sign.isspace():
        return "[ \n]"
    return re.escape(sign) + (_LINE_END if sign.isalpha() and following.isalpha() else "")


def find(
    client: Client,
    job_id: str,
    query: Query,
    corrected_here: Mapping[int, Sequence[LineChange]],
    stopped: threading.Event,
) -> list[Hit]:
    """All hits in the document, in order. `corrected_here` are changes by page that the server may not have yet."""
    pattern = query.pattern()
    hits: dict[int, list[Hit]] = {}

    def look_at(number: int, text: str) -> None:
        hits[number] = list(hits_in_text(number, text, pattern))

    def look_at_all(pages: Sequence[PageText]) -> None:
        for page in pages:
            look_at(page.number, page.text)

    load_pages(client, job_id, look_at_all, stopped)
    for number, changes in corrected_here.items():
        if not stopped.is_set():
            look_at(number, page_text(changed(client.page(job_id, number), changes)))
    return [hit for number in sorted(hits) for hit in hits[number]]


def replacements(
    client: Client,
    job_id: str,
    query: Query,
    new: str,
    hits: Iterable[Hit],
    corrected_here: Mapping[int, Sequence[LineChange]],
    stopped: threading.Event,
) -> list[LineChange]:
    """The changes that put `new` in the place of every hit on the pages that have any."""
    changes: list[LineChange] = []
    for number in sorted({hit.page for hit in hits}):
        if stopped.is_set():
            break
        page = changed(client.page(job_id, number), corrected_here.get(number, ()))
        changes += replacements_on(page, query, new)
    return changes


def replacements_on(page: Page, query: Query, new: str) -> list[LineChange]:
    """The changes that put `new` in the place of every hit on the page."""
    return replaced_hits(page, hits_in_text(page.number, page_text(page), query.pattern()), new)


def replaced_hits(page: Page, hits: Iterable[Hit], new: str) -> list[LineChange]:
    """The changes that put `new` in the place of these hits, in order; of one over two lines, all into the first."""
    pieces: dict[int, list[_Replacement]] = {}
    for hit in hits:
        for index, stretch in enumerate(hit.stretches):
            own = pieces.setdefault(stretch.line, [])
            own.append(_Replacement(stretch.start, stretch.end, "" if index else new))
    lines, changes = places(page), []
    for number, own in pieces.items():
        line = line_at(page, lines[number]) if number < len(lines) else None
        if line is not None:
            changes.append(LineChange(lines[number], line.words, replaced(line.words, own)))
    return [it for it in changes if [word.text for word in it.before] != [word.text for word in it.after]]


class _Replacement(NamedTuple):
    """Letters of a line, and what comes in their place."""

    start: int
    end: int
    new: str


def replaced(words: Words, replacements: Sequence[tuple[int, int, str]]) -> Words:
    """The line's words with other text in place of some stretches (start, end, text), in order and without overlaps."""
    starts: list[int] = []
    position = 0
    for word in words:
        starts.append(position)
        position += len(word.text) + 1
    text = " ".join(word.text for word in words)
    ends = [start + len(word.text) for start, word in zip(starts, words, strict=True)]

    def touched(start: int, end: int) -> tuple[int, int]:
        # a space that is replaced touches the words on both its sides
        inside = [n for n in range(len(words)) if starts[n] <= end and ends[n] >= start]
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
    """Stretches that share a word, together: the words they touch, and the stretches."""
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


def place_of(page: Page, stretch: Stretch) -> LinePlace | None:
    """The stretch's line on its page; None when the page has changed since."""
    lines = places(page)
    return lines[stretch.line] if stretch.line < len(lines) else None


def by_page(changes: Iterable[LineChange]) -> dict[int, list[LineChange]]:
    ordered = sorted(changes, key=lambda change: change.place.page)
    return {number: list(own) for number, own in groupby(ordered, key=lambda change: change.place.page)}
