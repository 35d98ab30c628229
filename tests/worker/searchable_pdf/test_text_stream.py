"""What the invisible text says."""

from __future__ import annotations

from tests.helpers.pdf_reading import pdfium_text
from tests.helpers.sample_files import scan_pdf
from tests.helpers.searchable_pdfs import Made, page_of, word


def test_a_search_for_usual_digits_finds_raised_and_lowered_ones(made: Made) -> None:
    words = [
        word("25", (10, 10, 60, 40)),
        word("m\N{SUPERSCRIPT TWO}", (70, 10, 120, 40)),
        word("\N{VULGAR FRACTION ONE HALF}", (130, 10, 160, 40)),
    ]
    low = [word("H\N{SUBSCRIPT TWO}O", (10, 60, 90, 90))]
    found = pdfium_text(made(scan_pdf(["Scan"]), page_of(words, low, size=(600, 400))))
    assert found.split() == ["25", "m2", "\N{VULGAR FRACTION ONE HALF}", "H2O"]
