"""Figures: pictures, but not those behind text. Their labels are no headings, and Markdown leaves them out."""

from __future__ import annotations

from dataclasses import replace

from ocrdesk.contract.document import Box, DocumentHead, Page
from ocrdesk.contract.structure import Figure
from ocrdesk.export.markdown import markdown
from ocrdesk.layout.page_marks import WordStyle
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.styled_pages import BODY, BOLD, StyledPage, said, with_role

SMALL, TITLE = WordStyle(30.0, font="Serif"), WordStyle(90.0, font="Serif")


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


def written(page: Page) -> str:
    return "".join(markdown(DocumentHead.model_construct(), [page]))


def chart(caption: str) -> StyledPage:
    """Return a page with a chart between paragraphs: numbers at its left edge, and the names of bars below them."""
    page = StyledPage().prose(2).add("100", style=SMALL, left=500, gap=200).add("50", style=SMALL, left=516)
    page.add("0", style=SMALL, left=532).add("Outgoing", style=SMALL, left=700, gap=10)
    return page.add(caption, style=SMALL, left=700, gap=20).prose(2)


def test_labels_above_the_caption_of_a_figure_are_a_figure() -> None:
    plain = chart("Figure 1: What was sent")
    page = built(plain)
    labels = [block.box for block in plain.plain.blocks[2:6]]
    more = built(chart("Figure 1: What was sent"), Box(600, labels[0].top, 1400, labels[2].bottom))
    assert [figure.box for figure in more.figures] == [
        Box.around([*labels, Box(600, labels[0].top, 1400, labels[2].bottom)])
    ]
    assert page.figures == ()
    assert "Outgoing" not in written(more)
    assert "Outgoing" in "".join(word.text for word in more.words())
    assert "What was sent" in written(more)


def test_numbers_above_the_caption_of_a_figure_are_enough() -> None:
    page = StyledPage().prose(2)
    for label in ("100", "75", "50", "25", "0"):
        page.add(label, style=SMALL, left=500)
    (figure,) = built(page.add("Figure 1: What was sent", style=SMALL).prose(2)).figures
    assert figure.box.height > 400


def test_text_above_the_caption_of_a_table_is_no_figure() -> None:
    assert built(chart("Table 1: What was sent")).figures == ()
    assert "Outgoing" in written(built(chart("Table 1: What was sent")))


def test_prose_between_labels_and_a_caption_makes_no_figure() -> None:
    page = StyledPage().add("100", "75", "50", "25", "0", style=SMALL, left=500).prose(1)
    assert built(page.add("Figure 1: What was sent", style=SMALL).prose(1)).figures == ()


def test_a_title_on_a_picture_stays() -> None:
    page = StyledPage().prose(1).add("Annual report", style=TITLE, left=400, gap=300).prose(1)
    title = page.plain.blocks[1].box
    found = built(page, Box(300, title.top - 200, 2200, title.bottom + 20))
    assert len(found.figures) == 1
    assert "Annual report" in written(found)


def test_a_page_that_is_a_picture_keeps_its_words() -> None:
    page = StyledPage().add("Open", style=BODY, left=500).add("daily", style=BODY, left=900, gap=300)
    found = built(page, Box(200, 200, 2300, 2600))
    assert len(found.figures) == 1
    assert "daily" in written(found)


def test_a_line_without_words_in_a_figure_is_no_error() -> None:
    page = built(chart("Figure 1: What was sent"))
    bare = [block.with_lines([line.model_copy(update={"words": ()}) for line in block.lines]) for block in page.blocks]
    whole = Figure(box=Box(0, 0, page.width, page.height))
    assert written(page.model_copy(update={"blocks": tuple(bare), "figures": (whole,)})).strip() == ""
