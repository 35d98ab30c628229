"""Opens a PDF that has a password."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf

from ocrdesk_worker.errors import wrong_password

_CURRENT: Final = 6
"""The revision of PDF 2.0's encryption, AES with 256 bits."""
_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
"""Fills passwords up in older files (ISO 32000-1, 7.6.3.3)."""
_LONGEST = 127
"""In bytes: what comes after is no part of a PDF's password."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A copy of a PDF that opens without a password, and the protected file with the key that it is encrypted with.

    The protected file is the original, or, if its encryption is older than PDF 2.0's, one with that: the older ones
    cannot be kept without the password.
    """

    copy: Path
    protected: Path
    key: bytes


def unlock(path: Path, password: str, folder: Path) -> Unlocked | None:
    """Write a copy that opens without the password to `folder`.

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
                return _unlocked(pdf, path, candidate, folder)
        except pikepdf.PasswordError:
            continue
        except pikepdf.PdfError:
            return None
    raise wrong_password()


def _unlocked(pdf: pikepdf.Pdf, path: Path, password: bytes, folder: Path) -> Unlocked:
    copy = folder / "unlocked.pdf"
    pdf.save(
        copy,
        encryption=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        fix_metadata_version=False,
    )
    if pdf.encryption.R >= _CURRENT:
        return Unlocked(copy, path, bytes(pdf.encryption.encryption_key))
    protected = folder / "protected.pdf"
    user, owner = _passwords(pdf, password)
    pdf.save(
        protected,
        encryption=pikepdf.Encryption(user=user, owner=owner, R=_CURRENT, allow=pdf.allow),
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
    )
    with pikepdf.open(protected, password=user) as again:
        return Unlocked(copy, protected, bytes(again.encryption.encryption_key))


def _passwords(pdf: pikepdf.Pdf, given: bytes) -> tuple[str, str]:
    """Return the user's and the owner's password of a file with an old encryption.

    The owner's password cannot be found from the user's, so nobody then has one.
    """
    text = given.decode("utf-8") if _is_utf8(given) else given.decode("pdfdoc")
    if not pdf.owner_password_matched:
        return text, secrets.token_urlsafe(24)
    padded = bytes(pdf.encryption.user_password)
    user = padded.removesuffix(_PADDING)
    for length in range(len(_PADDING), 0, -1):
        if padded.endswith(_PADDING[:length]) and len(padded) == len(_PADDING):
            user = padded[:-length]
            break
    return (user.decode("utf-8") if _is_utf8(user) else user.decode("pdfdoc")), text


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
