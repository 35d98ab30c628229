"""Pieces of ruling lines are joined, and those that cross belong together."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.layout.page_marks import Rule
from ocrdesk.layout.tables.rules import crossing_groups, joined_strokes

HEIGHT = 30


def across(left: int, right: int, top: int) -> Rule:
    return Rule(Box(left, top, right, top + 2), "horizontal")


def down(top: int, bottom: int, left: int) -> Rule:
    return Rule(Box(left, top, left + 2, bottom), "vertical")


def test_pieces_are_one_line() -> None:
    (line,) = joined_strokes([across(0, 100, 50), across(100, 190, 51), across(200, 300, 50)], HEIGHT).horizontal
    assert (line.start, line.end, round(line.position)) == (0, 300, 51)


def test_double_lines_are_one() -> None:
    assert len(joined_strokes([across(0, 100, 50), across(0, 100, 58)], HEIGHT).horizontal) == 1
    assert len(joined_strokes([across(0, 100, 50), across(0, 100, 90)], HEIGHT).horizontal) == 2


def test_lines_far_apart_on_one_height_are_two() -> None:
    assert len(joined_strokes([across(0, 100, 50), across(400, 500, 50)], HEIGHT).horizontal) == 2


def test_a_line_no_longer_than_a_letter_is_none() -> None:
    assert joined_strokes([across(0, HEIGHT - 1, 50)], HEIGHT).horizontal == ()


def test_lines_that_meet_are_a_group() -> None:
    apart = [across(0, 100, 900), down(700, 950, 500)]
    strokes = joined_strokes([across(0, 100, 50), down(60, 200, 99), *apart], HEIGHT)
    (group,) = crossing_groups(strokes)
    assert (group.left, group.top, group.right, group.bottom) == (0, 51, 100, 200)


def test_very_many_lines_are_no_problem() -> None:
    rules = [across(0, 3_000, 3 * at) for at in range(3_000)] + [down(0, 9_000, 3 * at) for at in range(3_000)]
    assert len(crossing_groups(joined_strokes(rules, 1))) == 1
