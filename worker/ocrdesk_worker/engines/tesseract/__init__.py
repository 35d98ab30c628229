"""Tesseract, as a library and as a program."""
