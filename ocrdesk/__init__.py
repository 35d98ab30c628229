"""ocrdesk: scans, PDFs, screenshots and photos into text."""

__version__ = "0.1.0"
