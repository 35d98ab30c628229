"""Joins searchable PDFs into one, with a bookmark for each file. PDF/A files become one PDF/A file."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

from ocrdesk.cli.batch.merged_pdfa import join_pdfa
from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.installation import missing, this_installation


class MergeError(Exception):
    """The PDFs cannot be joined; the message says why."""


def check_can_merge() -> None:
    """Raise MergeError if the package that joins PDFs is not installed, as where only the client is."""
    if missing(("pikepdf",)):
        raise MergeError(f"--merge needs pikepdf, which is not installed. Get it with: {_remedy()}")


def merge_pdfs(parts: Sequence[tuple[Path, str]], target: Path, *, pdfa: bool = False) -> None:
    """Write the pages of all PDFs, given with the titles of their bookmarks, to one file: completely or not at all.

    The result says that it is PDF/A if all parts do and have the same colours; with `pdfa` it must. Raises MergeError,
    OSError.
    """
    import pikepdf

    with contextlib.ExitStack() as opened, pikepdf.new() as merged:
        bookmarks: list[pikepdf.OutlineItem] = []
        opened_parts: list[tuple[pikepdf.Pdf, str]] = []
        for path, title in parts:
            try:
                part = opened.enter_context(pikepdf.open(path))
            except (pikepdf.PdfError, pikepdf.PasswordError) as error:
                raise MergeError(f"{title} cannot be joined: {error}") from None
            if part.is_encrypted:
                raise MergeError(f"{title} has restrictions, which a joined PDF cannot keep; recognise it by itself")
            opened_parts.append((part, title))
            bookmarks.append(pikepdf.OutlineItem(title, len(merged.pages)))
            merged.pages.extend(part.pages)
        with merged.open_outline() as outline:
            outline.root.extend(bookmarks)
        obstacle = join_pdfa(merged, opened_parts)
        if pdfa and obstacle is not None:
            raise MergeError(f"it cannot be PDF/A, because {obstacle}; join the files without --pdfa")
        with atomic_write(target) as file:
            merged.save(cast(BinaryIO, file), object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _remedy() -> str:
    return this_installation().fix_missing("pikepdf")
