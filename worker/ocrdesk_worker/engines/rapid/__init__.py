"""The second opinion: a neural reader for what Tesseract is unsure of or missed."""
