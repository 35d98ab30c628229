"""Plans where each result goes and refuses, before anything is sent, what would lose a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.cli.batch.file_checks import file_id, is_in_the_way, is_pdf, is_same_file
from ocrdesk.cli.batch.inputs import Input, directory_entry, expand, is_folder_given
from ocrdesk.cli.batch.output import JOINABLE, Existing, Output, OutputError, format_of, suffix_of
from ocrdesk.cli.batch.output_place import check_folder, check_writable
from ocrdesk.cli.batch.result_names import result_paths
from ocrdesk.contract.file_names import printable_name
from ocrdesk.export.formats import FORMATS


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """An input and the file for its result: None for stdout, and for a part of a merged PDF."""

    source: Input
    target: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run reads and writes. `skipped` counts inputs whose result exists. `merged` is one PDF of all."""

    files: tuple[PlannedFile, ...]
    is_many: bool
    skipped: int = 0
    merged: Path | None = None


def make_plan(arguments: Sequence[str], output: Output) -> Plan:
    """Return what to read and where the results go; create the output folder. Raises OutputError, InputError."""
    is_many = len(arguments) > 1 or is_folder_given(arguments)
    if output.in_place:
        return _plan_in_place(arguments, output)
    if output.merge:
        return _plan_merged(arguments, output)
    if output.path is None:
        inputs = expand(arguments)
        _check_stdout(output, is_many=len(inputs) > 1)
        return Plan(tuple(PlannedFile(file) for file in inputs), is_many=len(inputs) > 1)
    if output.is_folder or is_many:
        return _plan_folder(arguments, output, output.path, is_many=is_many)
    return _plan_file(arguments, output, output.path)


def _plan_file(arguments: Sequence[str], output: Output, path: Path) -> Plan:
    inputs = expand(arguments)
    if any(is_same_file(path, file.path) for file in inputs):
        raise OutputError(_would_replace_source(path))
    check_writable(path)
    if not is_in_the_way(path) or output.existing is Existing.REPLACE:
        return Plan((PlannedFile(inputs[0], path),), is_many=False)
    if output.existing is Existing.SKIP:
        return Plan((), is_many=False, skipped=1)
    raise OutputError(_exists(path))


def _plan_folder(arguments: Sequence[str], output: Output, folder: Path, *, is_many: bool) -> Plan:
    if not output.is_folder and suffix_of(folder):
        _refuse_file_for_many(output, folder)
    inputs = expand(arguments, skip=folder)
    readable = [file for file in inputs if file.problem is None]
    targets = dict(zip(readable, result_paths(readable, folder, output.suffix), strict=True))
    planned = [PlannedFile(file, targets.get(file)) for file in _without_results(inputs, targets)]
    _check_sources_stay(planned)
    existing = [file.target for file in planned if file.target is not None and is_in_the_way(file.target)]
    if existing and output.existing is Existing.REFUSE:
        raise OutputError(_exist(existing, len(planned)))
    check_folder(folder)
    skipped = set(existing) if output.existing is Existing.SKIP else set()
    files = tuple(file for file in planned if file.target not in skipped)
    return Plan(files, is_many=is_many or len(planned) > 1, skipped=len(skipped))


def _without_results(inputs: Sequence[Input], targets: dict[Input, Path]) -> list[Input]:
    """Return the inputs without those found in a folder that an earlier run has written there for other inputs."""
    sources = {directory_entry(path): source for source, path in targets.items()}

    def is_result(file: Input) -> bool:
        return file.is_found and file.path is not None and sources.get(directory_entry(file.path), file) != file

    return [file for file in inputs if not is_result(file)]


def _plan_merged(arguments: Sequence[str], output: Output) -> Plan:
    inputs = expand(arguments, with_repeats=True)
    path = output.path
    if path is None:
        _check_stdout(output, is_many=False)
        return Plan(tuple(PlannedFile(file) for file in inputs), is_many=len(inputs) > 1)
    if output.is_folder:
        raise OutputError(f"{printable_name(path)} is a folder; name the one file of --merge with -o FILE.pdf")
    inputs = [file for file in inputs if not (file.is_found and is_same_file(path, file.path))]
    if any(is_same_file(path, file.path) for file in inputs):
        raise OutputError(f"the output {printable_name(path)} is also one of the inputs; name another file")
    check_writable(path)
    if is_in_the_way(path) and output.existing is not Existing.REPLACE:
        if output.existing is Existing.SKIP:
            return Plan((), is_many=False, skipped=len(inputs))
        raise OutputError(_exists(path))
    return Plan(tuple(PlannedFile(file) for file in inputs), is_many=len(inputs) > 1, merged=path)


def _plan_in_place(arguments: Sequence[str], output: Output) -> Plan:
    inputs = expand(arguments)
    if output.path is not None and not (len(inputs) == 1 and is_same_file(output.path, inputs[0].path)):
        raise OutputError("--in-place replaces each input by its result; leave out -o")
    inputs = [
        file for file in inputs if not file.is_found or file.problem is not None or (file.path and is_pdf(file.path))
    ]
    if not inputs:
        raise OutputError("--in-place replaces PDFs, and there are none in these folders")
    for file in inputs:
        if file.problem is None and (file.path is None or (file.path.is_file() and not is_pdf(file.path))):
            raise OutputError(f"--in-place replaces PDFs only, and {file.label} is none; name an output with -o")
        if file.path is not None and file.path.is_file():
            check_writable(file.path)
    return Plan(tuple(PlannedFile(file, file.path) for file in inputs), is_many=len(inputs) > 1)


def _check_stdout(output: Output, *, is_many: bool) -> None:
    if sys.stdout is None:
        raise OutputError("standard output is closed; name a file with -o")
    if is_many and output.form not in JOINABLE:
        merge = ", or join them in one file with --merge" if FORMATS[output.form].suffix == ".pdf" else ""
        raise OutputError(
            f"the {output.form} results of several files cannot share one stream; name a folder with -o DIR/{merge}"
        )
    if FORMATS[output.form].is_made_in_worker and sys.stdout.isatty():
        raise OutputError(
            f"{output.form} cannot be shown in a terminal; name a file with -o FILE{output.suffix}, or redirect"
        )


def _refuse_file_for_many(output: Output, path: Path) -> None:
    name = printable_name(path)
    start = f"several files cannot become the one file {name}"
    if format_of(path) is not None and output.suffix == ".pdf":
        raise OutputError(f"{start}; add --merge to join them in one PDF, or name a folder with -o {path.stem}/")
    raise OutputError(f"{start}; name a folder with -o {path.stem}/. Only searchable PDFs can be joined: see --merge")


def _check_sources_stay(planned: Sequence[PlannedFile]) -> None:
    """Raise OutputError if a result would replace an input."""
    entries = {entry for file in planned if (entry := file_id(file.source.path)) is not None}
    for file in planned:
        if file.target is not None and file_id(file.target) in entries:
            raise OutputError(_would_replace_source(file.target))


def _would_replace_source(path: Path) -> str:
    return (
        f"the output {printable_name(path)} is also an input; name another output, "
        "or add --in-place to replace a PDF by its searchable PDF"
    )


def _exists(path: Path) -> str:
    return f"the output {printable_name(path)} exists; add --force to replace it, or --skip-existing to keep it"


def _exist(paths: Sequence[Path], total: int) -> str:
    if total == 1:
        return _exists(paths[0])
    start = f"{len(paths)} of {total} results exist, for example {printable_name(paths[0])}"
    return f"{start}; add --skip-existing to leave their files out, or --force to replace them"
