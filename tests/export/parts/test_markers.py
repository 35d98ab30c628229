"""Markers at the beginnings of texts, and what a correction of a line makes of them."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.parts.markers import corrected_block, split_marker
from tests.helpers.sample_pages import block, line


@pytest.mark.parametrize(
    ("marker", "text", "found"),
    [
        ("1.", "1. one", ("1.", "one")),
        ("\u2022", "\u2022 one", ("\u2022", "one")),
        ("1.", "1.one", ("1.", "one")),
        ("\u00a7 3", "\u00a7 3 Costs", ("\u00a7 3", "Costs")),
        ("l.", "1. one", ("1.", "one")),  # corrected by a client that does not know markers
        ("1.", "one", ("", "one")),
        (None, "1. one", ("", "1. one")),
        ("1.", "", ("", "")),
    ],
)
def test_the_marker_is_what_the_text_begins_with(marker: str | None, text: str, found: tuple[str, str]) -> None:
    assert split_marker(marker, text) == found


def item(text: str, marker: str | None, ticked: bool | None = None, role: BlockRole = BlockRole.LIST_ITEM) -> Block:
    return block(text).model_copy(update={"role": role, "level": 2, "marker": marker, "ticked": ticked})


@pytest.mark.parametrize(
    ("before", "marker", "after", "new"),
    [
        ("l. one", "l.", "1. one", "1."),
        ("1. one", "1.", "1. two", "1."),
        ("1. one", "1.", "one", None),
        ("one", None, "1. one", "1."),
        ("1. one", "1.", "1. one and two", "1."),
        ("(l a) one", "(l a)", "(1 a) one", "(1 a)"),
        ("1.one", "1.", "2. one", "2."),
        ("\u2022 one", "\u2022", "", None),
    ],
)
def test_a_corrected_marker_is_the_blocks(before: str, marker: str | None, after: str, new: str | None) -> None:
    whole = item(before, marker)
    corrected = corrected_block(whole, (line(after).model_copy(update={"box": whole.box}),) if after else ())
    assert (corrected.marker, corrected.role, corrected.level) == (new, BlockRole.LIST_ITEM, 2)


def test_a_corrected_checkbox_is_ticked_or_not() -> None:
    empty = item("\u2610 milk", "\u2610", ticked=False)
    ticked = corrected_block(empty, (line("\u2611 milk"),))
    assert (ticked.marker, ticked.ticked) == ("\u2611", True)
    assert corrected_block(ticked, empty.lines) == empty
    assert corrected_block(empty, (line("\u2610 bread"),)).ticked is False


def test_undoing_a_deleted_marker_brings_it_back() -> None:
    whole = item("3) one", "3)", role=BlockRole.FOOTNOTE)
    without = corrected_block(whole, (line("one"),))
    assert without.marker is None
    assert corrected_block(without, whole.lines) == whole


def test_other_blocks_have_no_markers() -> None:
    heading = item("1. one", None, role=BlockRole.HEADING)
    assert corrected_block(heading, (line("2. one"),)).marker is None
