"""A page's own text that differs from what the page shows is replaced; text that agrees with it stays."""

from __future__ import annotations

from ocrdesk.contract.document import Page, Source
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.pipeline.page import read_own_text, read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.mixed_pages import Spy
from tests.helpers.sample_pdfs import PdfPage, layered_pdf
from tests.helpers.text_layers import SCAN, image_of_text
from tests.worker.conftest import Save

SHOWN = (
    "The committee met in the town hall and heard the report",
    "of the treasurer who explained how the money had been spent",
    "and what remained for the repair of the old bridge",
)
GARBLED = (
    "Thc c0mmittcc mct iu thc t0wn hall aud hcard thc rcp0rt",
    SHOWN[1],
    "aud wbat rcmaiucd f0r thc rcpair 0f thc 0ld bridgc",
)
CODES = ("Serial k4m2 and x7q9 of the pump", "were sent to the yard r2d2 b3n5", "by the driver m8t1 on the way")


def scan_with_layer(texts: tuple[str, ...]) -> bytes:
    """Return a scan of `SHOWN` with another program's invisible text over its lines."""
    rows = " ".join(f"({text}) Tj T*" for text in texts)
    layer = f"BT 3 Tr /F1 13 Tf 17 TL 20 815 Td {rows} ET\n"
    return layered_pdf(PdfPage(SCAN + layer, pictures={"Scan": image_of_text(SHOWN)}))


def page_of(save: Save, spy: Spy, content: bytes, mode: RecognitionMode = RecognitionMode.AUTO) -> Page:
    source = open_source(save(content), MediaType.PDF)
    try:
        return read_page(source, 1, lambda: spy, ("eng",), mode)
    finally:
        source.close()


def text_of(page: Page) -> list[str]:
    return [line.text for line in page.lines()]


def test_a_poor_layer_is_recognised_again(save: Save, spy: Spy) -> None:
    page = page_of(save, spy, scan_with_layer(GARBLED))
    assert text_of(page) == list(SHOWN)
    assert page.source_reason == "recognised: the page's own text is not what the page shows"


def test_the_mode_for_text_layers_keeps_it(save: Save, spy: Spy) -> None:
    page = page_of(save, spy, scan_with_layer(GARBLED), RecognitionMode.TEXT_LAYER_ONLY)
    assert page.source == Source.TEXT_LAYER
    assert "c0mmittcc" in text_of(page)[0]


def test_a_good_layer_needs_no_engine(save: Save) -> None:
    source = open_source(save(scan_with_layer(SHOWN)), MediaType.PDF)
    page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    source.close()
    assert page is not None
    assert page.source == Source.TEXT_LAYER


def test_doubtful_text_that_the_page_shows_is_kept(save: Save, spy: Spy) -> None:
    rows = " ".join(f"({text}) Tj T*" for text in CODES)
    layer = f"BT 3 Tr /F1 13 Tf 17 TL 20 815 Td {rows} ET\n"
    content = layered_pdf(PdfPage(SCAN + layer, pictures={"Scan": image_of_text(CODES)}))
    page = page_of(save, spy, content)
    assert page.source == Source.TEXT_LAYER
    assert text_of(page) == list(CODES)
