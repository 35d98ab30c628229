"""Manages keys over HTTP or directly in Redis."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from ocrdesk.client import ApiError, Client, NotFoundError
from ocrdesk.contract.api_keys import IssuedKey, KeyInfo, KeyStatus, NewKey, Scope
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.installation import this_installation
from ocrdesk.local import environment

if TYPE_CHECKING:  # a remote-only installation has no backend
    from rich.console import Console

    from ocrdesk.backend.api_keys.store import KeyStore

_PAGE_SIZE = 500
_PIPED_WIDTH = 240
_HAS_KEY = "{} already has a key. Revoke it first: ocrdesk keys revoke {}"


class KeysError(Exception):
    """The request cannot be fulfilled; the message says why."""


class RedisUnavailableError(Exception):
    """REDIS_URL is set, but Redis cannot be used."""


class UsageError(Exception):
    """An argument or a setting is invalid."""


class KeyAdmin(Protocol):
    """A place where keys are managed."""

    def create(self, wanted: NewKey) -> IssuedKey: ...
    def all(self) -> Iterator[KeyInfo]: ...
    def of_email(self, email: str) -> KeyInfo | None: ...
    def revoke(self, key_id: str) -> bool: ...


@contextlib.contextmanager
def open_admin(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[KeyAdmin]:
    """Open the admin API of the given server, else the Redis at REDIS_URL, else the local server.

    With a data folder, always use the local server of that folder.
    Raises ClientError, LocalServerError, RedisUnavailableError, UsageError.
    """
    if server:
        with Client(server if "://" in server else f"http://{server}", api_key) as client:
            yield _ServerKeys(client)
    elif environment.text("REDIS_URL") and data_dir is None:
        with _on_redis() as admin:
            yield admin
    else:
        from ocrdesk.local.server.attach import attach

        with attach(data_dir) as attachment, attachment.client() as client:
            yield _ServerKeys(client)


def wanted_key(name: str, email: str | None, scopes: Sequence[str], expires_in_days: int | None) -> NewKey:
    """Return the key that the command line describes. Raises UsageError."""
    names = [part for text in scopes for part in text.split(",") if part]
    fields = {"name": name, "email": email, "expires_in_days": expires_in_days} | ({"scopes": names} if scopes else {})
    try:
        return NewKey.model_validate(fields)
    except ValidationError as error:
        known = ", ".join(Scope)
        problems = [
            f"unknown scope {problem['input']!r}; scopes are {known}"
            if problem["loc"][:-1] == ("scopes",)
            else f"{problem['loc'][0]}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise UsageError("; ".join(problems)) from None


def revoke(admin: KeyAdmin, which: str) -> str:
    """Revoke the key with that id or e-mail address and return a message. Raises KeysError if there is none."""
    key_id = which
    if which.startswith("ocrdesk_"):
        raise KeysError(
            "This is a secret. Give the key's id instead: `ocrdesk keys list` shows the id and beginning of each key."
        )
    if "@" in which:
        found = admin.of_email(which)
        if found is None:
            raise KeysError(f"{which} has no key.")
        key_id = found.key_id
    if not admin.revoke(key_id):
        raise KeysError(f"There is no key {key_id}. Run `ocrdesk keys list` to see all keys.")
    return f"The key {key_id} is revoked and stops working immediately. Its jobs finish and expire as usual."


class _ServerKeys:
    """Keys managed over HTTP, which needs a key with the scope admin."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, wanted: NewKey) -> IssuedKey:
        try:
            return self._client.create_key(wanted)
        except ApiError as error:
            if error.code == ErrorCode.ALREADY_REGISTERED:
                raise KeysError(_HAS_KEY.format(wanted.email, wanted.email)) from None
            raise

    def all(self) -> Iterator[KeyInfo]:
        after: str | None = None
        while True:
            page = self._client.keys(_PAGE_SIZE, after)
            yield from page.keys
            after = page.next
            if after is None:
                return

    def of_email(self, email: str) -> KeyInfo | None:
        return next(iter(self._client.keys(email=email).keys), None)

    def revoke(self, key_id: str) -> bool:
        try:
            self._client.revoke_key(key_id)
        except NotFoundError:
            return False
        return True


