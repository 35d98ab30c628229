"""Files that belong to nobody are removed, and records whose files are gone are repaired, in whatever state."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from ocrdesk.backend.ledger import cleanup, storage_trust
from ocrdesk.backend.records import Attempt, JobRecord
from ocrdesk.backend.redis_keys import CLEANUP, STORAGE, owner_jobs, writing
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import UPLOAD, put
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.page_results import PackedPage
from ocrdesk.backend.storage.redis_store import RedisStore
from ocrdesk.backend.storage.stored_names import is_part, page_name, writer_of
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.processes.reconciler import Reconciler
from tests.helpers.ledger_jobs import BAD_PAGE, close_unit, new_attempt, new_job_record, page_unit, prepare_unit, stored

PAGE = PackedPage(b"page", b"text")


@pytest.fixture
def redis(redis_url: str) -> Any:
    return Redis.from_url(redis_url, decode_responses=True, encoding_errors="replace")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for store in (FolderStore, RedisStore):
        monkeypatch.setattr(store, "survey_every_s", 0)


@pytest.fixture(params=["folder", "redis"])
def work(
    request: pytest.FixtureRequest, redis_url: str, tmp_path: Path, engines: Engines, redis: Any
) -> Iterator[Context]:
    """Return a context whose storage, of either kind, is known to belong to Redis."""
    url = (tmp_path / "blobs").as_uri() if request.param == "folder" else ""
    made = context.make(Settings(redis_url=redis_url, storage_url=url), engines)
    Reconciler(made).run()
    yield made
    assert redis.hget(STORAGE, "identity") == made.blobs.identity()


@pytest.fixture
def rounds(work: Context, monkeypatch: pytest.MonkeyPatch) -> Reconciler:
    """Return a reconciler for which every grace period is over at once."""
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
    monkeypatch.setattr(cleanup, "_AFTER_EXPIRY_S", 0)
    return Reconciler(work)


def run(rounds: Reconciler) -> None:
    """Let it find what there is, and act on it."""
    for _ in range(3):
        rounds.run()


def submitted(work: Context) -> JobRecord:
    job = replace(new_job_record(), job_id=uuid4().hex)
    put(work.blobs, job.job_id, UPLOAD, b"file")
    work.ledger.jobs.create(job)
    return job


def started(work: Context, pages: int) -> JobRecord:
    job = submitted(work)
    attempt = new_attempt()
    assert work.ledger.leases.claim(prepare_unit(job), attempt)
    assert work.ledger.pages.plan(job.job_id, attempt, pages, inflight_limit=pages, inline=False)
    return job


def read_page(work: Context, job: JobRecord, number: int, state: PageState = PageState.FINISHED) -> Attempt:
    attempt = new_attempt()
    assert work.ledger.leases.claim(page_unit(job, number), attempt)
    good = state is PageState.FINISHED
    blob = page_name(number, attempt.id) if good else None
    if blob:
        work.page_results.write_page(job.job_id, blob, PAGE)
    error = None if good else BAD_PAGE
    committed = work.ledger.pages.commit(
        job.job_id, number, attempt.id, state, inflight_limit=9, blob=blob, error=error, continue_as=attempt
    )
    assert committed
    return attempt


def finished(work: Context, pages: int = 2, *, failed: tuple[int, ...] = ()) -> JobRecord:
    job = started(work, pages)
    for number in range(1, pages + 1):
        attempt = read_page(work, job, number, PageState.FAILED if number in failed else PageState.FINISHED)
    work.page_results.write_text(job.job_id, 0, [b"text"] * pages)
    ended = work.ledger.jobs.finish(job.job_id, attempt.id)
    assert ended
    return ended


def lose(work: Context, job: JobRecord, *numbers: int) -> None:
    for number in numbers:
        blob = work.ledger.pages.get(job.job_id, number).blob
        assert blob
        work.page_results.delete_page(job.job_id, blob)


def states(work: Context, job: JobRecord) -> list[PageState]:
    return [page.state for page in work.ledger.pages.of_job(stored(work.ledger, job))]


# ── files that belong to nobody ──────────────────────────────────────────────────────────────────


def test_files_of_running_and_ended_jobs_stay(work: Context, rounds: Reconciler) -> None:
    jobs = [submitted(work), started(work, 2), finished(work)]
    before = [work.blobs.names(job.job_id) for job in jobs]
    assert all(before)
    run(rounds)
    assert [work.blobs.names(job.job_id) for job in jobs] == before
    assert [stored(work.ledger, job).state for job in jobs] == [job.state for job in [jobs[0]]] + [
        JobState.STARTED,
        JobState.FINISHED,
    ]


def test_an_upload_whose_api_was_killed_goes_once_it_is_silent(work: Context, rounds: Reconciler, redis: Any) -> None:
    job_id = uuid4().hex
    work.ledger.cleanup.begin_writing(job_id)
    put(work.blobs, job_id, UPLOAD, b"whole, but not accepted")
    work.blobs.writer(job_id, "password-pad").write(b"half" * 99_999)
    run(rounds)
    assert len(work.blobs.names(job_id)) == 2, "its api may be about to accept it"
    redis.delete(writing(job_id))
    run(rounds)
    assert work.blobs.names(job_id) == set()


def test_an_upload_to_an_api_of_the_previous_version_has_an_hour(in_folder: Context, redis: Any) -> None:
    Reconciler(in_folder).run()
    job_id = uuid4().hex
    put(in_folder.blobs, job_id, "other", b"bytes")
    folder = Path(in_folder.settings.storage_url.removeprefix("file://")) / job_id
    (folder / ".x7_fk2a9.part").write_bytes(b"half")
    in_folder.blobs.delete(job_id, "other")
    run(Reconciler(in_folder))
    left_s = redis.zscore(CLEANUP, f"{job_id}:") - int(redis.time()[0])
    assert 3_500 < left_s <= 3_600


def test_nothing_is_removed_within_the_grace_period(work: Context) -> None:
    job_id = uuid4().hex
    put(work.blobs, job_id, UPLOAD, b"bytes")
    job = finished(work)
    put(work.blobs, job.job_id, page_name(1, "older"), b"just replaced")
    run(Reconciler(work))
    assert work.blobs.names(job_id) == {UPLOAD}
    assert page_name(1, "older") in work.blobs.names(job.job_id)


def test_what_dead_attempts_left_goes_and_what_living_ones_write_stays(work: Context, rounds: Reconciler) -> None:
    job = started(work, 3)
    alive = new_attempt()
    assert work.ledger.leases.claim(page_unit(job, 1), alive)
    names = [page_name(1, alive.id), f"{page_name(1, alive.id)}.txt"]
    strays = [page_name(2, "dead"), f"{page_name(2, 'dead')}.txt", "text-7", "password-pad", "export-pdf-dead"]
    for name in (*names, *strays):
        put(work.blobs, job.job_id, name, b"bytes")
    work.blobs.writer(job.job_id, page_name(1, alive.id)).write(b"half" * 99_999)
    work.blobs.writer(job.job_id, page_name(1, "dead")).write(b"half" * 99_999)
    run(rounds)
    kept = work.blobs.names(job.job_id)
    assert {UPLOAD, *names} <= kept
    (part,) = kept - {UPLOAD, *names}
    assert is_part(part)
    assert writer_of(part) == alive.id


def test_corrected_pages_that_are_being_written_stay(work: Context, rounds: Reconciler, redis: Any) -> None:
    job = finished(work)
    work.ledger.cleanup.begin_writing(job.job_id)
    put(work.blobs, job.job_id, page_name(1, "correction"), b"bytes")
    run(rounds)
    assert page_name(1, "correction") in work.blobs.names(job.job_id)
    redis.delete(writing(job.job_id))
    run(rounds)
    assert page_name(1, "correction") not in work.blobs.names(job.job_id), "its api was killed"


def test_nothing_of_a_deleted_job_stays_although_its_files_were_not_deleted(
    work: Context, rounds: Reconciler, redis: Any
) -> None:
    job = finished(work)
    work.ledger.jobs.delete(job.job_id)  # and here the api is killed
    rounds.run()
    assert work.blobs.names(job.job_id) == set()
    assert redis.zcard(CLEANUP) == 0


def test_nothing_of_an_expired_job_stays(work: Context, rounds: Reconciler, redis: Any) -> None:
    job = finished(work)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        redis.delete(key)
    work.ledger.cleanup.put_off(cleanup.Reminder.parse(f"{job.job_id}:{job.owner}"), 0)
    rounds.run()
    assert work.blobs.names(job.job_id) == set()
    assert not redis.exists(owner_jobs(job.owner))


def test_the_list_of_an_owner_is_cleaned_even_if_nothing_reminds_of_it(
    work: Context, rounds: Reconciler, redis: Any
) -> None:
    kept, gone = finished(work), finished(work)
    redis.delete(CLEANUP, f"ocrdesk:job:{gone.job_id}")
    run(rounds)
    assert redis.zrange(owner_jobs("me"), 0, -1) == [kept.job_id]


@pytest.mark.parametrize("keeps", [True, False])
def test_an_upload_goes_after_the_end_unless_it_is_kept(work: Context, monkeypatch: Any, keeps: bool) -> None:
    work = replace(work, settings=work.settings.model_copy(update={"keep_uploads": keeps}))
    running, ended = started(work, 1), finished(work)
    work.ledger.cleanup.apply_retention(work.blobs, ended.job_id, work.settings)
    run(Reconciler(work))
    assert UPLOAD in work.blobs.names(ended.job_id), "an older Redis may come back, in which the job still runs"
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
    work.ledger.cleanup.put_off(cleanup.Reminder.parse(f"{ended.job_id}/{UPLOAD}"), 0)
    run(Reconciler(work))
    assert (UPLOAD in work.blobs.names(ended.job_id)) is keeps
    assert UPLOAD in work.blobs.names(running.job_id)


def test_a_record_that_cannot_be_read_stops_nothing_and_keeps_its_files(
    work: Context, rounds: Reconciler, redis: Any
) -> None:
    bad, gone = finished(work), uuid4().hex
    redis.hset(f"ocrdesk:job:{bad.job_id}", "created_at", "no time")
    put(work.blobs, gone, UPLOAD, b"bytes")
    work.ledger.cleanup.remove_blobs_later(bad.job_id, [UPLOAD])
    run(rounds)
    assert UPLOAD in work.blobs.names(bad.job_id)
    assert work.blobs.names(gone) == set()


# ── records whose files are gone ─────────────────────────────────────────────────────────────────


def test_names_that_no_file_can_have_stop_nothing(work: Context, rounds: Reconciler, redis: Any) -> None:
    job = finished(work)
    lose(work, job, 1)
    entries = ["", "/", ":", "../../x:me", "../../x/upload", "a b/", f"{job.job_id}/../../x", b"\xff/x"]
    redis.zadd(CLEANUP, dict.fromkeys(entries, 0))
    for name in (b"\xff", b"a b", b"..", b"..%2F"):
        redis.hset(b"ocrdesk:job:" + name, mapping=redis.hgetall(f"ocrdesk:job:{job.job_id}"))
        redis.sadd(b"ocrdesk:blobs:" + name, b"\xff")
    run(rounds)
    assert states(work, job) == [PageState.QUEUED, PageState.FINISHED]
    assert not {"../../x:me", "../../x/upload"} & {reminder.entry for reminder in work.ledger.cleanup.due(100)}


def test_lost_pages_are_read_again_and_others_are_not(work: Context, rounds: Reconciler) -> None:
    job = finished(work, 4, failed=(4,))
    lose(work, job, 2, 3)
    run(rounds)
    again = stored(work.ledger, job)
    assert (again.state, again.pages_done, again.pages_failed) == (JobState.STARTED, 1, 1)
    assert states(work, job) == [PageState.FINISHED, PageState.QUEUED, PageState.QUEUED, PageState.FAILED]
    assert work.ledger.backlog.load().pages == 2
    run(rounds)
    assert stored(work.ledger, job) == again, "repairing twice changes nothing"
    for number in (2, 3):
        attempt = read_page(work, job, number)
    done = work.ledger.jobs.finish(job.job_id, attempt.id)
    assert done
    assert (done.state, done.revision) == (JobState.FINISHED, 1)
    assert work.ledger.backlog.counters().lost_pages == 2
    assert work.ledger.backlog.load().pages == 0


def test_without_its_file_a_job_fails_and_says_what_to_do(work: Context, rounds: Reconciler) -> None:
    job = finished(work)
    work.blobs.purge(job.job_id)  # a deletion that Redis forgot
    run(rounds)
    failed = stored(work.ledger, job)
    assert failed.state is JobState.FAILED
    assert failed.error
    assert failed.error.code is ErrorCode.UPLOAD_LOST
    assert "Submit" in failed.error.message
    assert states(work, job) == [PageState.FAILED, PageState.FAILED]
    assert work.ledger.jobs.remaining_ttl_s(job.job_id)


def test_without_its_file_a_job_keeps_the_pages_that_are_left(work: Context, rounds: Reconciler) -> None:
    job = finished(work, 3)
    work.blobs.delete(job.job_id, UPLOAD)
    lose(work, job, 2)
    run(rounds)
    left = stored(work.ledger, job)
    assert (left.state, left.pages_done, left.pages_failed, left.revision) == (JobState.FINISHED, 2, 1, 1)
    assert left.error
    assert states(work, job) == [PageState.FINISHED, PageState.FAILED, PageState.FINISHED]


def test_a_cancelled_job_does_not_run_again_by_itself(work: Context, rounds: Reconciler) -> None:
    job = started(work, 2)
    read_page(work, job, 1)
    assert work.ledger.jobs.cancel(job.job_id)
    lose(work, job, 1)
    run(rounds)
    assert stored(work.ledger, job).state is JobState.CANCELLED
    assert states(work, job)[0] is PageState.QUEUED
    again = work.ledger.jobs.retry(job.job_id, inflight_limit=4)
    assert again
    assert (again.state, again.pages_done, again.inflight) == (JobState.STARTED, 0, 2)


def test_pages_that_were_lost_before_the_job_was_closed_are_read_again(work: Context, rounds: Reconciler) -> None:
    job = started(work, 2)
    read_page(work, job, 1)
    attempt = read_page(work, job, 2)
    lose(work, job, 1)
    run(rounds)
    assert stored(work.ledger, job).attempt == attempt.id, "only the attempt that closes it may change it"
    from ocrdesk_worker.jobs.page_work import close_job

    close_job(work, attempt, stored(work.ledger, job))
    assert states(work, job) == [PageState.QUEUED, PageState.FINISHED]
    last = read_page(work, job, 1)
    close_job(work, last, stored(work.ledger, job))
    assert stored(work.ledger, job).state is JobState.FINISHED


def test_a_closing_without_page_and_file_ends_with_an_error(work: Context) -> None:
    from ocrdesk_worker.jobs.page_work import close_job

    job = started(work, 2)
    read_page(work, job, 1)
    attempt = read_page(work, job, 2)
    work.blobs.purge(job.job_id)
    close_job(work, attempt, stored(work.ledger, job))
    closing = new_attempt()
    assert work.ledger.leases.claim(close_unit(job), closing)
    close_job(work, closing, stored(work.ledger, job))
    failed = stored(work.ledger, job)
    assert failed.error
    assert (failed.state, failed.error.code) == (JobState.FAILED, ErrorCode.UPLOAD_LOST)


def test_an_export_whose_file_is_gone_is_forgotten(work: Context, rounds: Reconciler) -> None:
    job = finished(work)
    attempt = new_attempt()
    assert work.ledger.exports.request(job.job_id, "pdf", 10)
    assert work.ledger.exports.claim(job.job_id, "pdf", attempt)
    put(work.blobs, job.job_id, f"export-pdf-{attempt.id}", b"pdf")
    blob = f"export-pdf-{attempt.id}"
    work.ledger.exports.commit(job.job_id, "pdf", attempt.id, PageState.FINISHED, blob=blob, media_type="a/b")
    run(rounds)
    assert work.ledger.exports.get(job.job_id, "pdf")
    work.blobs.delete(job.job_id, blob)
    run(rounds)
    assert work.ledger.exports.get(job.job_id, "pdf") is None
    assert stored(work.ledger, job).state is JobState.FINISHED


# ── the wrong Redis, the wrong storage ───────────────────────────────────────────────────────────


@pytest.fixture
def in_folder(redis_url: str, tmp_path: Path, engines: Engines) -> Context:
    """Return a context with a folder that Redis does not know yet."""
    settings = Settings(redis_url=redis_url, storage_url=(tmp_path / "blobs").as_uri())
    return context.make(settings, engines)


@pytest.mark.usefixtures("no_grace")
def test_an_empty_redis_at_a_full_folder_removes_nothing_for_an_hour(in_folder: Context, redis: Any) -> None:
    job_id = uuid4().hex
    put(in_folder.blobs, job_id, UPLOAD, b"bytes")
    run(Reconciler(in_folder))
    assert in_folder.blobs.names(job_id) == {UPLOAD}
    redis.hincrby(STORAGE, "trusted_from", -storage_trust.SUSPICIOUS_S)
    run(Reconciler(in_folder))
    assert in_folder.blobs.names(job_id) == set()


@pytest.mark.usefixtures("no_grace")
def test_a_folder_that_is_not_mounted_loses_no_job(in_folder: Context, tmp_path: Path) -> None:
    Reconciler(in_folder).run()
    job = finished(in_folder)
    (tmp_path / "blobs").rename(tmp_path / "elsewhere")
    (tmp_path / "blobs").mkdir()
    run(Reconciler(in_folder))
    assert stored(in_folder.ledger, job).state is JobState.FINISHED
    shutil.rmtree(tmp_path / "blobs")
    run(Reconciler(in_folder))
    assert stored(in_folder.ledger, job).state is JobState.FINISHED, "there is no folder at all"
    (tmp_path / "elsewhere").rename(tmp_path / "blobs")
    run(Reconciler(in_folder))
    assert stored(in_folder.ledger, job).state is JobState.FINISHED


@pytest.mark.usefixtures("no_grace")
def test_ended_jobs_without_any_file_are_suspicious_at_first(in_folder: Context) -> None:
    job = finished(in_folder)
    in_folder.blobs.purge(job.job_id)
    run(Reconciler(in_folder))
    assert stored(in_folder.ledger, job).state is JobState.FINISHED


@pytest.fixture
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
