"""Expands the FILE arguments: files, folders of files, pipes and standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from ocrdesk.contract.file_names import printable_name
from ocrdesk.local.file_tree import is_supported, walk

STDIN = "-"
STDIN_NAME = "stdin"


class InputError(Exception):
    """An argument cannot be an input; raised before anything is read."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read. `path` is None for standard input.

    `place` is the path of its result below an output folder, without the suffix of the format. `problem` says why it
    cannot be read, if that is known already. `is_found` says that it was found in a folder and not named itself.
    """

    path: Path | None
    place: PurePath
    problem: str | None = None
    is_found: bool = False

    @property
    def label(self) -> str:
        """The path as given, for messages."""
        return printable_name(self.path) if self.path is not None else STDIN_NAME

    @property
    def name(self) -> str:
        """The name alone, for messages."""
        return printable_name(self.path.name) if self.path is not None else STDIN_NAME


def is_folder_given(arguments: Sequence[str]) -> bool:
    return any(argument not in ("", STDIN) and Path(argument).is_dir() for argument in arguments)


def expand(arguments: Sequence[str], *, skip: Path | None = None, with_repeats: bool = False) -> list[Input]:
    """Return the inputs in the order given, those of a folder by name. Raises InputError.

    `skip` is the output folder, which is skipped where it is in an input folder. A file that is given twice, or also
    by its folder, is returned once, unless `with_repeats`.
    """
    if "" in arguments:
        raise InputError("a file has an empty name; check the variable it comes from")
    _check_stdin(arguments)
    inputs: list[Input] = []
    seen: set[str] = set()
    for argument in arguments:
        for file in _inputs_of(argument, is_only=len(arguments) == 1, skip=skip):
            key = directory_entry(file.path) if file.path is not None else STDIN
            if with_repeats or key not in seen:
                seen.add(key)
                inputs.append(file)
    return inputs


def _check_stdin(arguments: Sequence[str]) -> None:
    if STDIN not in arguments:
        return
    if list(arguments).count(STDIN) > 1:
        raise InputError("standard input can be read only once; name - once")
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("standard input is closed; pipe a file into ocrdesk, or name one")
    if sys.stdin.isatty():
        raise InputError("standard input is a terminal; pipe a file into ocrdesk, as in: ocrdesk ocr - < scan.pdf")


def _inputs_of(argument: str, *, is_only: bool, skip: Path | None) -> Iterator[Input]:
    if argument == STDIN:
        yield Input(None, PurePath(STDIN_NAME))
        return
    path = Path(argument)
    if not path.is_dir():
        yield Input(path, PurePath(path.name or "file"))
        return
    root = PurePath() if is_only else PurePath(path.resolve().name)
    number = 0
    for file in _in_folder(path, root, skip):
        number += 1
        yield file
    if number == 0:
        yield Input(path, PurePath(path.name), problem="this folder contains no supported files")


def _in_folder(folder: Path, root: PurePath, skip: Path | None) -> Iterator[Input]:
    skipped = _skipped_folder(folder, skip)
    for path, is_readable in walk(folder):
        if skipped is not None and path.is_relative_to(skipped):
            continue
        place = root / path.relative_to(folder)
        if not is_readable:
            yield Input(path, place, problem=_why_unreadable(path), is_found=True)
        elif is_supported(path):
            yield Input(path, place, is_found=True)


def _skipped_folder(folder: Path, skip: Path | None) -> Path | None:
    """Return the path of the output folder as `walk(folder)` yields it, if it is below the folder."""
    if skip is None:
        return None
    inner, outer = skip.resolve(), folder.resolve()
    return folder / inner.relative_to(outer) if outer in inner.parents else None


def _why_unreadable(folder: Path) -> str:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return "it cannot be read"


def directory_entry(path: Path) -> str:
    """Return what two paths have in common that lead to the same entry of the same folder. A link is an entry."""
    return os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118  # a name may be ".."
