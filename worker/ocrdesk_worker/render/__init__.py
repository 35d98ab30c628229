"""Renderers: files to page images, PDFs through PDFium and Poppler, image files through Pillow."""
