"""What restores letters that Tesseract lost at the edges of words and lines."""
