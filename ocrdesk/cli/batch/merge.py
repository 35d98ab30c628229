"""Joins searchable PDFs into one, with a bookmark for each file."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.installation import missing, this_installation


class MergeError(Exception):
    """The PDFs cannot be joined; the message says why."""


def check_can_merge() -> None:
    """Raise MergeError if the package that joins PDFs is not installed, as where only the client is."""
    if missing(("pikepdf",)):
        raise MergeError(f"--merge needs pikepdf, which is not installed. Get it with: {_remedy()}")


def merge_pdfs(parts: Sequence[tuple[Path, str]], target: Path) -> None:
    """Write the pages of all PDFs, given with the titles of their bookmarks, to one file: completely or not at all.

    Raises MergeError, OSError.
    """
    import pikepdf

    with contextlib.ExitStack() as opened, pikepdf.new() as merged:
        bookmarks: list[pikepdf.OutlineItem] = []
        for path, title in parts:
            try:
                part = opened.enter_context(pikepdf.open(path))
            except (pikepdf.PdfError, pikepdf.PasswordError) as error:
                raise MergeError(f"{title} cannot be joined: {error}") from None
            if part.is_encrypted:
                raise MergeError(f"{title} has restrictions, which a joined PDF cannot keep; recognise it by itself")
            bookmarks.append(pikepdf.OutlineItem(title, len(merged.pages)))
            merged.pages.extend(part.pages)
        with merged.open_outline() as outline:
            outline.root.extend(bookmarks)
        with atomic_write(target) as file:
            merged.save(cast(BinaryIO, file), object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _remedy() -> str:
    return this_installation().fix_missing("pikepdf")
