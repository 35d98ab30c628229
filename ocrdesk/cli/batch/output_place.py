"""Checks that a file or a folder can be written before anything is read."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ocrdesk.cli.batch.output import OutputError
from ocrdesk.contract.file_names import printable_name


def check_folder(path: Path) -> None:
    """Create the folder if it is missing, and check that files can be written in it. Raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except FileExistsError:
        raise OutputError(f"the output {printable_name(path)} is not a folder; several files need one") from None
    except OSError as error:
        raise _not_writable(path, error) from None


def check_writable(path: Path) -> None:
    """Check that the file can be written or replaced; leave no file behind. Raises OutputError.

    Devices and pipes are not opened: a reader at the other end of a pipe would see its end.
    """
    try:
        if not path.exists():
            target = path.resolve()  # a link stays
            target.touch()
            target.unlink()
        elif path.is_file():
            path.open("ab").close()
            tempfile.TemporaryFile(dir=path.resolve().parent).close()  # it is replaced, not written to
    except OSError as error:
        raise _not_writable(path, error) from None


def _not_writable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"the output {printable_name(path)} cannot be written: {error.strerror}")
