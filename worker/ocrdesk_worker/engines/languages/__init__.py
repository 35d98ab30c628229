"""Tesseract language data in use."""
