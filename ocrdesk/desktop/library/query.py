"""Parses searches and makes snippets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrdesk.desktop.library.normalization import normalize, words

_PART = re.compile(r'"([^"]*)"?|(\S+)')
_BEFORE, _AROUND = 40, 160


@dataclass(frozen=True, slots=True)
class Query:
    """All phrases must occur. The last word may be incomplete: the user is still typing. Words are normalised."""

    phrases: tuple[tuple[str, ...], ...] = ()
    last_is_prefix: bool = True

    @property
    def fts(self) -> str:
        """The query in FTS5's syntax. Every word is quoted, so that FTS5 sees no operators in it."""
        parts = ['"' + " ".join(phrase) + '"' for phrase in self.phrases]
        return " ".join(parts) + ("*" if self.last_is_prefix and parts else "")

    def matches(self, word: str) -> bool:
        """Return whether a normalised word is one of the search words."""
        if any(word in phrase for phrase in self.phrases):
            return True
        return self.last_is_prefix and bool(self.phrases) and word.startswith(self.phrases[-1][-1])

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of each search word in `text`."""
        return [(start, end) for start, end, word in words(text) if self.matches(word)]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line of a text, and the spans of the search words in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def parse_query(typed: str) -> Query:
    """Parse words, and phrases between quotation marks."""
    phrases = []
    for found in _PART.finditer(typed):
        phrase = tuple(word for _, _, word in words(normalize(found[1] if found[1] is not None else found[2])))
        if phrase:
            phrases.append(phrase)
    return Query(tuple(phrases), last_is_prefix=not typed.endswith(('"', " ")))


def make_snippet(text: str, query: Query) -> Snippet:
    """Return a line around the first search word in the text, or the beginning of the text if there is none."""
    spans = query.spans(text) if query.phrases else []
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    if start:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    line = re.sub(r"\s", " ", text[start : start + _AROUND])
    marks = tuple((first - start, end - start) for first, end in spans if start <= first and end <= start + len(line))
    return Snippet(line, marks)
