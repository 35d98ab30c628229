"""Makes the page's pictures its figures, but not those behind running text or tables; finds the labels of figures.

Charts are found by their captions, too: above the caption of a figure there are its labels, short lines and numbers,
with no other text between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Page
from ocrdesk.contract.structure import BlockRole, Figure
from ocrdesk.layout.structure.parts import is_plain

_MAX_FIGURES = 200
_MAX_CHECKS = 400_000
"""Figures times lines: of a page with very many lines only the first pictures are figures."""
_MAX_TEXT = 0.35
"""Share of an area that lines of text cover: with more it is a panel behind the text."""
_PROSE_WORDS, _MAX_PROSE = 6, 3
"""Words of a line of prose, and such lines in a figure; with more it is a panel too."""
_IN_TABLE = 0.6
"""Share of an area that is in a table."""

_FIGURE = re.compile(
    r"(?:fig|abb|afb|bild|kuva|obr|rys|ryc|ilustr|illustr|chart|diagram|graph|plate|photo|image|рис|şekil|εικ|图|圖|図|그림|شكل)",
    re.IGNORECASE,
)
"""How the captions of figures begin, unlike those of tables and listings."""
_MIN_LABELS, _MIN_NUMBERS = 5, 3
"""Words above a caption that make a figure, and how many of them are numbers, if no picture was found there."""
_LABEL_WORDS = 5
"""Words of a line of labels that are neither numbers nor apart from each other."""
_APART = 1.0
"""In line heights: words that are farther apart are labels of their own."""
_LARGE = 1.5
"""In heights of the page's lines: larger letters are a title on a picture, which is text."""
_ENDS = re.compile(r"[.;:!?][\"'\u201d\u2019)]*$")
_NUMBER = re.compile(r"[-+\u2212\u2013]?[$\u20ac\u00a3]?\d[\d.,]*(?:%|\u00b0|[kKmM])?")  # a minus
_MAX_CAPTIONS = 50


