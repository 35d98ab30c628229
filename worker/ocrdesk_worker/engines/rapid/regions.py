"""Chooses the regions of a page that are read a second time: whole lines, and doubtful words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.rapid.found_words import FoundWord
from ocrdesk_worker.engines.rapid.quads import Quad, quad_of, rectangle_around, size_of
from ocrdesk_worker.preprocess.pixels import np

HALF_SURE = 0.5
_COVERED = 0.9
_TALL = 1.5
_NEAR = 0.15
"""In heights of the line: doubtful words with a smaller gap between them are one region."""


@dataclass(eq=False, slots=True)
class Region:
    """A part of the page that is read as one line, with Tesseract's words in it."""

    quad: Quad
    inside: list[FoundWord]
    is_line: bool
    """Whether the line was detected; else its place is that of Tesseract's words."""
    kept: list[FoundWord] = field(default_factory=list)
    """Those of its words that stay as they are."""
    is_lone: bool = False
    """Whether it counts only if it is a number or a known word beyond doubt."""


def choose_regions(found: list[FoundWord], lines: Sequence[Quad], *, poor: bool) -> list[Region]:
    """Return what is to be read; each of Tesseract's words is in one region at most.

    `lines` are the detected lines of the page, if they were looked for. On a `poor` page all is read.
    """
    regions = []
    edges = np.array([one.word.box for one in found], np.float64).reshape(-1, 4)
    x, y = (edges[:, :2] + edges[:, 2:]).T / 2
    is_free = np.ones(len(found), np.bool_)
    for quad in lines:
        left, top, right, bottom = rectangle_around(quad)
        places = np.flatnonzero((left <= x) & (x <= right) & (top <= y) & (y <= bottom) & is_free)
        is_free[places] = False
        inside = [found[place] for place in places.tolist()]
        doubtful = [one for one in inside if one.is_doubtful]
        if poor or len(doubtful) * 2 > len(inside) or not _is_covered(quad, inside):
            kept = [] if poor else [one for one in inside if not one.is_doubtful]
            regions.append(Region(quad, inside, is_line=True, kept=kept))
        else:
            regions += _word_regions(inside, poor=False)
    return [*regions, *_word_regions((found[place] for place in np.flatnonzero(is_free).tolist()), poor=poor)]


def _word_regions(words: Iterable[FoundWord], *, poor: bool) -> Iterator[Region]:
    """Yield a region for each run of doubtful words that are near each other in their row."""
    wanted = {one.word.box: one for one in words if poor or one.is_doubtful}
    for row, in_row in groupby(wanted.values(), key=lambda one: id(one.row)):
        del row
        run: list[FoundWord] = []
        for one in in_row:
            if run and not _are_neighbours(run[-1], one):
                yield _region_of(run)
                run = []
            run.append(one)
        yield _region_of(run)


def _are_neighbours(one: FoundWord, following: FoundWord) -> bool:
    """Return whether a word follows the other at once in their row."""
    texts = one.row.words
    number = next(index for index, word in enumerate(texts) if word is one.word)
    is_next = number + 1 < len(texts) and texts[number + 1] is following.word
    gap = following.word.box.left - one.word.box.right
    return is_next and gap <= _NEAR * one.line_box.height and following.word.box.left > one.word.box.left


def _region_of(words: list[FoundWord]) -> Region:
    """Return the region of words, with the margin that the recogniser expects."""
    box = Box.around([one.line_box for one in words])
    across, down = max(2.0, 0.2 * box.height), max(2.0, 0.12 * box.height)
    rectangle = box.left - across, box.top - down, box.right + across, box.bottom + down
    return Region(quad_of(rectangle), words, is_line=False)


def _is_covered(quad: Quad, inside: list[FoundWord]) -> bool:
    """Return whether words fill most of the line that are at least half sure, and no taller than the line."""
    left, _, right, _ = rectangle_around(quad)
    height = min(size_of(quad))
    filled = np.zeros(max(1, int(right - left)), bool)
    for one in inside:
        box = one.word.box
        if one.word.confidence >= HALF_SURE and box.height <= _TALL * height:
            filled[max(0, int(box.left - left - height / 2)) : max(0, int(box.right - left + height / 2))] = True
    return bool(filled.mean() >= _COVERED)
