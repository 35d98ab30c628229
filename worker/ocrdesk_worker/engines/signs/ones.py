"""Corrects an l before digits, as in `l3A` and `Al7`: print has a 1 there."""

from __future__ import annotations

import re

_L_FOR_ONE = re.compile(r"(?:(?<=[A-Z0-9])|(?<![^\W_]))l(?=[0-9])")


def with_ones(text: str) -> str:
    """Return the text of a word with a 1 for each l before a digit: at its beginning, or after a capital or digit."""
    return _L_FOR_ONE.sub("1", text) if "l" in text else text
