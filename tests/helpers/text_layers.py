"""Reads text layers of sample PDFs."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from ocrdesk.contract.document import Box, Line, Word
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.page_source import TextLayer
from tests.helpers.sample_files import text_image
from tests.helpers.sample_pdfs import PROSE, Cid, PdfPage, alphabet, layered_pdf, shown
from tests.worker.conftest import Save

DARK = 128


def layer_of(save: Save, pdf_page: PdfPage) -> TextLayer:
    source = open_source(save(layered_pdf(pdf_page)), MediaType.PDF)
    layer = source.text_layer(0)
    source.close()
    assert layer is not None
    return layer


def lines_of(layer: TextLayer) -> list[Line]:
    assert layer.problem is None, layer.problem
    return [line for block in layer.blocks for line in block.lines]


def texts_of(layer: TextLayer) -> list[str]:
    return [line.text for line in lines_of(layer)]


def words_of(layer: TextLayer) -> list[Word]:
    return [word for line in lines_of(layer) for word in line.words]


def problem_of(save: Save, pdf_page: PdfPage) -> str:
    layer = layer_of(save, pdf_page)
    assert layer.problem is not None, texts_of(layer)
    assert layer.blocks == ()
    return layer.problem


def image_of_text(texts: Sequence[str] = PROSE, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """Return a scan of the texts, at 150 dpi for an A4 page."""
    return text_image("\n".join(texts), size, 28)


SCAN = "q 595 0 0 842 0 0 cm /Scan Do Q\n"


def ink_near(image: Image.Image, box: Box, margin: int = 20) -> Box:
    """Return the box around the dark pixels in a box and its close surroundings."""
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    part = image.convert("L").crop((left, top, box.right + margin, box.bottom + margin))
    found = part.point(lambda value: 255 * (value < DARK)).getbbox()
    assert found is not None
    return Box(found[0] + left, found[1] + top, found[2] + left, found[3] + top)


def close_to(one: Box, two: Box, pixels: int) -> bool:
    return all(abs(a - b) <= pixels for a, b in zip(one, two, strict=True))


def composite(text: str, font: Cid | None = None) -> PdfPage:
    font = font or alphabet(text)
    return PdfPage(f"BT /F2 14 Tf 72 700 Td {shown(text, font)} Tj ET", fonts={"F2": font})
