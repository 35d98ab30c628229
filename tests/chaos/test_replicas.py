"""Two apis and two worker pools that share only Redis: one continues the work that the other lost."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from ocrdesk.client import Client, EventStream, ServerUnavailableError
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.states import JobState
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import ApiProcess, run_valkey, running_api_process, running_pool, short_folder
from tests.helpers.served_backend import assert_each_page_once, is_alive
from tests.helpers.wait import wait_until

PAGES = list(range(1, 7))


@dataclass(frozen=True, slots=True)
class Replicas:
    """The parts; each of the `pools` has one worker."""

    apis: tuple[ApiProcess, ApiProcess]
    clients: tuple[Client, Client]
    pools: tuple[psutil.Process, psutil.Process]


@pytest.fixture
def replicas() -> Iterator[Replicas]:
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(run_valkey(stack.enter_context(short_folder())))
        apis = [stack.enter_context(running_api_process(REDIS_URL=url, OCR_TIMEOUT_PER_PAGE="60")) for _ in range(2)]
        pools = [stack.enter_context(running_pool(REDIS_URL=url)) for _ in range(2)]
        clients = [stack.enter_context(Client(api.url)) for api in apis]
        wait_until(lambda: clients[0].health().workers == 2, "the workers of both pools")
        yield Replicas(
            (apis[0], apis[1]), (clients[0], clients[1]), (psutil.Process(pools[0].pid), psutil.Process(pools[1].pid))
        )


def pages_of(events: list[Event]) -> list[int]:
    """Return the numbers of the pages that ended, once for each event."""
    return [event.page for event in events if event.type is EventType.PAGE and event.page is not None]


def kill(api: ApiProcess) -> None:
    api.process.send_signal(signal.SIGKILL)
    api.process.wait()


def cut_after_first_page(follower: EventStream, api: ApiProcess) -> list[Event]:
    """Return the events that a follower gets from an api that is killed after its first page event."""
    heard: list[Event] = []

    def listen() -> None:
        for event in follower:
            heard.append(event)
            if event.type is EventType.PAGE and api.process.poll() is None:
                kill(api)

    with pytest.raises(ServerUnavailableError):
        listen()
    return heard


def test_a_stream_interrupted_by_a_killed_api_resumes_at_the_other(replicas: Replicas, long_pdf: Path) -> None:
    here, there = replicas.clients
    job_id = here.submit(long_pdf)
    follower = EventStream(here, job_id, retry=False)
    heard = cut_after_first_page(follower, replicas.apis[0])
    assert 0 < len(pages_of(heard)) < len(PAGES), "it was not cut off in the middle"
    rest = list(EventStream(there, job_id, last_event_id=follower.last_event_id, retry=False))
    assert sorted(pages_of(heard + rest)) == PAGES
    assert heard + rest == list(EventStream(there, job_id, retry=False))
    assert rest[-1].status is JobState.FINISHED


@IN_LONG_FORM
def test_the_stream_of_all_jobs_also_resumes_at_the_other(replicas: Replicas, long_pdf: Path) -> None:
    here, there = replicas.clients
    job_ids: list[str] = []
    follower = EventStream(here, retry=False, on_connected=lambda: job_ids.append(here.submit(long_pdf)))
    heard = cut_after_first_page(follower, replicas.apis[0])
    assert 0 < len(pages_of(heard)) < len(PAGES), "it was not cut off in the middle"
    rest: list[Event] = []
    for event in EventStream(there, last_event_id=follower.last_event_id, retry=False):
        rest.append(event)
        if event.status.is_final:
            break
    assert heard + rest == list(EventStream(there, job_ids[0], retry=False))
    assert sorted(pages_of(heard + rest)) == PAGES


@IN_LONG_FORM
def test_a_stream_is_not_touched_by_the_end_of_the_api_that_took_the_job(replicas: Replicas, long_pdf: Path) -> None:
    here, there = replicas.clients
    job_id = here.submit(long_pdf)
    heard: list[Event] = []
    for event in EventStream(there, job_id, retry=False):  # raises when the connection is cut
        heard.append(event)
        if event.type is EventType.PAGE and replicas.apis[0].process.poll() is None:
            kill(replicas.apis[0])
    assert replicas.apis[0].process.poll() == -signal.SIGKILL
    assert sorted(pages_of(heard)) == PAGES
    assert heard == list(EventStream(there, job_id, retry=False))
    assert there.result(job_id).status is JobState.FINISHED


@IN_LONG_FORM
def test_pages_of_a_killed_pool_are_read_by_the_other_pool(replicas: Replicas, long_pdf: Path) -> None:
    here, there = replicas.clients
    job_id = here.submit(long_pdf)
    lost = replicas.pools[0]

    def at_work() -> list[psutil.Process]:
        """Return its task processes: children of its workers."""
        return [process for worker in lost.children() for process in worker.children()]

    processes = wait_until(at_work, "a task process of the first pool")
    lost.kill()
    wait_until(lambda: not any(map(is_alive, processes)), "they are gone with it")
    result = there.wait(job_id)
    assert (result.status, result.error) == (JobState.FINISHED, None)
    assert_each_page_once(there, result)
