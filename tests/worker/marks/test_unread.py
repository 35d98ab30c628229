"""Text that was not read is reported; read text, specks, lines, pictures and halftones are not."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk_worker.marks.finder import find_marks
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import np
from tests.helpers.marked_pages import DrawnPage


def _unread(page: DrawnPage) -> tuple[Box, ...]:
    return find_marks(pixels_of(page.image), page.blocks).unread


def test_a_line_without_words_is_reported() -> None:
    page = DrawnPage()
    page.prose(200, 150, 12)
    box = page.write((200, 1000), "Paid in cash by hand", read="")
    page.prose(200, 1100, 12)
    (region,) = _unread(page)
    assert region.shared_area(box) > 0.8 * box.area


def test_the_end_of_a_line_without_words_is_reported() -> None:
    page = DrawnPage()
    page.prose(200, 150, 12)
    page.write((200, 1000), "Paid in cash")
    box = page.write((700, 1000), "received with thanks", read="")
    (region,) = _unread(page)
    assert region.shared_area(box) > 0.8 * box.area


def test_a_page_that_was_read_has_no_regions() -> None:
    page = DrawnPage()
    page.prose(200, 150, 20)
    page.write((200, 1300), "HARBOUR", 90)
    page.draw.line((200, 1500, 1400, 1500), fill=0, width=3)
    page.draw.rectangle((200, 1600, 240, 1640), outline=0, width=3)
    page.write((270, 1605), "By ferry")
    assert not _unread(page)


def test_specks_dots_and_halftones_are_no_regions() -> None:
    page = DrawnPage()
    page.prose(200, 150, 12)
    for x, y in np.random.default_rng(2).integers((200, 900), (1500, 2000), (300, 2)).tolist():
        page.draw.ellipse((x, y, x + 4, y + 4), fill=0)
    for y in range(1500, 1520, 6):
        for x in range(200, 900, 6):
            page.draw.rectangle((x, y, x + 3, y + 3), fill=0)
    assert not _unread(page)


def test_a_page_without_any_words_has_regions() -> None:
    page = DrawnPage()
    for number in range(3):
        page.write((200, 300 + number * 150), "The ferry leaves the harbour", read="")
    assert len(_unread(page)) == 3
