"""Ruling lines are found on drawn pages; underlines, letters, halftones and skewed pages have none."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.layout.page_marks import Rule
from ocrdesk_worker.marks.finder import find_marks
from ocrdesk_worker.preprocess.components import pixels_of
from tests.helpers.marked_pages import DrawnPage


def _rules(page: DrawnPage) -> tuple[Rule, ...]:
    return find_marks(pixels_of(page.image), page.blocks).rules


def _boxes(page: DrawnPage, direction: str) -> list[Box]:
    return sorted(rule.box for rule in _rules(page) if rule.direction == direction)


def _is_at(box: Box, expected: tuple[int, int, int, int]) -> bool:
    return all(abs(one - other) <= 6 for one, other in zip(box, expected, strict=True))


def _table(page: DrawnPage, rows: int = 4) -> None:
    for number in range(rows + 1):
        page.draw.line((200, 300 + number * 80, 1400, 300 + number * 80), fill=0, width=3)
    for x in (200, 600, 1000, 1400):
        page.draw.line((x, 300, x, 300 + rows * 80), fill=0, width=3)
    for number in range(rows):
        for x in (220, 620, 1020):
            page.write((x, 320 + number * 80), "12,750.00")


def test_a_table_has_all_its_lines() -> None:
    page = DrawnPage()
    _table(page)
    page.prose(200, 900, 10)
    across, down = _boxes(page, "horizontal"), _boxes(page, "vertical")
    assert len(across) == 5
    assert all(_is_at(box, (200, 300 + n * 80, 1400, 303 + n * 80)) for n, box in enumerate(across))
    assert len(down) == 4
    assert all(_is_at(box, (x, 300, x + 3, 620)) for x, box in zip((200, 600, 1000, 1400), down, strict=True))


def test_the_sides_of_a_single_row_are_found() -> None:
    page = DrawnPage()
    _table(page, rows=1)
    page.prose(200, 900, 10)
    assert len(_boxes(page, "vertical")) == 4


def test_a_double_line_is_found() -> None:
    page = DrawnPage()
    _table(page)
    page.draw.line((200, 385, 1400, 385), fill=0, width=3)
    page.prose(200, 900, 10)
    assert sum(abs(box.top - 382) <= 6 for box in _boxes(page, "horizontal")) == 2


def test_prose_has_no_lines() -> None:
    page = DrawnPage()
    page.prose(200, 200, 30)
    page.write((200, 60), "HILLFITTEL", 110)
    assert not _rules(page)


def test_a_large_heading_that_was_not_read_has_no_lines() -> None:
    page = DrawnPage()
    page.prose(200, 400, 30)
    page.write((200, 60), "HILLFITTEL", 130, read="")
    assert not _rules(page)


def test_an_underline_belongs_to_its_words() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    box = page.write((200, 200), "Terms of delivery")
    page.draw.line((box.left, box.bottom + 3, box.right, box.bottom + 3), fill=0, width=3)
    assert not _rules(page)


def test_a_line_below_a_heading_is_found() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    page.write((200, 200), "Terms of delivery")
    page.draw.line((200, 260, 1500, 260), fill=0, width=3)
    (box,) = _boxes(page, "horizontal")
    assert _is_at(box, (200, 259, 1500, 262))


@pytest.mark.parametrize(("dash", "gap"), [(4, 4), (6, 8), (14, 10)])
def test_dotted_and_dashed_lines_are_found(dash: int, gap: int) -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    for x in range(200, 1400, dash + gap):
        page.draw.rectangle((x, 300, x + dash - 1, 303), fill=0)
    (box,) = _boxes(page, "horizontal")
    assert abs(box.left - 200) <= 20
    assert abs(box.right - 1400) <= 20


def test_a_broken_line_is_one_line() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    for x in range(200, 1400, 150):
        page.draw.line((x, 300, x + 143, 300), fill=0, width=3)
    assert len(_rules(page)) == 1


def test_lines_below_neighbouring_heads_stay_apart() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    page.draw.line((200, 300, 600, 300), fill=0, width=3)
    page.draw.line((630, 300, 1000, 300), fill=0, width=3)
    assert len(_rules(page)) == 2


def test_a_slightly_skewed_line_is_one_line() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    page.draw.line((200, 300, 1400, 312), fill=0, width=3)
    (box,) = _boxes(page, "horizontal")
    assert _is_at(box, (200, 299, 1400, 314))


def test_a_bar_and_a_slope_are_no_lines() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    page.draw.rectangle((200, 100, 1400, 140), fill=0)
    page.draw.line((200, 1600, 1400, 1750), fill=0, width=3)
    assert not _rules(page)


def test_a_halftone_has_no_lines() -> None:
    page = DrawnPage()
    page.prose(200, 400, 20)
    for y in range(100, 300, 6):
        for x in range(200, 900, 6):
            page.draw.rectangle((x, y, x + 2, y + 2), fill=0)
    assert not _rules(page)


def test_leaders_are_no_lines() -> None:
    page = DrawnPage()
    for number in range(20):
        page.write((200, 200 + number * 60), "Harbour " + "." * 90 + " 12")
    assert not _rules(page)


def test_blank_and_tiny_pages_have_no_lines() -> None:
    assert not _rules(DrawnPage())
    assert not _rules(DrawnPage((1, 1)))
    assert not _rules(DrawnPage((3, 400)))


def test_a_page_full_of_noise_is_searched_quickly_enough_to_end() -> None:
    page = DrawnPage()
    page.image = Image.effect_noise((1700, 2200), 120)
    _rules(page)
