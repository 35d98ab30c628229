"""Recognises very tall images in bands.

Engines and the steps around them look at a page at the size of a sheet of paper: a screenshot that is twenty times as
high as wide would be reduced until its letters vanish. It is cut between two lines of text. Where no such place exists,
as on a photo, the bands overlap, and a word that both have is taken once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.preprocess.pixels import Pixels, np

Languages = tuple[str, ...]

_BAND_SHAPE = 3.0
"""A band's height, in widths of the image."""
_MIN_BAND = 3000
"""Pixels: a band is no lower, so that narrow images such as receipts stay whole."""
_MIN_BANDS = 1.6
"""An image is cut if it is so many times as high as a band."""
_SEARCHED = 0.3
"""Share of a band's height, at its end, that is searched for a place to cut."""
_EDGE = 8
"""Two neighbouring pixels whose tones differ by more have an edge between them: faint letters have such edges."""
_CLEAN = 8
"""Rows with the fewest edges cross no text if these are not more: they are the sides of frames and speech bubbles."""
_MIN_ROWS = 4
"""Rows without text that make a place to cut."""
_OVERLAP = 240
"""Pixels that a band has of its neighbour where there is no place to cut: more than two lines of text."""
_SAME = 0.4
"""Two words are the same if they share more than this part of the smaller one's area."""


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows of the image: `top` to `bottom` are recognised, `first` to `last` are the band's own."""

    top: int
    first: int
    last: int
    bottom: int


def recognise_in_bands(
    image: Image.Image, dpi: float, engine: Engine, pick_languages: Callable[[Image.Image, float], Languages]
) -> tuple[tuple[Block, ...], Languages]:
    """Recognise an 8-bit grey image, in bands if it is very tall. Return the blocks, and the languages of all bands.

    Raises ProcessingError.
    """
    bands = split(np.asarray(image)) if _is_very_tall(*image.size) else []
    if len(bands) <= 1:
        languages = pick_languages(image, dpi)
        return engine.recognise(image, dpi, languages), languages
    blocks: list[Block] = []
    used: dict[str, None] = {}
    for band in bands:
        part = image.crop((0, band.top, image.width, band.bottom))
        languages = pick_languages(part, dpi)
        used.update(dict.fromkeys(languages))
        known = [word.box for word in _words(blocks) if word.box.bottom > band.top]
        found = (_own(block, band, known) for block in engine.recognise(part, dpi, languages))
        blocks += [block for block in found if block is not None]
    return tuple(blocks), tuple(used)


def split(pixels: Pixels) -> list[_Band]:
    """Return the bands of a grey image from top to bottom; one for an image that is not very tall."""
    height, width = pixels.shape
    if not _is_very_tall(width, height):
        return [_Band(0, 0, height, height)]
    seams = list(_seams(pixels, _usual_height(width)))
    edges = [(0, 0), *seams, (height, 0)]
    return [
        _Band(max(0, first - overlap_above), first, last, min(height, last + overlap_below))
        for (first, overlap_above), (last, overlap_below) in pairwise(edges)
    ]


def _usual_height(width: int) -> int:
    return max(_MIN_BAND, int(_BAND_SHAPE * width))


def _is_very_tall(width: int, height: int) -> bool:
    return height >= _MIN_BANDS * _usual_height(width)


def _seams(pixels: Pixels, size: int) -> Iterator[tuple[int, int]]:
    """Yield the rows at which the image is cut, and by how much the bands overlap there."""
    height = pixels.shape[0]
    top = 0
    while height - top > _MIN_BANDS * size:
        start = top + size - int(_SEARCHED * size)
        row = _place_to_cut(pixels[start : top + size])
        seam = (top + size, _OVERLAP) if row is None else (start + row, 0)
        yield seam
        top = seam[0]


def _place_to_cut(rows: Pixels) -> int | None:
    """Return the middle of the highest run of rows without text, the last of equals; None if there is none.

    A row through one thin letter has two edges. So only the rows with the fewest of all can be without text.
    """
    edges = np.count_nonzero(np.abs(np.diff(rows.astype(np.int16), axis=1)) > _EDGE, axis=1)
    bounds = np.flatnonzero(
        np.diff(np.concatenate(([False], edges <= min(_CLEAN, edges.min()), [False])).astype(np.int8))
    )
    starts, ends = bounds[::2], bounds[1::2]
    if not len(starts) or int((ends - starts).max()) < _MIN_ROWS:
        return None
    longest = len(starts) - 1 - int(np.argmax((ends - starts)[::-1]))
    return int(starts[longest] + ends[longest]) // 2


def _own(block: Block, band: _Band, known: Iterable[Box]) -> Block | None:
    """Return a band's block at its place on the image, without words of other bands; None if none are left."""
    known = list(known)

    def words(line: Line) -> Iterator[Word]:
        for word in line.words:
            box = word.box.moved(0, band.top)
            slack = box.height / 2 if band.bottom > band.last or band.top < band.first else 0
            is_inside = band.first - slack <= box.center_y < band.last + slack
            if is_inside and not any(_are_same(box, other) for other in known):
                yield word.model_copy(update={"box": box})

    return block.refilled(words)


def _are_same(one: Box, other: Box) -> bool:
    return one.shared_area(other) > _SAME * max(1, min(one.area, other.area))


def _words(blocks: Iterable[Block]) -> Iterator[Word]:
    return (word for block in blocks for line in block.lines for word in line.words)
