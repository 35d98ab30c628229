"""Only edges that are seen count: not those between areas of one colour, nor those beside a drawn line."""

from __future__ import annotations

from ocrdesk_worker.render.page_frame import PdfRectangle
from ocrdesk_worker.render.pdf_text.filled_areas import FilledArea, visible_edges

GREY, BLUE = (200, 200, 200, 255), (0, 0, 200, 255)


def edges(*boxes: PdfRectangle, lines: tuple[PdfRectangle, ...] = ()) -> set[PdfRectangle]:
    return set(visible_edges([FilledArea(box, GREY) for box in boxes], lines))


ONE = {(0, 50, 100, 50), (0, 0, 100, 0), (0, 0, 0, 50), (100, 0, 100, 50)}


def test_an_area_has_four_edges() -> None:
    assert edges((0, 0, 100, 50)) == ONE


def test_areas_of_one_colour_that_touch_are_one() -> None:
    assert edges((0, 0, 40, 50), (40, 0, 100, 50)) == ONE
    assert edges((0, 0, 100, 20), (0, 20, 100, 50)) == ONE


def test_an_area_inside_another_is_not_seen() -> None:
    assert edges((0, 0, 100, 50), (20, 10, 60, 40)) == ONE


def test_areas_of_two_colours_have_an_edge_between_them() -> None:
    found = set(visible_edges([FilledArea((0, 0, 40, 50), GREY), FilledArea((40, 0, 100, 50), BLUE)], ()))
    assert (40, 0, 40, 50) in found


def test_an_edge_beside_a_drawn_line_is_that_line() -> None:
    frame = ((-3, 52, 103, 53), (-3, -3, 103, -2), (-3, -3, -2, 53), (102, -3, 103, 53))
    assert edges((0, 0, 100, 50), lines=frame) == set()


def test_a_short_line_does_not_hide_an_edge() -> None:
    assert edges((0, 0, 100, 50), lines=((0, 52, 30, 53),)) == ONE
