"""Sends HTTP requests and retries them."""

from __future__ import annotations

import contextlib
import copy
import socket
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Protocol, Self, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from ocrdesk import __version__
from ocrdesk.client.bounded_response import EndlessResponseError, read_error, read_short
from ocrdesk.client.errors import ApiError, ClientClosedError, ClientError, RateLimitedError, ServerUnavailableError
from ocrdesk.client.responses import connection_error, error_from, is_permanent
from ocrdesk.client.retry import Clock, OnWait, RetryLoop, RetryPolicy, SystemClock
from ocrdesk.client.tls import tls_context
from ocrdesk.contract.error_messages import error_message

API = "/api/v1"
_CONNECT_S, _READ_S = 10.0, 60.0
_STREAM_READ_S = 45.0
"""Event streams send at least a comment every 15 s."""
_REDIRECTS = (302, 307)
"""How the server sends a client to its storage for a file."""
_REPEATABLE = ("GET", "DELETE")

Answer = TypeVar("Answer", bound=BaseModel)
_R = TypeVar("_R")
Params = Mapping[str, str | Sequence[str]]
CheckServer = Callable[[str, int], None]
"""Gets the address and port of a new connection, and raises ServerUnavailableError if it must not be used."""


class _Stoppable(Protocol):
    def stop(self) -> None: ...


