"""A stopping api finishes or refuses requests, and loses no accepted job."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

from ocrdesk.backend.storage.folder_store import IDENTITY_FILE
from tests.helpers import plain_http
from tests.helpers.folders import contents_below
from tests.helpers.logged_processes import LoggedApi, lines_of, logged_api
from tests.helpers.processes import run_valkey, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

BOUNDARY = "b0undary"


HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="scan.png"\r\n\r\n'.encode()


TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


class SlowUpload:
    """An upload that has sent its first half."""

    def __init__(self, api: LoggedApi) -> None:
        self._body = HEAD + text_png("Hello").ljust(300_000, b"\0") + TAIL
        self._connection = http.client.HTTPConnection(*api.address, timeout=60)
        self._connection.putrequest("POST", "/api/v1/ocr/submit")
        self._connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        self._connection.putheader("Content-Length", str(len(self._body)))
        self._connection.endheaders(self._body[:150_000])

    def send_the_rest(self) -> None:
        self._connection.send(self._body[150_000:])

    def answer(self) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
        response = self._connection.getresponse()
        return response.status, json.loads(response.read()), response.headers


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


@pytest.fixture
def env(folder: Path) -> Iterator[dict[str, str]]:
    with run_valkey(folder) as url:
        yield {"REDIS_URL": url, "STORAGE_URL": (folder / "blobs").as_uri()}


def jobs_in(env: dict[str, str]) -> list[str]:
    redis: Any = Redis.from_url(env["REDIS_URL"], decode_responses=True)
    return sorted(redis.zrange("ocrdesk:jobs:local", 0, -1))


def blobs_in(folder: Path) -> dict[Path, bytes]:
    found = contents_below(folder / "blobs")
    return {path: content for path, content in found.items() if path.name != IDENTITY_FILE}


def is_uploading(folder: Path) -> bool:
    return any(".part" in path.name and content for path, content in blobs_in(folder).items())


def assert_no_traceback(api: LoggedApi) -> None:
    assert not [line for line in lines_of(api.log) if "exception" in line]


def test_an_upload_in_progress_is_completed(folder: Path, env: dict[str, str]) -> None:
    with logged_api(folder / "log", **env, API_GRACE_S="30") as api:
        upload = SlowUpload(api)
        wait_until(lambda: is_uploading(folder), "the first half")
        api.process.terminate()
        wait_until(lambda: is_refused(api) or None, "no more connections")
        upload.send_the_rest()
        status, body, _ = upload.answer()
        assert status == 202
        api.process.wait(30)
        assert jobs_in(env) == [body["job_id"]]
        assert (folder / "blobs" / body["job_id"] / "upload").stat().st_size > 290_000
        assert_no_traceback(api)


def is_refused(api: LoggedApi) -> bool:
    try:
        api.get("/health/live")
    except httpx2.TransportError:
        return True
    return False


def test_an_upload_that_takes_too_long_is_refused_and_leaves_nothing(folder: Path, env: dict[str, str]) -> None:
    with logged_api(folder / "log", **env, API_GRACE_S="1") as api:
        upload = SlowUpload(api)
        wait_until(lambda: is_uploading(folder), "the first half")
        api.process.terminate()
        status, body, headers = upload.answer()
        assert (status, body["code"]) == (503, "shutting_down")
        assert int(headers["retry-after"]) > 0
        assert headers["connection"] == "close"
        assert headers["x-request-id"]
        api.process.wait(30)
        assert jobs_in(env) == []
        assert blobs_in(folder) == {}
        assert_no_traceback(api)


def test_a_job_that_is_being_accepted_is_accepted(folder: Path, env: dict[str, str]) -> None:
    """Redis delays its writes for longer than the grace period: the upload is stored, the job not yet."""
    redis: Any = Redis.from_url(env["REDIS_URL"])
    with logged_api(folder / "log", **env, API_GRACE_S="1") as api, ThreadPoolExecutor() as pool:
        redis.execute_command("CLIENT", "PAUSE", 3000, "WRITE")
        answer: Future[httpx2.Response] = pool.submit(
            httpx2.post,
            f"{api.url}/ocr/submit",
            files={"file": ("scan.png", text_png("Hello"))},
            timeout=60,
            trust_env=False,
        )
        wait_until(lambda: [path for path in blobs_in(folder) if path.name == "upload"], "the upload")
        api.process.terminate()
        assert answer.result().status_code == 202
        job_id = answer.result().json()["job_id"]
        api.process.wait(30)
        assert jobs_in(env) == [job_id]
        assert (folder / "blobs" / job_id / "upload").exists()
        assert_no_traceback(api)


def test_waiting_requests_are_answered_immediately(folder: Path, env: dict[str, str]) -> None:
    with logged_api(folder / "log", **env, API_GRACE_S="30") as api, ThreadPoolExecutor() as pool:
        files = {"file": ("scan.png", text_png("Hello"))}
        job_id = plain_http.post(f"{api.url}/ocr/submit", files=files, timeout=30, trust_env=False).json()["job_id"]
        polled = pool.submit(api.get, f"/ocr/result/{job_id}?wait=60")
        opened, ended = threading.Event(), threading.Event()

        def follow() -> bytes:
            with plain_http.stream("GET", f"{api.url}/ocr/events", timeout=60, trust_env=False) as stream:
                said = b""
                for chunk in stream.iter_bytes():
                    said += chunk
                    opened.set()
                ended.set()
                return said

        followed = pool.submit(follow)
        assert opened.wait(30)
        wait_until(
            lambda: "ocrdesk_http_requests_in_progress 3.0" in api.get("/metrics").text, "two requests under way"
        )
        begun = time.monotonic()
        api.process.terminate()
        assert polled.result().json()["status"] == "queued"
        assert followed.result().startswith(b":")
        assert ended.is_set()
        api.process.wait(30)
        assert time.monotonic() - begun < 25, "they were waited for as long as the grace lasts"
        assert_no_traceback(api)


def test_a_draining_api_is_not_ready_but_accepts_jobs_until_a_second_signal(folder: Path, env: dict[str, str]) -> None:
    with logged_api(folder / "log", **env, API_DRAIN_S="600") as api:
        assert api.get("/health/ready").status_code == 200
        api.process.terminate()
        unready = wait_until(lambda: (got := api.get("/health/ready")).status_code == 503 and got, "503")
        assert isinstance(unready, httpx2.Response)
        assert (unready.json()["status"], unready.json()["code"]) == ("stopping", "shutting_down")
        assert api.get("/health/live").status_code == 200
        assert api.get("/health").status_code == 200
        files = {"file": ("scan.png", text_png("Hello"))}
        taken = plain_http.post(f"{api.url}/ocr/submit", files=files, timeout=30, trust_env=False)
        assert taken.status_code == 202
        api.process.send_signal(signal.SIGTERM)
        api.process.wait(30)
        assert jobs_in(env) == [taken.json()["job_id"]]


def test_the_drain_ends_automatically(folder: Path, env: dict[str, str]) -> None:
    with logged_api(folder / "log", **env, API_DRAIN_S="0.5") as api:
        api.process.terminate()
        api.process.wait(30)
