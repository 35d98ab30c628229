"""The paper of a page, for formats with pages."""

from __future__ import annotations

from ocrdesk.contract.document import Page

_PAPER_INCHES = (3.0, 22.0)
"""Word supports no larger paper; smaller sides are those of screenshots and photos."""
_LEAST_DPI = 100.0
"""A lower resolution is a screen's or a default, and does not tell the size of paper."""


def paper_inches(page: Page) -> tuple[float, float] | None:
    """Return the width and height of a page in inches; None if its resolution is unknown or it is no paper."""
    if page.dpi < _LEAST_DPI:
        return None
    width, height = page.width / page.dpi, page.height / page.dpi
    low, high = _PAPER_INCHES
    return (width, height) if low <= width <= high and low <= height <= high else None
