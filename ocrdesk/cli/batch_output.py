"""Where results go: stdout, one file, or one file per input."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.cli.pdf_options import unused_options
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions
from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS

_JOINABLE = (ResultFormat.TEXT, ResultFormat.MD, ResultFormat.JSON)
"""The formats in which several results can share one stream."""


class OutputError(Exception):
    """The results cannot be written as requested; raised before anything is sent."""


@dataclass(frozen=True, slots=True)
class Output:
    """The format of the results, and the file or folder to write them to; stdout if `path` is None."""

    form: ResultFormat = ResultFormat.TEXT
    path: Path | None = None
    join_lines: bool = False
    omit_headers_footers: bool = False
    pdf: PdfOptions = PDF_DEFAULTS

    @classmethod
    def from_options(
        cls,
        form: str | None,
        path: Path | None,
        *,
        join_lines: bool,
        omit_headers_footers: bool,
        pdf: PdfOptions = PDF_DEFAULTS,
    ) -> Output:
        """Check the options of the command line; without a format, choose it by the file's name. Raises OutputError."""
        chosen = form or _format_by_name(path)
        if join_lines and chosen != ResultFormat.TEXT:
            raise OutputError(f"--join-lines applies to text, not to {chosen}")
        if omit_headers_footers and chosen not in CAN_OMIT_HEADERS_FOOTERS:
            able = ", ".join(CAN_OMIT_HEADERS_FOOTERS)
            raise OutputError(f"--omit-headers-footers applies to {able}, not to {chosen}")
        if pdf.changed and chosen != ResultFormat.PDF:
            raise OutputError(f"{unused_options(pdf)} applies to pdf, not to {chosen}")
        return cls(ResultFormat(chosen), path, join_lines, omit_headers_footers, pdf)

    @property
    def suffix(self) -> str:
        return FORMATS[self.form].suffix

    def check(self, files: list[Path]) -> None:
        """Check that the results of these files can be written; create the folder for several. Raises OutputError."""
        is_many = len(files) > 1
        if self.path is None:
            self._check_stdout(is_many=is_many)
        elif is_many or self.path.is_dir():
            self._create_folder(self.path)
        else:
            _check_writable(self.path)
            if self.form is not ResultFormat.PDF and any(_is_same(self.path, file) for file in files):
                raise OutputError(f"the output {self.path} is also the input file")

    def path_for(self, source: Path, *, is_many: bool) -> Path | None:
        """Return the file for the result of `source`; None for stdout."""
        if self.path is not None and (is_many or self.path.is_dir()):
            return _free_name(self.path / (source.name + self.suffix))
        return self.path

    def frame(self, source: Path, result: bytes, *, is_many: bool) -> bytes:
        """Return a result as written to stdout: JSON as one line, one of several texts below its file's name."""
        if self.form is ResultFormat.JSON:
            return result + b"\n"
        return f"==> {source} <==\n".encode() + result + b"\n" if is_many else result

    def _check_stdout(self, *, is_many: bool) -> None:
        if is_many and self.form not in _JOINABLE:
            raise OutputError(
                f"the {self.form} results of several files cannot share one stream; name a folder with -o DIR"
            )
        if FORMATS[self.form].is_made_in_worker and sys.stdout.isatty():
            raise OutputError(
                f"{self.form} cannot be shown in a terminal; name a file with -o FILE{self.suffix}, or redirect"
            )

    @staticmethod
    def _create_folder(path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=path).close()
        except FileExistsError:
            raise OutputError(f"the output {path} is not a folder; several files need one") from None
        except OSError as error:
            raise OutputError(f"the output {path} cannot be written: {error.strerror}") from None


def _format_by_name(path: Path | None) -> str:
    name = path.name.lower() if path and not path.is_dir() else ""
    fitting = [form for form, found in FORMATS.items() if name.endswith(found.suffix)]
    return str(max(fitting, key=lambda form: len(FORMATS[form].suffix), default=ResultFormat.TEXT))


def _check_writable(path: Path) -> None:
    """Raise OutputError if the file cannot be written; leave no empty file behind."""
    try:
        if path.exists():
            path.open("ab").close()
        else:
            probe = path.with_name(f".{path.name[:200]}.probe")
            probe.touch()
            probe.unlink()
    except OSError as error:
        raise OutputError(f"the output {path} cannot be written: {error.strerror}") from None


def _is_same(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return one.samefile(other)
    return False


def _free_name(path: Path) -> Path:
    """Return the path, or a free one beside it: two folders may contain files of the same name."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate
