"""A file to upload, readable again for each attempt."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeAlias, cast

from ocrdesk.contract.file_names import sent_name

OnSent = Callable[[int, int], None]
"""Called with the bytes sent so far and the total."""
File: TypeAlias = Path | str | bytes | IO[bytes]

_IN_MEMORY_BYTES = 8 << 20
_UNNAMED = "file"
"""The name of a file whose own name has nothing that can be sent."""


@contextlib.contextmanager
def open_upload(file: File, name: str | None) -> Iterator[UploadSource]:
    """Yield the file, ready to be sent any number of times. Raises OSError, and ValueError for bytes without a name."""
    if isinstance(file, str | Path):
        path = Path(file)
        name = name or path.name
        if path.exists() and not path.is_file():
            with path.open("rb") as pipe, _seekable(pipe) as source:  # a folder raises OSError
                yield UploadSource(name, lambda: contextlib.nullcontext(source))
        else:
            yield UploadSource(name, lambda: path.open("rb"))
    elif isinstance(file, bytes | bytearray | memoryview):
        yield UploadSource(name or _no_name(), lambda: io.BytesIO(file))
    elif isinstance(file, io.TextIOBase):
        raise ValueError("this file was opened as text: open it in binary mode, as open(path, 'rb') does")
    else:
        name = name or _name_of(file)
        with _seekable(file) as source:
            yield UploadSource(name, lambda: contextlib.nullcontext(source))


class UploadSource:
    """A named file that can be opened again for each attempt. Its name is valid Unicode on one line."""

    def __init__(self, name: str, open_file: Callable[[], contextlib.AbstractContextManager[IO[bytes]]]) -> None:
        self.name = sent_name(name) or _UNNAMED
        self._open_file = open_file

    @contextlib.contextmanager
    def open(self, on_sent: OnSent | None) -> Iterator[IO[bytes]]:
        """Yield the bytes from their start."""
        with self._open_file() as source:
            size = source.seek(0, os.SEEK_END)
            source.seek(0)
            yield cast(IO[bytes], _CountedFile(source, size, on_sent)) if on_sent else source


class _CountedFile:
    """A file that reports how much of it was read. httpx2 finds its size by seeking."""

    def __init__(self, file: IO[bytes], size: int, on_sent: OnSent) -> None:
        self._file, self._size, self._on_sent = file, size, on_sent
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sent += len(data)
        self._on_sent(self._sent, self._size)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(65_536):
            yield data


@contextlib.contextmanager
def _seekable(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the file itself, or, for a pipe, a copy of its content."""
    if file.seekable():
        yield file
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as spooled:
        shutil.copyfileobj(file, spooled)
        yield cast(IO[bytes], spooled)


def _name_of(file: IO[bytes]) -> str:
    name = getattr(file, "name", None)
    if isinstance(name, bytes):  # as open(b"...") leaves it
        name = os.fsdecode(name)
    return Path(name).name if isinstance(name, str) and name[:1] != "<" else _no_name()


def _no_name() -> str:
    raise ValueError("these bytes need a name, as name='scan.pdf': the job is listed under it")
