"""Parses searches and makes snippets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ocrdesk.desktop.library.normalization import is_spaceless, normalize, words

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

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of each search word in `text`; in scripts without spaces, those of each phrase."""
        found = list(words(text))
        spans: set[tuple[int, int]] = set()
        for phrase in self.phrases:
            if any(map(is_spaceless, phrase)):
                spans.update(self._runs(found, phrase))
            else:
                spans.update((start, end) for start, end, word in found if self._is_in(phrase, word))
        return sorted(spans)

    def _is_in(self, phrase: tuple[str, ...], word: str) -> bool:
        is_prefix = self.last_is_prefix and phrase is self.phrases[-1]
        return word in phrase or (is_prefix and word.startswith(phrase[-1]))

    def _runs(self, found: list[tuple[int, int, str]], phrase: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Yield where the words of a phrase follow each other."""
        is_prefix = self.last_is_prefix and phrase is self.phrases[-1]
        for first in range(len(found) - len(phrase) + 1):
            there = found[first : first + len(phrase)]
            *before, last = [word for _, _, word in there]
            ends = last.startswith(phrase[-1]) if is_prefix else last == phrase[-1]
            if ends and tuple(before) == phrase[:-1]:
                yield there[0][0], there[-1][1]


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
