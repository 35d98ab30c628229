"""Tells right-to-left from left-to-right text, and converts between logical and visual order.

Logical order is the order in which text is read and stored. Visual order is that of the characters on the page, from
left to right. In a right-to-left word, Latin letters and numbers keep their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_AFTER_GREEK_AND_CYRILLIC = re.compile("[^\0-\u058f]")
"""Scripts before the Hebrew block are all written from left to right."""
_CLASSES = {
    "L": "L",
    "R": "R",
    "AL": "R",
    "EN": "D",  # European digits
    "AN": "A",  # Arabic digits
    "ES": "S",  # separators of numbers: plus and minus
    "CS": "C",  # others: comma, full stop, colon, slash
    "ET": "T",  # signs before and after numbers: currencies, per cent
    "NSM": "M",  # marks, such as vowel points
}
_LEFT_TO_RIGHT_RUN = re.compile(r"(?:L(?:[LDASCTN]*[LD])?|T*D+(?:[SC]D+)*T*|A+(?:CA+)*)+")
"""Latin words, and numbers with their separators and signs, as classes of characters."""
_LATIN_RUN = re.compile(r"L(?:[^R]*[LD])?")
_RIGHT_TO_LEFT_RUN = re.compile(r"M*R(?:[^L]*R)?")
_ENDS = ".,:;!?\u060c\u061b\u061f"
"""Punctuation after a word. In right-to-left text it is at the left, also after a Latin word."""
_UNTURNED = str.maketrans("()[]{}", ")(][}{")


def is_rtl(texts: Iterable[str]) -> bool:
    """Return whether most letters are of scripts written from right to left, such as Hebrew and Arabic."""
    text = "".join(texts)
    late = [unicodedata.bidirectional(character) for character in _AFTER_GREEK_AND_CYRILLIC.findall(text)]
    found = late.count("R") + late.count("AL")
    if not found:  # as in most texts
        return False
    early = sum(map(str.isalpha, _AFTER_GREEK_AND_CYRILLIC.sub("", text)))
    return found > late.count("L") + early


def has_rtl_letters(text: str) -> bool:
    """Return whether the text has letters of a script that is written from right to left."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text))


def to_logical_order(visual: str, *, rtl: bool) -> str:
    """Return a word in logical order. `rtl` tells whether it stands in right-to-left text.

    Brackets are expected by their meaning, as Tesseract returns them: the one that opens at the right.
    """
    if has_rtl_letters(visual):
        return _reversed(visual) if rtl else _replace_runs(_RIGHT_TO_LEFT_RUN, visual, _reversed)
    if not rtl:
        return visual
    if not any(unicodedata.bidirectional(character) == "L" for character in visual):
        return _reversed(visual)
    word = visual.lstrip(_ENDS)
    return (word + visual[: len(visual) - len(word)][::-1]).translate(_UNTURNED if word[0] in ")]}" else {})


def split_by_direction(text: str) -> list[tuple[str, bool]]:
    """Return text as parts that have one direction, in logical order, and whether it is right to left.

    Punctuation, spaces and numbers between two parts belong to the part in the direction of most letters.
    """
    rtl = is_rtl([text])
    parts: list[tuple[str, bool]] = []
    end = 0
    for run in (_LATIN_RUN if rtl else _RIGHT_TO_LEFT_RUN).finditer(_classes(text)):
        parts += [(text[end : run.start()], rtl), (text[run.start() : run.end()], not rtl)]
        end = run.end()
    return [part for part in [*parts, (text[end:], rtl)] if part[0]]


def _reversed(text: str) -> str:
    """Return right-to-left text in the opposite order, but for Latin words and numbers in it."""
    return _replace_runs(_LEFT_TO_RIGHT_RUN, text[::-1], lambda run: run[::-1])


def _replace_runs(runs: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Return the text with those parts changed whose classes match."""
    parts, end = [], 0
    for run in runs.finditer(_classes(text)):
        parts += [text[end : run.start()], change(text[run.start() : run.end()])]
        end = run.end()
    return "".join([*parts, text[end:]])


def _classes(text: str) -> str:
    """Return a letter for each character that says what it is for the direction of text; N for all others."""
    return "".join([_CLASSES.get(unicodedata.bidirectional(character), "N") for character in text])
