"""Follows the server's events (SSE): reconnects by itself and goes on after the last event it saw."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import httpx
from httpx_sse import EventSource
from pydantic import ValidationError

from ocrdesk.client.errors import ClientClosedError, RateLimitedError, ServerUnavailableError
from ocrdesk.client.retry import ENDLESS, RetryLoop, RetryPolicy
from ocrdesk.client.transport import HttpTransport, wake
from ocrdesk.contract.events import Event


class EventStream:
    """The events of one job, or of all of this key's jobs.

    Iterate it in a thread of its own. It ends when `stop` is called or the client is closed, or, for one
    job, when the server ends the stream after the job's end. A job that was retried has an end in
    mid-history, and the follower goes on past it.

    A server that went away or is busy is tried again, ever more slowly, for ever; with `patience` as long
    as that lasts; with `retry=False` a busy one as long as the client's patience lasts, and one that is
    away not at all. Then ServerAway or RateLimited is raised. Errors such as a wrong key are raised always.

    `on_connected` is called in the iterating thread each time that a stream opens: what is listed then and
    what follows miss nothing.
    """

    def __init__(
        self,
        client: HttpTransport,
        job_id: str | None = None,
        *,
        last_event_id: str | None = None,
        retry: bool = True,
        patience: RetryPolicy | None = None,
        on_connected: Callable[[], None] | None = None,
    ) -> None:
        self._client = client
        self._path = f"/ocr/events/{job_id}" if job_id else "/ocr/events"
        self._single = job_id is not None
        self._patience = patience or (ENDLESS if retry else RetryPolicy(client.patience.busy_s, away_s=0.0))
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
            if stream is not None:
                wake(stream)

    def __iter__(self) -> Iterator[Event]:
        self._client.keep_stoppable(self)
        tries = self._client.tries(self._patience, self._stopped)
        is_at_end = False
        while not self._stopped.is_set():
            failure: ServerUnavailableError | RateLimitedError | None = None
            try:
                for event in self._read_stream(tries):
                    tries.renew()
                    is_at_end = self._single and event.status.is_final
                    yield event
                # The server ended the stream, which it does after the job's last event, or because it stops itself.
                if is_at_end or self._is_over:
                    return
            except ClientClosedError:
                return
            except (ServerUnavailableError, RateLimitedError) as error:
                failure = error
            finally:
                self.connected.clear()
                self._answer = None
            if self._stopped.is_set():
                return
            if failure is None:
                tries.pause_briefly()
            else:
                tries.pause(failure)

    def _read_stream(self, tries: RetryLoop) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream"}
        if self.last_event_id:
            headers["Last-Event-ID"] = self.last_event_id
        with self._client.open_stream(self._path, headers) as answer:
            if answer.status_code == httpx.codes.NO_CONTENT:
                self._is_over = True  # the job's last event has been seen already
                return
            tries.reached()
            self._answer = answer
            if self._stopped.is_set():  # by one who did not see the answer yet
                return
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
