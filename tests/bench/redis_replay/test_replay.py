"""The replay sends what a real worker and a real api send, and its jobs end in a real ledger. No time is tested."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.bench.redis_replay import check
from tests.bench.redis_replay.real import Recording, announce, hold_reaper, record, small_file
from tests.bench.redis_replay.server import running_server
from tests.bench.redis_replay.simulated import Counted, Simulation
from tests.bench.redis_replay.templates import Templates, templates
from tests.helpers.processes import short_folder

PAGES, JOBS, WORKERS = 3, 2, 20


@pytest.fixture(scope="module")
def recording() -> Iterator[Recording]:
    """Record two jobs of three pages, read by one real worker among twenty announced ones."""
    pytest.importorskip("tesserocr")
    with short_folder() as folder, running_server(folder / "real") as server:
        yield record(server, small_file(folder, PAGES), PAGES, JOBS, workers=WORKERS, idle_s=1.0)


def exact(recording: Recording, made: Templates, *, pace: float) -> tuple[list[check.Compared], list[str]]:
    """Replay the jobs; return what the recorder counts of both, and what is wrong in the ledger."""
    with short_folder() as folder:
        replayed = check.replay_in_turn(folder / "replay", recording, made, WORKERS, idle_s=0.1, pace=pace)
    counted = [one for one in check.compare(recording, replayed) if one.bound == check.BOUND]
    assert [one.what for one in counted] == ["commands", "bytes to Valkey", "bytes from Valkey"]
    return counted, replayed.wrong


def test_a_replayed_worker_sends_and_gets_what_a_real_one_does(recording: Recording) -> None:
    counted, wrong = exact(recording, templates(recording), pace=1)
    assert wrong == []
    assert [one for one in counted if not one.is_met] == []


def test_a_replay_that_leaves_out_what_the_worker_itself_sends_is_found(recording: Recording) -> None:
    made = templates(recording)
    for steps in (steps for job in made.jobs for steps in job.units.values()):
        steps[:] = [step for step in steps if not step.connection.startswith("w")]
    counted, wrong = exact(recording, made, pace=0)
    assert wrong == [], "the ledger is written by the task processes"
    assert not counted[0].is_met


def test_many_workers_and_owners_end_every_job_in_a_real_ledger(recording: Recording) -> None:
    jobs = 12
    with short_folder() as folder, running_server(folder / "many") as server:
        hold_reaper(server)
        announce(server, recording.node_text, recording.node, WORKERS)
        counted = asyncio.run(_many(server.port, templates(recording), jobs))
        assert list(check.unfinished(server, jobs)) == []
        with server.redis() as redis:
            assert len(redis.smembers("rq:workers:ocrdesk")) == WORKERS
            assert sorted(redis.zcard(f"ocrdesk:jobs:{owner}") for owner in ("o0001", "o0002")) == [6, 6]
    assert (counted.pages, counted.jobs_ended, counted.refused) == (jobs * PAGES, jobs, 0)
    assert {what: len(times) for what, times in counted.latency_s.items()} == {
        "wait in the queue": jobs,
        "claim": jobs * PAGES,
        "commit": jobs * PAGES,
    }


async def _many(port: int, made: Templates, jobs: int) -> Counted:
    simulation = Simulation(port, made, pace=0, owners=[b"o0001", b"o0002"], apis=2)
    await simulation.start(WORKERS, nodes=5)
    for _ in range(jobs):
        await simulation.submit()
    await simulation.all_ended()
    await simulation.stop()
    return simulation.counted
