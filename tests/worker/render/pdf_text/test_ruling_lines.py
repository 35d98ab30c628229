"""Drawn lines, thin bars and the edges of areas are rules, at their places on the page image."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Box
from ocrdesk.layout.page_marks import Rule
from tests.helpers.sample_pdfs import PROSE, PdfPage, lines
from tests.helpers.text_layers import layer_of
from tests.worker.conftest import Save

SCALE = 300 / 72
HUGE = 10**30


def rules_of(save: Save, content: str, rotate: int = 0) -> tuple[Rule, ...]:
    return layer_of(save, PdfPage(lines(PROSE) + content, rotate=rotate)).marks.rules


def at(box: Box) -> tuple[int, int, int, int]:
    """Return a box in points from the top left of the page."""
    return tuple(round(edge / SCALE) for edge in box)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("content", "direction", "place"),
    [
        ("1 w 100 400 m 300 400 l S", "horizontal", (100, 442, 300, 442)),
        ("1 w 100 400 m 100 300 l S", "vertical", (100, 442, 100, 542)),
        ("100 400 200 1 re f", "horizontal", (100, 441, 300, 442)),
        ("100 300 m 101 300 l 101 400 l 100 400 l h f", "vertical", (100, 442, 101, 542)),
        ("q 2 0 0 2 0 0 cm 0.5 w 50 200 m 150 200 l S Q", "horizontal", (100, 442, 300, 442)),
    ],
    ids=["a stroke", "an upright stroke", "a bar", "an upright bar", "a scaled stroke"],
)
def test_a_line_is_a_rule(save: Save, content: str, direction: str, place: tuple[int, int, int, int]) -> None:
    (rule,) = rules_of(save, content)
    assert rule.direction == direction
    assert all(abs(one - other) <= 1 for one, other in zip(at(rule.box), place, strict=True))


def test_a_frame_has_four_rules(save: Save) -> None:
    found = rules_of(save, "1 w 100 300 200 100 re S")
    assert sorted(rule.direction for rule in found) == ["horizontal"] * 2 + ["vertical"] * 2


@pytest.mark.parametrize(
    "content",
    [
        "1 w 100 400 m 300 300 l S",
        "1 w 100 400 m 150 450 250 450 300 400 c S",
        "1 1 1 rg 100 300 200 100 re f",
        "1 1 1 RG 1 w 100 400 m 300 400 l S",
        "100 300 200 100 re n",
        "1 w 100 400 m 102 400 l S",
        "1 w 100 900 m 300 900 l S",
        "100 w 100 400 m 300 400 l S",
        f"q {HUGE} 0 0 {HUGE} 0 0 cm 1 w {HUGE} 400 m {HUGE}9 400 l S 1 1 {HUGE} 1 re f Q",
    ],
    ids=[
        "slanted",
        "curved",
        "a white area",
        "a white line",
        "nothing drawn",
        "a dot",
        "outside the page",
        "very thick",
        "beyond all numbers",
    ],
)
def test_other_shapes_are_none(save: Save, content: str) -> None:
    assert rules_of(save, content) == ()


def test_edges_of_a_filled_area_are_rules(save: Save) -> None:
    found = rules_of(save, "0.8 g 100 300 200 100 re f")
    assert sorted(at(rule.box)[:2] for rule in found) == [(100, 442), (100, 442), (100, 542), (300, 442)]


def test_white_lines_divide_a_filled_area(save: Save) -> None:
    found = rules_of(save, "0.8 g 100 300 200 100 re f 1 G 1 w 200 300 m 200 400 l S")
    assert len(found) == 5
    assert any(abs(at(rule.box)[0] - 200) <= 1 for rule in found)


def test_lines_in_a_form_turn_with_the_page(save: Save) -> None:
    (rule,) = rules_of(save, "1 w 100 400 m 300 400 l S", rotate=90)
    assert rule.direction == "vertical"


def test_a_page_of_very_many_lines_is_read_in_part(save: Save) -> None:
    drawing = "0.5 w " + " ".join(f"{n % 500} {n % 800} m {n % 500 + 9} {n % 800} l S" for n in range(30_000))
    assert 0 < len(rules_of(save, drawing)) <= 20_000


def test_a_path_of_very_many_points_is_a_drawing(save: Save) -> None:
    points = " ".join(f"{100 + n % 300} {400 - n % 7} l" for n in range(5_000))
    assert rules_of(save, f"1 w 100 400 m {points} S") == ()
