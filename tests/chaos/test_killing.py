"""kill -9 of a task process, a worker, the pool, Valkey, the api or everything: jobs end, pages are committed once."""

from __future__ import annotations

import signal
from pathlib import Path

from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.served_backend import Serving, assert_each_page_once, is_alive, serving
from tests.helpers.wait import wait_until


def assert_whole(result: JobResult, pages: int) -> None:
    """Check that all pages were read, in order."""
    assert result.status is JobState.FINISHED, result.error
    assert result.error is None
    texts = (result.text or "").split("\f")
    assert [text.split()[:2] for text in texts] == [["PAGE", str(n)] for n in range(1, pages + 1)]


def test_a_killed_process_costs_nothing(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        server.process_on_page(client, job_id).kill()
        result = client.wait(job_id)
        assert_whole(result, 6)
        assert_each_page_once(client, result)


def test_a_killed_process_of_a_picture_costs_nothing(tmp_path: Path, long_image: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_image)
        server.process_on_page(client, job_id).kill()
        result = client.wait(job_id)
        assert_whole(result, 1)
        assert_each_page_once(client, result)


def test_a_page_that_kills_its_process_twice_is_given_up_and_the_others_continue(
    tmp_path: Path, long_pdf: Path
) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        for _ in range(2):
            process = server.process_on_page(client, job_id, 2)
            process.kill()
            process.wait(30)
        result = client.wait(job_id)
        assert result.status is JobState.FINISHED
        assert [page.status for page in result.pages].count(PageState.FINISHED) == 5
        assert result.pages[1].status is PageState.FAILED
        assert result.pages[1].error_code == "crashed"
        assert "Page 2 of 6" in (result.error or "")
        assert_each_page_once(client, result)


@IN_LONG_FORM
def test_a_killed_workers_task_process_dies_too_and_nothing_is_lost(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        process = server.process_on_page(client, job_id)
        process.parent().kill()  # type: ignore[union-attr]  # it has one
        wait_until(lambda: not is_alive(process), "the task process is gone with its worker")
        result = client.wait(job_id)
        assert_whole(result, 6)
        assert_each_page_once(client, result)


@IN_LONG_FORM
def test_a_killed_pool_is_started_again_and_costs_nothing(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        process = server.process_on_page(client, job_id)
        server.part("ocrdesk_worker").kill()
        wait_until(lambda: not is_alive(process), "the task process is gone with the pool")
        result = client.wait(job_id)
        assert_whole(result, 6)
        assert_each_page_once(client, result)


@IN_LONG_FORM
def test_killed_valkey_is_started_again_and_costs_nothing(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        server.process_on_page(client, job_id)
        server.part("valkey-server").kill()
        result = wait_until(lambda: _final(server, job_id), "the job ends")
        assert_whole(result, 6)
        assert_each_page_once(client, result)


@IN_LONG_FORM
def test_a_killed_api_is_started_again_at_the_same_address(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        server.part("ocrdesk_api").kill()
        result = wait_until(lambda: _final(server, job_id), "the job ends")
        assert_whole(result, 6)


@IN_LONG_FORM
def test_after_its_supervisor_is_killed_a_server_ends_completely_and_the_next_uses_its_port(
    tmp_path: Path, long_pdf: Path
) -> None:
    data_dir = tmp_path / "data"
    with serving(data_dir) as first, first.client() as client:
        job_id = client.submit(long_pdf)
        first.process_on_page(client, job_id)
        parts, port = first.all_processes()[1:], int(first.url.rpartition(":")[2])
        first.process.kill()
        first.process.wait()
    with serving(data_dir, port=port) as second, second.client() as client:
        wait_until(lambda: not any(map(is_alive, parts)), "nothing of the first backend is left")
        assert second.url == first.url
        assert_whole(client.wait(job_id), 6)


@IN_LONG_FORM
def test_after_kill_of_everything_a_new_serve_ends_every_accepted_job(
    tmp_path: Path, long_pdf: Path, long_image: Path
) -> None:
    data_dir = tmp_path / "data"
    with serving(data_dir) as first, first.client() as client:
        job_ids = [client.submit(path) for path in (long_pdf, long_image, long_pdf)]
        first.process_on_page(client, job_ids[0])
        first.kill_everything()
    with serving(data_dir) as second, second.client() as client:
        results = [client.wait(job_id) for job_id in job_ids]
        for result, pages in zip(results, (6, 1, 6), strict=True):
            assert_whole(result, pages)
            assert_each_page_once(client, result)


@IN_LONG_FORM  # one such kill is the test above; `test_chaos` makes many in its short form
def test_killing_everything_again_and_again_loses_nothing(tmp_path: Path, long_pdf: Path) -> None:
    data_dir = tmp_path / "data"
    job_id = ""
    for _ in range(5):
        with serving(data_dir) as server, server.client() as client:
            job_id = job_id or client.submit(long_pdf)
            if client.job(job_id).status.is_final:
                break
            server.process_on_page(client, job_id)
            server.kill_everything()
    with serving(data_dir) as server, server.client() as client:
        result = client.wait(job_id)
        assert_whole(result, 6)
        assert_each_page_once(client, result)


@IN_LONG_FORM
def test_a_stopped_serve_hands_its_pages_back_and_the_next_one_resumes(tmp_path: Path, long_pdf: Path) -> None:
    data_dir = tmp_path / "data"
    with serving(data_dir, WORKER_GRACE_S="0") as first, first.client() as client:
        job_id = client.submit(long_pdf)
        first.process_on_page(client, job_id)
        processes = first.all_processes()
        assert first.stop(signal.SIGINT) == 0
        assert not any(map(is_alive, processes))
    with serving(data_dir) as second, second.client() as client:
        result = client.wait(job_id)
        assert_whole(result, 6)
        assert_each_page_once(client, result)


def _final(server: Serving, job_id: str) -> JobResult | None:
    """Return the result once the job has ended; None before that, and while the server is unavailable."""
    from ocrdesk.client import ClientError

    try:
        with server.client() as client:
            result = client.result(job_id, wait_s=1)
    except ClientError:
        return None
    return result if result.status.is_final else None
