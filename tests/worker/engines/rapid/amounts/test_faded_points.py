"""The point of an amount that is too pale is restored from the amounts around it, and nothing else is changed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.preprocess.components import pixels_of
from tests.layout.test_amount_rows import block, line

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.amounts.faded_points import restore_points

PAPER = pixels_of(Image.new("L", (900, 600), 255))


def texts(*extra: tuple[str, int], image: object = PAPER) -> list[str]:
    """Return the texts of lines below amounts that end at 500."""
    lines = [line("20.35", 450, 100), line("1.50", 460, 130), line("108.00", 440, 160)]
    lines += [line(text, 500 - end, 200 + 30 * number) for number, (text, end) in enumerate(extra)]
    rows = Rows([block(*lines)])
    restore_points(rows, image)  # type: ignore[arg-type]  # pixels
    return [it.text for one in rows.blocks() for it in one.lines][3:]


def test_a_space_before_the_last_two_digits_becomes_a_point() -> None:
    assert texts(("16 85", 48), ("2. 09", 48)) == ["16.85", "2.09"]


def test_numbers_that_end_elsewhere_and_parts_of_longer_ones_stay() -> None:
    assert texts(("16 85", 148)) == ["16 85"]
    assert texts(("03 21 85", 76)) == ["03 21 85"]


def test_a_column_with_whole_numbers_stays() -> None:
    assert texts(("12", 20), ("7", 10), ("16 85", 48)) == ["12", "7", "16 85"]


def test_a_page_with_few_amounts_stays() -> None:
    rows = Rows([block(line("1.50", 460, 130), line("16 85", 452, 160))])
    restore_points(rows, PAPER)
    assert [it.text for one in rows.blocks() for it in one.lines] == ["1.50", "16 85"]


@pytest.mark.parametrize(("text", "gap", "expected"), [("4780", 7, "47.80"), ("4780", 2, "4780"), ("4180", 7, "4180")])
def test_a_word_of_digits_has_a_point_where_its_gap_is_widest(text: str, gap: int, expected: str) -> None:
    image = Image.new("L", (900, 600), 255)
    draw = ImageDraw.Draw(image)
    left = 460
    for digit in range(4):
        left += gap if digit == 2 else 2
        draw.rectangle((left, 202, left + 5, 218), fill=0)
        left += 6
    assert texts((text, 40), image=pixels_of(image)) == [expected]


def test_what_was_not_seen_is_less_sure() -> None:
    rows = Rows(
        [block(line("20.35", 450, 100), line("1.50", 460, 130), line("8.00", 460, 160), line("16 85", 452, 200))]
    )
    words = [word.model_copy(update={"confidence": 0.99}) for row in rows.all() for word in row.words]
    for row in rows.all():
        row.words = [words.pop(0) for _ in row.words]
    restore_points(rows, PAPER)
    assert [word.confidence for row in rows.all() for word in row.words] == [0.99, 0.99, 0.99, 0.9]
