"""Images whose text the layer lacks."""

from __future__ import annotations

from itertools import pairwise

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocrdesk.contract.document import Box
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, alphabet, layered_pdf, lines, shown
from tests.helpers.text_layers import (
    SCAN,
    close_to,
    image_of_text,
    layer_of,
    problem_of,
    texts_of,
    words_of,
)
from tests.worker.conftest import Save


def test_a_scan_has_no_text(save: Save) -> None:
    assert "no text" in problem_of(save, PdfPage(SCAN, pictures={"Scan": image_of_text()}))


@pytest.mark.parametrize(
    "stamp", [["Page 7"], ["RECEIVED 12 March by the registry of the court, file number 4711", "Page 7 of 9"]]
)
def test_a_stamp_on_a_scan_is_not_its_text(save: Save, stamp: list[str]) -> None:
    pdf_page = PdfPage(SCAN + lines(stamp, top=40), pictures={"Scan": image_of_text()})
    assert "pictures cover" in problem_of(save, pdf_page)


@pytest.mark.parametrize("strips", [1, 20])
def test_a_hidden_layer_over_a_scan_is_kept_and_not_called_certain(save: Save, strips: int) -> None:
    height = 842 / strips
    scan = "".join(f"q 595 0 0 {height} 0 {n * height} cm /Scan Do Q\n" for n in range(strips))
    pdf_page = PdfPage(scan + "3 Tr " + lines(PROSE), pictures={"Scan": image_of_text(size=(1240, 1754 // strips))})
    layer = layer_of(save, pdf_page)
    assert texts_of(layer) == list(PROSE)
    assert {word.confidence for word in words_of(layer)} == {0.8}


def test_text_behind_a_scan_is_a_hidden_layer_too(save: Save) -> None:
    pdf_page = PdfPage(lines(PROSE) + SCAN, pictures={"Scan": image_of_text()})
    assert texts_of(layer_of(save, pdf_page)) == list(PROSE)


def test_a_hidden_layer_of_a_glyphless_font_has_boxes(save: Save) -> None:
    """OCR programs hide their words in a font without glyphs, which paints nothing."""
    text = "This page was recognised before by another program"
    font = alphabet(text)
    pdf_page = PdfPage(
        SCAN + f"BT 3 Tr /F2 14 Tf 72 700 Td {shown(text, font)} Tj ET",
        fonts={"F2": font},
        pictures={"Scan": image_of_text()},
    )
    words = words_of(layer_of(save, pdf_page))
    assert " ".join(word.text for word in words) == text
    assert all(20 < word.box.height < 80 and word.box.width > 20 for word in words)
    assert all(one.box.right <= two.box.left for one, two in pairwise(words))


def test_a_hidden_layer_with_next_to_nothing_is_not_kept(save: Save) -> None:
    pdf_page = PdfPage(SCAN + "3 Tr " + lines(["Page 7"]), pictures={"Scan": image_of_text()})
    assert "pictures cover" in problem_of(save, pdf_page)


def test_a_small_picture_without_letters_beside_text_is_an_illustration(save: Save) -> None:
    picture = Image.linear_gradient("L").resize((600, 600))
    layer = layer_of(save, PdfPage("q 150 0 0 150 300 200 cm /Scan Do Q " + lines(PROSE), pictures={"Scan": picture}))
    assert (texts_of(layer), layer.unread_images, layer.incomplete_because) == (list(PROSE), (), None)


def test_text_beside_half_a_page_of_scan_is_good_and_not_all(save: Save) -> None:
    pdf_page = PdfPage("q 595 0 0 421 0 0 cm /Scan Do Q " + lines(PROSE), pictures={"Scan": image_of_text()})
    layer = layer_of(save, pdf_page)
    assert texts_of(layer) == list(PROSE)
    assert "pictures cover 5" in (layer.incomplete_because or "")
    (place,) = layer.unread_images
    assert close_to(place, Box(0, round(layer.height / 2), layer.width, layer.height), 5)


def test_a_picture_within_a_form_counts(save: Save) -> None:
    def into_form(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        form = pdf.make_stream(b"q 1 0 0 1 0 0 cm /Scan Do Q", Type=Name.XObject, Subtype=Name.Form)
        form.BBox = Array([0, 0, 1, 1])
        form.Resources = Dictionary(XObject=Dictionary({"/Scan": page.Resources.XObject["/Scan"]}))
        page.Resources.XObject["/Form"] = form

    content = "q 595 0 0 842 0 0 cm /Form Do Q " + lines(["Page 7"])
    data = layered_pdf(PdfPage(content, pictures={"Scan": image_of_text()}), finish=into_form)
    layer = open_source(save(data), MediaType.PDF).text_layer(0)
    assert layer is not None
    assert "pictures cover" in (layer.problem or "")


@pytest.mark.parametrize("size", [(16, 16), (300, 425)], ids=["a tile", "36 dpi"])
def test_a_pattern_too_coarse_for_text_is_a_background(save: Save, size: tuple[int, int]) -> None:
    pdf_page = PdfPage(SCAN + lines(PROSE), pictures={"Scan": Image.new("L", size, 230)})
    assert texts_of(layer_of(save, pdf_page)) == list(PROSE)
