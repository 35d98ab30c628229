"""The storage process itself: `python -m ocrdesk_worker.storage_process.server DESCRIPTOR FOLDER`.

It answers the pool's processes, each connection in a thread of its own, until its standard input ends: that is when the
pool has ended. It looks at the bucket every second and lists all of it every few minutes, so that the pool's main
process, which must not wait, gets both answers at once.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ocrdesk.backend import logs
from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.storage.blob_store import BlobMissingError, FileLabel, StorageUnavailableError
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.backend.storage.cloud.object_store import ObjectStore
from ocrdesk_worker.storage_process.file_cache import FileCache
from ocrdesk_worker.storage_process.messages import SurveyPendingError, described, receive, send

_log = logging.getLogger(__name__)

_CHECK_EVERY_S = 1.0
_SURVEY_AGAIN_S = 10.0
"""After a survey that failed."""
_CACHE = "files"

_Answer = tuple[dict[str, Any], bytes]


class Survey:
    """The names of all blobs, listed now and then in a thread."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._found: dict[str, set[str]] | None = None
        self._wanted = threading.Event()

    def run(self) -> None:
        """List the bucket as often as the store says, once somebody has asked. Never returns."""
        while True:
            self._wanted.wait()
            wait_s = self._store.survey_every_s
            try:
                self._found = self._store.survey()
            except StorageUnavailableError:
                wait_s = _SURVEY_AGAIN_S
            self._wanted.clear()
            time.sleep(wait_s)

    def forget(self, job_id: str) -> None:
        """Drop a job whose blobs have been deleted since."""
        if self._found is not None:
            self._found.pop(job_id, None)

    def found(self) -> dict[str, set[str]]:
        """Return the newest list. Raises SurveyPendingError before the first one."""
        self._wanted.set()
        if self._found is None:
            raise SurveyPendingError(errno.EAGAIN, "the files are being listed")
        return self._found


class Watch:
    """Whether the bucket can be used, looked up every second in a thread."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._error: StorageUnavailableError | None = None
        self._looked = threading.Event()

    def run(self) -> None:
        """Look again and again. Never returns."""
        while True:
            try:
                self._store.check()
                self._error = None
            except StorageUnavailableError as error:
                self._error = error
            self._looked.set()
            time.sleep(_CHECK_EVERY_S)

    def check(self) -> None:
        """Raise StorageUnavailableError while the bucket cannot be used."""
        self._looked.wait()
        if (error := self._error) is not None:
            raise StorageUnavailableError(error.errno, error.strerror)


class Service:
    """Answers requests. Each names what to `do`, one of the methods below."""

    def __init__(self, store: ObjectStore, folder: Path) -> None:
        self._store, self.survey, self.watch = store, Survey(store), Watch(store)
        self._files = FileCache(store, folder / _CACHE)
        self._actions: dict[str, Callable[[dict[str, Any], bytes], _Answer]] = {
            "check": self._check,
            "identity": self._identity,
            "put": self._put,
            "read": self._read,
            "link": self._link,
            "exists": self._exists,
            "delete": self._delete,
            "purge": self._purge,
            "names": self._names,
            "job_ids": self._job_ids,
            "names_of": self._names_of,
        }

    def answer(self, request: dict[str, Any], body: bytes) -> _Answer:
        """Return the answer's head and body; a failure is an answer too."""
        try:
            return self._actions[request["do"]](request, body)
        except Exception as error:
            if not isinstance(error, OSError | LookupError | BlobMissingError | SettingsError):
                _log.exception("a request to the storage failed")
            return described(error), b""

    def _check(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        self.watch.check()
        return {}, b""

    def _identity(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        self.watch.check()
        return {"value": self._store.identity()}, b""

    def _put(self, request: dict[str, Any], body: bytes) -> _Answer:
        label = FileLabel(*request["label"]) if request["label"] else None
        job_id, name = request["job"], request["name"]
        if request["path"] is None:
            self._store.put_file(job_id, name, body, label)
        else:
            with Path(request["path"]).open("rb") as file:
                self._store.put_file(job_id, name, file, label)
        return {}, b""

    def _read(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        return {}, self._store.read(request["job"], request["name"])

    def _link(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        self._files.link(request["job"], request["name"], Path(request["target"]))
        return {}, b""

    def _exists(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        return {"value": self._store.exists(request["job"], request["name"])}, b""

    def _delete(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        self._store.delete(request["job"], request["name"])
        return {}, b""

    def _purge(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        self._store.purge(request["job"])
        self.survey.forget(request["job"])
        return {}, b""

    def _names(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        return {"value": sorted(self._store.names(request["job"]))}, b""

    def _job_ids(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        """Return some of the jobs of the newest survey, after a position."""
        later = sorted(job_id for job_id in self.survey.found() if job_id > request["position"])
        batch = later[: request["count"]]
        return {"value": [batch, batch[-1] if len(later) > len(batch) else ""]}, b""

    def _names_of(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        """Return the names of the newest survey; those of jobs that it does not have are listed now."""
        found = self.survey.found()
        newer = self._store.names_of([job_id for job_id in request["jobs"] if job_id not in found])
        names = {job_id: found.get(job_id) or newer.get(job_id, set()) for job_id in request["jobs"]}
        return {"value": {job_id: sorted(some) for job_id, some in names.items()}}, b""


class _Refusal:
    """Stands for the service if the bucket cannot be opened: every answer says why."""

    def __init__(self, error: SettingsError) -> None:
        self._error = error

    def answer(self, request: dict[str, Any], body: bytes) -> _Answer:  # noqa: ARG002
        return described(self._error), b""


def serve(service: Service | _Refusal, listener: socket.socket) -> None:
    """Accept connections until the process ends."""
    while True:
        accepted, _ = listener.accept()
        connection = Connection(accepted.detach())
        threading.Thread(target=_converse, args=(service, connection), daemon=True).start()


def _converse(service: Service | _Refusal, connection: Connection) -> None:
    """Answer the requests of one connection until the other end closes it."""
    with connection, contextlib.suppress(EOFError, OSError):
        while True:
            request, body = receive(connection)
            send(connection, *service.answer(request, body))


def _end_with_pool() -> None:
    """End the process when the pool has: then its end of the standard input is closed."""
    while os.read(0, 1024):
        pass
    os._exit(0)


def main(arguments: list[str]) -> None:
    """Run the storage process. Arguments: the descriptor of a listening socket, a folder for files."""
    threading.Thread(target=_end_with_pool, daemon=True).start()
    listener = socket.socket(fileno=int(arguments[0]))
    settings = Settings.from_environment()
    logs.configure(settings.log_form, settings.log_level)
    service: Service | _Refusal
    try:
        service = Service(ObjectStore(CloudAddress.parse(settings.storage_url)), Path(arguments[1]))
    except SettingsError as error:
        service = _Refusal(error)
    else:
        threading.Thread(target=service.watch.run, daemon=True).start()
        threading.Thread(target=service.survey.run, daemon=True).start()
    serve(service, listener)


if __name__ == "__main__":
    main(sys.argv[1:])
