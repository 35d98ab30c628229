"""Raised and lowered digits, as in m² and H₂O: how texts have them, and how searches for usual digits find them."""

from __future__ import annotations

import re
from typing import Final

_DIGITS = "0123456789"
_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_LOWERED = "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089"

RAISED: Final = str.maketrans(_DIGITS, _RAISED)
"""From usual digits, for `str.translate`."""
LOWERED: Final = str.maketrans(_DIGITS, _LOWERED)
USUAL: Final = str.maketrans(_RAISED + _LOWERED, 2 * _DIGITS)
"""Back to usual digits."""

CURRENCIES: Final = frozenset("$\u20ac\u00a3\u00a5")
_PRICE = re.compile(rf"([$\u20ac\u00a3\u00a5]?)(\d{{1,4}})([{_RAISED}]{{2}})([.,;:]?)")


def with_cents(text: str, before: str = "") -> str:
    """Return a price with a point before its cents, if these are two raised digits: $4.99, no power of 4.

    `before` is what stands before the text: a currency there will do, too.
    """
    found = _PRICE.fullmatch(text)
    if found is None or not (found[1] or before in CURRENCIES):
        return text
    return f"{found[1]}{found[2]}.{found[3].translate(USUAL)}{found[4]}"
