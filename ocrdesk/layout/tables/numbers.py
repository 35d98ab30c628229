"""Tells amounts, counts and years from words."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[^\w\s]*\s*(?:[A-Z]{0,3}[$€£¥]\s*)?[-–—+−(]*\d[\d\s.,:/'’()%–-]*[%‰a-z*†‡§¶]{0,4}[^\w\s]*")  # noqa: RUF001
_NOTHING = re.compile(r"[-–—−.·*:…/()]+|n\.?\s?/?a\.?|N\.?/?A\.?")  # noqa: RUF001
_YEAR = re.compile(r"\(?(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)?\d\d))?\)?[a-z*]?")  # noqa: RUF001


def is_number(text: str) -> bool:
    """Return whether a cell has an amount, a share or a count, or a sign that there is none."""
    return _NUMBER.fullmatch(text) is not None or _NOTHING.fullmatch(text) is not None


def is_year(text: str) -> bool:
    return _YEAR.fullmatch(text) is not None
