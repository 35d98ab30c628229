"""Finds text in a result and puts other text in its place; for a thread that may wait, it knows no Qt."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ocrdesk.client import Client
from ocrdesk.contract.document import Page
from ocrdesk.desktop.page_texts import PageText, load_pages
from ocrdesk.desktop.review.line_change import LineChange, LinePlace, Words, changed, line_at, places, retyped
from ocrdesk.export.text import page_text

_LONGEST_CONTEXT = 200


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, within lines."""

    text: str
    match_case: bool = False
    whole_words: bool = False

    def pattern(self) -> re.Pattern[str]:
        found = re.escape(self.text)
        if self.whole_words:
            found = rf"(?<!\w){found}(?!\w)"
        return re.compile(found, 0 if self.match_case else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where it stands: page (from 1), line among the page's lines with words (from 0), letters in that line."""

    page: int
    line: int
    start: int
    end: int
    line_text: str


def hits_in_text(number: int, text: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """The hits on a page, by its plain text."""
    if pattern.search(text) is None:
        return
    for line_number, line in enumerate(line for line in text.split("\n") if line):
        for match in pattern.finditer(line):
            if match.end() > match.start():
                yield Hit(number, line_number, match.start(), match.end(), line[:_LONGEST_CONTEXT])


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
    pattern = query.pattern()
    changes = []
    for place in places(page):
        line = line_at(page, place)
        if line is None:
            continue
        spans = [match.span() for match in pattern.finditer(line.text) if match.end() > match.start()]
        if spans:
            changes.append(LineChange(place, line.words, replaced(line.words, spans, new)))
    return [it for it in changes if [word.text for word in it.before] != [word.text for word in it.after]]


def replaced(words: Words, spans: Sequence[tuple[int, int]], new: str) -> Words:
    """The line's words with `new` in place of some stretches of its text, which are in order and do not overlap."""
    starts: list[int] = []
    position = 0
    for word in words:
        starts.append(position)
        position += len(word.text) + 1
    text = " ".join(word.text for word in words)
    ends = [start + len(word.text) for start, word in zip(starts, words, strict=True)]

    def touched(span: tuple[int, int]) -> tuple[int, int]:
        # a space that is replaced touches the words on both its sides
        inside = [n for n in range(len(words)) if starts[n] <= span[1] and ends[n] >= span[0]]
        return inside[0], inside[-1] + 1

    for first, end, own in reversed(list(_clusters(spans, touched))):
        piece, at = "", starts[first]
        for start, stop in own:
            piece += text[at : max(start, at)] + new
            at = stop
        piece += text[at : ends[end - 1]]
        words = retyped(words, first, end, piece)
    return words


def _clusters(
    spans: Sequence[tuple[int, int]], touched: Callable[[tuple[int, int]], tuple[int, int]]
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Stretches that share a word, together: the words they touch, and the stretches."""
    first, end = -1, -1
    own: list[tuple[int, int]] = []
    for span in spans:
        from_word, to_word = touched(span)
        if own and from_word < end:
            end = max(end, to_word)
            own.append(span)
            continue
        if own:
            yield first, end, own
        first, end, own = from_word, to_word, [span]
    if own:
        yield first, end, own


def place_of(page: Page, hit: Hit) -> LinePlace | None:
    """The hit's line on its page; None when the page has changed since."""
    lines = places(page)
    return lines[hit.line] if hit.line < len(lines) else None


def by_page(changes: Iterable[LineChange]) -> dict[int, list[LineChange]]:
    ordered = sorted(changes, key=lambda change: change.place.page)
    return {number: list(own) for number, own in groupby(ordered, key=lambda change: change.place.page)}
