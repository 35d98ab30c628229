"""The only place that imports obstore: opens a bucket, and turns obstore's errors into ours.

obstore has threads of its own (Rust's tokio). A process that has used it and forks hangs, and so does its child: so
nothing that forks may use it. Workers reach the bucket through a process of its own: see
`ocrdesk_worker.storage_process`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocrdesk.backend.settings import SettingsError
from ocrdesk.backend.storage.blob_store import BlobMissingError, StorageUnavailableError
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.installation import this_installation

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Bucket

_CONNECT_S, _READ_S, _RETRY_S = 5, 30, 10
_PROBE_S = 3
_LONGEST_REQUEST_S = 3_600
"""A download may take as long as its reader, so only silence ends it."""
_ENDPOINTS = ("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT")
_STATUS = re.compile(r"non-2xx status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist")
_used_in: int | None = None


def open_bucket(address: CloudAddress, *, is_probe: bool = False) -> Bucket:
    """Return obstore's store for an address. It sends nothing yet. `is_probe`: it waits for an answer for 3 s only.

    Raises SettingsError if obstore is missing or refuses the options or credentials in the environment.
    """
    try:
        from obstore.exceptions import BaseError
        from obstore.store import AzureStore, GCSStore, S3Store
    except ImportError:
        raise SettingsError(
            f"STORAGE_URL: {address.scheme}:// needs the extra `cloud`. Get it with: "
            f"{this_installation().add_extra('cloud')}"
        ) from None
    _keep_out_of_forks()
    retries = 0 if is_probe else 3
    options: dict[str, Any] = {
        "prefix": address.prefix or None,
        "client_options": {
            "allow_http": _uses_http(address),
            "connect_timeout": timedelta(seconds=_PROBE_S if is_probe else _CONNECT_S),
            "read_timeout": timedelta(seconds=_PROBE_S if is_probe else _READ_S),
            "timeout": timedelta(seconds=_PROBE_S if is_probe else _LONGEST_REQUEST_S),
        },
        "retry_config": {
            "max_retries": retries,
            "retry_timeout": timedelta(seconds=_RETRY_S),
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=2),
                "base": 2,
            },
        },
        **address.options,
    }
    kind: Any = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}[address.scheme]
    try:
        store: Bucket = kind(address.bucket, **options)
    except (BaseError, ValueError, OSError) as error:
        raise SettingsError(f"STORAGE_URL: {address} cannot be opened ({_first_words(error)})") from None
    return store


def _uses_http(address: CloudAddress) -> bool:
    """Return whether an endpoint without TLS was asked for, as for a server in the same network."""
    named = [address.options.get("endpoint", ""), address.options.get("base_url", "")]
    return any(url.startswith("http://") for url in (*named, *(os.environ.get(name, "") for name in _ENDPOINTS)))


def uses_customer_key(address: CloudAddress) -> bool:
    """Return whether objects are encrypted with a key that each request must contain."""
    chosen = address.options.get("server_side_encryption") or os.environ.get("AWS_SERVER_SIDE_ENCRYPTION", "")
    return chosen.lower() == "sse-c" or bool(address.scheme == "az" and os.environ.get("AZURE_ENCRYPTION_KEY"))


def _keep_out_of_forks() -> None:
    """Raise RuntimeError in a process that was forked from one that has used obstore: it would hang."""
    global _used_in
    if _used_in not in (None, os.getpid()):
        raise RuntimeError("obstore was used before this process was forked, and would hang in it")
    _used_in = os.getpid()


def was_used() -> bool:
    """Return whether this process, or the one that it was forked from, has used obstore."""
    return _used_in is not None


@contextlib.contextmanager
def our_errors(what: str) -> Iterator[None]:
    """Turn obstore's errors into BlobMissingError(what) and StorageUnavailableError. Other errors pass."""
    from obstore.exceptions import BaseError, NotFoundError

    _keep_out_of_forks()
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        if names_no_bucket(error):
            raise StorageUnavailableError(errno.ENOENT, "the bucket does not exist") from None
        raise BlobMissingError(what) from None
    except BaseError as error:
        raise unavailable(error) from None


def names_no_bucket(error: Exception) -> bool:
    """Return whether an error of obstore says that the bucket does not exist."""
    return any(text in str(error) for text in _NO_BUCKET)


def unavailable(error: Exception) -> StorageUnavailableError:
    """Return what an error of obstore means, without addresses and keys."""
    from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

    text = str(error)
    if names_no_bucket(error):
        return StorageUnavailableError(errno.ENOENT, "the bucket does not exist")
    code = _CODE.search(text)
    said = f" {code[1]}" if code else ""
    status = _STATUS.search(text)
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or (status and status[1] in ("401", "403")):
        return StorageUnavailableError(errno.EACCES, f"it refuses the credentials{said and ':' + said}")
    if status:
        return StorageUnavailableError(errno.EIO, f"it answers with status {status[1]}{said}")
    return StorageUnavailableError(errno.EHOSTUNREACH, "it does not answer")


def _first_words(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
