"""Options of searchable PDFs as names of exports and as query parameters."""

from __future__ import annotations

import itertools

import pytest

from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions


def test_without_options_the_name_is_the_format() -> None:
    assert (PDF_DEFAULTS.export_name, PDF_DEFAULTS.query, PDF_DEFAULTS.changed) == ("pdf", {}, ())


@pytest.mark.parametrize("values", list(itertools.product([True, False], repeat=5)))
def test_every_combination_has_a_name_of_its_own(values: tuple[bool, ...]) -> None:
    options = PdfOptions(*values)
    assert PdfOptions.from_export_name(options.export_name) == options
    assert options.export_name.replace("_", "").isalnum()


@pytest.mark.parametrize("name", ["docx", "image_1_800", "pdf_unknown", "pdf_"])
def test_other_names_are_no_searchable_pdfs(name: str) -> None:
    assert PdfOptions.from_export_name(name) is None


def test_query_has_what_differs_from_the_defaults() -> None:
    assert PdfOptions(rotate=False, pdfa=True).query == {"rotate": "false", "pdfa": "true"}
