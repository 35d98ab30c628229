"""Tells amounts, years, captions and notes from other text."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[^\w\s]*\s*(?:[A-Z]{0,3}[$€£¥]\s*)?[-–—+−(]*\d[\d\s.,:/'’()%–-]*[%‰a-z*†‡§¶]{0,4}[^\w\s]*")  # noqa: RUF001
_AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:,?\d{3})*[.,]\d\d(?![\d.,])")
_PRICE = re.compile(r"(?:[A-Z]{2,3} ?)?-?\d{1,3}(?:,?\d{3})*[.,]\d\d-?(?: ?[A-Z]{1,3})?")
"""An amount with a currency's letters before it, or those of a tax behind it."""
_NOTHING = re.compile(r"[-–—−.·*:…/()]+|n\.?\s?/?a\.?|N\.?/?A\.?")  # noqa: RUF001
_YEAR = re.compile(r"\(?(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)?\d\d))?\)?[a-z*]?")  # noqa: RUF001
_CAPTION = re.compile(
    r"(?:table|tab\.|exhibit|figure|fig\.|chart|schedule|tabelle|abb(?:ildung|\.)|tableau|cuadro|tabla|tabella|tabel|quadro)"
    r"(?:\s*[-.]?\d|\s+(?-i:[A-Z][-.]?\d|[IVXLC]+\b|[A-Z]\b))",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:notes?|sources?|n\.?b\.?|quellen?|anmerkung(?:en)?|fuentes?|nota|bron|fonte)\b\s*[:.]?|[*†‡§¶]|\(?(?:\d|[a-z])\)\s",
    re.IGNORECASE,
)


def is_number(text: str) -> bool:
    """Return whether a cell has an amount, a share or a count, or a sign that there is none."""
    return any(kind.fullmatch(text) for kind in (_NUMBER, _NOTHING, _PRICE))


def has_amount(text: str) -> bool:
    """Return whether a text has a number with two decimals in it, as prices have: "SR 9.50", "2 x 4.20"."""
    return _AMOUNT.search(text) is not None


def is_year(text: str) -> bool:
    """Return whether a cell has a year, or a span of years."""
    return _YEAR.fullmatch(text) is not None


def is_caption(text: str) -> bool:
    """Return whether the text is the beginning of a table's or figure's caption: its kind and number."""
    return _CAPTION.match(text) is not None


def is_note(text: str) -> bool:
    """Return whether the text is the beginning of a note or of the source of a table."""
    return _NOTE.match(text) is not None
