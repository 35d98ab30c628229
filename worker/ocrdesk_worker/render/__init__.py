"""Renderers: a file's pages as images, from PDFs (PDFium, then Poppler) and image files (Pillow)."""
