"""A search as it was typed, as FTS5 asks for it, and the places in a text where it is met."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrdesk.desktop.library.normalization import fold, words

_PART = re.compile(r'"([^"]*)"?|(\S+)')
_BEFORE, _AROUND = 40, 160


@dataclass(frozen=True, slots=True)
class Query:
    """All phrases must be met; the last word may go on, for it is still being typed. Words are folded."""

    phrases: tuple[tuple[str, ...], ...] = ()
    last_goes_on: bool = True

    @property
    def fts(self) -> str:
        """In FTS5's syntax: every word quoted, so that nothing in it is taken for an operator."""
        parts = ['"' + " ".join(phrase) + '"' for phrase in self.phrases]
        return " ".join(parts) + ("*" if self.last_goes_on and parts else "")

    def meets(self, word: str) -> bool:
        """Whether a folded word is one of those that are looked for."""
        if any(word in phrase for phrase in self.phrases):
            return True
        return self.last_goes_on and bool(self.phrases) and word.startswith(self.phrases[-1][-1])

    def places(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each word in `text` that is looked for."""
        return [(start, end) for start, end, word in words(text) if self.meets(word)]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line out of a text, and the places in it that are looked for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def parsed(typed: str) -> Query:
    """Words, and phrases between quotation marks."""
    phrases = []
    for found in _PART.finditer(typed):
        folded = tuple(word for _, _, word in words(fold(found[1] if found[1] is not None else found[2])))
        if folded:
            phrases.append(folded)
    return Query(tuple(phrases), last_goes_on=not typed.endswith(('"', " ")))


def snippet(text: str, query: Query) -> Snippet:
    """The text's line around the first place that is met; its beginning where there is none."""
    places = query.places(text) if query.phrases else []
    start = max(0, places[0][0] - _BEFORE) if places else 0
    if start:
        start = text.find(" ", start, places[0][0]) + 1 or start
    line = re.sub(r"\s", " ", text[start : start + _AROUND])
    marks = tuple((first - start, end - start) for first, end in places if start <= first and end <= start + len(line))
    return Snippet(line, marks)
