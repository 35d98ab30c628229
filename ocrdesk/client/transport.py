"""The one place that talks HTTP: sends a request until it is answered or patience is over, and reads the answer."""

from __future__ import annotations

import contextlib
import copy
import socket
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Protocol, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from ocrdesk import __version__
from ocrdesk.client.errors import ApiError, ClientClosedError, ClientError, RateLimitedError, ServerUnavailableError
from ocrdesk.client.responses import connection_error, is_permanent, refusal
from ocrdesk.client.retry import Clock, OnWait, RetryLoop, RetryPolicy, SystemClock

API = "/api/v1"
_CONNECT_S, _READ_S = 10.0, 60.0
_STREAM_READ_S = 45.0
"""Event streams say something every 15 s at least."""
_REPEATABLE = ("GET", "DELETE")

Answer = TypeVar("Answer", bound=BaseModel)
_R = TypeVar("_R")
Params = Mapping[str, str | Sequence[str]]


class _Stoppable(Protocol):
    def stop(self) -> None: ...


class _Link:
    """What a client and its copies share: the connections, and whether they are closed."""

    def __init__(self, http: httpx.Client, clock: Clock) -> None:
        self.http = http
        self.clock = clock
        self.closed = threading.Event()
        self.was_answered = False
        self._followers: weakref.WeakSet[_Stoppable] = weakref.WeakSet()
        self._streams: weakref.WeakSet[Any] = weakref.WeakSet()
        """Of all connections that were made; httpx gives them no type."""
        self._lock = threading.Lock()

    def add(self, follower: _Stoppable) -> None:
        with self._lock:
            self._followers.add(follower)
        if self.closed.is_set():
            follower.stop()

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by httpx what it does for a request (its extension "trace")."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            with self._lock:
                self._streams.add(info["return_value"])

    def close(self) -> None:
        self.closed.set()
        with self._lock:
            followers, streams = list(self._followers), list(self._streams)
        for follower in followers:
            follower.stop()
        for stream in streams:
            wake(stream)
        self.http.close()


def wake(stream: Any) -> None:
    """Ends what a thread waits for on a connection, which closing it does not; may be called from any thread."""
    connection = stream.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


