"""Opens a PDF that has a password."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from ocrdesk_worker.errors import wrong_password

_LONGEST = 127
"""In bytes: what comes after is no part of a PDF's password."""


def unlock(path: Path, password: str, out: Path) -> bytes | None:
    """Write a copy that opens without the password, and return the key that the file is encrypted with.

    Return None, and write nothing, if the file opens without one or is too damaged to tell; the renderer then says so.
    Raises ProcessingError if this is not the password.
    """
    try:
        pikepdf.open(path, suppress_warnings=True).close()
        return None
    except pikepdf.PasswordError:
        pass
    except pikepdf.PdfError:
        return None
    for candidate in _encoded(password):
        try:
            with pikepdf.open(path, password=candidate, suppress_warnings=True) as pdf:
                pdf.save(
                    out,
                    encryption=False,
                    compress_streams=False,
                    stream_decode_level=pikepdf.StreamDecodeLevel.none,
                    object_stream_mode=pikepdf.ObjectStreamMode.preserve,
                    fix_metadata_version=False,
                )
                return bytes(pdf.encryption.encryption_key)
        except pikepdf.PasswordError:
            continue
        except pikepdf.PdfError:
            return None
    raise wrong_password()


def _encoded(password: str) -> Iterator[bytes]:
    """Yield the bytes that a password can stand for: the encoding depends on the file's age and its writer."""
    seen = set()
    for text in (password, unicodedata.normalize("NFKC", password), unicodedata.normalize("NFC", password)):
        for encoding in ("utf-8", "pdfdoc", "latin-1"):
            try:
                encoded = text.encode(encoding)[:_LONGEST]
            except UnicodeEncodeError:
                continue
            if encoded not in seen:
                seen.add(encoded)
                yield encoded
