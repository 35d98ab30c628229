"""Verse: lines that end where their author wanted."""

from __future__ import annotations

from tests.helpers.styled_pages import StyledPage, with_role

STANZA = (
    "The bridge is old, the river wide,",
    "And slow the boats go with the tide;",
    "The miller counts them, one by one,",
    "Until the day is all but done.",
)


def test_a_stanza_is_verse() -> None:
    page = StyledPage().add(*STANZA, left=800).add(*STANZA, left=800).built()
    assert [len(block.lines) for block in with_role(page, "verse")] == [4, 4]


def test_parts_of_a_stanza_are_joined() -> None:
    page = StyledPage().add(*STANZA[:2], left=800).add(*STANZA[2:], left=800, gap=0).built()
    assert [len(block.lines) for block in with_role(page, "verse")] == [4]


def test_prose_lists_and_labels_are_no_verse() -> None:
    page = StyledPage().prose(3).add("Name", "Town", "Street", "Country", gap=100)
    page.add("1. The bridge is old,", "2. The river is wide,", "3. The boats are slow,", "4. The day is done.")
    assert not with_role(page.built(), "verse")
