"""QR codes and barcodes as lines of text, for the formats in which people read on."""

from __future__ import annotations

from ocrdesk.contract.document import Code
from ocrdesk.layout.line_joining import one_line


def code_line(code: Code) -> str:
    """The code's kind and what it says, in one line."""
    return f"{code.format}: {one_line(code.text)}"
