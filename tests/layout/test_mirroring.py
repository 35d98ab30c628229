"""Blocks mirrored, and mirrored back."""

from __future__ import annotations

from ocrdesk.layout.mirroring import mirror
from tests.helpers.sample_pages import block


def test_left_and_right_change_places() -> None:
    found = block("one two", "three")
    (mirrored,) = mirror([found])
    one, two = mirrored.lines[0].words
    assert one.box.left > two.box.right
    assert mirrored.box.right == -found.box.left
    assert mirror([mirrored]) == (found,)
