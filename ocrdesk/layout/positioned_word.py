"""A word with its box and text direction, before lines exist."""

from __future__ import annotations

from typing import NamedTuple

from ocrdesk.contract.box import Rectangle

SLANTED = -1
"""The direction of text that runs neither along nor across the page."""


class PositionedWord(NamedTuple):
    """A word of a file's own text, and where it is on the page image."""

    text: str
    first: int
    """The number of its first character in the page's text."""
    is_mapped: bool
    """Whether the file says which Unicode character the first one is."""
    direction: int
    """How far the text is turned clockwise on the image: 0, 90, 180 or 270 degrees, or `SLANTED`."""
    ink: Rectangle
    """The area that the glyphs cover."""
    body: Rectangle
    """The first character's area with the full height of the font."""
