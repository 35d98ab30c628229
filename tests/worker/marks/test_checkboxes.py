"""Checkboxes and radio buttons are found, empty or ticked; letters, keys, combs and frames of text are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from ocrdesk.contract.structure import FieldKind, FormField
from ocrdesk_worker.marks.finder import find_marks
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import np
from tests.helpers.marked_pages import DrawnPage

Mark = Callable[[DrawnPage, int, int, int], None]
_TOP, _STEP, _LEFT = 500, 110, 200


def _fields(page: DrawnPage) -> tuple[FormField, ...]:
    return find_marks(pixels_of(page.image), page.blocks).form_fields


def _form(*marks: Mark | None, side: int = 36, is_round: bool = False) -> DrawnPage:
    """Return a form with a box for each mark, and labels beside them."""
    page = DrawnPage()
    page.prose(_LEFT, 150, 5)
    for number, mark in enumerate(marks):
        x, y = _LEFT, _TOP + number * _STEP
        frame = (x, y, x + side, y + side)
        page.draw.ellipse(frame, outline=0, width=3) if is_round else page.draw.rectangle(frame, outline=0, width=3)
        if mark:
            mark(page, x, y, side)
        page.write((x + 2 * side, y + side // 2 - 20), "By the morning ferry")
    return page


def _cross(page: DrawnPage, x: int, y: int, side: int) -> None:
    page.draw.line((x + 5, y + 5, x + side - 5, y + side - 5), fill=0, width=4)
    page.draw.line((x + side - 5, y + 5, x + 5, y + side - 5), fill=0, width=4)


def _large_tick(page: DrawnPage, x: int, y: int, side: int) -> None:
    page.draw.line((x + 8, y + side // 2, x + side // 2, y + side - 6), fill=0, width=5)
    page.draw.line((x + side // 2, y + side - 6, x + side + 6, y - 8), fill=0, width=5)


def _fill(page: DrawnPage, x: int, y: int, side: int) -> None:
    page.draw.rectangle((x, y, x + side, y + side), fill=0)


def _point(page: DrawnPage, x: int, y: int, side: int) -> None:
    quarter = side // 4
    page.draw.ellipse((x + quarter, y + quarter, x + side - quarter, y + side - quarter), fill=0)


def test_boxes_are_found_with_their_marks() -> None:
    found = _fields(_form(None, _cross, _large_tick, _fill, _point, None))
    assert [field.ticked for field in found] == [False, True, True, True, True, False]
    assert all(field.kind is FieldKind.CHECKBOX for field in found)
    assert all(
        abs(field.box.left - _LEFT) <= 4 and abs(field.box.top - _TOP - number * _STEP) <= 4
        for number, field in enumerate(found)
    )


@pytest.mark.parametrize("side", [20, 28, 40, 60])
def test_boxes_of_all_sizes_are_found(side: int) -> None:
    assert [field.ticked for field in _fields(_form(None, _cross, None, side=side))] == [False, True, False]


def test_boxes_of_a_noisy_scan_are_found() -> None:
    page = _form(None, _cross, None)
    soft = np.asarray(page.image.filter(ImageFilter.GaussianBlur(1))).astype(np.int16)
    grain = np.random.default_rng(1).normal(0, 12, soft.shape)
    page.image = Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8))
    assert [field.ticked for field in _fields(page)] == [False, True, False]


def test_radio_buttons_are_found() -> None:
    found = _fields(_form(None, _point, None, is_round=True))
    assert [(field.kind, field.ticked) for field in found] == [
        (FieldKind.RADIO, False),
        (FieldKind.RADIO, True),
        (FieldKind.RADIO, False),
    ]


def test_one_box_with_a_label_is_found() -> None:
    assert [field.ticked for field in _fields(_form(_cross))] == [True]


def test_text_has_no_boxes() -> None:
    page = DrawnPage()
    page.prose(_LEFT, 150, 12)
    for number, text in enumerate(("O 0 D B 8", "0 0 0 0 0", "O", "o", "Q", "(O)", "[ ]", "D", "00 OO")):
        page.write((_LEFT, 900 + number * 60), text)
        page.write((900, 900 + number * 90), text, 60)
    assert not _fields(page)


def test_a_lone_frame_and_a_lone_circle_are_no_boxes() -> None:
    page = DrawnPage()
    page.prose(_LEFT, 150, 12)
    page.draw.rectangle((800, 1200, 840, 1240), outline=0, width=3)
    page.draw.ellipse((800, 1500, 840, 1540), outline=0, width=3)
    page.write((870, 1500), "Harbour")
    assert not _fields(page)


def test_a_field_for_single_signs_has_no_boxes() -> None:
    page = DrawnPage()
    page.prose(_LEFT, 150, 12)
    page.write((_LEFT, 900), "Number")
    for number in range(8):
        page.draw.rectangle((400 + number * 55, 895, 440 + number * 55, 935), outline=0, width=3)
    assert not _fields(page)


def test_cells_of_a_grid_are_no_boxes() -> None:
    page = DrawnPage()
    page.prose(_LEFT, 150, 12)
    for number in range(8):
        page.draw.line((400, 900 + number * 50, 750, 900 + number * 50), fill=0, width=3)
        page.draw.line((400 + number * 50, 900, 400 + number * 50, 1250), fill=0, width=3)
    page.write((_LEFT, 905), "Monday")
    assert not _fields(page)


def test_filled_squares_alone_are_bullets() -> None:
    page = DrawnPage()
    page.prose(_LEFT, 150, 12)
    for number in range(3):
        page.draw.rectangle((_LEFT, 900 + number * 90, _LEFT + 26, 926 + number * 90), fill=0)
        page.write((_LEFT + 60, 895 + number * 90), "Harbour")
    assert not _fields(page)


def test_a_frame_with_a_figure_is_no_box() -> None:
    page = _form(None, None, None)
    page.write((_LEFT + 10, _TOP + 4), "7", 28)
    assert len(_fields(page)) == 2


def test_the_sides_of_a_box_are_no_ruling_lines() -> None:
    page = _form(None, _cross, side=66)
    assert not find_marks(pixels_of(page.image), page.blocks).rules
