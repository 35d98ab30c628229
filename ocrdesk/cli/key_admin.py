"""The command `keys`: makes, lists and revokes API keys, over a server's admin API or on its Redis directly."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from ocrdesk.client import ApiError, Client, NotFoundError
from ocrdesk.contract.api_keys import IssuedKey, KeyInfo, KeyStatus, NewKey, Scope
from ocrdesk.contract.errors import ErrorCode

if TYPE_CHECKING:  # a remote-only installation has no backend
    from rich.console import Console

    from ocrdesk.backend.api_keys.store import KeyStore

_A_PAGE = 500
_PIPED_WIDTH = 240
_TAKEN = "{} has a key already. Revoke that one first: ocrdesk keys revoke {}"


class KeysError(Exception):
    """What was asked cannot be done; the message says why."""


class RedisUnavailableError(Exception):  # named for what happened
    """REDIS_URL is set, and nothing can be done there."""


class UsageError(Exception):
    """An argument or a setting cannot be used."""


class KeyAdmin(Protocol):
    """Where keys are made and revoked."""

    def create(self, wanted: NewKey) -> IssuedKey: ...
    def all(self) -> Iterator[KeyInfo]: ...
    def of_email(self, email: str) -> KeyInfo | None: ...
    def revoke(self, key_id: str) -> bool: ...


@contextlib.contextmanager
def open_admin(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[KeyAdmin]:
    """The named server's admin API, else the Redis at REDIS_URL, else this machine's own backend.

    A data folder that is named means the backend there.

    Raises ClientError, LocalServerError, NoRedis, BadCall.
    """
    if server:
        with Client(server if "://" in server else f"http://{server}", api_key) as client:
            yield _Server(client)
    elif os.environ.get("REDIS_URL") and data_dir is None:
        with _on_redis() as admin:
            yield admin
    else:
        from ocrdesk.local.server.attach import attach

        with attach(data_dir) as attachment, attachment.client() as client:
            yield _Server(client)


def wanted_key(name: str, email: str | None, scopes: Sequence[str], expires_in_days: int | None) -> NewKey:
    """The key of the command line. Raises BadCall with a sentence."""
    names = [part for text in scopes for part in text.split(",") if part]
    fields = {"name": name, "email": email, "expires_in_days": expires_in_days} | ({"scopes": names} if scopes else {})
    try:
        return NewKey.model_validate(fields)
    except ValidationError as error:
        known = ", ".join(Scope)
        said = [
            f"there is no scope {problem['input']!r}; scopes are {known}"
            if problem["loc"][:-1] == ("scopes",)
            else f"{problem['loc'][0]}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise UsageError("; ".join(said)) from None


def revoke(admin: KeyAdmin, which: str) -> str:
    """Revokes the key of an id or an address; a sentence. Raises KeysError when there is none."""
    key_id = which
    if which.startswith("ocrdesk_"):
        raise KeysError(
            "This is a secret. Name its key by its id: `ocrdesk keys list` shows both its id and beginning."
        )
    if "@" in which:
        found = admin.of_email(which)
        if found is None:
            raise KeysError(f"{which} has no key.")
        key_id = found.key_id
    if not admin.revoke(key_id):
        raise KeysError(f"There is no key {key_id}. `ocrdesk keys list` names them.")
    return f"The key {key_id} is revoked: it works no more. Its jobs run to their end and expire by themselves."


class _Server:
    """Over HTTP, with a key that has the scope admin."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, wanted: NewKey) -> IssuedKey:
        try:
            return self._client.create_key(wanted)
        except ApiError as error:
            if error.code == ErrorCode.ALREADY_REGISTERED:
                raise KeysError(_TAKEN.format(wanted.email, wanted.email)) from None
            raise

    def all(self) -> Iterator[KeyInfo]:
        after: str | None = None
        while True:
            page = self._client.keys(_A_PAGE, after)
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
            f"REDIS_URL is set, but the server's parts are not installed ({error.name} is missing). "
            "Get them with: pip install 'ocrdesk[server]'. Or name a server with --server."
        ) from None
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        raise UsageError(str(error)) from None
    connection = connect(settings, text=True)
    try:
        yield _Redis(KeyStore(connection))
    except RedisFailure as error:
        # its own text may hold the command; the name of its kind says what is needed
        raise RedisUnavailableError(
            f"Redis at REDIS_URL does not do it ({type(error).__name__}). Is it running?"
        ) from None
    finally:
        connection.close()


class _Redis:
    """On the keys in Redis themselves: how an operator makes the first admin key."""

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
            raise KeysError(_TAKEN.format(wanted.email, wanted.email)) from None
        return issued.answer("Keep this key: it is shown only now.")

    def all(self) -> Iterator[KeyInfo]:
        after: str | None = None
        while page := self._store.keys(_A_PAGE, after):
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


# ── what is written ──────────────────────────────────────────────────────────────────────────────


def print_table(keys: Iterable[KeyInfo]) -> None:
    """A table on stdout, in full also where that is no terminal."""
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
    """One JSON object a line on stdout."""
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
    """Without what a name could tell the terminal to do."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
