"""Which pages keep their own text, and which are recognised."""

from __future__ import annotations

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render import poppler
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_files import image_bytes, scan_pdf, text_image
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save


class NoEngine(Exception):  # noqa: N818
    """The page needs an engine."""


def no_engine() -> None:
    raise NoEngine


def read(save: Save, content: bytes, mode: RecognitionMode, media: MediaType = MediaType.PDF) -> tuple[str, str | None]:
    """Return a page's text and the reason for its source, without any engine."""
    source = open_source(save(content), media)
    page = read_page(source, 1, no_engine, ("tlh",), mode)  # type: ignore[arg-type]  # it raises
    return " ".join(word.text for word in page.words()), page.source_reason


@pytest.mark.parametrize("mode", [RecognitionMode.AUTO, RecognitionMode.TEXT_LAYER_ONLY])
def test_good_text_needs_no_engine_and_no_language(save: Save, mode: RecognitionMode) -> None:
    assert read(save, layered_pdf(PdfPage(lines(PROSE))), mode) == (" ".join(PROSE), "text layer kept: 53 words")


@pytest.mark.parametrize(
    ("content", "media", "mode"),
    [
        (layered_pdf(PdfPage(lines(PROSE))), MediaType.PDF, RecognitionMode.FORCE),
        (scan_pdf(["A scan"]), MediaType.PDF, RecognitionMode.AUTO),
        (layered_pdf(PdfPage("")), MediaType.PDF, RecognitionMode.AUTO),
        (image_bytes(text_image("A picture")), MediaType.PNG, RecognitionMode.AUTO),
    ],
    ids=["forced", "scan", "blank", "image"],
)
def test_other_pages_are_recognised(save: Save, content: bytes, media: MediaType, mode: RecognitionMode) -> None:
    with pytest.raises(NoEngine):
        read(save, content, mode, media)


@pytest.mark.parametrize(
    ("content", "media", "why"),
    [
        (scan_pdf(["A scan"]), MediaType.PDF, "the page has no text of its own"),
        (image_bytes(text_image("A picture")), MediaType.PNG, "is an image without text"),
    ],
    ids=["scan", "image"],
)
def test_without_recognition_a_page_without_text_fails_with_the_way_out(
    save: Save, content: bytes, media: MediaType, why: str
) -> None:
    with pytest.raises(ProcessingError) as raised:
        read(save, content, RecognitionMode.TEXT_LAYER_ONLY, media)
    assert raised.value.info.code is ErrorCode.NO_TEXT_LAYER
    assert why in raised.value.info.message
    assert "mode=auto" in raised.value.info.message


def test_without_recognition_a_blank_page_is_read_as_blank(save: Save) -> None:
    text, reason = read(save, layered_pdf(PdfPage("")), RecognitionMode.TEXT_LAYER_ONLY)
    assert (text, reason) == ("", "not recognised: nothing is drawn on the page")


def test_a_recognised_page_says_why(save: Save, engines: Engines) -> None:
    source = open_source(save(scan_pdf(["A scan"])), MediaType.PDF)
    page = read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",))
    assert page.source_reason == "recognised: the page has no text of its own"


@pytest.mark.skipif(not poppler.is_installed(), reason="Poppler (poppler-utils) is not installed")
def test_a_second_try_that_keeps_away_from_pdfium_recognises(save: Save) -> None:
    source = open_source(save(layered_pdf(PdfPage(lines(PROSE)))), MediaType.PDF, avoid_pdfium=True)
    assert source.text_layer(0) is None
