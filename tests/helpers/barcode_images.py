"""Makes images of QR codes and barcodes."""

from __future__ import annotations

import zxingcpp
from PIL import Image


def code_image(content: str, kind: str, pixels: int = 6, turn: int = 0) -> Image.Image:
    """Return a code with a white margin; its narrowest bar has that many pixels. It is rotated clockwise."""
    made = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=pixels)
    height, width = made.shape
    upright = Image.frombytes("L", (width, height), bytes(memoryview(made)))
    return upright.rotate(-turn, expand=True, fillcolor=255)
