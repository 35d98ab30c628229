"""Tells right-to-left from left-to-right text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def is_rtl(texts: Iterable[str]) -> bool:
    """Return whether most letters are of scripts written from right to left, such as Hebrew and Arabic."""
    balance = 0
    for text in texts:
        for character in text:
            if character >= "\u0590":  # scripts before the Hebrew block are all written from left to right
                direction = unicodedata.bidirectional(character)
                balance += (direction in ("R", "AL")) - (direction == "L")
            else:
                balance -= character.isalpha()
    return balance > 0
