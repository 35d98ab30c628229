"""Joins a paragraph's lines and resolves hyphenation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ocrdesk.contract.word_spacing import are_lines_joined

_HYPHENS = "-\u2010"
_SOFT_HYPHEN = "\u00ad"
BREAKS = _HYPHENS + _SOFT_HYPHEN
"""The characters at the end of a word that continues on the next line."""
# Before these words a hyphen does not break a word: "pre- and post-war", "Vor- und Nachteile".
_CONJUNCTION = re.compile(r"(?:and|or|und|oder|bzw\.|sowie)(?:\s|$)")


def join_lines(lines: Iterable[str]) -> str:
    """Return the lines of a paragraph as one line, without white space at its ends.

    Words that a hyphen breaks are joined. Scripts that are written without spaces get none.
    """
    joined = ""
    for line in lines:
        joined = _joined(joined, line.strip())
    return joined


def _joined(text: str, line: str) -> str:
    if not text or not line:
        return text or line
    if text.endswith(_SOFT_HYPHEN):
        return text[:-1] + line
    if text[-1] in _HYPHENS and len(text) > 1 and text[-2].isalnum():
        return _joined_at_hyphen(text, line)
    return text + line if are_lines_joined(text[-1], line[0]) else f"{text} {line}"


def _joined_at_hyphen(text: str, line: str) -> str:
    """Drop the hyphen if the word continues in lower case, else keep it (Anglo-Saxon, 10-12)."""
    if _CONJUNCTION.match(line):
        return f"{text} {line}"
    if text[-2].isalpha() and line[0].islower():
        return text[:-1] + line
    return text + line if line[0].isalnum() else f"{text} {line}"


def one_line(text: str) -> str:
    """Return the text with each run of line breaks, tabs and control characters replaced by a space."""
    if text.isprintable():
        return text
    spaced = "".join(" " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character for character in text)
    return " ".join(part for part in spaced.split(" ") if part)
