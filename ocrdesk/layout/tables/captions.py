"""Titles and notes around tables."""

from __future__ import annotations

import re

_CAPTION = re.compile(
    r"(?:table|tab\.|exhibit|figure|fig\.|chart|schedule|tabelle|abb(?:ildung|\.)|tableau|cuadro|tabla|tabella|tabel|quadro)"
    r"(?:\s*[-.]?\d|\s+(?-i:[A-Z][-.]?\d|[IVXLC]+\b|[A-Z]\b))",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:notes?|sources?|n\.?b\.?|quellen?|anmerkung(?:en)?|fuentes?|nota|bron|fonte)\b\s*[:.]?|[*†‡§¶]|\(?(?:\d|[a-z])\)\s",
    re.IGNORECASE,
)


def is_caption(text: str) -> bool:
    """Return whether the text is the beginning of a table's or figure's caption: its kind and number."""
    return _CAPTION.match(text) is not None


def is_note(text: str) -> bool:
    """Return whether the text is the beginning of a note or of the source of a table."""
    return _NOTE.match(text) is not None
