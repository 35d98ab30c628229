"""Lines that Tesseract's layout cut in the middle of a word are one line again."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.batch.layout_lines import join_cut_lines
from ocrdesk_worker.engines.tesseract.in_process import LayoutLine
from ocrdesk_worker.preprocess.pixels import Pixels, np

BASELINE, HEIGHT = 60, 30


def printed(text: str) -> tuple[Pixels, list[int]]:
    """Return a page with one line of text, and where each of its characters begins and the last ends."""
    font = ImageFont.load_default(HEIGHT)
    page = Image.new("L", (900, 120), "white")
    ImageDraw.Draw(page).text((40, BASELINE), text, "black", font, anchor="ls")
    return np.asarray(page), [40 + round(font.getlength(text[:number])) for number in range(len(text) + 1)]


def part(
    block: int, left: int, right: int, *, line: int = 1, baseline: float = BASELINE, height: int = 22
) -> LayoutLine:
    return LayoutLine(block, line, Box(left, round(baseline) - height, right, round(baseline)), baseline)


def test_parts_of_a_word_in_two_blocks_are_one_line_with_the_letter_that_is_in_neither() -> None:
    page, edges = printed("Okafor, C.")
    cut = [part(16, edges[0], edges[3], line=7), part(17, edges[4], edges[-1], line=8)]
    [line] = join_cut_lines(page, cut)
    assert (line.block, line.line, line.box) == (16, 7, Box(edges[0], BASELINE - 22, edges[-1], BASELINE))


def test_a_line_that_was_cut_twice_is_one() -> None:
    page, edges = printed("Yamada, Okafor")
    cut = [part(3, edges[9], edges[-1]), part(1, edges[0], edges[3]), part(2, edges[3], edges[9])]
    [line] = join_cut_lines(page, cut)
    assert (line.block, line.box.left, line.box.right) == (1, edges[0], edges[-1])


def test_words_beside_each_other_stay_in_their_blocks() -> None:
    page, edges = printed("Okafor Crawford")
    parts = [part(1, edges[0], edges[6]), part(2, edges[7], edges[-1])]
    assert join_cut_lines(page, parts) == parts


@pytest.mark.parametrize(
    "other",
    [
        {"block": 1},
        {"block": 2, "baseline": BASELINE + 12},
        {"block": 2, "height": 44},
    ],
    ids=["same block", "another row", "much taller"],
)
def test_what_is_not_a_part_of_the_row_is_not_joined(other: dict[str, int]) -> None:
    page, edges = printed("Okafor")
    parts = [part(1, edges[0], edges[3]), part(other.pop("block"), edges[3], edges[-1], **other)]  # type: ignore[arg-type]
    assert join_cut_lines(page, parts) == parts


def test_a_page_without_lines_has_none() -> None:
    assert join_cut_lines(np.full((9, 9), 255, np.uint8), []) == []
