"""Event streams: every event once, also after broken connections, and an end after the last event."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ocrdesk.client import Client, EventStream, NotFoundError, ServerUnavailableError
from ocrdesk.contract.events import Event
from tests.helpers.processes import Backend
from tests.helpers.sample_files import multipage_tiff, text_png
from tests.helpers.wait import wait_until


class Wire:
    """A relay in front of the server, whose connections can be cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                self.connections += 1
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break every open connection."""
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # ends the waiting accept
        self._listener.close()
        self.cut()


@pytest.fixture
def wire(backend: Backend) -> Iterator[Wire]:
    wire = Wire(backend.url)
    yield wire
    wire.close()


def submit(client: Client, tmp_path: Path, pages: int) -> str:
    path = tmp_path / "file"
    path.write_bytes(multipage_tiff([f"Page {number}" for number in range(pages)]) if pages > 1 else text_png("Hello"))
    return client.submit(path)


def in_thread(follower: EventStream, events: list[Event]) -> threading.Thread:
    thread = threading.Thread(target=lambda: events.extend(iter(follower)), daemon=True)
    thread.start()
    return thread


def test_a_jobs_stream_yields_all_its_events_and_ends(client: Client, tmp_path: Path) -> None:
    events = list(EventStream(client, submit(client, tmp_path, 3)))
    assert events[-1].status == "finished"
    assert sorted(event.page for event in events if event.page) == [1, 2, 3]


def test_cut_connections_lose_and_repeat_nothing(client: Client, backend: Backend, wire: Wire, tmp_path: Path) -> None:
    job_id = submit(client, tmp_path, 10)
    seen: list[Event] = []
    with Client(wire.url, backend.token) as relayed:
        for event in EventStream(relayed, job_id):
            seen.append(event)
            if len(seen) in (2, 5, 6):
                wire.cut()
    assert seen == list(EventStream(client, job_id))
    assert wire.connections > 2


def test_a_server_that_comes_back_is_found_again(backend: Backend, wire: Wire) -> None:
    with Client(wire.url, backend.token) as relayed:
        opened: list[int] = []
        follower = EventStream(relayed, on_connected=lambda: opened.append(1))
        thread = in_thread(follower, [])
        wait_until(lambda: len(opened) == 1, "the first stream")
        wire.cut()
        wait_until(lambda: len(opened) == 2, "the second stream")
        follower.stop()
        wire.close()
        thread.join(30)
        assert not thread.is_alive()


def test_without_retry_a_server_away_is_raised(wire: Wire) -> None:
    wire.close()
    with Client(wire.url) as client, pytest.raises(ServerUnavailableError):
        list(EventStream(client, retry=False))


def test_an_unknown_job_is_reported_immediately(client: Client) -> None:
    with pytest.raises(NotFoundError):
        list(EventStream(client, "0f8fad5bd9cb469fa16570867728950e"))


def test_a_follower_that_has_seen_the_end_gets_no_more_events(client: Client, tmp_path: Path) -> None:
    job_id = submit(client, tmp_path, 1)
    last = list(EventStream(client, job_id))[-1]
    events: list[Event] = []
    follower = EventStream(client, job_id, last_event_id=last.id)
    thread = in_thread(follower, events)
    thread.join(10)
    ended = not thread.is_alive()
    follower.stop()
    assert ended, "the stream keeps asking for a job that has ended"
    assert events == []


def test_the_follower_of_all_jobs_hears_of_new_ones(client: Client, tmp_path: Path) -> None:
    events: list[Event] = []
    follower = EventStream(client)
    thread = in_thread(follower, events)
    assert follower.connected.wait(20)
    job_id = submit(client, tmp_path, 1)
    for_this = wait_until(
        lambda: thread.is_alive() and client.job(job_id).status.is_final and client.job(job_id), "the job's end"
    )
    assert for_this
    follower.stop()
    client.cancel(submit(client, tmp_path, 1))  # wakes the stream
    thread.join(30)
    assert job_id in {event.job_id for event in events}


def test_stopping_ends_a_follower_on_a_quiet_stream(client: Client) -> None:
    follower = EventStream(client)
    thread = in_thread(follower, [])
    assert follower.connected.wait(20)
    follower.stop()
    thread.join(20)
    assert not thread.is_alive(), "a keep-alive came and the follower did not look whether it was stopped"
