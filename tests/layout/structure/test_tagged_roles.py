"""Roles from tags, where they are plausible."""

from __future__ import annotations

from dataclasses import replace

from ocrdesk.contract.document import Box, Page
from ocrdesk.layout.page_marks import TaggedArea
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.styled_pages import BOLD, StyledPage, said, with_role


def built(page: StyledPage, *tags: TaggedArea) -> Page:
    return with_structure(page.plain, replace(page.marks, tags=tags))


def area(tag: str, page: StyledPage, number: int, *path: int) -> TaggedArea:
    return TaggedArea(tag, page.plain.blocks[number].box, path)


def test_a_tagged_line_is_a_heading_of_its_level() -> None:
    page = StyledPage().prose().add("the oldest part").prose()
    headings = with_role(built(page, area("H3", page, 1, 0, 1)), "heading")
    assert [(block.level, said(block)) for block in headings] == [(3, "the oldest part")]


def test_a_page_that_is_one_heading_is_not_believed() -> None:
    page = StyledPage().prose().add("The Bold One", style=BOLD).prose()
    tags = [area("H1", page, number, number) for number in range(3)]
    assert [said(block) for block in with_role(built(page, *tags), "heading")] == ["The Bold One"]


def test_items_have_levels_and_markers() -> None:
    page = StyledPage().prose().add("x. the outer text", gap=20).add("y. the inner text", left=400, gap=20).prose()
    outer, inner = page.plain.blocks[1].box, page.plain.blocks[2].box
    tags = (
        TaggedArea("LI", Box.around([outer, inner]), (0, 0)),
        TaggedArea("Lbl", Box(outer.left, outer.top, outer.left + 40, outer.bottom), (0, 0, 0)),
        TaggedArea("LI", inner, (0, 0, 1, 0)),
        TaggedArea("Lbl", Box(inner.left, inner.top, inner.left + 40, inner.bottom), (0, 0, 1, 0, 0)),
    )
    items = with_role(built(page, *tags), "list_item")
    assert [(block.level, block.marker) for block in items] == [(1, "x."), (2, "y.")]


def test_no_word_is_lost() -> None:
    page = StyledPage().prose().add("the oldest part").then("and text after it").prose()
    first = page.plain.blocks[1].lines[0].box
    found = built(page, TaggedArea("H1", first, (0,)))
    assert [word.text for word in found.words()] == [word.text for word in page.plain.words()]
    assert [said(block) for block in with_role(found, "heading")] == ["the oldest part"]
