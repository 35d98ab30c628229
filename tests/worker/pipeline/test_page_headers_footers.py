"""Headers, footers and page numbers of pages that are read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrdesk.contract.document import Block, BlockKind, Page
from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_own_text, read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save

MODES = (RecognitionMode.AUTO, RecognitionMode.FORCE)


GOING_ON = ("through the valley and over the hills to the harbour where the boats lay", *PROSE)


NARROW = [line[:34] for line in (*PROSE, *PROSE, *PROSE)]


def at(left: float, top: float, text: str, size: float = 12) -> str:
    """Return content that shows one line at this place, in points."""
    return lines([text], left=left, top=top, size=size)


def body(top: float, count: int = 24, *, size: float = 12) -> str:
    """Return running text that begins and ends in the middle of a sentence."""
    return lines([GOING_ON[n % len(GOING_ON)] for n in range(count)], top=top, size=size)


def read(save: Save, engines: Engines, content: str, mode: RecognitionMode, size: tuple[float, float]) -> Page:
    source = open_source(save(layered_pdf(PdfPage(content, size=size))), MediaType.PDF)
    try:
        return read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",), mode)
    finally:
        source.close()


def text_of(blocks: Sequence[Block], kind: BlockKind) -> str:
    return " ".join(line.text for found in blocks if found.kind is kind for line in found.lines)


HEAD = "Downloaded from www.example.org on Monday"

WITH_HEADER_OR_FOOTER = {
    "book": (at(72, 800, "The Old Bridge") + at(430, 800, "147") + body(750), "The Old Bridge 147", ""),
    "left page": (at(72, 800, "146", 11) + at(380, 800, "The Old Bridge", 11) + body(750), "146 The Old Bridge", ""),
    "number": (body(780) + at(285, 50, "23"), "", "23"),
    "roman number": (body(780) + at(285, 50, "xiv"), "", "xiv"),
    "number under a table and a paragraph": (
        "".join(at(285, 780 - 18 * n, str(37 + 19 * n)) for n in range(6)) + body(650, 30) + at(285, 150, "23"),
        "",
        "23",
    ),
    "in the margin": (at(150, 826, "Downloaded from www.example.org on Monday", 9) + body(750, 20), HEAD, ""),
    "tab stops": (
        body(700, 20)
        + at(72, 90, "Revision: 2.4", 10)
        + at(250, 90, "P/N 119-036", 10)
        + at(390, 90, "10 June 2019", 10),
        "",
        "Revision: 2.4 P/N 119-036 10 June 2019",
    ),
    "contract": (body(780) + at(440, 40, "Page 3 of 10", 10), "", "Page 3 of 10"),
    "far lines": (at(470, 800, "Page 2 of 6", 10) + lines(PROSE * 2, top=750, leading=60), "Page 2 of 6", ""),
    "german": (body(780) + at(270, 40, "Seite 3/10", 10), "", "Seite 3/10"),
    "words above": (at(230, 800, "The Old Bridge", 9) + body(750), "The Old Bridge", ""),
    "words below": (body(780) + at(72, 370, "Confidential", 9), "", ""),
    "both": (
        at(72, 800, "Town of Eastport", 9) + body(750) + at(72, 40, "Report on the bridge", 9) + at(480, 40, "12", 9),
        "Town of Eastport",
        "Report on the bridge 12",
    ),
    "two columns": (
        at(200, 800, "A. MILLER: THE OLD BRIDGE", 9)
        + at(510, 800, "57", 9)
        + lines(NARROW, left=72, top=760)
        + lines(NARROW, left=330, top=760),
        "A. MILLER: THE OLD BRIDGE 57",
        "",
    ),
    "under a heading": (
        at(470, 810, "Page 4 of 12", 10) + at(72, 750, "The Bridge", 18) + body(715),
        "Page 4 of 12",
        "",
    ),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", WITH_HEADER_OR_FOOTER)
def test_headers_and_footers_are_marked(save: Save, engines: Engines, name: str, mode: RecognitionMode) -> None:
    content, header, footer = WITH_HEADER_OR_FOOTER[name]
    found = read(save, engines, content, mode, (595, 842))
    assert text_of(found.blocks, BlockKind.HEADER) == header
    assert text_of(found.blocks, BlockKind.FOOTER) == footer
    assert len(list(found.words())) == content_words(content)


def content_words(content: str) -> int:
    return sum(len(part.rpartition("(")[2].split()) for part in content.split(")")[:-1])


WITHOUT_HEADER_OR_FOOTER = {
    "letter": (
        at(72, 800, "Eastport Bridges Ltd", 16)
        + lines(["Main Road 1", "Eastport EP1 2AB"], top=784, size=9, leading=11)
        + lines(["Mr John Miller", "4 Valley Road", "Bristol BS1 4ST"], top=720)
        + at(72, 640, "Dear Mr Miller,")
        + lines([*PROSE, PROSE[0] + "."], top=610)
        + at(72, 500, "Yours sincerely,")
        + lines(["Jane Smith", "Managing Director"], top=440),
        (595, 842),
    ),
    "letter with a line for the window": (
        at(72, 720, "Eastport Bridges Ltd, Main Road 1, Eastport", 8)
        + lines(["Mr John Miller", "4 Valley Road", "Bristol BS1 4ST"], top=700)
        + at(72, 600, "Your order of last week")
        + lines(PROSE * 3, top=570),
        (595, 842),
    ),
    "receipt": (
        at(60, 560, "CORNER SHOP", 18)
        + lines(["12 High Street", "Bristol", "Tel 0117 496 0000"], left=60, top=535)
        + "".join(
            at(20, 460 - 18 * n, name) + at(190, 460 - 18 * n, price)
            for n, (name, price) in enumerate(
                [("Bread", "2.10"), ("Milk", "0.95"), ("Apples", "3.60"), ("Butter", "2.45"), ("Tea", "4.00")]
            )
        )
        + at(20, 350, "Total", 14)
        + at(185, 350, "13.10", 14)
        + at(20, 300, "Items")
        + at(205, 300, "5"),
        (240, 600),
    ),
    "slide": (
        at(50, 340, "Plans for the Coming Year", 30)
        + lines(
            [
                "Repair of the old bridge across the river",
                "New boats for the fishermen in the harbour",
                "A market in the winter for all the villages",
                "More trees along the roads of the valley",
                "Two more schools",
            ],
            left=60,
            top=280,
            size=18,
            leading=40,
        ),
        (640, 400),
    ),
    "title page": (
        at(150, 600, "The Old Bridge", 36)
        + at(190, 560, "A History in Letters", 18)
        + at(230, 450, "Jane Smith", 14)
        + at(230, 120, "Valley Press", 12)
        + at(235, 100, "London 2019", 12),
        (595, 842),
    ),
    "chapter": (at(290, 650, "7", 20) + at(220, 600, "The Old Bridge", 18) + body(540, 20), (595, 842)),
    "first heading": (at(72, 790, "The Repair") + lines(PROSE * 6, top=765), (595, 842)),
    "numbered heading": (at(72, 790, "2", 14) + at(92, 790, "Methods", 14) + body(760), (595, 842)),
    "footnote": (
        body(780) + at(72, 350, "1 Letters of the harbour company, vol. 3, p. 12.", 9),
        (595, 842),
    ),
    "formula": (body(780) + at(260, 365, "y = a x + b") + at(480, 365, "\\(3\\)"), (595, 842)),
    "table": (
        "".join(
            at(72, 780 - 18 * n - 18 * (n == 23), name) + at(300, 780 - 18 * n - 18 * (n == 23), str(37 + 19 * n))
            for n, name in enumerate(["Station on the river"] * 23 + ["All of them"])
        ),
        (595, 842),
    ),
    "few lines": (at(250, 700, "Notes", 18) + lines(PROSE[:2], top=650) + at(290, 50, "1"), (595, 842)),
    "screen": (
        at(10, 385, "File   Edit   View   Help", 10)
        + lines([line[: 30 + 7 * n % 40] for n, line in enumerate(GOING_ON * 3)], left=10, top=350, leading=22),
        (640, 400),
    ),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", WITHOUT_HEADER_OR_FOOTER)
def test_other_rows_are_not_marked(save: Save, engines: Engines, name: str, mode: RecognitionMode) -> None:
    content, size = WITHOUT_HEADER_OR_FOOTER[name]
    found = read(save, engines, content, mode, size)
    assert [line.text for part in found.blocks if part.kind.is_header_or_footer for line in part.lines] == []
    assert list(found.words())


def test_a_slides_number_is_marked_and_its_title_is_not(save: Save, engines: Engines) -> None:
    content, size = WITHOUT_HEADER_OR_FOOTER["slide"]
    found = read(save, engines, content + at(590, 15, "12", 12), RecognitionMode.FORCE, size)
    assert text_of(found.blocks, BlockKind.FOOTER) == "12"
    assert text_of(found.blocks, BlockKind.HEADER) == ""


def test_a_page_that_needs_no_engine_has_its_footer_marked_too(save: Save) -> None:
    source = open_source(save(layered_pdf(PdfPage(WITH_HEADER_OR_FOOTER["both"][0]))), MediaType.PDF)
    found, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    source.close()
    assert found is not None
    assert text_of(found.blocks, BlockKind.FOOTER) == "Report on the bridge 12"
