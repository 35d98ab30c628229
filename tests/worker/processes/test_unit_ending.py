"""What an ended task process left is given back, although Redis refuses a command or forgets the job for a while."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import cleanup
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk.contract.states import PageState
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.processes.reconciler import Reconciler
from ocrdesk_worker.processes.unit_ending import Ending, release_what_is_left
from tests.helpers.ledger_jobs import created, new_attempt, page_unit, planned, prepare_unit
from tests.helpers.processes import run_valkey, short_folder
from tests.helpers.refusing_relay import Command, RefusingRelay, refusing_relay
from tests.helpers.uploaded_jobs import submitted


@pytest.fixture
def relay() -> Iterator[RefusingRelay]:
    with (
        short_folder() as folder,
        run_valkey(folder) as url,
        refusing_relay(url.removeprefix("unix://"), folder / "relay") as relay,
    ):
        yield relay


def begun(work: Context) -> tuple[JobRecord, Ending]:
    """Return a job whose task process was killed."""
    job, attempt = submitted(work, b"file"), new_attempt()
    unit = prepare_unit(job)
    assert work.ledger.leases.claim(unit, attempt)
    return job, Ending(attempt, unit.key, signal.SIGKILL, None, 1, None)


def test_the_worker_goes_on_after_any_refused_command(relay: RefusingRelay, tmp_path: Path, engines: Engines) -> None:
    """An outage may begin between any two commands, so each one that is sent is refused once."""
    settings = Settings(redis_url=relay.url, storage_url=(tmp_path / "blobs").as_uri())
    work = context.make(settings, engines)
    job, ending = begun(work)
    relay.seen.clear()
    assert release_what_is_left(work, prepare_unit(job), ending)
    for name in relay.seen - {b"HELLO", b"CLIENT", b"MULTI", b"PING", b"SELECT"}:
        job, ending = begun(work)
        refused: list[bytes] = []

        def refuse(command: Command, name: bytes = name, refused: list[bytes] = refused) -> bytes | None:
            if command[0].upper() != name or refused:
                return None
            refused.append(name)
            return b"-BUSY with a script"

        relay.refuse = refuse
        assert release_what_is_left(work, prepare_unit(job), ending), name
        assert refused


def test_files_of_a_job_stay_that_redis_does_not_know_for_a_moment(
    work: Context, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a replica that lags behind takes over, and the first server then comes back."""
    redis: Any = Redis.from_url(redis_url)
    job, ending = begun(work)
    name = redis_keys.job(job.job_id)
    redis.rename(name, "elsewhere")
    assert not release_what_is_left(work, prepare_unit(job), replace(ending, status=0))
    redis.rename("elsewhere", name)
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
    for _ in range(3):
        Reconciler(work).run()
    assert work.blobs.exists(job.job_id, UPLOAD)


def test_a_page_that_a_process_read_after_others_gets_its_full_time_in_a_new_task(work: Context) -> None:
    """The others had a part of the time of the process that was stopped."""
    job = planned(work.ledger, 4, inflight_limit=2)
    for number, task, state in ((1, 1, PageState.TIMEOUT), (2, 1, PageState.QUEUED)):
        attempt = new_attempt()
        assert work.ledger.leases.claim(page_unit(job, number), attempt)
        ending = Ending(attempt, page_unit(job, task).key, signal.SIGKILL, PageState.TIMEOUT, 1, None)
        assert release_what_is_left(work, page_unit(job, task), ending)
        page = work.ledger.pages.get(job.job_id, number)
        assert (page.state, page.deaths, page.losses) == (state, 0, 0)
    assert work.ledger.leases.active() == []


def test_the_first_page_is_timed_out_where_its_file_was_opened(work: Context) -> None:
    job = created(work.ledger)
    attempt = new_attempt()
    assert work.ledger.leases.claim(prepare_unit(job), attempt)
    assert work.ledger.pages.plan(job.job_id, attempt, 3, inflight_limit=1, inline=True)
    ending = Ending(attempt, prepare_unit(job).key, signal.SIGKILL, PageState.TIMEOUT, 1, None)
    assert release_what_is_left(work, prepare_unit(job), ending)
    assert work.ledger.pages.get(job.job_id, 1).state is PageState.TIMEOUT
