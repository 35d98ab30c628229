"""New streams of a PDF, packed at once, so that a file of many pages takes little memory before it is saved."""

from __future__ import annotations

import zlib

import pikepdf
from pikepdf import Name, Stream


def packed_stream(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    """An indirect stream object of that content; `entries` go into its dictionary."""
    stream = Stream(pdf, zlib.compress(content, 9), **entries)
    stream.Filter = Name.FlateDecode
    return stream
