"""A page of a PDF is read with the ruling lines that it draws."""

from __future__ import annotations

from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.table_texts import text_rows
from ocrdesk_worker.pipeline.page import read_own_text
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save

CELLS = (("Income", "Share"), ("Low income", "Less than half"), ("Upper income", "A fifth"))


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
