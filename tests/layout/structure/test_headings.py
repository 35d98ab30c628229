"""Headings: lines set apart by style, number or white; and what only looks like one."""

from __future__ import annotations

import pytest

from ocrdesk.layout.page_marks import WordStyle
from tests.helpers.styled_pages import BODY, BOLD, ITALIC, StyledPage, said, with_role

LARGE = WordStyle(60.0, font="Serif")
HUGE = WordStyle(80.0, bold=True, font="Serif-Bold")


def headings(page: StyledPage) -> list[tuple[int | None, str]]:
    return [(block.level, said(block)) for block in with_role(page.built(), "heading")]


@pytest.mark.parametrize("style", [BOLD, LARGE, HUGE, ITALIC], ids=["bold", "large", "huge", "italic"])
def test_a_line_set_apart_by_its_style_is_a_heading(style: WordStyle) -> None:
    page = StyledPage().prose().add("The Second Part", style=style).prose(2)
    assert [text for _, text in headings(page)] == ["The Second Part"]


def test_the_first_line_of_a_block_becomes_a_block_of_its_own() -> None:
    page = StyledPage().prose().add("Materials and Methods", style=BOLD)
    built = page.then("The text goes on without more white than usual", "under the heading.").built()
    assert [said(block) for block in built.blocks[1:]] == [
        "Materials and Methods",
        "The text goes on without more white than usual under the heading.",
    ]


def test_a_heading_over_two_lines_is_one() -> None:
    page = StyledPage().add("A Long Title That Takes", "More Than One Line", style=HUGE, left=500).prose(2)
    assert headings(page) == [(1, "A Long Title That Takes More Than One Line")]
    apart = StyledPage().add("A Long Title That Takes", style=HUGE, left=500)
    apart.add("More Than One Line", style=HUGE, left=600, gap=0).prose(2)
    assert headings(apart) == [(1, "A Long Title That Takes More Than One Line")]


def test_levels_follow_sizes_and_numbers() -> None:
    page = StyledPage().add("The Title of All", style=HUGE).prose(2)
    page.add("1 Introduction", style=LARGE).prose().add("1.1 Methods", style=BOLD).prose()
    page.add("1.1.1 Details of Methods", style=BOLD).prose()
    assert [level for level, _ in headings(page)] == [1, 2, 3, 4]


def test_parts_of_a_section_on_the_first_level_are_on_the_second() -> None:
    page = StyledPage().add("1 Introduction", style=HUGE).prose().add("1.1 Methods", style=LARGE).prose()
    page.add("1.1.1 Details of Methods", style=BOLD).prose().add("2 Results", style=HUGE).prose()
    assert [level for level, _ in headings(page)] == [1, 2, 3, 1]


def test_the_number_of_a_part_above_prose_is_enough_on_a_scan() -> None:
    page = StyledPage(is_scan=True).prose().add("1.1 Early methods").prose().add("1.2 Later ones").prose()
    assert [text for _, text in headings(page)] == ["1.1 Early methods", "1.2 Later ones"]


def test_capitals_are_enough() -> None:
    assert headings(StyledPage().prose().add("REFERENCES").prose())[0][1] == "REFERENCES"


@pytest.mark.parametrize(
    "text",
    [
        "A sentence in bold letters ends with a full stop.",
        "Figure 3: What the picture shows",
        "123,456.78",
        "name@example.org",
        "x = y + 2",
        "• The first point",
        "Contents ............ 12",
        "Ada Writer, Bert van Reader, Cora M. Printer",
        "Ada Writer\u2020 and Bert Reader\u2021",
        "Table 1 Features of old bridges",
    ],
)
def test_bold_text_that_is_no_heading(text: str) -> None:
    assert headings(StyledPage().prose().add(text, style=BOLD).prose()) == []


def test_a_bold_paragraph_is_no_heading() -> None:
    page = StyledPage().prose(2).add(*["Each of these lines is in bold letters and they go on"] * 5, style=BOLD).prose()
    assert headings(page) == []


def test_a_label_beside_its_value_is_no_heading() -> None:
    page = StyledPage().prose(2).add("Date of birth", style=BOLD).add("1 May 1970", left=1200, gap=0, rise=60).prose()
    assert headings(page) == []


def test_names_under_the_title_are_no_headings() -> None:
    page = StyledPage().add("On the Order of Words", style=HUGE).add("Ada Writer", style=LARGE)
    page.add("Institute of Pages", style=BODY).add("Abstract", style=BOLD).prose(2)
    assert [text for _, text in headings(page)] == ["On the Order of Words", "Abstract"]


def test_on_a_scan_size_or_white_sets_a_heading_apart() -> None:
    page = StyledPage(is_scan=True).prose().add("A Large Heading", style=LARGE).prose()
    page.add("Only White Around", gap=160).prose()
    assert [text for _, text in headings(page)] == ["A Large Heading", "Only White Around"]


@pytest.mark.parametrize("text", ["Figures Example", "TABLE OF CONTENTS", "Pulleys, Ropes and Chains"])
def test_words_that_captions_and_lists_of_names_have_too(text: str) -> None:
    assert [found for _, found in headings(StyledPage().prose().add(text, style=BOLD).prose())] == [text]


def test_a_page_of_one_style_has_no_headings() -> None:
    assert headings(StyledPage().prose(3).add("And a short line.").prose()) == []
