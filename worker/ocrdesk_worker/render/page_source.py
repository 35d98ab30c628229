"""The renderer interface.

A renderer counts a file's pages, makes page images and reads the text that a page contains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from ocrdesk.contract.box import Box, Rotation
from ocrdesk.contract.document import Block
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks

MAX_PAGE_PIXELS = 100_000_000
"""A page image has no more pixels: 100 MP is an A0 poster at 215 dpi."""

MAX_PAGE_SIDE = 32_000
"""A page image is no wider, and that of a PDF page no higher: Tesseract counts pixels in 15 bits."""

MAX_PAGE_HEIGHT = 200_000
"""An image is no higher. It is recognised in bands."""

DEFAULT_DPI = 300.0
"""For pages without a resolution of their own."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as an upright image. `dpi` is 0 if unknown; `rotation` turned the stored page clockwise.

    `is_reduced` says that the image has fewer pixels than the page should have, because it would be too large.
    """

    image: Image.Image
    dpi: float
    rotation: Rotation = 0
    is_reduced: bool = False


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a page contains, positioned on the image that the page would be rendered as.

    `problem` says why it is worse than recognising the page; None if it is not.
    """

    width: int
    height: int
    dpi: float
    rotation: Rotation
    blocks: tuple[Block, ...]
    problem: str | None
    is_blank: bool = False
    """Nothing at all is drawn on the page."""
    unread_images: tuple[Box, ...] = ()
    """The areas of images that may have text which the text layer lacks."""
    doubtful: tuple[Box, ...] = ()
    """The boxes of words that may not say what the page shows; none if the text is trusted."""
    incomplete_because: str | None = None
    """Why the text layer may lack much, if these images are large."""
    marks: PageMarks = NO_MARKS
    """What the page shows besides its words."""


class PageSource(Protocol):
    """An open file. Its pages are counted from 0."""

    @property
    def page_count(self) -> int: ...

    def render(self, page_index: int) -> RenderedPage:
        """Return the page as an image. Raises ProcessingError."""
        ...

    def text_layer(self, page_index: int) -> TextLayer | None:
        """Return the page's own text; None if the file or its renderer has none. Raises ProcessingError."""
        ...

    def view(self, page_index: int, width: int) -> RenderedPage:
        """Return the page in its own colours for people to see, turned as by `render`, about `width` pixels wide.

        A PDF page has `DEFAULT_DPI` at most; an image may have any mode, and its full size. `dpi` has no meaning.
        Raises ProcessingError.
        """
        ...

    def close(self) -> None: ...


def capped_dpi(width_in: float, height_in: float, dpi: float) -> float:
    """Return `dpi`, or the highest value at which a page of that size in inches is within the two limits above."""
    if width_in <= 0 or height_in <= 0:
        return dpi
    by_area = float((MAX_PAGE_PIXELS / (width_in * height_in)) ** 0.5)
    by_side = MAX_PAGE_SIDE / max(width_in, height_in)
    return min(dpi, by_area, by_side)


def view_dpi(width_in: float, height_in: float, width: int) -> float:
    """Return the resolution at which a page of that size in inches is about `width` pixels wide."""
    return capped_dpi(width_in, height_in, min(DEFAULT_DPI, width / width_in))