def with_figures(page: Page, pictures: Sequence[Box]) -> Page:
    """Return the page with its pictures as figures, from top to bottom. Without pictures it stays as it is."""
    if not pictures:
        return page
    lines = [line.box for block in page.blocks if block.role is not BlockRole.TABLE for line in block.lines]
    tables = [block.box for block in page.blocks if block.table is not None]
    prose = [line.box for block in page.blocks for line in block.lines if len(line.words) >= _PROSE_WORDS]
    figures = []
    for box in pictures[: min(_MAX_FIGURES, _MAX_CHECKS // max(1, len(lines)))]:
        covered = sum(line.shared_area(box) for line in lines)
        is_panel = sum(_has_center(box, line) for line in prose) > _MAX_PROSE
        is_in_table = any(table.shared_area(box) > _IN_TABLE * box.area for table in tables)
        if not is_panel and not is_in_table and covered <= _MAX_TEXT * box.area:
            figures.append(Figure(box=box))
    return page.model_copy(update={"figures": tuple(figures)})


def is_in_figure(box: Box, figures: Sequence[Figure]) -> bool:
    """Return whether the centre of a box is in a figure."""
    return any(_has_center(figure.box, box) for figure in figures)


def _has_center(outer: Box, inner: Box) -> bool:
    return outer.contains(int(inner.center_x), int(inner.center_y))


def labels_of_figures(page: Page) -> set[int]:
    """Return the numbers of the blocks that are in figures: labels of axes and parts, from 0."""
    if not page.figures:
        return set()
    return {
        number
        for number, block in enumerate(page.blocks)
        if is_plain(block) and all(is_in_figure(line.box, page.figures) for line in block.lines)
    }


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def with_labelled_figures(page: Page) -> Page:
    """Return the page with figures that reach to their labels, and a figure for the labels above a figure's caption."""
    captions = [
        block
        for block in page.blocks
        if block.role is BlockRole.CAPTION and _FIGURE.match(block.lines[0].text) is not None
    ]
    figures = list(page.figures)
    has_changed = False
    for caption in captions[:_MAX_CAPTIONS]:
        box = _labelled_area(page, caption, figures)
        if box is not None:
            figures = [figure for figure in figures if not _has_center(box, figure.box)]
            figures.append(Figure(box=box))
            has_changed = True
    if not has_changed:
        return page
    return page.model_copy(update={"figures": tuple(sorted(figures, key=lambda it: (it.box.top, it.box.left)))})


def _labelled_area(page: Page, caption: Block, figures: Sequence[Figure]) -> Box | None:
    """Return the area of the labels above a caption, and of the pictures there; None if there is no figure."""
    others = [block for block in page.blocks if block is not caption and block.lines and not _is_labels(block)]
    columns = [block.box for block in others if block.box.crosses_columns(caption.box)]
    left = min([caption.box.left, *(box.left for box in columns)])
    right = max([caption.box.right, *(box.right for box in columns)])
    top = max([0, *(box.bottom for box in columns if box.bottom <= caption.box.top)])
    room = Box(left, top, right, caption.box.top)
    slack = caption.lines[0].box.height
    labels = [
        block
        for block in page.blocks
        if _is_labels(block)
        and top - slack <= block.box.top
        and block.box.bottom <= room.bottom + slack // 2
        and left <= block.box.center_x <= right
    ]
    inside = [figure.box for figure in figures if _has_center(room, figure.box)]
    words = [word.text for block in labels for line in block.lines for word in line.words]
    numbers = sum(_NUMBER.fullmatch(word) is not None for word in words)
    if not words or (not inside and (len(words) < _MIN_LABELS or numbers < _MIN_NUMBERS)):
        return None
    area = Box.around([*(block.box for block in labels), *inside])
    return None if any(block.box.shared_area(area) for block in others) else area


def _is_labels(block: Block) -> bool:
    """Return whether a block may be labels of a figure."""
    return is_plain(block) and all(_is_label(line) for line in block.lines)


def _is_label(line: Line) -> bool:
    words = [word for word in line.words if not _NUMBER.fullmatch(word.text)]
    if len(words) <= 1:
        return True
    if _ENDS.search(line.text):
        return False
    gap = _APART * line.box.height
    apart = sum(after.box.left - before.box.right > gap for before, after in pairwise(line.words))
    return len(words) <= _LABEL_WORDS + apart


def without_labels(page: Page) -> Page:
    """Return the page without the labels of its figures. Titles, running text and a page that is a picture stay."""
    if not page.figures:
        return page
    usual = _usual_height(page.blocks)
    dropped = {
        number
        for number in labels_of_figures(page)
        if all(_is_label(line) and _height(line) <= _LARGE * usual for line in page.blocks[number].lines)
    }
    inside = _letters(page.blocks[number] for number in dropped)
    if not dropped or inside > _letters(block for number, block in enumerate(page.blocks) if number not in dropped):
        return page
    blocks = tuple(block for number, block in enumerate(page.blocks) if number not in dropped)
    return page.model_copy(update={"blocks": blocks})


def _usual_height(blocks: Iterable[Block]) -> float:
    """Return the usual height of the page's words, those of long lines first."""
    lines = [line for block in blocks if block.kind is BlockKind.TEXT for line in block.lines if line.words]
    long = [line for line in lines if len(line.words) > _LABEL_WORDS] or lines
    return median(_height(line) for line in long) if long else 0.0


def _height(line: Line) -> float:
    """Return how high a line's letters are; of a turned line how wide."""
    is_turned = line.box.height > line.box.width
    heights = [min(word.box.width, word.box.height) if is_turned else word.box.height for word in line.words]
    return median(heights) if heights else 0.0


def _letters(blocks: Iterable[Block]) -> int:
    return sum(len(word.text) for block in blocks for line in block.lines for word in line.words)
