"""Lines across columns are cut at their gaps."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.languages.line_parts import line_parts


def page(*inked: Box) -> Image.Image:
    image = Image.new("L", (1000, 100), 240)
    for box in inked:
        ImageDraw.Draw(image).rectangle((box.left, box.top, box.right - 1, box.bottom - 1), 30)
    return image


def test_the_columns_of_lines_come_one_after_the_other() -> None:
    lefts, rights = (Box(50, 10, 400, 30), Box(50, 60, 380, 80)), (Box(500, 10, 900, 30), Box(500, 60, 700, 80))
    lines = [Box(40, 10, 950, 30), Box(40, 60, 950, 80)]
    assert line_parts(page(*lefts, *rights), lines) == [*lefts, *rights]


def test_spaces_between_words_cut_no_line() -> None:
    words = [Box(left, 10, left + 80, 30) for left in range(50, 900, 100)]
    assert line_parts(page(*words), [Box(40, 5, 960, 35)]) == [Box(40, 5, 960, 35)]


def test_lines_without_ink_or_of_scattered_marks_stay_whole() -> None:
    line = Box(0, 10, 1000, 30)
    assert line_parts(page(), [line]) == [line]
    marks = [Box(left, 10, left + 10, 30) for left in range(50, 950, 100)]
    assert line_parts(page(*marks), [line]) == [line]
