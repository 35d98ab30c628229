"""Tesseract language data on this machine."""
