"""Compressed streams."""

from __future__ import annotations

import pikepdf
from pikepdf import Name

from ocrdesk_worker.searchable_pdf.streams import compressed_stream


def test_content_is_compressed_and_restored() -> None:
    content = b"BT ET\n" * 1000
    pdf = pikepdf.new()
    stream = compressed_stream(pdf, content, Length1=7)
    assert stream.is_indirect
    assert len(stream.read_raw_bytes()) < len(content) / 10
    assert stream.read_bytes() == content
    assert (stream.Filter, stream.Length1) == (Name.FlateDecode, 7)
