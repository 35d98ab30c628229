"""Joins a paragraph's lines to one: hyphens at line ends mended, no spaces where the script has none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_HYPHENS = "-\u2010"
_SOFT_HYPHEN = "\u00ad"
BREAKS = _HYPHENS + _SOFT_HYPHEN
"""What a word that goes on in the next line may end with."""
# After these a hyphen is not a broken word's: "pre- and post-war", "Vor- und Nachteile".
_CONJUNCTION = re.compile(r"(?:and|or|und|oder|bzw\.|sowie)(?:\s|$)")
# Scripts written without spaces between words: Thai, Lao, Myanmar, Khmer, kana, Han and their punctuation.
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff60\U00020000-\U0003ffff]"
)


def paragraph(lines: Iterable[str]) -> str:
    """The lines as one, without white space at its ends."""
    joined = ""
    for line in lines:
        joined = _appended(joined, line.strip())
    return joined


def _appended(text: str, line: str) -> str:
    if not text or not line:
        return text or line
    if text.endswith(_SOFT_HYPHEN):
        return text[:-1] + line
    if text[-1] in _HYPHENS and len(text) > 1 and text[-2].isalnum():
        return _mended(text, line)
    spaceless = _SPACELESS.match(text[-1]) and _SPACELESS.match(line[0])
    return text + line if spaceless else f"{text} {line}"


def _mended(text: str, line: str) -> str:
    """The word that a hyphen cuts: whole where it goes on in lower case, else with its hyphen (Anglo-Saxon, 10-12)."""
    if _CONJUNCTION.match(line):
        return f"{text} {line}"
    if text[-2].isalpha() and line[0].islower():
        return text[:-1] + line
    return text + line if line[0].isalnum() else f"{text} {line}"


def one_line(text: str) -> str:
    """The text without line breaks, tabs and control characters: each run of them is a space."""
    if text.isprintable():
        return text
    spaced = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(part for part in spaced.split(" ") if part)
