"""Finds QR codes and barcodes on a page image, and clears away what an engine took their bars for.

Reading a whole page costs a fifth of recognising it. So dense patches of ink are looked for first, on a coarse map:
half of a code is black, and hardly a line of text is. Only these patches are read, and the page at a glance: bars as
wide as a letter are lost on the map.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from math import ceil

from PIL import Image, ImageFilter

from ocrdesk.contract.document import Block, Box, Code

try:
    import zxingcpp
except ImportError:  # a worker without it finds none
    zxingcpp = None  # type: ignore[assignment]  # as is usual for what may be missing

_log = logging.getLogger(__name__)

_CELLS = 128
"""The map's cells along the image's short side: of 1.7 mm on a letter page."""
_CELL_PIXELS = (4, 32)
_LEAST_INK, _MOST_INK = 0.31, 0.8
"""Of a cell and those around it."""
_LEAST_CELLS = 4
_LEAST_FILLED = 0.3
"""Of the box around a patch."""
_MARGIN_CELLS = 4
_SMALL_PIXELS = 400_000
"""An image no larger than this is read whole, which takes less time than its patches, one by one."""
_GLANCE_PIXELS = 250_000
"""What a larger one is scaled down to for the glance."""
_MOST_PIXELS = 4_000_000
"""Patches larger than this are read at less than their resolution."""
_MOST_CODES = 100
_DARKEST, _BRIGHTEST = 0.005, 0.3
"""Of the pixels: what is as dark as the darkest of them is ink, what is as bright as the brightest is paper."""


def find_codes(image: Image.Image) -> tuple[Code, ...]:
    """The codes on an 8-bit grey image, from the top down. None when anything goes wrong: codes never fail a page."""
    if zxingcpp is None:
        return ()
    try:
        is_small = image.width * image.height <= _SMALL_PIXELS
        found = _read(image, Box(0, 0, *image.size), _SMALL_PIXELS if is_small else _GLANCE_PIXELS, tries_all=is_small)
        if not is_small:
            found = [code for patch in _patches(image) for code in _read(image, patch, _MOST_PIXELS)] + found
    except Exception:
        _log.exception("codes could not be looked for")
        return ()
    single: list[Code] = []
    for code in found:
        if not any(other.text == code.text and _overlap(other.box, code.box) for other in single):
            single.append(code)
    return tuple(sorted(single[:_MOST_CODES], key=lambda code: (code.box.top, code.box.left)))


def drop_barcode_noise(blocks: Sequence[Block], codes: Sequence[Code]) -> tuple[Block, ...]:
    """The blocks without the words whose middle is within a code: there are no letters there."""
    if not codes:
        return tuple(blocks)
    places = [code.box for code in codes]
    cleared = (
        block.refilled(lambda line: (word for word in line.words if not _is_within(word.box, places)))
        for block in blocks
    )
    return tuple(block for block in cleared if block is not None)


def _is_within(box: Box, places: Iterable[Box]) -> bool:
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return any(place.left <= across < place.right and place.top <= down < place.bottom for place in places)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def _read(image: Image.Image, patch: Box, most_pixels: int, *, tries_all: bool = True) -> list[Code]:
    factor = max(1, ceil((patch.width * patch.height / most_pixels) ** 0.5))
    part = image.crop(patch)
    if factor > 1:
        part = part.reduce(factor)
    return [
        Code(
            format=found.format.name,
            text=found.text.encode("utf-8", "replace").decode(),
            box=_box(found.position, patch, factor, image),
            rotation=round(found.orientation) % 360,
        )
        for found in zxingcpp.read_barcodes(part, try_invert=tries_all, try_downscale=tries_all)
    ]


def _box(position: zxingcpp.Position, patch: Box, factor: int, image: Image.Image) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x * factor for corner in corners], [corner.y * factor for corner in corners]
    left = min(max(0, patch.left + min(across)), image.width - 1)
    top = min(max(0, patch.top + min(down)), image.height - 1)
    right = max(left + 1, min(image.width, patch.left + max(across) + 1))
    bottom = max(top + 1, min(image.height, patch.top + max(down) + 1))
    return Box(left, top, right, bottom)


# ── patches ──────────────────────────────────────────────────────────────────────────────────────


def _patches(image: Image.Image) -> list[Box]:
    """Where the image may have codes: boxes with a margin around dense ink."""
    cell = max(_CELL_PIXELS[0], min(_CELL_PIXELS[1], round(min(image.size) / _CELLS))) // 2 * 2
    ink = _ink(image.reduce(2)).reduce(cell // 2).filter(ImageFilter.BoxBlur(1))
    low, high = round(_LEAST_INK * 255), round(_MOST_INK * 255)
    dense = {at for at, value in enumerate(ink.tobytes()) if low <= value <= high}
    boxes = []
    while dense:
        columns, rows = _connected(dense, ink.width)
        wide, high_ = max(columns) + 1 - min(columns), max(rows) + 1 - min(rows)
        if len(columns) >= max(_LEAST_CELLS, _LEAST_FILLED * wide * high_):
            boxes.append(
                Box(
                    max(0, (min(columns) - _MARGIN_CELLS) * cell),
                    max(0, (min(rows) - _MARGIN_CELLS) * cell),
                    min(image.width, (max(columns) + 1 + _MARGIN_CELLS) * cell),
                    min(image.height, (max(rows) + 1 + _MARGIN_CELLS) * cell),
                )
            )
    return _merged(boxes)


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that do not overlap: the bars of one code may be several patches."""
    merged: list[Box] = []
    for box in boxes:
        while other := next((it for it in merged if _overlap(it, box)), None):
            merged.remove(other)
            box = Box.around([other, box])
        merged.append(box)
    return merged


def _overlap(one: Box, two: Box) -> bool:
    return one.left < two.right and two.left < one.right and one.top < two.bottom and two.top < one.bottom


def _ink(image: Image.Image) -> Image.Image:
    """White where the image is nearer to its darkest than to its paper."""
    histogram = image.histogram()
    dark = _reached(histogram, range(256), _DARKEST)
    paper = _reached(histogram, range(255, -1, -1), _BRIGHTEST)
    middle = (dark + paper) / 2
    return image.point([255 * (value < middle) for value in range(256)])


def _reached(histogram: list[int], levels: Iterable[int], share: float) -> int:
    """The first level at which that share of all pixels is passed."""
    wanted, passed = share * sum(histogram), 0
    level = 0
    for level in levels:
        passed += histogram[level]
        if passed >= wanted:
            break
    return level


def _connected(cells: set[int], width: int) -> tuple[list[int], list[int]]:
    """Takes one group of neighbouring cells out of the set; answers their columns and rows."""
    first = cells.pop()
    waiting, columns, rows = [first], [], []
    while waiting:
        row, column = divmod(waiting.pop(), width)
        columns.append(column)
        rows.append(row)
        for below in (row - 1, row, row + 1):
            for beside in range(max(0, column - 1), min(width, column + 2)):
                near = below * width + beside
                if near in cells:
                    cells.remove(near)
                    waiting.append(near)
    return columns, rows
