"""Finds the supported files in a folder and its subfolders: by their suffix, or by their content."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ocrdesk.contract.media_types import SNIFF_BYTES, SUFFIXES, sniff

_SUFFIX = re.compile(r"\.[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*")
_LONGEST_SUFFIX = 6
_UNSPECIFIC = (".bin", ".dat", ".file", ".unknown")
"""Suffixes that mail and scanner programs give to files whose type they do not know."""


def walk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Yield each file below `folder` by name, and True; or a folder that cannot be opened, and False.

    Hidden files and folders are skipped, and so are links to folders, which may lead in circles, and what is no file.
    """
    waiting = [(folder, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            yield path, True
            continue
        try:
            with os.scandir(path) as entries:
                found = sorted(entries, key=lambda entry: (entry.name.casefold(), entry.name), reverse=True)
        except OSError:
            yield path, False
            continue
        for entry in found:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), True))
            elif _is_file(entry):
                waiting.append((Path(entry.path), False))


def has_supported_suffix(name: str) -> bool:
    """Return whether a file of this name is read by its suffix alone."""
    return name.lower().endswith(SUFFIXES)


def may_be_supported(name: str) -> bool:
    """Return whether only the content of a file of this name says what it is: its suffix is missing or no type."""
    suffix = os.path.splitext(name)[1]  # noqa: PTH122  # `Path.suffix` has another idea of names with dots and spaces
    is_type = len(suffix) <= _LONGEST_SUFFIX and _SUFFIX.fullmatch(suffix) and suffix.lower() not in _UNSPECIFIC
    return not is_type and not name.endswith("~")  # editors' backups


def has_supported_content(path: Path) -> bool:
    """Return whether the file begins as a supported type does. A file that cannot be read is not supported."""
    try:
        with path.open("rb") as file:
            head = file.read(SNIFF_BYTES)
    except OSError:
        return False
    found = sniff(head)
    return found is not None and (found.label != "PDF" or head.startswith(b"%PDF-"))


def is_supported(path: Path) -> bool:
    """Return whether a file in a folder is read: its suffix is that of a supported type, or else its content."""
    return has_supported_suffix(path.name) or (may_be_supported(path.name) and has_supported_content(path))


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False