@contextlib.contextmanager
def _on_redis() -> Iterator[KeyAdmin]:
    try:
        from ocrdesk.backend.api_keys.store import KeyStore
        from ocrdesk.backend.redis_connection import RedisFailure, connect
        from ocrdesk.backend.settings import Settings, SettingsError
    except ImportError as error:
        raise RedisUnavailableError(
            f"REDIS_URL is set, but the server is not installed ({error.name} is missing). Name another server with "
            f"--server, or get it with: {this_installation().add_extra('server')}"
        ) from None
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        raise UsageError(str(error)) from None
    connection = connect(settings, text=True)
    try:
        yield _RedisKeys(KeyStore(connection))
    except RedisFailure as error:
        # its text may contain the command; the type's name is enough
        raise RedisUnavailableError(
            f"The Redis at REDIS_URL cannot be used ({type(error).__name__}). Is it running?"
        ) from None
    finally:
        connection.close()


class _RedisKeys:
    """Keys managed directly in Redis: the way to create the first admin key."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store

    def create(self, wanted: NewKey) -> IssuedKey:
        from ocrdesk.backend.api_keys.email_address import InvalidEmailError, parse_email
        from ocrdesk.backend.api_keys.store import EmailTakenError

        try:
            email = parse_email(wanted.email) if wanted.email is not None else None
            issued = self._store.create(wanted.name, email=email, scopes=wanted.scopes, expires_at=wanted.ends_at)
        except InvalidEmailError as error:
            raise KeysError(str(error)) from None
        except EmailTakenError:
            raise KeysError(_HAS_KEY.format(wanted.email, wanted.email)) from None
        return issued.answer("Save this key now: it is not shown again.")

    def all(self) -> Iterator[KeyInfo]:
        after: str | None = None
        while page := self._store.keys(_PAGE_SIZE, after):
            yield from page
            after = page[-1].key_id

    def of_email(self, email: str) -> KeyInfo | None:
        from ocrdesk.backend.api_keys.email_address import InvalidEmailError, parse_email

        try:
            record = self._store.key_of_email(parse_email(email))
        except InvalidEmailError as error:
            raise KeysError(str(error)) from None
        return self._store.info(record) if record else None

    def revoke(self, key_id: str) -> bool:
        return self._store.revoke(key_id)


# ── output ──────────────────────────────────────────────────────────────────────────────


def print_table(keys: Iterable[KeyInfo]) -> None:
    """Print a table to stdout; without a terminal, wide enough for all columns."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    table.add_column("ID", no_wrap=True)
    for heading in ("Name", "E-mail", "Begins with", "Scopes", "Status", "Expires", "Last used"):
        table.add_column(heading, overflow="fold")
    table.add_column("Requests", justify="right")
    table.add_column("Pages", justify="right")
    for key in keys:
        cells = (
            *(key.key_id, key.name, key.email or "", key.prefix, " ".join(key.scopes), _status(key)),
            f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "never",
            f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never",
            *(str(key.request_count), str(key.page_count)),
        )
        table.add_row(*(Text(_printable(cell)) for cell in cells))
    _console().print(table)


def print_json(keys: Iterable[KeyInfo]) -> None:
    """Print one JSON object per line to stdout."""
    console = _console()
    for key in keys:
        console.out(key.model_dump_json(), highlight=False)


def _console() -> Console:
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=_PIPED_WIDTH)


def _status(key: KeyInfo) -> str:
    return f"{key.status} (overlap)" if key.overlap_until and key.status is KeyStatus.ACTIVE else key.status.value


def _printable(text: str) -> str:
    """Replace control characters, which could manipulate the terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
