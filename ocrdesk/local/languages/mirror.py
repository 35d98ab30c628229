"""Downloads from a language mirror; builds its index.

A mirror is a web folder of traineddata files. Its index is `index.json`:
{"packs": [{"name", "file", "size", "sha256"}, …]}.
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

import httpx2
from pydantic import BaseModel, Field, ValidationError

from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.client.tls import tls_context
from ocrdesk.contract.error_messages import DescribedError, error_message
from ocrdesk.contract.languages import is_language_name
from ocrdesk.local.languages import traineddata
from ocrdesk.local.languages.traineddata import SUFFIX, InvalidTrainedDataError

INDEX_FILE = "index.json"
_MAX_INDEX_BYTES = 4 << 20
_MAX_PACK_BYTES = 2 << 30
_MAX_ATTEMPTS = 4
"""Failures in a row without progress after which a download is abandoned."""
_PAUSE_S = 0.5
_CHUNK_BYTES = 1 << 16
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")

OnProgress = Callable[[int, int], None]
"""Called with the bytes downloaded so far and the total."""


class MirrorError(DescribedError):
    """The mirror does not provide what was requested; the message says why and what to do."""


class MirrorUnavailableError(MirrorError):
    """The mirror cannot be reached or the connection broke; trying again may help."""


class InvalidMirrorError(MirrorError):
    """The mirror's address is not valid."""


class Pack(BaseModel):
    """One language's data on a mirror."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
    size: Annotated[int, Field(gt=0, le=_MAX_PACK_BYTES)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Index(BaseModel):
    """The languages on a mirror."""

    packs: tuple[Pack, ...]


def make_index(folder: Path) -> tuple[Index, dict[str, str]]:
    """Write the index of a folder's traineddata files. Return it, and the excluded files with the reason of each.

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
    """Return the file's checksum in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Mirror:
    """A mirror, by the address of its folder."""

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
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(30, connect=10),
            follow_redirects=True,
            trust_env=host not in _LOCAL_HOSTS,
            verify=tls_context("https:"),  # also for http: redirects are followed
            headers={"Accept-Encoding": "identity"},  # sizes and ranges refer to the file itself
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def index(self) -> Index:
        """Download the index. Raises MirrorError."""
        with self._connection_errors(), self._http.stream("GET", f"{self.url}/{INDEX_FILE}") as answer:
            self._raise_for_status(answer, INDEX_FILE)
            data = bytearray()
            for chunk in answer.iter_bytes(_CHUNK_BYTES):
                data += chunk
                if len(data) > _MAX_INDEX_BYTES:
                    raise MirrorError(error_message("mirror_index_too_large", mirror=self.shown))
        try:
            return Index.model_validate_json(bytes(data))
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"])) or "the whole"
            reason = f"{where}: {problem['msg']}"
            raise MirrorError(error_message("mirror_index_invalid", mirror=self.shown, reason=reason)) from None

    def fetch(self, pack: Pack, part: Path, on_progress: OnProgress) -> None:
        """Download the pack into `part`, resuming what is there; an interrupted part stays for the next call.

        Raises MirrorError, or OSError if the file cannot be written. A file that differs from the index is deleted.
        """
        failures = 0
        while (have := _size(part)) != pack.size:
            try:
                self._fetch_rest(pack, part, have if have < pack.size else 0, on_progress)
            except MirrorUnavailableError:
                failures = 0 if _size(part) > have else failures + 1
                if failures >= _MAX_ATTEMPTS:
                    raise
                time.sleep(_PAUSE_S * 2 ** max(0, failures - 1))
        on_progress(pack.size, pack.size)
        if sha256(part) != pack.sha256:
            part.unlink()
            raise MirrorError(error_message("mirror_file_differs", mirror=self.shown, file=pack.file))

    def _fetch_rest(self, pack: Pack, part: Path, start: int, on_progress: OnProgress) -> None:
        ask = {"Range": f"bytes={start}-"} if start else {}
        url = f"{self.url}/{quote(pack.file)}"
        with self._connection_errors(), self._http.stream("GET", url, headers=ask) as answer:
            if answer.status_code == httpx2.codes.RANGE_NOT_SATISFIABLE:
                part.unlink(missing_ok=True)
                raise MirrorUnavailableError(error_message("mirror_cannot_resume", mirror=self.shown, file=pack.file))
            self._raise_for_status(answer, pack.file)
            resumes = answer.status_code == httpx2.codes.PARTIAL_CONTENT and _begins_at(answer, start)
            have = start if resumes else 0
            with part.open("ab" if resumes else "wb") as out:
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

    def _raise_for_status(self, answer: httpx2.Response, file: str) -> None:
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
    def _connection_errors(self) -> Iterator[None]:
        try:
            yield
        except (httpx2.TransportError, httpx2.TooManyRedirects) as error:
            reason = str(error) or type(error).__name__
            raise MirrorUnavailableError(
                error_message("mirror_unreachable", mirror=self.shown, reason=reason)
            ) from None


def _begins_at(answer: httpx2.Response, start: int) -> bool:
    return str(answer.headers.get("Content-Range", "")).startswith(f"bytes {start}-")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
