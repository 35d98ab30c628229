"""Figures: pictures, but not those behind text; their labels are no headings."""

from __future__ import annotations

from dataclasses import replace

from ocrdesk.contract.document import Box, Page
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.styled_pages import BOLD, StyledPage, said, with_role


def built(page: StyledPage, *pictures: Box) -> Page:
    return with_structure(page.plain, replace(page.marks, pictures=pictures))


def test_a_picture_is_a_figure() -> None:
    box = Box(300, 1500, 1500, 2500)
    assert [figure.box for figure in built(StyledPage().prose(2), box).figures] == [box]


def test_a_panel_behind_text_is_none() -> None:
    assert built(StyledPage().prose(3), Box(200, 200, 2400, 3000)).figures == ()


def test_labels_in_a_figure_are_no_headings() -> None:
    page = StyledPage().prose(2).add("Nut case", style=BOLD, left=600, gap=300)
    box = Box(500, 900, 1500, 2000)
    assert not with_role(built(page, box), "heading")
    assert with_role(built(page), "heading")


def test_a_label_with_a_picture_above_needs_no_punctuation_to_be_a_caption() -> None:
    page = StyledPage().prose(1).add("Figure 3 The old bridge", gap=600).prose(1)
    top = page.plain.blocks[1].box.top
    captions = with_role(built(page, Box(300, top - 500, 1500, top - 20)), "caption")
    assert [said(block) for block in captions] == ["Figure 3 The old bridge"]
    assert not with_role(built(page), "caption")
