"""Small squares before labels are checkboxes, and a mark in them ticks them; keys of charts and cells are none."""

from __future__ import annotations

import pytest

from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.structure import BlockRole
from ocrdesk_worker.pipeline.page import read_own_text
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.helpers.text_layers import layer_of
from tests.worker.conftest import Save

EMPTY = "1 w 72 399 11 11 re S\n"
LABELS = lines(["Send a letter"], left=92, top=400) + lines(["Call by phone"], left=92, top=370)
CROSS = "74 401 m 81 408 l 74 408 m 81 401 l S\n"
TICK = "74 404 m 77 401 l 82 409 l S\n"
BLACK = "0 g 72 369 11 11 re f\n"


def ticked(save: Save, content: str) -> list[bool | None]:
    layer = layer_of(save, PdfPage(lines(PROSE) + LABELS + content))
    return [field.ticked for field in layer.marks.form_fields]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (EMPTY, [False]),
        (EMPTY + CROSS, [True]),
        (EMPTY + TICK, [True]),
        (EMPTY + lines(["X"], left=74, top=401, size=9), [True]),
        ("1 g 0 G 72 399 11 11 re B\n0 g " + TICK, [True]),
        (EMPTY + BLACK, [False, True]),
        (EMPTY + "0 g 72 399 11 11 re f\n", [True]),
    ],
    ids=["empty", "a cross", "a tick", "a letter", "filled with white", "another one is black", "black on white"],
)
def test_squares_before_labels_are_checkboxes(save: Save, content: str, expected: list[bool]) -> None:
    assert ticked(save, content) == expected


@pytest.mark.parametrize(
    "content",
    [
        BLACK,
        EMPTY + "0 0 1 rg 72 369 11 11 re f\n",
        EMPTY + "84 399 11 11 re S\n",
        EMPTY + lines(["7"], left=75, top=401, size=9),
        "1 w 72 399 11 4 re S\n",
        "1 w 300 399 11 11 re S\n",
        "1 w 40 380 40 40 re S\n",
    ],
    ids=["a bullet", "keys of a chart", "fields for signs", "a figure", "a bar", "no label", "too large"],
)
def test_other_squares_are_none(save: Save, content: str) -> None:
    assert ticked(save, content) == []


def test_a_checkbox_is_a_word_before_its_label(save: Save) -> None:
    pdf = layered_pdf(PdfPage(lines(PROSE) + LABELS + EMPTY + TICK + "72 369 11 11 re S\n"))
    source = open_source(save(pdf), MediaType.PDF)
    page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    source.close()
    assert page is not None
    found = [(block.marker, block.ticked) for block in page.blocks if block.role is BlockRole.LIST_ITEM]
    assert found == [("\N{BALLOT BOX WITH X}", True), ("\N{BALLOT BOX}", False)]
