"""Pages with their own text and images, and an engine that records its input."""

from __future__ import annotations

from PIL import Image

from ocrdesk.contract.document import Block, Page
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PdfPage, layered_pdf
from tests.worker.conftest import Save


class Spy:
    """An engine that calls a real one, and records the images it was given."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.source = engine.source
        self.seen: list[Image.Image] = []

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.seen.append(image)
        return self._engine.recognise(image, dpi, languages)


def drawn(name: str, left: float, bottom: float, wide: float, high: float) -> str:
    """Return content that shows an image at this place, in points."""
    return f"q {wide} 0 0 {high} {left} {bottom} cm /{name} Do Q "


def read(save: Save, pdf_page: PdfPage, spy: Spy, mode: RecognitionMode = RecognitionMode.AUTO) -> Page:
    source = open_source(save(layered_pdf(pdf_page)), MediaType.PDF)
    try:
        return read_page(source, 1, lambda: spy, ("eng",), mode)
    finally:
        source.close()


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines()]


def sources(page: Page) -> dict[str, str]:
    return {word.text: word.source for word in page.words()}
