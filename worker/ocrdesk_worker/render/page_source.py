"""What every renderer offers: a count of pages, each page as an image, and the text that it has already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from ocrdesk.contract.document import Block, Box, Rotation

MAX_PAGE_PIXELS = 100_000_000
"""Pages are rendered smaller rather than larger than this: 100 MP is an A0 poster at 215 dpi."""

MAX_PAGE_SIDE = 32_000
"""Nor longer: Tesseract counts pixels in 15 bits."""

DEFAULT_DPI = 300.0
"""For pages that do not say how fine their picture is."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as an upright image. `dpi` is 0 when not known; `rotation` turned the stored page clockwise."""

    image: Image.Image
    dpi: float
    rotation: Rotation = 0


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a page has already, placed on the image that it would be drawn as.

    `fault` says what keeps it from being as good as recognising the page, None when nothing does.
    """

    width: int
    height: int
    dpi: float
    rotation: Rotation
    blocks: tuple[Block, ...]
    fault: str | None
    is_blank: bool = False
    """Nothing at all is drawn on the page."""
    pictures: tuple[Box, ...] = ()
    """Where pictures may say something that a text without a fault leaves out."""
    left_out: str | None = None
    """A sentence on that where it may be much: too much to be passed over."""


class PageSource(Protocol):
    """An open file. Pages count from 0 here."""

    @property
    def page_count(self) -> int: ...

    def render(self, page_index: int) -> RenderedPage:
        """Raises Fault when the page cannot be drawn."""
        ...

    def text_layer(self, page_index: int) -> TextLayer | None:
        """The page's own text; None where the file or its reader has none. Raises Fault."""
        ...

    def view(self, page_index: int, width: int) -> RenderedPage:
        """The page in its own colours for people to see, turned as `render` has it, about `width` pixels wide.

        A PDF's page is not drawn finer than `DEFAULT_DPI`; an image may come in any mode, and as large as it is.
        `dpi` says nothing. Raises Fault when the page cannot be drawn.
        """
        ...

    def close(self) -> None: ...


def capped_dpi(width_in: float, height_in: float, dpi: float) -> float:
    """`dpi`, or the highest at which a page of that size (inches) keeps within the two limits above."""
    if width_in <= 0 or height_in <= 0:
        return dpi
    by_area = float((MAX_PAGE_PIXELS / (width_in * height_in)) ** 0.5)
    by_side = MAX_PAGE_SIDE / max(width_in, height_in)
    return min(dpi, by_area, by_side)


def view_dpi(width_in: float, height_in: float, width: int) -> float:
    """The resolution at which a page of that size (inches) is drawn some `width` pixels wide for people to see."""
    return capped_dpi(width_in, height_in, min(DEFAULT_DPI, width / width_in))
