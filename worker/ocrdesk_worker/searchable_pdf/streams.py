"""Compressed streams.

They are compressed immediately, so that a file of many pages needs little memory before it is saved.
"""

from __future__ import annotations

import zlib

import pikepdf
from pikepdf import Name, Stream


def compressed_stream(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    """Return an indirect stream object with that content; `entries` are added to its dictionary."""
    stream = Stream(pdf, zlib.compress(content, 9), **entries)
    stream.Filter = Name.FlateDecode
    return stream
