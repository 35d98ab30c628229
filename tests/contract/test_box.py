"""Geometry of boxes and rectangles."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box, Rotation, around, contains_center, overlap

BOX = Box(10, 20, 40, 30)


def test_a_box_knows_its_size_area_and_centre() -> None:
    assert (BOX.width, BOX.height, BOX.area) == (30, 10, 300)
    assert (BOX.center_x, BOX.center_y) == (25.0, 25.0)


def test_the_box_around_boxes_contains_all_of_them() -> None:
    assert Box.around([BOX, Box(5, 25, 8, 60)]) == (5, 20, 40, 60)


def test_a_box_can_be_moved_and_scaled() -> None:
    assert BOX.moved(3, -20) == (13, 0, 43, 10)
    assert BOX.scaled(0.5, 2.0) == (5.0, 40.0, 20.0, 60.0)


@pytest.mark.parametrize(
    ("edges", "clipped"),
    [
        ((-5, -5, 200, 200), (0, 0, 100, 50)),
        ((150, 60, 160, 70), (99, 49, 100, 50)),
        ((-30, -20, -10, -5), (0, 0, 1, 1)),
        ((40, 20, 40, 20), (40, 20, 41, 21)),
        ((10, 20, 40, 30), BOX),
    ],
    ids=["larger", "beyond", "before", "empty", "inside"],
)
def test_a_clipped_box_is_on_the_image_and_has_a_pixel(edges: tuple[int, int, int, int], clipped: Box) -> None:
    assert Box.clipped(edges, 100, 50) == clipped


def test_left_and_top_edges_are_inside_and_right_and_bottom_edges_outside() -> None:
    assert BOX.contains(10, 20)
    assert not BOX.contains(40, 25)
    assert not BOX.contains(25, 30)


@pytest.mark.parametrize(
    ("other", "width", "height", "area"),
    [
        (Box(20, 25, 60, 60), 20, 5, 100),
        (Box(50, 20, 60, 30), -10, 10, 0),
        (Box(40, 30, 50, 40), 0, 0, 0),
        (Box(20, 22, 30, 24), 10, 2, 20),
    ],
    ids=["overlapping", "beside", "touching", "inside"],
)
def test_intersection_of_two_boxes(other: Box, width: int, height: int, area: int) -> None:
    for one, two in ((BOX, other), (other, BOX)):
        assert (one.shared_width(two), one.shared_height(two), one.shared_area(two)) == (width, height, area)
        assert one.overlaps(two) is (area > 0)
        assert one.crosses_columns(two) is (width > 0)
        assert one.crosses_rows(two) is (height > 0)
        assert one.gap(two) == max(0, -width)


def test_a_box_with_its_edges_swapped_shares_nothing() -> None:
    swapped = Box(40, 20, 10, 30)
    assert (BOX.shared_area(swapped), swapped.shared_area(BOX), swapped.shared_area(swapped)) == (0, 0, 0)


def test_columns_are_shared_by_more_than_half_of_the_narrower_box() -> None:
    assert BOX.shares_columns(Box(0, 100, 30, 110))
    assert BOX.shares_columns(Box(30, 100, 45, 110))
    assert not BOX.shares_columns(Box(25, 100, 60, 110))


@pytest.mark.parametrize(
    ("direction", "turned"),
    [(0, (10, 20, 40, 30)), (90, (20, 60, 30, 90)), (180, (60, 20, 90, 30)), (270, (20, 10, 30, 40))],
)
def test_a_box_is_turned_so_that_its_text_runs_to_the_right(direction: Rotation, turned: Box) -> None:
    assert BOX.turned(direction, 100, 50) == turned


def test_rectangles_are_joined_compared_and_hold_centres() -> None:
    one, two = (0.0, 0.0, 10.5, 10.0), (10.0, 5.0, 20.0, 30.5)
    assert around(one, two) == (0.0, 0.0, 20.0, 30.5)
    assert overlap(one, two)
    assert not overlap(one, (10.5, 0.0, 20.0, 10.0))
    assert contains_center((0, 0, 15, 20), two)
    assert not contains_center(one, two)
