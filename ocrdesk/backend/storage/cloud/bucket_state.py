"""Whether a bucket can be used, and is still the one that the process began with: the object `.storage-id` tells."""

from __future__ import annotations

import contextlib
import errno
import threading
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ocrdesk.backend.settings import SettingsError
from ocrdesk.backend.storage.blob_store import BlobMissingError, StorageUnavailableError
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.backend.storage.cloud.connection import open_bucket, our_errors, unavailable

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Bucket

IDENTITY_OBJECT = ".storage-id"
_SURE_FOR_S, _UNSURE_FOR_S = 5.0, 1.0
"""How long the outcome of a check holds."""


class BucketState:
    """The state of a bucket, for many threads."""

    def __init__(self, address: CloudAddress, bucket: Bucket) -> None:
        """Raises SettingsError if the bucket does not exist or refuses the credentials. It may be unreachable yet."""
        self._address, self._bucket = address, bucket
        self._probe: Bucket = open_bucket(address, is_probe=True)
        self._lock = threading.Lock()
        self._checked_at, self._problem = float("-inf"), ""
        self._identity = ""
        with contextlib.suppress(StorageUnavailableError):
            self._identity = self._first_identity()

    def check(self) -> None:
        """Raise StorageUnavailableError unless this is the bucket that the process began with, and answers.

        The answer is up to 5 s old, and 1 s while it was a bad one.
        """
        with self._lock:
            age_s = time.monotonic() - self._checked_at
            if age_s > (_UNSURE_FOR_S if self._problem else _SURE_FOR_S):
                self._check_now()
            if self._problem:
                raise StorageUnavailableError(errno.EHOSTUNREACH, self._problem)

    def _check_now(self) -> None:
        """Look at the bucket, and remember the outcome. The lock is held."""
        try:
            if not self._identity:
                self._identity = self._stored_identity() or self._new_identity()
            elif self._stored_identity() != self._identity:
                raise StorageUnavailableError(errno.ESTALE, "another bucket, or an emptied one, is in its place")
            self._problem = ""
        except StorageUnavailableError as error:
            self._problem = error.strerror or "unknown"
        self._checked_at = time.monotonic()

    def _check_again(self) -> None:
        """Check the bucket although it was checked a moment ago: something is missing in it."""
        with self._lock:
            self._checked_at = float("-inf")
        self.check()

    @contextlib.contextmanager
    def reached(self, what: str) -> Iterator[None]:
        """Turn obstore's errors into ours. A blob counts as missing only if the bucket is there."""
        try:
            with our_errors(what):
                yield
        except BlobMissingError:
            self._check_again()
            raise
        except StorageUnavailableError as error:
            with self._lock:
                self._problem, self._checked_at = error.strerror or "unknown", time.monotonic()
            raise

    def identity(self) -> str:
        """Return the bucket's id. Raises StorageUnavailableError."""
        self.check()
        return self._identity

    def _first_identity(self) -> str:
        """Return the id at the start, when a wrong name or wrong credentials are most likely a mistake.

        Raises SettingsError, StorageUnavailableError.
        """
        import obstore
        from obstore.exceptions import BaseError

        try:
            try:
                next(iter(obstore.list(self._bucket, chunk_size=1)), None)
            except (BaseError, OSError) as error:
                raise unavailable(error) from None
            return self._stored_identity() or self._new_identity()
        except StorageUnavailableError as error:
            if error.errno == errno.ENOENT:
                raise SettingsError(
                    f"STORAGE_URL: the bucket {self._address.bucket!r} does not exist. Create it first."
                ) from None
            if error.errno == errno.EACCES:
                raise SettingsError(
                    f"STORAGE_URL: {self._address} cannot be used: {error.strerror}. Check the credentials in the "
                    "environment and their rights: docs/operations/object-storage.md"
                ) from None
            raise

    def _stored_identity(self) -> str:
        """Return the id in the bucket; empty if there is none yet."""
        import obstore

        try:
            with our_errors(IDENTITY_OBJECT):
                return bytes(obstore.get(self._probe, IDENTITY_OBJECT).bytes()).decode("ascii", "replace")
        except BlobMissingError:
            return ""

    def _new_identity(self) -> str:
        """Write a new id unless another process is faster; return the one that is stored then."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, NotSupportedError

        made = uuid.uuid4().hex.encode()
        with our_errors(IDENTITY_OBJECT), contextlib.suppress(AlreadyExistsError):
            try:
                obstore.put(self._probe, IDENTITY_OBJECT, made, mode="create")
            except NotSupportedError:  # a server that cannot create on a condition
                obstore.put(self._probe, IDENTITY_OBJECT, made)
        return self._stored_identity()
