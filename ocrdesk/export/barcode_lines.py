"""Barcodes as lines of text.

They are used in the formats for reading: Markdown and Word.
"""

from __future__ import annotations

from ocrdesk.contract.document import Code
from ocrdesk.layout.line_joining import one_line


def code_line(code: Code) -> str:
    """Return the code's format and content as one line."""
    return f"{code.format}: {one_line(code.text)}"
