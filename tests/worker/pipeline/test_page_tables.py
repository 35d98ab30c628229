"""A page is read with its tables: a PDF with the ruling lines that it draws, a skewed scan as if it were straight."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.table_texts import text_rows
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_own_text
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.degraded_pages import read, skewed
from tests.helpers.sample_files import text_image
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save

CELLS = (("Income", "Share"), ("Low income", "Less than half"), ("Upper income", "A fifth"))
STOCK = (
    ("Item", "Place", "Price"),
    ("Copper", "Oldham", "12.50"),
    ("Silver", "Leeds", "340.75"),
    ("Timber", "Harrow", "8.20"),
    ("Paper", "Bristol", "61.90"),
)


def test_words_in_ruled_cells_are_a_table(save: Save) -> None:
    texts = "".join(
        lines([text], left=80 + 150 * column, top=400 - 20 * row)
        for row, cells in enumerate(CELLS)
        for column, text in enumerate(cells)
    )
    grid = " ".join(f"72 {415 - 20 * row} m 372 {415 - 20 * row} l" for row in range(4))
    grid += " " + " ".join(f"{72 + 150 * column} 415 m {72 + 150 * column} 355 l" for column in range(3))
    source = open_source(save(layered_pdf(PdfPage(lines(PROSE) + texts + f"0.5 w {grid} S"))), MediaType.PDF)
    page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    assert page is not None
    (table,) = (block for block in page.blocks if block.role is BlockRole.TABLE)
    assert tuple(map(tuple, text_rows(table))) == CELLS


@pytest.mark.parametrize("degrees", [-3.0, 2.0])
@pytest.mark.parametrize("is_ruled", [False, True])
def test_a_table_on_a_skewed_scan_has_its_rows_and_columns(
    degrees: float, engines: Engines, save: Save, *, is_ruled: bool
) -> None:
    image = skewed(degrees, _table_image(is_ruled=is_ruled))
    page = read(image, engines, save)
    (table,) = (block for block in page.blocks if block.role is BlockRole.TABLE)
    assert tuple(map(tuple, text_rows(table))) == STOCK
    assert (page.width, page.height) == image.size
    assert table.table is not None
    for cell in table.table.cells:
        assert image.crop(cell.box).getextrema()[0] < 100, "a cell is where its ink is"


def _table_image(*, is_ruled: bool) -> Image.Image:
    """Return a page with a line of text and a table, as scanned with 150 dots an inch."""
    image = text_image("These were sold by the office and by its members last year", (1200, 700), 26).convert("L")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=26)
    for row, cells in enumerate(STOCK):
        for column, text in enumerate(cells):
            pen.text((50 + 370 * column, 160 + 60 * row), text, font=font, fill=0)
    if is_ruled:
        for row in range(len(STOCK) + 1):
            pen.line((40, 147 + 60 * row, 1150, 147 + 60 * row), fill=0, width=2)
        for column in range(len(STOCK[0]) + 1):
            pen.line((40 + 370 * column, 147, 40 + 370 * column, 147 + 60 * len(STOCK)), fill=0, width=2)
    return image
