"""The transport: closing a client, and requests whose response was lost."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

import pytest

from ocrdesk.client import (
    Client,
    ClientClosedError,
    NotFoundError,
    RevisionConflictError,
    ServerUnavailableError,
)
from ocrdesk.client.retry import SystemClock
from tests.helpers.faulty_proxy import Cut, Relay, Says
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

PICTURE = text_png("Hello world")


def test_closing_a_client_ends_its_wait(relay: Relay, backend: Backend) -> None:
    relay.always = Says(503, "queue_full", 50)
    waiting = threading.Event()
    with Client(relay.url, backend.token, clock=SystemClock(), on_wait=lambda *_: waiting.set()) as client:
        failures: list[BaseException] = []

        def call() -> None:
            try:
                client.jobs()
            except ClientClosedError as error:
                failures.append(error)

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        assert waiting.wait(30)
        client.close()
        thread.join(30)
        assert len(failures) == 1
        with pytest.raises(ClientClosedError):
            client.jobs()


def test_closing_a_client_ends_a_call_that_waits_for_its_answer() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Client(f"http://127.0.0.1:{silent.getsockname()[1]}") as client,
    ):
        failures: list[BaseException] = []

        def call() -> None:
            try:
                client.jobs()
            except ClientClosedError as error:
                failures.append(error)

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(1)  # the request has arrived
            wait_until(
                lambda: sys._current_frames()[thread.ident or 0].f_code.co_name == "read", "waiting for the answer"
            )
            client.close()
            thread.join(30)
        assert len(failures) == 1


@pytest.mark.parametrize("failure", [Cut.BEFORE, Cut.AFTER, Cut.HALFWAY, Says(502, "bad_gateway")])
def test_a_lost_answer_never_makes_a_second_job(
    client: Client, relay: Relay, relayed: Client, failure: Says | Cut
) -> None:
    name = f"once-{failure}.png"
    relay.failures = [failure]
    job_id = relayed.submit(PICTURE, name=name)
    keys = {seen.headers["idempotency-key"] for seen in relay.seen}
    assert (len(relay.seen), len(keys)) == (2, 1)
    assert [job.job_id for job in client.iter_jobs(name=name)] == [job_id]


def test_a_file_that_changes_between_two_tries_is_sent_as_it_is_now(
    client: Client, relay: Relay, relayed: Client, tmp_path: Path
) -> None:
    path = tmp_path / "growing.png"
    path.write_bytes(PICTURE)

    def change(*_: object) -> None:
        path.write_bytes(text_png("Changed"))

    relayed.on_wait = change
    relay.failures = [Cut.AFTER]
    job_id = relayed.submit(path)
    assert len(relay.seen) == 3, "lost, refused because it is another file, and taken as that"
    assert client.wait(job_id).text == "Changed\n"


def test_a_deletion_whose_answer_was_lost_is_done(client: Client, relay: Relay, relayed: Client) -> None:
    job_id = client.submit(PICTURE, name="a.png")
    relay.failures = [Cut.AFTER]
    relayed.delete(job_id)
    with pytest.raises(NotFoundError):
        client.job(job_id)
    with pytest.raises(NotFoundError):
        relayed.delete(job_id)


def test_a_correction_whose_answer_was_lost_is_not_sent_again(client: Client, relay: Relay, relayed: Client) -> None:
    document = client.document(_finished(client))
    relay.failures = [Cut.AFTER]
    with pytest.raises(ServerUnavailableError):
        relayed.correct(document)
    assert len(relay.seen) == 1
    assert client.job(document.job_id).revision == 1
    with pytest.raises(RevisionConflictError):
        relayed.correct(document)


def _finished(client: Client) -> str:
    job_id = client.submit(PICTURE, name="a.png")
    client.wait(job_id)
    return job_id
