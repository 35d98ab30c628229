"""Barcodes as lines of text."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Box, Code
from ocrdesk.export.barcode_lines import code_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("https://example.org/?a=1&b=2", "QRCode: https://example.org/?a=1&b=2"),
        ("BEGIN:VCARD\r\nN:Ann\nEND:VCARD", "QRCode: BEGIN:VCARD N:Ann END:VCARD"),
    ],
)
def test_a_code_is_one_line_of_its_format_and_content(text: str, line: str) -> None:
    assert code_line(Code(format="QRCode", text=text, box=Box(0, 0, 9, 9))) == line
