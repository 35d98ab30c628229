"""Opens a PDF for a change and saves it with the protection that it had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf

from ocrdesk.contract.pdf_options import PdfOptions


@dataclass(frozen=True, slots=True)
class LockedOriginal:
    """A PDF that opens only with a password, and the key that it is encrypted with."""

    path: Path
    key: bytes


def open_pdf(source: Path, original: LockedOriginal | None, options: PdfOptions) -> pikepdf.Pdf:
    """Open the PDF with its protection; without, if it has none to keep. Raises PasswordError, PdfError."""
    if original is None or options.unlock:
        return pikepdf.open(source, suppress_warnings=True)
    return pikepdf.open(original.path, password=original.key.hex(), hex_password=True, suppress_warnings=True)


def save_pdf(pdf: pikepdf.Pdf, out: Path, options: PdfOptions) -> None:
    """Save without changing any stream. A file with a password or restrictions keeps them unless it is unlocked."""
    if pdf.is_encrypted and not options.unlock:
        # An encrypted file has random parts, so its id need not be reproducible; qpdf then chooses the other options.
        pdf.save(
            out,
            encryption=True,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            linearize=pdf.is_linearized,
            fix_metadata_version=False,
        )
        return
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        linearize=pdf.is_linearized,
        fix_metadata_version=False,
        encryption=False,
        deterministic_id=True,
        force_version="1.7" if options.pdfa else "",
    )
