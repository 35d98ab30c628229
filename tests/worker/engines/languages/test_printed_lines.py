"""Lines of text are found by their letters."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from ocrdesk_worker.engines.languages.printed_lines import printed_lines
from ocrdesk_worker.preprocess.components import find_components, pixels_of
from tests.helpers.sample_files import text_image

_TEXT = "The council met on Thursday\nto consider the plans for\nthe new library in the town."


def test_each_line_has_a_box_around_its_letters() -> None:
    image = text_image(_TEXT, (1100, 420)).convert("L")
    lines = printed_lines(find_components(pixels_of(image)), *image.size)
    assert len(lines) == 3
    ink = pixels_of(image) < 128
    for line in lines:
        assert ink[line.top : line.bottom, line.left : line.right].any(1).mean() > 0.9
    assert [line.top for line in lines] == sorted(line.top for line in lines)


def test_columns_are_found_one_after_the_other() -> None:
    column = text_image(_TEXT, (1100, 420)).convert("L")
    image = Image.new("L", (2200, 420), 255)
    image.paste(column, (0, 0))
    image.paste(column, (1100, 0))
    lines = printed_lines(find_components(pixels_of(image)), *image.size)
    assert [line.left > 1000 for line in lines] == [False] * 3 + [True] * 3


def test_a_page_without_letters_has_no_lines() -> None:
    image = Image.new("L", (600, 400), 255)
    assert printed_lines(find_components(pixels_of(image)), *image.size) == []
    ImageDraw.Draw(image).text((40, 40), "3", 0, ImageFont.load_default(40))
    assert printed_lines(find_components(pixels_of(image)), *image.size) == []
