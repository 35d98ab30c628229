"""Decides which pages, or regions of pages in several scripts, are read a second time.

The second engine must know the letters of all their languages: a script that it lacks would be read as letters of
another. And both readings must have the same words: in scripts that are written without spaces, and in Korean, each
engine splits a line at other places, so that words of one cannot replace words of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ocrdesk.contract.document import Block
from ocrdesk.contract.word_spacing import is_split_by_engines
from ocrdesk_worker.engines.languages.alphabets import alphabet_of
from ocrdesk_worker.engines.languages.scripts import script_of
from ocrdesk_worker.engines.languages.tessdata import TessData

_SPLIT_SCRIPTS = frozenset({"Han", "Japanese", "Khmer", "Korean", "Lao", "Myanmar", "Thai"})
_FEW = 0.02
"""Share of a page's letters: specks are read as so many characters of the other languages that were chosen."""
_CLEARLY_MORE = 1.05
_NO_TEXT = 0.5
"""Confidence of what is read from lines that are no lines."""


def common_alphabet(
    data: TessData, languages: tuple[str, ...], readable: Callable[[frozenset[str]], frozenset[str] | None]
) -> frozenset[str] | None:
    """Return the characters of all the languages that an engine can read; None if it cannot read one of them.

    `readable` returns the characters of an alphabet that the engine can read, or None if those are too few.
    """
    if any(readable(alphabet_of(data, (language,))) is None for language in languages):
        return None
    return readable(alphabet_of(data, languages))


def have_equal_words(blocks: Iterable[Block], languages: Iterable[str]) -> bool:
    """Return whether another engine would find the same words in the text, because spaces separate them.

    If nothing was read, the languages decide.
    """
    text = "".join(word.text for block in blocks for line in block.lines for word in line.words)
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return not need_full_size(languages)
    return sum(map(is_split_by_engines, letters)) <= _FEW * len(letters)


def need_full_size(languages: Iterable[str]) -> bool:
    """Return whether a script of the languages has characters of so many strokes that pages must not be made smaller.

    Their layout is also found less reliably on smaller pages.
    """
    return any(script_of(language) in _SPLIT_SCRIPTS for language in languages)


def have_joined_letters(languages: Iterable[str]) -> bool:
    """Return whether the letters of one of the languages are joined, so that a line has few separate marks."""
    return any(script_of(language) == "Arabic" for language in languages)


def reads_more(block: Iterable[Block], page: Iterable[Block]) -> bool:
    """Return whether the page read as one block has clearly more text than the page read with its own layout.

    The layout of Chinese, Japanese and Korean is sometimes not found: their characters are also aligned in columns.
    """
    return _amount(block) > _CLEARLY_MORE * _amount(page)


def _amount(blocks: Iterable[Block]) -> float:
    """Return how much text was read: each letter counts by its confidence."""
    words = (word for block in blocks for line in block.lines for word in line.words)
    return sum(len(word.text) * max(0.0, word.confidence - _NO_TEXT) for word in words)
