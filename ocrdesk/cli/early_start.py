"""Starts the local server for `ocrdesk ocr` before its arguments are parsed, for which a tenth of a second is loaded.

Only arguments that are certain to be right are understood here: others are left to the command, which begins later.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrdesk.local.server.attach import Beginning

COMMAND = "ocr"
FLAGS = frozenset(
    (
        *("--merge", "--in-place", "--force", "--skip-existing", "--join-lines", "--omit-headers-footers"),
        *("--without-furniture", "--quiet", "-q", "--attachments", "--no-rotate", "--deskew", "--pdfa", "--unlock"),
        *("--invalidate-signatures", "--ask-password"),
    )
)
WITH_VALUE = frozenset(
    (
        *("--format", "-f", "--output", "-o", "--pages", "--languages", "-l", "--engine", "--mode"),
        *("--data-dir", "--password", "--password-file"),
    )
)
"""The options of the command, without those that name another server."""
_DATA_DIR = "--data-dir"
_OTHER_SERVER = "OCRDESK_SERVER"


@dataclass(frozen=True, slots=True)
class _Early:
    files: list[str]
    data_dir: Path | None
    beginning: Beginning | None


_early: _Early | None = None


def begin_early(arguments: list[str]) -> None:
    """Start the server that a command line needs, if it is certain that it needs this machine's."""
    global _early
    if arguments[:1] != [COMMAND] or os.environ.get(_OTHER_SERVER):
        return
    if understood := _understood(arguments[1:]):
        _early = _Early(*understood, begin(*understood))


def begin(files: list[str], data_dir: Path | None) -> Beginning | None:
    """Start the local server, unless a file is missing: the call will then end with an error."""
    if not files or not all(name == "-" or os.path.lexists(name) for name in files):
        return None
    from ocrdesk.local.server import attach

    return attach.begin(data_dir)


def begun(files: list[str], data_dir: Path | None) -> Beginning | None:
    """Return the start of the server for these arguments, which may have begun already."""
    global _early
    early, _early = _early, None
    if early is None:
        return begin(files, data_dir)
    if (early.files, early.data_dir) == (files, data_dir):
        return early.beginning
    if early.beginning:
        early.beginning.users.release()
    return begin(files, data_dir)


def _understood(words: list[str]) -> tuple[list[str], Path | None] | None:
    """Return the files and the data folder; None if there is anything else than known options and files."""
    files: list[str] = []
    data_dir: Path | None = None
    left = iter(words)
    for word in left:
        name, is_joined, value = word.partition("=")
        if word == "--":
            files += left
        elif not word.startswith("-") or word == "-":
            files.append(word)
        elif word in WITH_VALUE and (following := next(left, None)) is not None:
            data_dir = Path(following) if word == _DATA_DIR else data_dir
        elif is_joined and name.startswith("--") and name in WITH_VALUE:
            data_dir = Path(value) if name == _DATA_DIR else data_dir
        elif word not in FLAGS:
            return None
    return files, data_dir
