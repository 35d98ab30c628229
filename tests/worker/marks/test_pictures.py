"""Pictures are found; text, tables, tinted boxes, initials and dark surroundings are none."""

from __future__ import annotations

from PIL import Image, ImageFilter

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Code
from ocrdesk_worker.marks.finder import find_marks
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import np
from tests.helpers.marked_pages import DrawnPage


def _pictures(page: DrawnPage, codes: tuple[Code, ...] = ()) -> tuple[Box, ...]:
    return find_marks(pixels_of(page.image), page.blocks, codes).pictures


def _is_at(box: Box, expected: tuple[int, int, int, int]) -> bool:
    return all(abs(one - other) <= 24 for one, other in zip(box, expected, strict=True))


def _photo(width: int, height: int) -> Image.Image:
    """Return a picture with large soft shapes and grain."""
    grain = np.random.default_rng(3).normal(0, 60, (height // 20, width // 20))
    shapes = Image.fromarray((110 + grain).clip(0, 200).astype(np.uint8)).resize((width, height))
    return shapes.filter(ImageFilter.GaussianBlur(3))


def test_a_photo_between_text_is_a_picture() -> None:
    page = DrawnPage()
    page.prose(200, 150, 6)
    page.image.paste(_photo(700, 500), (300, 600))
    page.prose(200, 1200, 10)
    (box,) = _pictures(page)
    assert _is_at(box, (300, 600, 1000, 1100))


def test_a_drawing_is_a_picture_and_its_lines_are_no_rules() -> None:
    page = DrawnPage()
    page.prose(200, 150, 6)
    page.prose(200, 1400, 10)
    for number in range(14):
        page.draw.line((400 + number * 25, 600, 700, 1000), fill=0, width=3)
    page.draw.ellipse((400, 600, 750, 1000), outline=0, width=4)
    page.draw.line((400, 800, 750, 800), fill=0, width=3)
    marks = find_marks(pixels_of(page.image), page.blocks)
    (box,) = marks.pictures
    assert _is_at(box, (400, 600, 750, 1000))
    assert not marks.rules


def test_text_has_no_pictures() -> None:
    page = DrawnPage()
    page.prose(200, 400, 30)
    page.write((200, 150), "HARBOUR OFFICE", 110)
    assert not _pictures(page)


def test_text_that_was_not_read_is_no_picture() -> None:
    page = DrawnPage()
    page.prose(200, 150, 10)
    for number in range(8):
        page.write((200, 900 + number * 44), "The ferry leaves the harbour at noon", read="")
    assert not _pictures(page)


def test_a_ruled_table_and_a_tinted_box_are_no_pictures() -> None:
    page = DrawnPage()
    page.draw.rectangle((180, 1200, 900, 1500), fill=190)
    page.prose(200, 150, 6)
    for number in range(6):
        page.draw.line((200, 600 + number * 80, 1400, 600 + number * 80), fill=0, width=3)
    for x in (200, 600, 1000, 1400):
        page.draw.line((x, 600, x, 1000), fill=0, width=3)
        page.write((x + 10, 620), "12")
    page.prose(220, 1230, 2)
    assert not _pictures(page)


def test_the_dark_surroundings_of_the_paper_are_no_picture() -> None:
    page = DrawnPage()
    page.prose(200, 300, 20)
    page.draw.rectangle((0, 0, 1699, 120), fill=10)
    page.draw.rectangle((0, 0, 90, 2199), fill=10)
    assert not _pictures(page)


def test_a_code_is_no_picture() -> None:
    page = DrawnPage()
    page.prose(200, 300, 12)
    for number in range(40):
        page.draw.rectangle((300 + number * 10, 1200, 305 + number * 10, 1320), fill=0)
    code = Code(format="Code128", text="7", box=Box(300, 1200, 700, 1320))
    marks = find_marks(pixels_of(page.image), page.blocks, (code,))
    assert not marks.pictures
    assert not marks.rules
