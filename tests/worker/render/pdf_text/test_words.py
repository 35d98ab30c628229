"""Words and positions from PDFium."""

from __future__ import annotations

from tests.helpers.sample_pdfs import PROSE, Cid, PdfPage, lines
from tests.helpers.text_layers import (
    composite,
    layer_of,
    lines_of,
    texts_of,
)
from tests.worker.conftest import Save


def test_a_character_without_a_meaning_does_not_shift_the_others(save: Save) -> None:
    """PDFium omits such characters from the text that it returns as a whole."""
    strange = "BT /F2 12 Tf 72 790 Td <00010003> Tj ET "
    pdf_page = PdfPage(
        strange + lines([*PROSE, "Here is the informa-", "tion that we need"]), fonts={"F2": Cid({9: "x"})}
    )
    layer = layer_of(save, pdf_page)
    assert texts_of(layer) == [*PROSE, "Here is the informa-", "tion that we need"]
    assert all(abs(line.box.left - 300) < 15 for line in lines_of(layer))


def test_ligatures_are_spelt_out(save: Save) -> None:
    font = Cid({1: "ﬁ", 2: "ffl", 3: "n", 4: "a", 5: "l", 6: "u", 7: "e", 8: "ﬀ", 9: "o", 10: " "})
    content = "BT /F2 14 Tf 72 700 Td <000100030004000500 0A 00090008000A 0007000200060007> Tj ET"
    assert texts_of(layer_of(save, PdfPage(content, fonts={"F2": font}))) == ["final off efflue"]


def test_characters_beyond_the_basic_plane_stay_whole(save: Save) -> None:
    assert texts_of(layer_of(save, composite("🄲 set 😀 here"))) == ["🄲 set 😀 here"]


def test_a_hyphen_at_a_lines_end_ends_the_line(save: Save) -> None:
    assert texts_of(layer_of(save, PdfPage(lines(["Here is the informa-", "tion that we need"])))) == [
        "Here is the informa-",
        "tion that we need",
    ]


def test_spaces_that_are_only_gaps_part_words(save: Save) -> None:
    content = "BT /F1 12 Tf 72 700 Td [(The)-300(spaces)-350(are)-290(gaps)] TJ ET"
    assert texts_of(layer_of(save, PdfPage(content))) == ["The spaces are gaps"]


def test_bullets_of_symbol_fonts_become_bullets(save: Save) -> None:
    layer = layer_of(save, composite("\uf0b7 one thing that we need to buy \uf0b7 another"))
    assert texts_of(layer) == ["• one thing that we need to buy • another"]


def test_slanted_letters_on_a_level_line_are_not_turned(save: Save) -> None:
    content = lines(PROSE) + "BT /F1 12 Tf 1 0 0.3 1 72 800 Tm (Slanted words) Tj ET"
    assert texts_of(layer_of(save, PdfPage(content)))[0] == "Slanted words"


def test_a_ligature_of_lam_and_alef_is_read_from_the_lam(save: Save) -> None:
    font = Cid({1: "\u0633", 2: "\u0644\u0627", 3: "\u0645"})
    drawn = "BT /F2 14 Tf 72 700 Td <000300020001> Tj ET"
    assert texts_of(layer_of(save, PdfPage(drawn, fonts={"F2": font}))) == ["\u0633\u0644\u0627\u0645"]


def test_two_single_quotation_marks_are_a_double_one(save: Save) -> None:
    text = "\u2018\u2018so\u2019\u2019"
    assert texts_of(layer_of(save, composite(f"She said {text} and left"))) == ["She said \u201cso\u201d and left"]
