"""Follows the server's events (SSE): reconnects by itself and goes on after the last event it saw."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import httpx
from httpx_sse import EventSource
from pydantic import ValidationError

from ocrdesk.client.client import Client, away, error_body
from ocrdesk.client.errors import ServerAway, api_error
from ocrdesk.contract.events import Event

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0


class Follower:
    """The events of one job, or of all of this key's jobs.

    Iterate it in a thread of its own. It ends when `stop` is called, or, for one job, after the job's
    last event. With `retry` a server that went away is tried again, ever more slowly; without,
    ServerAway is raised. Errors such as a wrong key are raised always. `on_connected` is called in the
    iterating thread each time that a stream opens: what is listed then and what follows miss nothing.
    """

    def __init__(
        self,
        client: Client,
        job_id: str | None = None,
        *,
        last_event_id: str | None = None,
        retry: bool = True,
        on_connected: Callable[[], None] | None = None,
    ) -> None:
        self._client = client
        self._path = f"/ocr/events/{job_id}" if job_id else "/ocr/events"
        self._single = job_id is not None
        self._retry = retry
        self._on_connected = on_connected
        self._answer: httpx.Response | None = None
        self._is_over = False
        self._stopped = threading.Event()
        self.last_event_id = last_event_id
        self.connected = threading.Event()
        """Set while a stream is open."""

    def stop(self) -> None:
        """Ends the iteration, also while it waits for the next event; may be called from any thread."""
        self._stopped.set()
        answer = self._answer
        if answer is not None:
            stream = answer.extensions.get("network_stream")
            connection = stream.get_extra_info("socket") if stream else None
            if connection is not None:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it

    def __iter__(self) -> Iterator[Event]:
        pause_s = _FIRST_PAUSE_S
        while not self._stopped.is_set():
            try:
                for event in self._read_stream():
                    pause_s = _FIRST_PAUSE_S
                    yield event
                    if self._single and event.status.is_final:
                        return
            except ServerAway:
                if not self._retry and not self._stopped.is_set():
                    raise
            finally:
                self.connected.clear()
                self._answer = None
            if self._is_over:
                return
            if self._stopped.wait(pause_s):
                return
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _read_stream(self) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream"}
        if self.last_event_id:
            headers["Last-Event-ID"] = self.last_event_id
        try:
            with self._client.open_stream(self._path, headers) as answer:
                if answer.status_code >= 400:
                    answer.read()
                    raise api_error(answer.status_code, error_body(answer))
                if answer.status_code == httpx.codes.NO_CONTENT:
                    self._is_over = True  # the job's last event has been seen already
                    return
                self._answer = answer
                self.connected.set()
                if self._on_connected:
                    self._on_connected()
                for message in EventSource(answer).iter_sse():
                    if self._stopped.is_set():
                        return
                    if message.id:
                        self.last_event_id = message.id
                    try:
                        event = Event.model_validate_json(message.data)
                    except ValidationError:
                        continue  # a kind of event that this version does not know
                    yield event
        except httpx.TransportError as error:
            raise away(self._client.base_url, error) from error
