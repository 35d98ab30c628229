"""What the benchmark commands accept as arguments."""

from __future__ import annotations

import argparse


def positive(text: str) -> int:
    """Return a number of at least 1, for `type=` of an argument. Raises ValueError and ArgumentTypeError."""
    if (value := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value
