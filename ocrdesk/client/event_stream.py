"""Follows server-sent events and reconnects."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import httpx2
from pydantic import ValidationError

from ocrdesk.client.errors import ClientClosedError, RateLimitedError, ServerUnavailableError
from ocrdesk.client.retry import ENDLESS, RetryLoop, RetryPolicy
from ocrdesk.client.transport import wake
from ocrdesk.contract.events import Event


class EventSource(Protocol):
    """What this module needs of a client."""

    @property
    def retry_policy(self) -> RetryPolicy: ...
    def retry_loop(self, policy: RetryPolicy, stop: threading.Event) -> RetryLoop: ...
    def stop_on_close(self, stream: EventStream) -> None: ...
    def open_stream(self, path: str, headers: Mapping[str, str]) -> AbstractContextManager[httpx2.Response]: ...


class EventStream:
    """The events of one job, or of all jobs of this key.

    Iterate it in a thread of its own. It ends when `stop` is called or the client is closed, and for one job when
    the server ends the stream after the job's end. A retried job has an end in the middle of its history: the stream
    continues past it.

    After a lost connection it reconnects and resumes after the last event, for ever and with growing pauses; with
    `retry_policy` for as long as that allows. With `retry=False` it waits for a busy server as long as the client's
    policy allows, and not at all for one that is unavailable. Then ServerUnavailableError or RateLimitedError is
    raised. Errors such as a wrong key are always raised.

    `on_connected` is called in the iterating thread each time a stream opens: a list fetched then and the events that
    follow miss nothing.
    """

    def __init__(
        self,
        client: EventSource,
        job_id: str | None = None,
        *,
        last_event_id: str | None = None,
        retry: bool = True,
        retry_policy: RetryPolicy | None = None,
        on_connected: Callable[[], None] | None = None,
    ) -> None:
        self._client = client
        self._path = f"/ocr/events/{job_id}" if job_id else "/ocr/events"
        self._is_of_one_job = job_id is not None
        self._policy = retry_policy or (ENDLESS if retry else RetryPolicy(client.retry_policy.busy_s, unavailable_s=0))
        self._on_connected = on_connected
        self._response: httpx2.Response | None = None
        self._is_over = False
        self._stopped = threading.Event()
        self.last_event_id = last_event_id
        self.connected = threading.Event()
        """Set while a stream is open."""

    def stop(self) -> None:
        """End the iteration, also while it waits for the next event. May be called from any thread."""
        self._stopped.set()
        response = self._response
        if response is not None:
            stream = response.extensions.get("network_stream")
            if stream is not None:
                wake(stream)

    def __iter__(self) -> Iterator[Event]:
        self._client.stop_on_close(self)
        loop = self._client.retry_loop(self._policy, self._stopped)
        is_at_end = False
        while not self._stopped.is_set():
            failure: ServerUnavailableError | RateLimitedError | None = None
            try:
                for event in self._read_stream(loop):
                    loop.reset()
                    is_at_end = self._is_of_one_job and event.status.is_final
                    yield event
                # the server ended the stream: after the job's last event, or because it is stopping
                if is_at_end or self._is_over:
                    return
            except ClientClosedError:
                return
            except (ServerUnavailableError, RateLimitedError) as error:
                failure = error
            finally:
                self.connected.clear()
                self._response = None
            if self._stopped.is_set():
                return
            if failure is None:
                loop.pause_briefly()
            else:
                loop.pause(failure)

    def _read_stream(self, loop: RetryLoop) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream"}
        if self.last_event_id:
            headers["Last-Event-ID"] = self.last_event_id
        with self._client.open_stream(self._path, headers) as response:
            if response.status_code == httpx2.codes.NO_CONTENT:
                self._is_over = True  # this client has seen the job's last event
                return
            loop.server_reached()
            self._response = response
            if self._stopped.is_set():  # before the response was stored
                return
            self.connected.set()
            if self._on_connected:
                self._on_connected()
            for message in httpx2.EventSource(response):
                if self._stopped.is_set():
                    return
                if message.id:
                    self.last_event_id = message.id
                try:
                    event = Event.model_validate_json(message.data)
                except ValidationError:
                    continue  # a kind of event that this version does not know
                yield event
