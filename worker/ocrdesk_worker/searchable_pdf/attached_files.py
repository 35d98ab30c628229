"""Appends the pages of a PDF's attached files to its own."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pikepdf
from PIL import Image

from ocrdesk.contract.media_types import SNIFF_BYTES, MediaType, sniff
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render.pdf_features import attachments_of
from ocrdesk_worker.searchable_pdf.image_pdf import write_image_pdf

_MARK = "/OcrdeskAttachmentsAppended"
"""An entry of the catalog: a file that has it is not extended again."""


def append_attachments(pdf: pikepdf.Pdf, folder: Path, closing: contextlib.ExitStack) -> bool:
    """Append the pages of attached PDFs and images, by name. Return False if that was done before.

    Files of other types, locked and damaged ones are left out; `unreadable_attachments` names them. `folder` is for
    temporary files. What `closing` closes is needed until the PDF is saved.
    """
    if _MARK in pdf.Root:
        return False
    unread = []
    for name, content in attachments_of(pdf):
        attached = _opened(content, folder, closing)
        if attached is None:
            unread.append(name)
        else:
            pdf.pages.extend(attached.pages)
    pdf.Root[_MARK] = pikepdf.Array([pikepdf.String(name) for name in unread])
    return True


def unreadable_attachments(pdf: pikepdf.Pdf) -> tuple[str, ...] | None:
    """Return the names of attached files whose pages could not be appended; None if none were appended yet."""
    found = pdf.Root.get(_MARK)
    return tuple(map(str, found)) if isinstance(found, pikepdf.Array) else None


def _opened(content: bytes, folder: Path, closing: contextlib.ExitStack) -> pikepdf.Pdf | None:
    media = sniff(content[:SNIFF_BYTES])
    if media is None:
        return None
    try:
        if media is MediaType.PDF:
            return closing.enter_context(pikepdf.open(io.BytesIO(content), suppress_warnings=True))
        image, made = folder / "attached", folder / "attached.pdf"
        image.write_bytes(content)
        write_image_pdf(image, media, made)
        return closing.enter_context(pikepdf.open(io.BytesIO(made.read_bytes())))
    except (pikepdf.PdfError, pikepdf.PasswordError, ProcessingError, Image.DecompressionBombError, OSError):
        return None
