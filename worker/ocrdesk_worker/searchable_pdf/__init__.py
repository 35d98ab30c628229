"""Searchable PDFs: the pages as they were, with the recognised text as an invisible layer."""
