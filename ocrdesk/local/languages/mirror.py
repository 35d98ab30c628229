"""A language mirror: a web folder of traineddata files with an index; making the index, and fetching by it.

The index is `index.json` in that folder: {"packs": [{"name", "file", "size", "sha256"}, …]}, `file` beside it.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, Field, ValidationError

from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.contract.error_messages import DescribedError, error_message
from ocrdesk.contract.languages import is_language_name
from ocrdesk.local.languages import traineddata
from ocrdesk.local.languages.traineddata import SUFFIX, InvalidTrainedDataError

INDEX_FILE = "index.json"
_INDEX_AT_MOST = 4 << 20
_PACK_AT_MOST = 2 << 30
_TRIES = 4
"""How often in a row a download may break off without getting further."""
_PAUSE_S = 0.5
_CHUNK = 1 << 16
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")

OnProgress = Callable[[int, int], None]
"""Told how many bytes there are so far, and of how many."""


class MirrorError(DescribedError):
    """The mirror cannot provide what was requested; the message says why and what to do."""


class MirrorUnavailableError(MirrorError):
    """The mirror cannot be reached, or the connection was lost: a retry may succeed."""


class InvalidMirrorError(MirrorError):
    """The address of the mirror is not valid."""


class Pack(BaseModel):
    """One language's data on a mirror."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
    size: Annotated[int, Field(gt=0, le=_PACK_AT_MOST)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Index(BaseModel):
    """What a mirror has."""

    packs: tuple[Pack, ...]


def make_index(folder: Path) -> tuple[Index, dict[str, str]]:
    """Writes the index of a folder's traineddata files; and, by name, the files that are left out and why.

    Raises OSError.
    """
    packs, left_out = [], {}
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        name = file.name.removesuffix(SUFFIX)
        if not is_language_name(name):
            continue
        try:
            traineddata.check(file)
        except InvalidTrainedDataError as error:
            left_out[file.name] = str(error)
        else:
            packs.append(Pack(name=name, file=file.name, size=file.stat().st_size, sha256=sha256(file)))
    index = Index(packs=tuple(packs))
    with atomic_write(folder / INDEX_FILE) as out:
        out.write(index.model_dump_json(indent=1).encode() + b"\n")
    return index, left_out


def sha256(file: Path) -> str:
    """The file's checksum, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Mirror:
    """One mirror, by the address of its folder."""

    def __init__(self, url: str) -> None:
        """Raises InvalidMirrorError."""
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            raise InvalidMirrorError(error_message("mirror_address_invalid", mirror=repr(_without_password(url))))
        self.url = url.rstrip("/")
        self.shown = _without_password(self.url)
        self._http = httpx.Client(
            timeout=httpx.Timeout(30, connect=10),
            follow_redirects=True,
            trust_env=host not in _LOCAL_HOSTS,
            headers={"Accept-Encoding": "identity"},  # sizes and ranges are of the file itself
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def index(self) -> Index:
        """What it has. Raises MirrorError."""
        with self._transport_errors(), self._http.stream("GET", f"{self.url}/{INDEX_FILE}") as answer:
            self._raise_for_status(answer, INDEX_FILE)
            data = bytearray()
            for chunk in answer.iter_bytes(_CHUNK):
                data += chunk
                if len(data) > _INDEX_AT_MOST:
                    raise MirrorError(error_message("mirror_index_too_large", mirror=self.shown))
        try:
            return Index.model_validate_json(bytes(data))
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"])) or "the whole"
            reason = f"{where}: {problem['msg']}"
            raise MirrorError(error_message("mirror_index_invalid", mirror=self.shown, reason=reason)) from None

    def fetch(self, pack: Pack, part: Path, on_progress: OnProgress) -> None:
        """Brings `part` to the whole pack, from where it is; it stays when that breaks off, to go on from.

        Raises MirrorError, or OSError when it cannot be written. What is not what the index says is deleted.
        """
        failures = 0
        while (have := _size(part)) != pack.size:
            try:
                self._fetch_rest(pack, part, have if have < pack.size else 0, on_progress)
            except MirrorUnavailableError:
                failures = 0 if _size(part) > have else failures + 1
                if failures >= _TRIES:
                    raise
                time.sleep(_PAUSE_S * 2 ** max(0, failures - 1))
        on_progress(pack.size, pack.size)
        if sha256(part) != pack.sha256:
            part.unlink()
            raise MirrorError(error_message("mirror_file_differs", mirror=self.shown, file=pack.file))

    def _fetch_rest(self, pack: Pack, part: Path, start: int, on_progress: OnProgress) -> None:
        ask = {"Range": f"bytes={start}-"} if start else {}
        url = f"{self.url}/{quote(pack.file)}"
        with self._transport_errors(), self._http.stream("GET", url, headers=ask) as answer:
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink(missing_ok=True)
                raise MirrorUnavailableError(error_message("mirror_cannot_resume", mirror=self.shown, file=pack.file))
            self._raise_for_status(answer, pack.file)
            goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT and _begins_at(answer, start)
            have = start if goes_on else 0
            with part.open("ab" if goes_on else "wb") as out:
                for chunk in answer.iter_raw():
                    have += len(chunk)
                    if have > pack.size:
                        break
                    out.write(chunk)
                    on_progress(have, pack.size)
        if have > pack.size:
            part.unlink(missing_ok=True)
            raise MirrorError(error_message("mirror_file_too_large", mirror=self.shown, file=pack.file))
        if have < pack.size:
            raise MirrorUnavailableError(
                error_message("mirror_interrupted", mirror=self.shown, file=pack.file, done=have, size=pack.size)
            )

    def _raise_for_status(self, answer: httpx.Response, file: str) -> None:
        if answer.status_code in (200, 206):
            return
        if answer.status_code >= 500 or answer.status_code in (408, 429):
            raise MirrorUnavailableError(error_message("mirror_status", mirror=self.shown, status=answer.status_code))
        raise MirrorError(
            error_message(
                "mirror_lacks_index" if file == INDEX_FILE else "mirror_lacks_file",
                mirror=self.shown,
                file=file,
                status=answer.status_code,
            )
        )

    @contextmanager
    def _transport_errors(self) -> Iterator[None]:
        try:
            yield
        except (httpx.TransportError, httpx.TooManyRedirects) as error:
            reason = str(error) or type(error).__name__
            raise MirrorUnavailableError(
                error_message("mirror_unreachable", mirror=self.shown, reason=reason)
            ) from None


def _begins_at(answer: httpx.Response, start: int) -> bool:
    return str(answer.headers.get("Content-Range", "")).startswith(f"bytes {start}-")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
