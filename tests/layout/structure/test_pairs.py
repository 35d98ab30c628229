"""Lines of labels and values keep their line breaks; sentences with colons do not."""

from __future__ import annotations

import pytest

from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.structure.pairs import with_pairs
from tests.helpers.sample_pages import block, page


@pytest.mark.parametrize(
    "lines",
    [
        ("Name: Martin Alder", "Class: 3b", "Date of birth: 4 March 1971"),
        ("Bill total : 275.90", "Rounding : 0.00", "NET TOTAL : 275.90"),
        ("Coffee 4.50", "Tea and cake RM 12.00", "Total 16.50 T"),
    ],
)
def test_labels_with_values_are_pairs(lines: tuple[str, ...]) -> None:
    (found,) = with_pairs(page(block(*lines))).blocks
    assert found.role is BlockRole.PAIRS


def test_lines_in_blocks_below_each_other_are_joined() -> None:
    blocks = block("Cash: 20.00", top=100), block("Change: 3.50", top=136)
    (found,) = with_pairs(page(*blocks)).blocks
    assert [line.text for line in found.lines] == ["Cash: 20.00", "Change: 3.50"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Name: Martin Alder",),
        ("The rule is simple: whoever comes", "first is served first, and all", "others wait for their turn"),
        ("http://example.org/one", "http://example.org/two"),
        ("It was the best of times", "it was the worst of times"),
    ],
)
def test_other_lines_are_none(lines: tuple[str, ...]) -> None:
    (found,) = with_pairs(page(block(*lines))).blocks
    assert found.role is BlockRole.PARAGRAPH