class _Connections:
    """What a client and its copies share: the connections, and whether they are closed."""

    def __init__(self, http: httpx2.Client, clock: Clock, check_server: CheckServer | None) -> None:
        self.http = http
        self.clock = clock
        self._check_server = check_server
        self.closed = threading.Event()
        self.was_reached = False
        self._event_streams: weakref.WeakSet[_Stoppable] = weakref.WeakSet()
        self._streams: weakref.WeakSet[Any] = weakref.WeakSet()
        """The streams of all connections that were opened; httpx2 gives them no type."""
        self._lock = threading.Lock()

    def add(self, event_stream: _Stoppable) -> None:
        with self._lock:
            self._event_streams.add(event_stream)
        if self.closed.is_set():
            event_stream.stop()

    def on_trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Check and remember each opened connection; called by httpx2 (its extension "trace")."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            stream = info["return_value"]
            if self._check_server is not None:
                try:
                    self._check_server(*stream.get_extra_info("server_addr")[:2])
                except BaseException:
                    stream.close()
                    raise
            with self._lock:
                self._streams.add(stream)

    def on_trace_of_storage(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember a connection to the server's storage, so that `close` ends it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            with self._lock:
                self._streams.add(info["return_value"])

    def close(self) -> None:
        self.closed.set()
        with self._lock:
            event_streams, streams = list(self._event_streams), list(self._streams)
        for event_stream in event_streams:
            event_stream.stop()
        for stream in streams:
            wake(stream)
        self.http.close()


def wake(stream: Any) -> None:
    """End a thread's wait on a connection, which closing it does not. May be called from any thread."""
    connection = stream.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


class HttpTransport:
    """The connections to one server: its address, its key, and how long calls are retried."""

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        api_key_header: str = "X-API-Key",
        retry_policy: float | RetryPolicy = 120.0,
        on_wait: OnWait | None = None,
        clock: Clock | None = None,
        check_server: CheckServer | None = None,
    ) -> None:
        """`check_server` is called for each connection before anything is sent on it, and may refuse it."""
        # a key with characters that no key has is for the server to reject
        headers = httpx2.Headers({"User-Agent": f"ocrdesk/{__version__}"}, encoding="utf-8")
        if api_key and api_key.strip():  # keys are read from files, whose lines have ends
            headers[api_key_header] = api_key.strip()
        self._key_header = api_key_header
        self.base_url = base_url.rstrip("/")
        self.retry_policy = RetryPolicy.of(retry_policy)
        self.on_wait = on_wait
        # trust_env: proxies for remote servers come from the environment, but never for this machine's own
        local = httpx2.URL(self.base_url).host in ("127.0.0.1", "localhost", "::1")
        http = httpx2.Client(
            base_url=self.base_url,
            headers=headers,
            timeout=httpx2.Timeout(_CONNECT_S, read=_READ_S, write=_READ_S),
            trust_env=not local,
            verify=tls_context(self.base_url),
        )
        self._connections = _Connections(http, clock or SystemClock(), check_server)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. Waiting calls end with ClientClosedError, event streams just end."""
        self._connections.close()

    @property
    def is_closed(self) -> bool:
        return self._connections.closed.is_set()

    def with_retry_policy(self, retry_policy: float | RetryPolicy) -> Self:
        """Return this client with another retry policy. The two share their connections, and close together."""
        other = copy.copy(self)
        other.retry_policy = RetryPolicy.of(retry_policy)
        return other

    def _use_key(self, key: str) -> None:
        self._connections.http.headers[self._key_header] = key

    # ── for event streams and page streams ───────────────────────────────────────────────────────

    def retry_loop(self, policy: RetryPolicy, stop: threading.Event) -> RetryLoop:
        """Return a retry loop with this client's clock. `stop` ends its waits."""
        return RetryLoop(policy, self._connections.clock, stop, self.on_wait)

    def stop_on_close(self, stream: _Stoppable) -> None:
        """Make `close` stop the stream."""
        self._connections.add(stream)

    def open_stream(self, path: str, headers: Mapping[str, str]) -> contextlib.AbstractContextManager[httpx2.Response]:
        """Open a response whose bytes are read as the server sends them; one attempt."""
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
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
        is_repeatable: bool | None = None,
        is_short: bool = False,
    ) -> httpx2.Response:
        """Return the response of a call. `is_repeatable`: it may have its effect twice; GET and DELETE may."""

        def once() -> httpx2.Response:
            return self._send(
                method,
                path,
                params=params,
                json=body,
                content=content,
                data=data,
                headers=headers,
                read_timeout_s=timeout_s,
                is_short=is_short,
            )

        return self._retry(once, is_repeatable=method in _REPEATABLE if is_repeatable is None else is_repeatable)

    def _retry(self, once: Callable[[], _R], *, is_repeatable: bool = True) -> _R:
        """Return what `once` returns, called again as long as the retry policy allows."""
        loop = self.retry_loop(self.retry_policy, self._connections.closed)
        while True:
            try:
                return once()
            except (RateLimitedError, ServerUnavailableError) as error:
                if not self._is_worth_retrying(error, is_repeatable):
                    raise
                self._pause(loop, error)

    def _is_worth_retrying(self, error: RateLimitedError | ServerUnavailableError, is_repeatable: bool) -> bool:
        if isinstance(error, RateLimitedError):
            return True
        if isinstance(error, ClientClosedError) or is_permanent(error, was_reached=self._connections.was_reached):
            return False
        return is_repeatable or error.is_undone

    def _pause(self, loop: RetryLoop, error: ServerUnavailableError | ApiError) -> None:
        """Wait. Raises the error when the time is over, ClientClosedError when the client is closed meanwhile."""
        if loop.pause(error):
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
        is_short: bool = False,
    ) -> httpx2.Response:
        """Send a request once. Raises what the response's status means. `is_short`: a long response is not ours."""
        with (
            self._failures(),
            self._connections.http.stream(
                method,
                API + path,
                params=params,
                json=json,
                content=content,
                data=data,
                files=files,
                headers=headers,
                timeout=httpx2.Timeout(_CONNECT_S, read=read_timeout_s or _READ_S, write=_READ_S),
                extensions={"trace": self._connections.on_trace},
            ) as answer,
        ):
            self._connections.was_reached = True
            if answer.status_code >= 400:
                raise self._error_from(read_error(answer))
            if answer.status_code in _REDIRECTS:
                with self._from_storage(answer, read_timeout_s or _READ_S) as file:
                    file.read()
                    return file
            if is_short:
                return self._read_short(answer, path)
            answer.read()
            return answer

    def _read_short(self, answer: httpx2.Response, path: str) -> httpx2.Response:
        try:
            return read_short(answer)
        except EndlessResponseError:
            kind = path.rpartition("/")[2].capitalize()
            raise ClientError(error_message("not_an_ocrdesk_server", address=self.base_url, kind=kind)) from None

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what httpx2 raises into ServerUnavailableError, or ClientClosedError once the client is closed."""
        if self.is_closed:
            raise _closed()
        try:
            yield
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            raise (_closed() if self.is_closed else connection_error(self.base_url, error)) from error
        except RuntimeError as error:  # httpx2: the client was closed in this moment
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
    ) -> Iterator[httpx2.Response]:
        """Open a response once, to be read as it comes. Raises what its status means."""
        timeout = httpx2.Timeout(_CONNECT_S, read=read_timeout_s)
        extensions = {"trace": self._connections.on_trace}
        with (
            self._failures(),
            self._connections.http.stream(
                "GET", API + path, params=params, headers=headers, timeout=timeout, extensions=extensions
            ) as answer,
        ):
            self._connections.was_reached = True
            if answer.status_code >= 400:
                raise self._error_from(read_error(answer))
            if answer.status_code in _REDIRECTS:
                with self._from_storage(answer, read_timeout_s) as file:
                    yield file
                return
            yield answer

    @contextlib.contextmanager
    def _from_storage(self, answer: httpx2.Response, read_timeout_s: float) -> Iterator[httpx2.Response]:
        """Open the file to which the server sends this client: without its key, which is for the server alone.

        Raises ServerUnavailableError if the storage refuses it: the address may be too old, and is made again.
        """
        url = answer.url.join(answer.headers.get("location", ""))
        timeout = httpx2.Timeout(_CONNECT_S, read=read_timeout_s)
        with (
            httpx2.Client(timeout=timeout, verify=tls_context(str(url))) as http,
            http.stream("GET", url, extensions={"trace": self._connections.on_trace_of_storage}) as file,
        ):
            if file.status_code != httpx2.codes.OK:
                refusal = httpx2.RequestError(f"the storage answers with status {file.status_code}")
                raise connection_error(self.base_url, refusal)
            yield file

    def _error_from(self, answer: httpx2.Response) -> ClientError:
        """Return the exception for an error response."""
        return error_from(answer)

    def _parse(self, kind: type[Answer], answer: httpx2.Response) -> Answer:
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            message = error_message("not_an_ocrdesk_server", address=self.base_url, kind=kind.__name__)
            raise ClientError(message) from error


def _closed() -> ClientClosedError:
    return ClientClosedError(error_message("client_closed"))
