"""Numbers and letters before list items."""

from __future__ import annotations

import pytest

from ocrdesk.export.parts.list_numbers import NumberKind, is_bullet, numbers_of, readings

_D, _L, _U = NumberKind.DECIMAL, NumberKind.LOWER_LETTER, NumberKind.UPPER_LETTER
_R, _RU = NumberKind.LOWER_ROMAN, NumberKind.UPPER_ROMAN


@pytest.mark.parametrize(
    ("marker", "kind", "value"),
    [
        ("1.", _D, 1),
        ("(12)", _D, 12),
        ("[3]", _D, 3),
        ("4:", _D, 4),
        ("0.", _D, 0),
        ("b)", _L, 2),
        ("B.", _U, 2),
        ("iv.", _R, 4),
        ("XLII)", _RU, 42),
        ("mcmxcix.", _R, 1999),
    ],
)
def test_a_number_is_read(marker: str, kind: NumberKind, value: int) -> None:
    (number,) = readings(marker)
    assert (number.kind, number.value) == (kind, value)
    assert number.before + marker.strip("()[].:") + number.after == marker


@pytest.mark.parametrize(
    "marker", ["", "-", "12", "a", "ab.", "1.2.", "§ 3", "١.", "iiii.", "Ab.", "1234567890.", "1.)."]
)
def test_other_markers_are_no_numbers(marker: str) -> None:
    assert readings(marker) == []


@pytest.mark.parametrize(
    ("markers", "kind"),
    [
        (["i.", "ii."], _R),
        (["h.", "i.", "j."], _L),
        (["c)", "d)"], _L),
        (["c)", "ci)"], _R),
        (["i)"], _R),
        (["v)", "vi)"], _R),
        (["A.", "B.", "C.", "D."], _U),
    ],
)
def test_neighbours_tell_letters_from_roman_numbers(markers: list[str], kind: NumberKind) -> None:
    assert {number.kind for number in numbers_of(markers) if number} == {kind}


def test_markers_between_numbers_may_be_others() -> None:
    assert [number and number.value for number in numbers_of(["1.", "-", "2."])] == [1, None, 2]


@pytest.mark.parametrize(("marker", "expected"), [("•", True), ("--", True), ("", True), ("§ 3", False), ("①", False)])
def test_signs_are_bullets(marker: str, expected: bool) -> None:
    assert is_bullet(marker) is expected
