"""List items: their markers, nesting and lines; and what only looks like an item."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block
from ocrdesk.layout.page_marks import WordStyle
from tests.helpers.styled_pages import FIXED, StyledPage, said, with_role


def items(page: StyledPage) -> list[Block]:
    return with_role(page.built(), "list_item")


def marked(page: StyledPage) -> list[tuple[str | None, int | None]]:
    return [(block.marker, block.level) for block in items(page)]


@pytest.mark.parametrize("bullet", ["•", "◦", "▪", "–", "-", "*", "\ufffd"])
def test_bullets_of_many_shapes(bullet: str) -> None:
    page = StyledPage().prose().add(f"{bullet} the first point", f"{bullet} the second point").prose()
    assert [said(block) for block in items(page)] == [f"{bullet} the first point", f"{bullet} the second point"]
    assert marked(page) == [(bullet, 1), (bullet, 1)]


@pytest.mark.parametrize(
    "markers",
    [("1.", "2."), ("1)", "2)"), ("(9)", "(10)"), ("a)", "b)"), ("A.", "B."), ("iv.", "v."), ("[1]", "[2]")],
)
def test_numbers_letters_and_roman_numerals(markers: tuple[str, str]) -> None:
    page = StyledPage().prose()
    for marker in markers:
        page.add(f"{marker} the text of an item")
    assert marked(page) == [(marker, 1) for marker in markers]


@pytest.mark.parametrize("bullet", ["e", "¢", "©", "«"])
def test_a_bullet_as_engines_read_it(bullet: str) -> None:
    page = StyledPage(is_scan=True).prose()
    page.add(f"{bullet}  the first point").add(f"{bullet}  the second point").prose()
    assert marked(page) == [(bullet, 1), (bullet, 1)]


def test_a_letter_in_a_font_of_symbols_is_a_bullet() -> None:
    page = StyledPage().prose()
    page.add("n", style=WordStyle(40.0, font="Wingdings")).beside("the point of it")
    assert marked(page) == [("n", 1)]


@pytest.mark.parametrize(
    ("marker", "ticked"), [("☐", False), ("☒", True), ("☑", True), ("[x]", True), ("[ ]", False), ("[]", False)]
)
def test_checkboxes_say_whether_they_are_ticked(marker: str, ticked: bool) -> None:
    (item,) = items(StyledPage().prose().add(f"{marker} Send me the newsletter").prose())
    assert (item.marker, item.ticked) == (marker, ticked)


def test_a_tick_beside_empty_boxes_is_a_ticked_one() -> None:
    page = StyledPage().prose().add("\u2714 one thing").add("\u274f another").add("\u2714 a third")
    assert [item.ticked for item in items(page)] == [True, False, True]
    alone = StyledPage().prose().add("\u2714 one thing").add("\u2714 another")
    assert [item.ticked for item in items(alone)] == [None, None]


def test_hanging_lines_belong_to_the_item() -> None:
    page = StyledPage().prose().add("1. The text of the item goes on", "beside its number.", left=[300, 360])
    page.add("2. Another one").prose()
    assert [len(block.lines) for block in items(page)] == [2, 1]


def test_a_continued_item_in_a_block_of_its_own_is_joined() -> None:
    page = StyledPage().prose().add("• The text of the item goes on and").add("ends here.", left=340, gap=5).prose()
    assert [said(block) for block in items(page)] == ["• The text of the item goes on and ends here."]


def test_a_skewed_list_is_not_nested() -> None:
    page = StyledPage()
    for number in range(8):
        page.add(f"• item {number} of the list", left=300 + 8 * number)
    assert {level for _, level in marked(page)} == {1}


def test_items_are_nested_by_indentation() -> None:
    page = StyledPage().prose().add("• one", gap=20).add("– inner one", left=400, gap=20)
    page.add("– inner two", left=400, gap=20).add("• two", gap=20)
    assert [level for _, level in marked(page)] == [1, 2, 2, 1]


@pytest.mark.parametrize(
    "lines",
    [
        ("A dash at the start of a line of prose, as in this one that goes", "– it happens – is no item at all."),
        ("It was in the summer that the house was sold, and not before", "1998. The year after it was let."),
    ],
)
def test_prose_is_no_list(lines: tuple[str, str]) -> None:
    assert items(StyledPage().prose().add(*lines).prose()) == []


def test_an_initial_is_no_marker() -> None:
    assert items(StyledPage().prose().add("A. Smith wrote this in a letter").prose()) == []


def test_code_has_no_items() -> None:
    page = StyledPage().prose(2).add("ports:", "  - 8080", "  - 8081", "tls: {on}", style=FIXED).prose()
    assert items(page) == []
    assert len(with_role(page.built(), "code")) == 1


def test_no_word_is_lost() -> None:
    page = StyledPage().prose().add("• one", "two", "• three").add("1. four", "2. five").prose()
    assert [word.text for word in page.built().words()] == [word.text for word in page.plain.words()]


def test_bullets_that_an_engine_reads_as_different_signs_are_one_list() -> None:
    page = StyledPage(is_scan=True).prose()
    page.add("*  a saw with fine teeth", "¢  two ladders of other length", "¢  gloves for the rain").prose()
    assert marked(page) == [("*", 1), ("¢", 1), ("¢", 1)]


def test_a_word_of_one_letter_at_lines_of_prose_is_no_bullet() -> None:
    page = StyledPage(is_scan=True).add(
        "e  il vino si beve in casa e in", "e  la sera si canta con gli altri", "si va a letto."
    )
    assert marked(page.prose()) == []


def test_a_long_list_counts_beyond_99() -> None:
    page = StyledPage().prose().add("99. the text of an item").add("100. another one").add("101. the last one")
    assert marked(page.prose()) == [("99.", 1), ("100.", 1), ("101.", 1)]


def test_a_list_that_begins_with_a_greater_number_has_names() -> None:
    assert items(StyledPage().prose().add("150. the text of an exercise").add("151. another one")) == []


@pytest.mark.parametrize("other", ["165. the next house", "101. a number was left out", "100) another sign"])
def test_a_greater_number_that_does_not_follow_is_that_of_a_house_or_a_year(other: str) -> None:
    page = StyledPage().prose().add("98. the text of an item").add("99. another one").add(other)
    assert marked(page.prose()) == [("98.", 1), ("99.", 1)]


def test_a_greater_number_at_another_place_does_not_count_items() -> None:
    page = StyledPage().prose().add("99. the text of an item", left=300).add("100. Harbour Street", left=900)
    assert "100." not in [block.marker for block in items(page.prose())]
