"""What the beginning of a line may be as a marker."""

from __future__ import annotations

import pytest

from ocrdesk.layout.structure.markers import MarkerKind, find_markers
from tests.helpers.sample_pages import line


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("• text", MarkerKind.BULLET, 0),
        ("•text of it", MarkerKind.BULLET, 0),
        ("- text", MarkerKind.DASH, 0),
        ("12. text", MarkerKind.NUMBER, 12),
        ("2.3. text", MarkerKind.NUMBER, 3),
        ("③ text", MarkerKind.NUMBER, 3),
        ("(b) text", MarkerKind.LETTER, 2),
        ("xiv) text", MarkerKind.ROMAN, 14),
        ("[12] text", MarkerKind.REFERENCE, 12),
        ("[Knu97] text", MarkerKind.REFERENCE, 0),
        ("☒ text", MarkerKind.CHECKBOX, 0),
        ("[ ] text", MarkerKind.CHECKBOX, 0),
        ("¢ text", MarkerKind.MISREAD, 0),
    ],
)
def test_a_marker_has_a_kind_and_a_value(text: str, kind: MarkerKind, value: int) -> None:
    assert (kind, value) in [(marker.kind, marker.value) for marker in find_markers(line(text))]


def test_a_letter_may_also_be_a_roman_numeral() -> None:
    assert [(it.kind, it.value) for it in find_markers(line("i. text"))] == [
        (MarkerKind.LETTER, 9),
        (MarkerKind.ROMAN, 1),
    ]


@pytest.mark.parametrize("text", ["text goes on", "iiii) text", "1998. text", "word. text", "•", "12."])
def test_other_beginnings_are_no_markers(text: str) -> None:
    assert find_markers(line(text)) == []
