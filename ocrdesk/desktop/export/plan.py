"""What an export writes: which jobs, in which format, under which names. No Qt, no server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

DEFAULT_FORM = "pdf"
DEFAULT_PATTERN = "{name}"
FIELDS = ("name", "number", "date")
"""What a pattern may have in braces: the file's name without its ending, its place in the export, today."""
JOINABLE = ("text",)
"""The formats in which a paragraph's lines can be one."""
_FIELD = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_LONGEST_BYTES = 200


class PatternError(ValueError):
    """A name pattern has a field that there is not; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to export, and the name of its file."""

    job_id: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that a user chose."""

    form: str
    suffix: str
    folder: Path
    pattern: str = DEFAULT_PATTERN
    join_lines: bool = False
    omit_headers_footers: bool = False
    """Whether headers, footers and page numbers are left out."""
    replaces: bool = False
    """Whether files that are there already are written over; else a free name is taken."""


def completed(chosen: Export, folder: Path) -> Export:
    """The same into this folder, with its format's ending, and without choices that the format does not have."""
    from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS  # 20 ms, which nobody needs at the start

    suffixes = {str(form): found.suffix for form, found in FORMATS.items()}
    form = chosen.form if chosen.form in suffixes else DEFAULT_FORM
    return replace(
        chosen,
        form=form,
        suffix=suffixes[form],
        folder=folder,
        join_lines=chosen.join_lines and form in JOINABLE,
        omit_headers_footers=chosen.omit_headers_footers and form in CAN_OMIT_HEADERS_FOOTERS,
    )


def name_of(export: Export, file_name: str, number: int, today: date) -> str:
    """The file's name by the pattern, one that every system takes. `number` counts from 1. Raises PatternError."""
    values = {"name": _stem(file_name), "number": f"{number:03}", "date": today.isoformat()}

    def value(field: re.Match[str]) -> str:
        if field[1] not in values:
            raise PatternError(field[1])
        return values[field[1]]

    name = _FORBIDDEN.sub("_", _FIELD.sub(value, export.pattern)).strip(" .")
    while len(name.encode()) > _LONGEST_BYTES:
        name = name[:-1]
    if not name or _RESERVED.match(name):
        name = f"{name}_"
    return name + export.suffix


def paths_of(export: Export, wanted: Sequence[Wanted], today: date) -> list[Path]:
    """Where each job's file goes. No two are the same; those there are kept unless they may go. Raises PatternError."""
    taken: set[Path] = set()
    paths = []
    for number, one in enumerate(wanted, start=1):
        path = export.folder / name_of(export, one.file_name, number, today)
        free, again = path, 1
        while _folded(free) in taken or (free.exists() and not export.replaces):
            again += 1
            free = path.with_name(f"{path.name.removesuffix(export.suffix)}-{again}{export.suffix}")
        taken.add(_folded(free))
        paths.append(free)
    return paths


def _stem(file_name: str) -> str:
    return PurePath(file_name).stem or file_name


def _folded(path: Path) -> Path:
    """The path as systems see it that know no capital letters."""
    return path.with_name(path.name.casefold())
