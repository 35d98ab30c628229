"""A page's own text: its words, their positions and order, and whether it is good enough to keep."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrdesk.contract.document import Source
from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, alphabet, layered_pdf, lines, shown
from tests.helpers.text_layers import (
    close_to,
    composite,
    ink_near,
    layer_of,
    problem_of,
    texts_of,
    words_of,
)
from tests.worker.conftest import Save

# ── words and their places ───────────────────────────────────────────────────────────────────────


def test_words_come_line_by_line(save: Save) -> None:
    assert texts_of(layer_of(save, PdfPage(lines(PROSE)))) == list(PROSE)


def test_every_word_says_where_it_comes_from(save: Save) -> None:
    words = words_of(layer_of(save, PdfPage(lines(PROSE))))
    assert {(word.source, word.confidence) for word in words} == {(Source.TEXT_LAYER, 1.0)}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (40, 60, 500, 800)], ids=["whole", "cropped"])
@pytest.mark.parametrize("size", [(595, 842), (300.5, 801.25)], ids=["A4", "odd"])
def test_boxes_fit_the_page_image_however_it_is_turned_and_cut(
    save: Save, rotate: int, crop: tuple[float, float, float, float] | None, size: tuple[float, float]
) -> None:
    pdf_page = PdfPage(lines(["Alpha", "Bravo"], left=100, top=500, leading=60, size=18), size, rotate, crop)
    source = open_source(save(layered_pdf(pdf_page)), MediaType.PDF)
    layer, rendered = source.text_layer(0), source.render(0)
    assert layer is not None
    assert (layer.width, layer.height) == rendered.image.size
    assert (layer.dpi, layer.rotation) == (rendered.dpi, rendered.rotation)
    for word in words_of(layer):
        assert close_to(word.box, ink_near(rendered.image, word.box), 2), word


def test_boxes_agree_with_those_of_the_engine(save: Save, engines: Engines) -> None:
    source = open_source(save(layered_pdf(PdfPage(lines(PROSE)))), MediaType.PDF)
    kept, seen = (
        read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",), mode)
        for mode in (RecognitionMode.AUTO, RecognitionMode.FORCE)
    )
    assert (kept.source, seen.source) == (Source.TEXT_LAYER, Source.TESSERACT)
    assert [word.text for word in kept.words()] == [word.text for word in seen.words()]
    for own, recognised in zip(kept.words(), seen.words(), strict=True):
        assert close_to(own.box, recognised.box, 4), own


@pytest.mark.parametrize(
    "matrix",
    ["0 1 -1 0 300 200", "0 -1 1 0 300 700", "-1 0 0 -1 500 500"],
    ids=["upwards", "downwards", "upside down"],
)
def test_turned_text_is_read_line_by_line_too(save: Save, matrix: str) -> None:
    content = f"BT /F1 12 Tf 16 TL {matrix} Tm (The first line of it) Tj T* (and then the second) Tj ET"
    layer = layer_of(save, PdfPage(content))
    assert texts_of(layer) == ["The first line of it", "and then the second"]


def test_turned_text_comes_after_the_rest(save: Save) -> None:
    aside = "BT /F1 10 Tf 0 1 -1 0 40 300 Tm (Printed along the margin) Tj ET "
    assert texts_of(layer_of(save, PdfPage(aside + lines(PROSE)))) == [*PROSE, "Printed along the margin"]


def test_text_outside_the_shown_part_of_the_page_is_dropped(save: Save) -> None:
    content = lines(PROSE, top=500) + lines(["Printer marks and colours"], top=830)
    assert texts_of(layer_of(save, PdfPage(content, crop=(0, 100, 595, 700)))) == list(PROSE)


def test_a_word_across_the_edge_is_cut_to_the_page(save: Save) -> None:
    layer = layer_of(save, PdfPage(lines([*PROSE, "Overhanging"], left=40), crop=(60, 0, 595, 842)))
    assert {word.box.left for word in words_of(layer)} >= {0}
    assert all(word.box.right <= layer.width for word in words_of(layer))


# ── characters ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Größe und Übermaß",
        "Ελληνικά κείμενα",
        "Русский текст здесь",
        "日本語の文書です",
        "한국어 문서입니다",
        "Łódź żółć 12,50 €",
    ],
)
def test_text_in_any_script_is_kept(save: Save, text: str) -> None:
    assert texts_of(layer_of(save, composite(text))) == [text]


@pytest.mark.parametrize("text", ["שלום עולם טוב", "مرحبا بالعالم"])
def test_text_from_right_to_left_comes_in_the_order_of_speech(save: Save, text: str) -> None:
    """Such text is stored in visual order: its last letter first."""
    font = alphabet(text)
    drawn = f"BT /F2 14 Tf 72 700 Td {shown(text[::-1], font)} Tj ET"
    assert texts_of(layer_of(save, PdfPage(drawn, fonts={"F2": font}))) == [text]


def test_a_paragraph_from_right_to_left_is_no_two_columns(save: Save) -> None:
    """Its spaces are below each other."""
    words = ["שלום", "עולם", "טובה", "מאדם"] * 3
    texts = [" ".join(words[n : n + 9]) for n in range(4)]
    font = alphabet(texts[0])
    drawn = " ".join(f"{shown(text[::-1], font)} Tj T*" for text in texts)
    pdf_page = PdfPage(f"BT /F2 14 Tf 18 TL 72 700 Td {drawn} ET", fonts={"F2": font})
    assert texts_of(layer_of(save, pdf_page)) == texts


def test_a_superscript_stays_on_its_line(save: Save) -> None:
    content = "BT /F1 12 Tf 72 700 Td (The area is 12 m) Tj 7 TL /F1 7 Tf 5 Ts (2) Tj 0 Ts /F1 12 Tf ( in all) Tj ET"
    assert texts_of(layer_of(save, PdfPage(content))) == ["The area is 12 m\N{SUPERSCRIPT TWO} in all"]


def test_text_drawn_twice_for_boldness_is_read_once(save: Save) -> None:
    many = [f"{name} {line}" for name in ("First", "Second", "Third", "Fourth") for line in PROSE]
    twice = lines(many) + lines(many, left=73.5)
    assert texts_of(layer_of(save, PdfPage(twice))) == many


def test_hidden_and_white_text_of_a_born_digital_page_counts_as_its_text(save: Save) -> None:
    hidden = "BT 3 Tr /F1 12 Tf 72 500 Td (Found by searching alone) Tj ET "
    white = "BT 1 g 0 Tr /F1 12 Tf 72 470 Td (White words on white paper) Tj ET"
    assert texts_of(layer_of(save, PdfPage(lines(PROSE) + hidden + white)))[4:] == [
        "Found by searching alone",
        "White words on white paper",
    ]


# ── order ────────────────────────────────────────────────────────────────────────────────────────

LEFT = [f"Column one has line {name} of the text" for name in ("one", "two", "three", "four")]
RIGHT = [f"Column two has line {name} of the text" for name in ("one", "two", "three", "four")]


def by_rows(left: Sequence[str], right: Sequence[str]) -> str:
    return "".join(
        lines([one], top=700 - 16 * row) + lines([two], left=320, top=700 - 16 * row)
        for row, (one, two) in enumerate(zip(left, right, strict=True))
    )


@pytest.mark.parametrize(
    "content",
    [
        lines(LEFT, top=700) + lines(RIGHT, left=320, top=700),
        by_rows(LEFT, RIGHT),
        lines(RIGHT, left=320, top=700) + lines(LEFT, top=700),
    ],
    ids=["by columns", "by rows", "right one first"],
)
def test_columns_are_read_one_after_the_other_however_they_are_stored(save: Save, content: str) -> None:
    title = "A title that stands across both of the columns of this page"
    foot = "A footnote that is as wide as the page and stands below both of the columns"
    pdf_page = PdfPage(lines([foot], top=80) + content + lines([title], top=760))
    assert texts_of(layer_of(save, pdf_page)) == [title, *LEFT, *RIGHT, foot]


def test_a_table_is_read_by_rows(save: Save) -> None:
    names, prices = ["Item", "Apples", "Pears", "Plums"], ["Price", "1.20", "2.40", "3.10"]
    assert texts_of(layer_of(save, PdfPage(by_rows(names, prices)))) == [
        "Item Price",
        "Apples 1.20",
        "Pears 2.40",
        "Plums 3.10",
    ]


def test_lines_stored_in_any_order_are_read_from_the_top(save: Save) -> None:
    content = "".join(lines([PROSE[n]], top=760 - 16 * n) for n in (2, 0, 3, 1))
    assert texts_of(layer_of(save, PdfPage(content))) == list(PROSE)


def test_a_gap_begins_another_block(save: Save) -> None:
    layer = layer_of(save, PdfPage(lines(PROSE) + lines(PROSE, top=660)))
    assert [len(block.lines) for block in layer.blocks] == [4, 4]


# ── bad text layers ──────────────────────────────────────────────────────────────────────────────


def test_a_page_with_more_text_than_fits_is_not_read(save: Save) -> None:
    many = [f"{number} " + "word " * 20 for number in range(2_500)]
    assert "more text" in problem_of(save, PdfPage(lines(many, size=1, leading=0.3)))


def test_a_blank_page_says_that_it_is_blank(save: Save) -> None:
    layer = layer_of(save, PdfPage(""))
    assert (layer.is_blank, layer.problem) == (True, "nothing is drawn on this page")
