"""`ocrdesk doctor`."""
