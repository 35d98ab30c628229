"""Makes PDFs that are encrypted, by every method in use."""

from __future__ import annotations

import io
from typing import Literal, cast

import pikepdf

METHODS: dict[str, tuple[int, bool]] = {
    "40-bit RC4": (2, False),
    "128-bit RC4": (3, False),
    "128-bit AES": (4, True),
    "256-bit AES": (6, True),
}
"""The standard handler's revision, and whether it uses AES, by name."""

NO_COPYING = pikepdf.Permissions(extract=False, modify_other=False, modify_annotation=False, print_highres=False)


def locked_pdf(content: bytes, method: str, *, user: str = "", owner: str = "owner") -> bytes:
    """Return the PDF encrypted; it opens without a password unless `user` is given."""
    revision, is_aes = METHODS[method]
    encryption = pikepdf.Encryption(
        user=user,
        owner=owner,
        R=cast(Literal[2, 3, 4, 5, 6], revision),
        aes=is_aes,
        metadata=is_aes,
        allow=NO_COPYING,
    )
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(buffer, encryption=encryption)
    return buffer.getvalue()


def opened(content: bytes, password: str = "") -> pikepdf.Pdf:
    """Open the PDF. Raises PasswordError."""
    return pikepdf.open(io.BytesIO(content), password=password)
