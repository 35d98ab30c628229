"""The replay sends what a real worker and a real api send, and its jobs end in a real ledger. No time is tested."""

from __future__ import annotations

import asyncio
import pickle
import re
from collections.abc import Iterator

import pytest

from tests.bench.redis_replay import check, load
from tests.bench.redis_replay.__main__ import main
from tests.bench.redis_replay.real import Recording, announce, hold_reaper, record, small_file
from tests.bench.redis_replay.server import running_server
from tests.bench.redis_replay.simulated import Counted, Simulation
from tests.bench.redis_replay.templates import Templates, templates
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import short_folder

PAGES, JOBS, WORKERS = 3, 2, 20


@pytest.fixture(scope="module")
def recording() -> Iterator[Recording]:
    """Record two jobs of three pages, read by one real worker among twenty announced ones."""
    pytest.importorskip("tesserocr")
    with short_folder() as folder, running_server(folder / "real") as server:
        yield record(server, small_file(folder, PAGES), PAGES, JOBS, workers=WORKERS, idle_s=1.0)


def exact(recording: Recording, made: Templates) -> tuple[list[check.Compared], list[str]]:
    """Replay the jobs; return what the recorder counts of both, and what is wrong in the ledger."""
    with short_folder() as folder:
        replayed = check.replay_in_turn(folder / "replay", recording, made, WORKERS, idle_s=0.1, pace=0)
    counted = [one for one in check.compare(recording, replayed) if one.bound == check.BOUND]
    assert [one.what for one in counted] == ["commands", "bytes to Valkey", "bytes from Valkey"]
    return counted, replayed.wrong


def test_a_replay_that_leaves_out_what_the_worker_itself_sends_is_found(recording: Recording) -> None:
    made = templates(recording)
    for steps in (steps for job in made.jobs for steps in job.units.values()):
        steps[:] = [step for step in steps if not step.connection.startswith("w")]
    counted, wrong = exact(recording, made)
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


@pytest.fixture(scope="module")
def kept(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The recording in a file, as an earlier run of the command keeps it."""
    path = tmp_path_factory.mktemp("kept") / "recording"
    path.write_bytes(pickle.dumps(recording))
    return str(path)


def test_the_command_prints_the_comparison(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--workers", str(WORKERS), "--keep", kept])
    printed = capsys.readouterr().out
    for what in ("commands", "bytes to Valkey", "bytes from Valkey"):
        assert re.search(rf"^{what} +\d+\.\d +\d+\.\d +[+-]\d\.\d% +5%  yes$", printed, re.MULTILINE), printed
    assert "The ledger finds every job finished, with each of its pages, and nothing left." in printed
    assert re.search(r"^Connections: .*worker 3", printed, re.MULTILINE)


def test_the_command_measures_a_rate_on_two_servers(
    kept: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(load, "_SETTLE_S", 0.1)
    monkeypatch.setattr(load, "_RAMP_S", 0.5)
    words = ["--rates", "30", "--seconds", "1", "--owners", "2", "--page-s", "0.1", "--shards", "2", "--keep", kept]
    assert main(["load", "--workers", str(WORKERS), *words]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^ +\d+\.\d +30 .+  good$", printed, re.MULTILINE), printed
    assert f"2 Valkey, jobs of {PAGES} pages" in printed


@IN_LONG_FORM
def test_the_command_measures_waiting_workers(
    kept: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(load, "_SETTLE_S", 0.5)
    assert main(["idle", "--workers", str(WORKERS), "--seconds", "2", "--keep", kept]) == 0
    assert re.search(r"^workers and their pools +\d+ +\d+\.\d", capsys.readouterr().out, re.MULTILINE)


@IN_LONG_FORM
def test_the_command_measures_the_reaper(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reaper", "--units", "2000", "--workers", str(WORKERS)]) == 0
    assert re.search(r"^ +2000 +20 +\d+ +\d+\.\d\d", capsys.readouterr().out, re.MULTILINE)


def test_the_command_measures_the_counting_of_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recount", "--units", "20"]) == 0
    assert re.search(r"^ +20 +\d+ +\d+\.\d\d", capsys.readouterr().out, re.MULTILINE)
