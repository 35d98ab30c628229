"""Captions beside their figures and tables."""

from __future__ import annotations

from ocrdesk.contract.document import Box, Page
from ocrdesk.contract.structure import BlockRole, Figure
from ocrdesk.export.parts.captions import Captioned, with_captions
from ocrdesk.export.parts.note_references import NoteLabels
from ocrdesk.export.parts.page_parts import TextPart, page_parts
from tests.helpers.sample_pages import block
from tests.helpers.structured_pages import page_of, part, table


def found(page: Page) -> list[str]:
    """Return what is on the page, in order: texts, and "figure" or "table" with a caption."""
    shown = []
    for one in with_captions(page_parts(page, NoteLabels()), page.figures):
        if isinstance(one, Captioned):
            kind = "table" if one.part else "figure"
            shown.append(f"{kind}: {one.caption.text if one.caption else ''}{' below' if one.is_below else ''}")
        else:
            shown.append(one.text if isinstance(one, TextPart) else "table")
    return shown


def test_the_nearest_caption_belongs_to_a_figure() -> None:
    captions = [part(BlockRole.CAPTION, name, top=top) for name, top in (("One", 410), ("Two", 910))]
    figures = [Box(100, 100, 700, 400), Box(100, 600, 700, 900)]
    assert found(page_of(*captions, figures=figures)) == ["figure: One below", "figure: Two below"]


def test_a_caption_beside_or_far_away_belongs_to_none() -> None:
    beside = part(BlockRole.CAPTION, "One", top=200)
    far = part(BlockRole.CAPTION, "Two", top=2000)
    page = page_of(beside, far, figures=[Box(900, 100, 1500, 400)])
    assert found(page) == ["One", "Two", "figure: "]


def test_a_table_takes_a_caption_above_or_below_it() -> None:
    one = table([(0, 0, 1, 1, "a")], rows=1, columns=1, top=200)
    assert found(page_of(part(BlockRole.CAPTION, "Above", top=150), one)) == ["table: Above"]
    assert found(page_of(one, part(BlockRole.CAPTION, "Below", top=280))) == ["table: Below below"]
    assert found(page_of(one, block("text", top=280), part(BlockRole.CAPTION, "Later", top=400))) == [
        "table",
        "text",
        "Later",
    ]


def test_a_figure_takes_the_caption_before_a_table_does() -> None:
    one = table([(0, 0, 1, 1, "a")], rows=1, columns=1, top=600)
    page = page_of(part(BlockRole.CAPTION, "Figure", top=450), one, figures=[Box(100, 100, 500, 440)])
    assert found(page) == ["figure: Figure below", "table"]


def test_of_very_many_figures_on_a_page_with_very_many_blocks_some_are_left_out() -> None:
    page = page_of(*[block("x")] * 2000).model_copy(update={"figures": (Figure(box=Box(1, 1, 9, 9)),) * 5000})
    assert 100 <= sum(text == "figure: " for text in found(page)) < 5000
