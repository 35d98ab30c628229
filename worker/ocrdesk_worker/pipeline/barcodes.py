"""Finds QR codes and barcodes.

It also drops the words that an engine read in their bars. Reading codes on a whole page takes a fifth of the time of
recognising it. So dense patches of ink are found first, on a coarse map: half of a code is black, and hardly any line
of text is. Only these patches are read, and the page at a low resolution: bars as wide as a letter are lost on the map.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from math import ceil

from PIL import Image, ImageFilter

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Code
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.resizing import reduce

try:
    import zxingcpp
except ImportError:  # a worker without it finds no codes
    zxingcpp = None  # type: ignore[assignment]  # the usual way to mark an optional module as missing

_log = logging.getLogger(__name__)

_CELLS = 128
"""The map's cells along the image's short side: 1.7 mm each on a letter page."""
_CELL_PIXELS = (4, 32)
_MIN_INK, _MAX_INK = 0.31, 0.8
"""Shares of black pixels in a cell and its neighbours."""
_MIN_CELLS = 4
_MIN_FILLED = 0.3
"""Share of the box around a patch that the patch must fill."""
_MARGIN_CELLS = 4
_SMALL_PIXELS = 400_000
"""An image up to this size is read whole, which is faster than reading its patches one by one."""
_OVERVIEW_PIXELS = 250_000
"""A larger image is scaled down to this size to be read whole, too."""
_MAX_PATCH_PIXELS = 4_000_000
"""Larger patches are read at less than their resolution."""
_MAX_CODES = 100
_DARKEST, _BRIGHTEST = 0.005, 0.3
"""Shares of the pixels: the darkest are certainly ink, the brightest certainly paper."""


def find_codes(image: Image.Image) -> tuple[Code, ...]:
    """Return the codes on an 8-bit grey image from top to bottom. Return none on any error: codes never fail a page."""
    if zxingcpp is None:
        return ()
    try:
        is_small = image.width * image.height <= _SMALL_PIXELS
        max_pixels = _SMALL_PIXELS if is_small else _OVERVIEW_PIXELS
        found = _read(image, Box(0, 0, *image.size), max_pixels, try_harder=is_small)
        if not is_small:
            found = [code for patch in _patches(image) for code in _read(image, patch, _MAX_PATCH_PIXELS)] + found
    except Exception:
        _log.exception("codes could not be looked for")
        return ()
    single: list[Code] = []
    for code in found:
        if not any(other.text == code.text and other.box.overlaps(code.box) for other in single):
            single.append(code)
    return tuple(sorted(single[:_MAX_CODES], key=lambda code: (code.box.top, code.box.left)))


def drop_barcode_noise(blocks: Sequence[Block], codes: Sequence[Code]) -> tuple[Block, ...]:
    """Return the blocks without the words whose centre is in a code: there are no letters there."""
    if not codes:
        return tuple(blocks)

    def is_in_code(box: Box) -> bool:
        return any(code.box.contains(box.center_x, box.center_y) for code in codes)

    kept = (block.refilled(lambda line: (word for word in line.words if not is_in_code(word.box))) for block in blocks)
    return tuple(block for block in kept if block is not None)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def _read(image: Image.Image, patch: Box, max_pixels: int, *, try_harder: bool = True) -> list[Code]:
    """Return the codes in one patch of the image, read at no more than that many pixels."""
    factor = max(1, ceil((patch.area / max_pixels) ** 0.5))
    part = image.reduce(factor, patch) if factor > 1 else image.crop(patch)
    return [
        Code(
            format=found.format.name,
            text=found.text.encode("utf-8", "replace").decode(),
            box=_box(found.position, patch, factor, image),
            rotation=round(found.orientation) % 360,
        )
        for found in zxingcpp.read_barcodes(part, try_invert=try_harder, try_downscale=try_harder)
    ]


def _box(position: zxingcpp.Position, patch: Box, factor: int, image: Image.Image) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [corner.x * factor for corner in corners], [corner.y * factor for corner in corners]
    inside_patch = Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    return Box.clipped(inside_patch.moved(patch.left, patch.top), *image.size)


# ── patches ──────────────────────────────────────────────────────────────────────────────────────


def _patches(image: Image.Image) -> list[Box]:
    """Return boxes around dense ink, with a margin: codes may be there."""
    cell = max(_CELL_PIXELS[0], min(_CELL_PIXELS[1], round(min(image.size) / _CELLS))) // 2 * 2
    ink = _ink(_half(image)).reduce(cell // 2).filter(ImageFilter.BoxBlur(1))
    low, high = round(_MIN_INK * 255), round(_MAX_INK * 255)
    dense = {index for index, value in enumerate(ink.tobytes()) if low <= value <= high}
    boxes = []
    while dense:
        columns, rows = _pop_connected(dense, ink.width)
        patch = Box(min(columns), min(rows), max(columns) + 1, max(rows) + 1)
        if len(columns) >= max(_MIN_CELLS, _MIN_FILLED * patch.area):
            boxes.append(
                Box(
                    max(0, (patch.left - _MARGIN_CELLS) * cell),
                    max(0, (patch.top - _MARGIN_CELLS) * cell),
                    min(image.width, (patch.right + _MARGIN_CELLS) * cell),
                    min(image.height, (patch.bottom + _MARGIN_CELLS) * cell),
                )
            )
    return _merge_overlapping(boxes)


def _half(image: Image.Image) -> Image.Image:
    """Return the image in half its size; other steps of the page share that if no row or column is left over."""
    is_whole = image.width % 2 == image.height % 2 == 0
    return Image.fromarray(reduce(pixels_of(image), 2)) if is_whole else image.reduce(2)


def _merge_overlapping(boxes: Iterable[Box]) -> list[Box]:
    """Merge boxes that overlap: the bars of one code may be several patches."""
    merged: list[Box] = []
    for box in boxes:
        while other := next((it for it in merged if it.overlaps(box)), None):
            merged.remove(other)
            box = Box.around([other, box])
        merged.append(box)
    return merged


def _ink(image: Image.Image) -> Image.Image:
    """Return a mask that is white where the image is nearer to its darkest tone than to its paper."""
    histogram = image.histogram()
    dark = _level_at(histogram, range(256), _DARKEST)
    paper = _level_at(histogram, range(255, -1, -1), _BRIGHTEST)
    middle = (dark + paper) / 2
    return image.point([255 * (value < middle) for value in range(256)])


def _level_at(histogram: list[int], levels: Iterable[int], share: float) -> int:
    """Return the first level at which that share of all pixels is counted."""
    wanted, counted = share * sum(histogram), 0
    level = 0
    for level in levels:
        counted += histogram[level]
        if counted >= wanted:
            break
    return level


def _pop_connected(cells: set[int], width: int) -> tuple[list[int], list[int]]:
    """Remove one group of neighbouring cells from the set and return their columns and rows."""
    first = cells.pop()
    waiting, columns, rows = [first], [], []
    while waiting:
        row, column = divmod(waiting.pop(), width)
        columns.append(column)
        rows.append(row)
        for next_row in (row - 1, row, row + 1):
            for next_column in range(max(0, column - 1), min(width, column + 2)):
                near = next_row * width + next_column
                if near in cells:
                    cells.remove(near)
                    waiting.append(near)
    return columns, rows
