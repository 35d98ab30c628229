"""Which files an export writes; no Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions

PDF_FORM = "pdf"
DEFAULT_FORM = PDF_FORM
DEFAULT_PATTERN = "{name}"
FIELDS = ("name", "number", "date")
"""The fields of a pattern: the file's name without suffix, its number in the export, today's date."""
JOINABLE = ("text",)
"""The formats that can join a paragraph's lines."""
_FIELD = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_LONGEST_BYTES = 200


class PatternError(ValueError):
    """A name pattern has an unknown field; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class ExportJob:
    """A job to export, and the name of its file."""

    job_id: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Export:
    """The user's choices for an export."""

    form: str
    suffix: str
    folder: Path
    pattern: str = DEFAULT_PATTERN
    join_lines: bool = False
    omit_headers_footers: bool = False
    """Whether headers, footers and page numbers are omitted."""
    replaces: bool = False
    """Whether existing files are replaced; otherwise new files get a number."""
    pdf: PdfOptions = PDF_DEFAULTS


def prepare_export(chosen: Export, folder: Path) -> Export:
    """Return the choices for this folder, with the format's suffix and without options that the format lacks."""
    from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS  # takes 20 ms: not at the start

    suffixes = {str(form): found.suffix for form, found in FORMATS.items()}
    form = chosen.form if chosen.form in suffixes else DEFAULT_FORM
    return replace(
        chosen,
        form=form,
        suffix=suffixes[form],
        folder=folder,
        join_lines=chosen.join_lines and form in JOINABLE,
        omit_headers_footers=chosen.omit_headers_footers and form in CAN_OMIT_HEADERS_FOOTERS,
        pdf=chosen.pdf if form == PDF_FORM else PDF_DEFAULTS,
    )


def export_file_name(export: Export, file_name: str, number: int, today: date) -> str:
    """Return a file name from the pattern that is valid on every system. `number` starts at 1. Raises PatternError."""
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


def export_paths(export: Export, jobs: Sequence[ExportJob], today: date) -> list[Path]:
    """Return a distinct path for each job. Keep existing files unless `export` replaces them. Raises PatternError."""
    taken: set[Path] = set()
    paths = []
    for number, job in enumerate(jobs, start=1):
        path = export.folder / export_file_name(export, job.file_name, number, today)
        free, count = path, 1
        while _folded(free) in taken or (free.exists() and not export.replaces):
            count += 1
            free = path.with_name(f"{path.name.removesuffix(export.suffix)}-{count}{export.suffix}")
        taken.add(_folded(free))
        paths.append(free)
    return paths


def _stem(file_name: str) -> str:
    return PurePath(file_name).stem or file_name


def _folded(path: Path) -> Path:
    """Return the path as file systems compare it that ignore case."""
    return path.with_name(path.name.casefold())
