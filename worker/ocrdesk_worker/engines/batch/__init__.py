"""Tesseract for all lines of a page at once: its layout, and its own networks on ONNX Runtime."""
