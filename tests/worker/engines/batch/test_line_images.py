"""Where the ink of a line's words is, and what the network is given of the line."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.batch.line_images import LineInk, cut_line
from ocrdesk_worker.preprocess.pixels import Pixels, np

_BOX = Box(10, 20, 60, 40)


def page_with(*inked: Box, ink: int = 0, paper: int = 255) -> Pixels:
    page = np.full((60, 90), paper, np.uint8)
    for left, top, right, bottom in inked:
        page[top:bottom, left:right] = ink
    return page


@pytest.mark.parametrize("is_inverted", [False, True])
def test_a_box_is_around_the_ink_between_two_columns(is_inverted: bool) -> None:
    page = page_with(Box(14, 22, 20, 30), Box(30, 25, 44, 39), Box(5, 0, 9, 60))
    ink = LineInk(255 - page if is_inverted else page, _BOX, 128, is_inverted=is_inverted)
    assert ink.tight_box(10, 60) == Box(14, 22, 44, 39)
    assert ink.tight_box(0, 25) == Box(14, 22, 20, 30)
    assert ink.tight_box(32, 90) == Box(32, 25, 44, 39)
    assert ink.tight_box(21, 30) is None


def test_words_are_divided_in_the_middle_of_the_widest_gap() -> None:
    ink = LineInk(
        page_with(Box(10, 20, 20, 40), Box(23, 20, 24, 40), Box(30, 20, 60, 40)), _BOX, 128, is_inverted=False
    )
    assert ink.clearest_column(18, 34) == 27


def test_words_without_a_gap_are_divided_where_the_least_ink_is() -> None:
    ink = LineInk(
        page_with(Box(10, 30, 60, 40), Box(10, 20, 31, 30), Box(34, 22, 60, 30)), _BOX, 128, is_inverted=False
    )
    assert ink.clearest_column(22, 44) == 32
    assert ink.clearest_column(70, 75) == 72


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_line_of_light_text_is_dark(share: float) -> None:
    page = np.where(np.random.default_rng(5).random((60, 400)) < share, 30, 220).astype(np.uint8)
    line = cut_line(page, Box(20, 10, 380, 50), 36)
    assert line is not None
    assert line.values.dtype == np.float32
    assert (line.values.min(), line.values.max()) == (-1, 1)
    assert line.is_dark == (np.median(line.values) < 0)
