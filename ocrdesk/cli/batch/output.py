"""The options of the output: its format, its place, and what happens to a result that exists."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ocrdesk.cli.pdf_options import unused_options
from ocrdesk.contract.file_names import printable_name
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions
from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS

STDOUT = "-"
JOINABLE = (ResultFormat.TEXT, ResultFormat.MD, ResultFormat.JSON)
"""The formats in which several results can share one stream."""
_SUFFIX = re.compile(r"\.[^.\s]*[^\W\d][^.\s]*")
"""A suffix has a letter: `notes.2026` is a name."""


class OutputError(Exception):
    """The results cannot be written as requested; raised before anything is sent."""


class Existing(Enum):
    """What happens if a result's file exists and is not empty."""

    REFUSE = "refuse"
    REPLACE = "replace"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Output:
    """The format of the results, and the file or folder to write them to; stdout if `path` is None.

    `is_folder`: the name ends with a slash. `merge`: one PDF of all inputs. `in_place`: each PDF replaces its source.
    """

    form: ResultFormat = ResultFormat.TEXT
    path: Path | None = None
    is_folder: bool = False
    join_lines: bool = False
    omit_headers_footers: bool = False
    merge: bool = False
    in_place: bool = False
    existing: Existing = Existing.REFUSE
    pdf: PdfOptions = PDF_DEFAULTS

    @classmethod
    def from_options(
        cls,
        form: str | None,
        out: str | None,
        *,
        join_lines: bool = False,
        omit_headers_footers: bool = False,
        merge: bool = False,
        in_place: bool = False,
        force: bool = False,
        skip_existing: bool = False,
        pdf: PdfOptions = PDF_DEFAULTS,
    ) -> Output:
        """Check the options of the command line; without a format, choose it by the file's name. Raises OutputError."""
        if out == "":
            raise OutputError("-o needs the name of a file or folder, but got an empty one")
        path = None if out in (None, STDOUT) else Path(str(out))
        is_folder = path is not None and (str(out).endswith(_separators()) or path.is_dir())
        default = ResultFormat.PDF if merge or in_place else ResultFormat.TEXT
        chosen = form or _format_by_name(None if is_folder else path, default)
        if join_lines and chosen != ResultFormat.TEXT:
            raise OutputError(f"--join-lines applies to text, not to {chosen}")
        if omit_headers_footers and chosen not in CAN_OMIT_HEADERS_FOOTERS:
            able = ", ".join(CAN_OMIT_HEADERS_FOOTERS)
            raise OutputError(f"--omit-headers-footers applies to {able}, not to {chosen}")
        if force and skip_existing:
            raise OutputError("--force and --skip-existing exclude each other")
        if (force or skip_existing) and path is None:
            raise OutputError(
                f"--{'force' if force else 'skip-existing'} is about files; name a file or folder with -o"
            )
        existing = Existing.REPLACE if force else Existing.SKIP if skip_existing else Existing.REFUSE
        kept = (join_lines, omit_headers_footers, merge, in_place)
        output = cls(ResultFormat(chosen), path, is_folder, *kept, existing, pdf)
        output._check_pdf_options()
        return output

    @property
    def suffix(self) -> str:
        return FORMATS[self.form].suffix

    def _check_pdf_options(self) -> None:
        if self.merge and self.in_place:
            raise OutputError("--merge and --in-place exclude each other")
        if self.form is ResultFormat.PDF:
            return
        if self.pdf.changed:
            raise OutputError(f"{unused_options(self.pdf)} applies to pdf, not to {self.form}")
        if self.merge:
            raise OutputError(
                f"--merge makes one searchable PDF, not {self.form}; name it with -o FILE.pdf. "
                f"Results as {', '.join(JOINABLE)} are joined on stdout, as in: ocrdesk ocr a.png b.png > all.txt"
            )
        if self.in_place:
            raise OutputError(f"--in-place replaces PDFs by searchable PDFs, not by {self.form}")


def suffix_of(path: Path) -> str:
    """Return the suffix of a name, or nothing if what follows its last dot is no suffix, as in `notes.2026`."""
    return path.suffix if _SUFFIX.fullmatch(path.suffix) else ""


def known_suffixes() -> str:
    """Return the suffixes of all formats, for messages."""
    return ", ".join(sorted(found.suffix for found in FORMATS.values()))


def format_of(path: Path) -> ResultFormat | None:
    """Return the format that a file's suffix names."""
    fitting = [form for form, found in FORMATS.items() if path.name.lower().endswith(found.suffix)]
    return max(fitting, key=lambda form: len(FORMATS[form].suffix), default=None)


def _format_by_name(path: Path | None, default: ResultFormat) -> ResultFormat:
    if path is None:
        return default
    if (form := format_of(path)) is not None:
        return form
    if suffix := suffix_of(path):
        raise OutputError(
            f"{suffix} is not a supported suffix for the output {printable_name(path)}; use one of {known_suffixes()}. "
            "For a file of any name, choose the format with -f; for a folder, end its name with a slash"
        )
    return default


def _separators() -> tuple[str, ...]:
    return (os.sep, os.altsep) if os.altsep else (os.sep,)
