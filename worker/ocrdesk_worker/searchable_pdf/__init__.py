"""Searchable PDFs: the pages as they were, with the recognised text as an invisible layer."""

from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf

__all__ = ["write_searchable_pdf"]
