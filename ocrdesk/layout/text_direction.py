"""The direction a text runs in, by its letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def is_rtl(texts: Iterable[str]) -> bool:
    """Whether most letters are of scripts written from right to left (Hebrew, Arabic, ...)."""
    balance = 0
    for text in texts:
        for sign in text:
            if sign >= "\u0590":  # no script before Hebrew's block runs from right to left
                kind = unicodedata.bidirectional(sign)
                balance += (kind in ("R", "AL")) - (kind == "L")
            else:
                balance -= sign.isalpha()
    return balance > 0
