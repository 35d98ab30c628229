"""Writes the result of each file: to stdout, to a file of its own, or into one PDF of all."""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from ocrdesk.cli.batch.inputs import Input
from ocrdesk.cli.batch.merge import merge_pdfs
from ocrdesk.cli.batch.output import Output
from ocrdesk.cli.batch.parts_folder import parts_folder
from ocrdesk.cli.batch.plan import Plan, PlannedFile
from ocrdesk.client import Client
from ocrdesk.contract.jobs import ResultFormat

_TEXTS = (ResultFormat.TEXT, ResultFormat.MD)


class ResultWriter:
    """Use it in a `with` block: the parts of a merged PDF are temporary files."""

    def __init__(self, client: Client, output: Output, plan: Plan) -> None:
        self._client, self._output, self._plan = client, output, plan
        self._parts: list[tuple[Path, str]] = []
        self._opened = contextlib.ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        if self._output.merge:
            self._folder = self._opened.enter_context(parts_folder())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._opened.close()

    def write(self, file: PlannedFile, job_id: str) -> bool:
        """Write a finished job's result, completely or not at all. Raises OSError, ClientError.

        Return False if it is a text without a word.
        """
        output = self._output
        choices = {"join_lines": output.join_lines, "omit_headers_footers": output.omit_headers_footers}
        if self._folder is not None:
            part = self._folder / f"{len(self._parts)}{output.suffix}"
            self._client.save(job_id, output.form, part, pdf=output.pdf, **choices)
            self._parts.append((part, file.source.name))
        elif file.target is not None:
            file.target.parent.mkdir(parents=True, exist_ok=True)
            self._client.save(job_id, output.form, file.target, pdf=output.pdf, **choices)
            return output.form not in _TEXTS or _has_word(file.target)
        else:
            result = self._client.export(job_id, output.form, pdf=output.pdf, **choices)
            sys.stdout.buffer.write(self._framed(file.source, result))
            sys.stdout.buffer.flush()
            return output.form not in _TEXTS or bool(result.strip())
        return True

    def merge(self) -> None:
        """Write the one PDF of all results. Raises MergeError, OSError."""
        if self._folder is None or not self._parts:
            return
        pdfa = self._output.pdf.pdfa
        if self._plan.merged is not None:
            merge_pdfs(self._parts, self._plan.merged, pdfa=pdfa)
            return
        merged = self._folder / "merged.pdf"
        merge_pdfs(self._parts, merged, pdfa=pdfa)
        with merged.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    def _framed(self, source: Input, result: bytes) -> bytes:
        """Return a result as written to stdout: JSON as one line, one of several texts below its file's name."""
        if self._output.form is ResultFormat.JSON:
            return result + b"\n"
        return f"==> {source.label} <==\n".encode() + result + b"\n" if self._plan.is_many else result


def _has_word(file: Path) -> bool:
    """Return whether a file has anything but white space."""
    with file.open("rb") as opened:
        return any(part.strip() for part in iter(lambda: opened.read(1 << 16), b""))