class HttpTransport:
    """A connection to one server: its address, its key, and how patient it is."""

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        api_key_header: str = "X-API-Key",
        patience_s: float | RetryPolicy = 120.0,
        on_wait: OnWait | None = None,
        clock: Clock | None = None,
    ) -> None:
        # a key with letters that no key has is for the server to refuse
        headers = httpx.Headers({"User-Agent": f"ocrdesk/{__version__}"}, encoding="utf-8")
        if api_key and api_key.strip():  # keys come out of files, whose lines end
            headers[api_key_header] = api_key.strip()
        self._key_header = api_key_header
        self.base_url = base_url.rstrip("/")
        self.patience = RetryPolicy.of(patience_s)
        self.on_wait = on_wait
        # trust_env: proxies for remote servers come from the environment, but never for this machine's own
        local = httpx.URL(self.base_url).host in ("127.0.0.1", "localhost", "::1")
        http = httpx.Client(
            base_url=self.base_url,
            headers=headers,
            timeout=httpx.Timeout(_CONNECT_S, read=_READ_S, write=_READ_S),
            trust_env=not local,
        )
        self._link = _Link(http, clock or SystemClock())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the server. Calls that wait end with ClientClosed, followers just end."""
        self._link.close()

    @property
    def is_closed(self) -> bool:
        return self._link.closed.is_set()

    def with_patience(self, patience_s: float | RetryPolicy) -> Self:
        """This client with another patience: the two share their connections, and close together."""
        other = copy.copy(self)
        other.patience = RetryPolicy.of(patience_s)
        return other

    def _use_key(self, key: str) -> None:
        self._link.http.headers[self._key_header] = key

    # ── for those who follow or wait on their own ────────────────────────────────────────────────

    def tries(self, patience: RetryPolicy, stop: threading.Event) -> RetryLoop:
        """Tries by this client's clock, whose waits `stop` ends."""
        return RetryLoop(patience, self._link.clock, stop, self.on_wait)

    def keep_stoppable(self, follower: _Stoppable) -> None:
        """Has `close` stop the follower."""
        self._link.add(follower)

    def open_stream(self, path: str, headers: Mapping[str, str]) -> contextlib.AbstractContextManager[httpx.Response]:
        """One try at an unread answer whose bytes come as the server sends them."""
        return self._stream(path, headers=headers, read_timeout_s=_STREAM_READ_S)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────

    def _get(self, kind: type[Answer], path: str, *, params: Params | None = None) -> Answer:
        return self._parse(kind, self._call("GET", path, params=params))

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Mapping[str, object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
        is_repeatable: bool | None = None,
    ) -> httpx.Response:
        """The answer of a call. `is_repeatable`: it may have its effect twice; GET and DELETE may."""

        def once() -> httpx.Response:
            return self._send(
                method, path, params=params, json=body, content=content, headers=headers, read_timeout_s=timeout_s
            )

        return self._persist(once, is_repeatable=method in _REPEATABLE if is_repeatable is None else is_repeatable)

    def _persist(self, once: Callable[[], _R], *, is_repeatable: bool = True) -> _R:
        """What `once` answers, tried as often as patience lasts."""
        tries = self.tries(self.patience, self._link.closed)
        while True:
            try:
                return once()
            except (RateLimitedError, ServerUnavailableError) as error:
                if not self._is_worth_a_try(error, is_repeatable):
                    raise
                self._pause(tries, error)

    def _is_worth_a_try(self, error: RateLimitedError | ServerUnavailableError, is_repeatable: bool) -> bool:
        if isinstance(error, RateLimitedError):
            return True
        if isinstance(error, ClientClosedError) or is_permanent(error, was_answered=self._link.was_answered):
            return False
        return is_repeatable or error.is_undone

    def _pause(self, tries: RetryLoop, error: ServerUnavailableError | ApiError) -> None:
        """Raises the error when patience is over, ClientClosed when the client is closed meanwhile."""
        if tries.pause(error):
            raise _closed() from error

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Mapping[str, object] | None = None,
        content: bytes | None = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, IO[bytes], str]] | None = None,
        headers: Mapping[str, str] | None = None,
        read_timeout_s: float | None = None,
    ) -> httpx.Response:
        """One try."""
        with self._failures():
            answer = self._link.http.request(
                method,
                API + path,
                params=params,
                json=json,
                content=content,
                data=data,
                files=files,
                headers=headers,
                timeout=httpx.Timeout(_CONNECT_S, read=read_timeout_s or _READ_S, write=_READ_S),
                extensions={"trace": self._link.note},
            )
        self._link.was_answered = True
        if answer.status_code >= 400:
            raise refusal(answer)
        return answer

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Turns what httpx raises into ServerAway, and into ClientClosed once the client is closed."""
        if self.is_closed:
            raise _closed()
        try:
            yield
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise (_closed() if self.is_closed else connection_error(self.base_url, error)) from error
        except RuntimeError as error:  # httpx: the client was closed in this moment
            if self.is_closed:
                raise _closed() from error
            raise

    @contextlib.contextmanager
    def _stream(
        self,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        read_timeout_s: float = _READ_S,
    ) -> Iterator[httpx.Response]:
        """One try at an answer whose bytes are read as they come. Raises what its status means."""
        timeout = httpx.Timeout(_CONNECT_S, read=read_timeout_s)
        extensions = {"trace": self._link.note}
        with (
            self._failures(),
            self._link.http.stream(
                "GET", API + path, params=params, headers=headers, timeout=timeout, extensions=extensions
            ) as answer,
        ):
            self._link.was_answered = True
            if answer.status_code >= 400:
                answer.read()
                raise refusal(answer)
            yield answer

    def _parse(self, kind: type[Answer], answer: httpx.Response) -> Answer:
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            raise ClientError(
                f"{self.base_url} answered with something that is no {kind.__name__}. Is this an ocrdesk server?"
            ) from error


def _closed() -> ClientClosedError:
    return ClientClosedError("This client was closed.")
