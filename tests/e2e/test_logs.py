"""The log of a whole service: JSON lines that lead from a request to its pages, without any user content."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import Api, open_http
from tests.chaos.conftest import dense_page
from tests.helpers import plain_http
from tests.helpers.logged_processes import Line, logged_api
from tests.helpers.machine import open_terminal
from tests.helpers.processes import OCRDESK, Backend, clean_env, short_folder, wait_until_served
from tests.helpers.sample_files import (
    encrypted_pdf,
    image_bytes,
    multipage_tiff,
    scan_pdf,
    text_pdf,
    text_png,
    truncated_pdf,
)
from tests.helpers.wait import wait_until

MARKERS = ("zebrafish", "quetzal", "okapi", "axolotl", "narwhal", "pangolin")
TEXT, NAME, KEY, OPTION, PATH, PASSWORD = MARKERS


@dataclass(frozen=True, slots=True)
class Served:
    """A running `ocrdesk serve` with its two streams in files."""

    backend: Backend
    out: Path
    err: Path

    def lines(self) -> list[Line]:
        return [json.loads(line) for line in self.err.read_text().splitlines()]

    def about(self, name: str, value: str) -> list[Line]:
        return [line for line in self.lines() if line.get(name) == value]


@contextlib.contextmanager
def served(folder: Path, **env: str) -> Iterator[Served]:
    out, err, data = folder / "out", folder / "err", folder / "data"
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            [*OCRDESK, "serve", "--port", "0", "--workers", "2", "--data-dir", str(data)],
            env=clean_env(**env),
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
        )
    try:
        yield Served(Backend(process, data, wait_until_served(process, data)), out, err)
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def seen() -> Iterator[Served]:
    """A service, with all logs at DEBUG, that has had success and every kind of failure."""
    with (
        short_folder() as folder,
        served(
            folder,
            API_KEY_ENABLED="true",
            API_KEYS=f"{KEY}-good",
            LOG_LEVEL="DEBUG",
            OCR_TIMEOUT_PER_PAGE="3",
            MAX_FILE_SIZE_MB="100",
        ) as service,
        open_http(service.backend.api, f"{KEY}-good") as http,
    ):
        go_through(service.backend, Api(http))
        yield service


def go_through(backend: Backend, api: Api) -> None:
    name = f"{NAME}.png"
    good = api.http.post(
        "/ocr/submit", files={"file": (name, text_png(TEXT))}, headers={"X-Request-ID": "good-one"}
    ).json()["job_id"]
    assert TEXT in api.result(good)["text"]
    three = api.http.post(
        "/ocr/submit", files={"file": (name, scan_pdf([TEXT] * 3))}, headers={"X-Request-ID": "three-pages"}
    ).json()["job_id"]
    assert TEXT in api.result(three)["text"]
    for form in ("text", "json", PATH):
        api.http.get(f"/ocr/result/{good}?format={form}")
    assert api.result(api.submit(text_pdf([TEXT]), name))["status"] == "finished"
    with_metadata = image_bytes(Image.new("L", (300, 100), 255), "TIFF", description=TEXT)
    assert api.result(api.submit(with_metadata, name))["status"] == "finished"

    # files that fail: damaged, locked, killing their process, too slow
    damaged = truncated_pdf() + TEXT.encode()
    for data in (damaged, encrypted_pdf([TEXT], PASSWORD), b"%PDF-1.4\n" + TEXT.encode() * 50, torn_tiff()):
        api.result(api.submit(data, name))
    noise = Image.effect_noise((4200, 5400), 120).point(lambda value: 255 if value > 120 else 0)
    slow = api.http.post(
        "/ocr/submit", files={"file": (name, image_bytes(noise))}, headers={"X-Request-ID": "too-slow"}
    ).json()["job_id"]
    assert api.result(slow)["error_code"] == "timeout"
    killed = api.http.post(
        "/ocr/submit", files={"file": (name, image_bytes(dense_page(1)))}, headers={"X-Request-ID": "killed"}
    ).json()["job_id"]
    kill_its_task_process(backend, api, killed)
    api.result(killed)

    # refused requests
    api.post(b"plain text " + TEXT.encode(), name)
    api.post(text_png(TEXT), name, **{OPTION: OPTION})
    api.post(text_png(TEXT), name, languages=OPTION, engine=OPTION)
    api.http.get(f"/{PATH}/{PATH}?{PATH}={PATH}")
    api.http.get(f"/ocr/jobs/{PATH}")
    api.http.get("/ocr/events", headers={"Last-Event-ID": PATH})
    api.http.get("/ocr/jobs", headers={"X-API-Key": f"{KEY}-wrong", "Authorization": f"Bearer {KEY}"})
    registration = {"email": f"{NAME}@example.org", "name": NAME}
    issued = api.http.post("/auth/register", json=registration).json()
    assert issued["api_key"]
    api.http.get("/auth/stats", headers={"X-API-Key": issued["api_key"]})
    api.http.post("/auth/register", json={"email": TEXT, "name": NAME})
    api.http.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    api.http.get("/health", headers={"X-Request-ID": f"{PATH} {PATH}", "Host": PATH})

    # damaged records; a broken stream; a storage that is away; an internal error: a damaged folder of a job
    with backend.redis() as redis:
        redis.set(f"ocrdesk:job:{'f00d' * 8}", TEXT)
        damaged = {"owner": "x", "state": "queued", "file_name": name, "created_at": TEXT}
        redis.hset(f"ocrdesk:job:{'beef' * 8}", mapping=damaged)
        assert api.http.get(f"/ocr/jobs/{'f00d' * 8}").status_code == 404
        assert api.http.get(f"/ocr/jobs/{'beef' * 8}").status_code == 404
        redis.set("ocrdesk:events", TEXT)  # removed as damaged
        assert api.post(text_png(TEXT), name).status_code == 202
    fail_in_a_task_process(backend, api, name)
    shutil.move(backend.blobs, f"{backend.blobs}-away")
    backend.blobs.write_bytes(b"")
    assert api.post(text_png(TEXT), name).status_code == 503
    backend.blobs.unlink()
    shutil.move(f"{backend.blobs}-away", backend.blobs)
    api.result(api.submit(text_png(TEXT), name))
    shutil.move(backend.blobs / good, backend.blobs / f"{good}-away")
    (backend.blobs / good).write_bytes(b"")
    assert api.http.get(f"/ocr/result/{good}").status_code == 500
    (backend.blobs / good).unlink()
    shutil.move(backend.blobs / f"{good}-away", backend.blobs / good)


def torn_tiff() -> bytes:
    """Return a truncated TIFF with a text tag, for which libtiff prints many messages."""
    whole = multipage_tiff([TEXT])
    return whole[: len(whole) // 2] + TEXT.encode() * 20


def kill_its_task_process(backend: Backend, api: Api, job_id: str) -> None:
    """Kill the task process of a job in the middle of its work."""

    def task_process() -> Any:
        if api.http.get(f"/ocr/result/{job_id}").json()["pages"][:1] == []:
            return None
        for child in backend.children():
            with contextlib.suppress(Exception):
                parents = [parent.pid for parent in child.parents()]
                if len(parents) > parents.index(backend.process.pid) >= 2:
                    return child
        return None

    found = wait_until(task_process, "a task process")
    found.send_signal(signal.SIGKILL)


def fail_in_a_task_process(backend: Backend, api: Api, name: str) -> None:
    """Make a task raise an unexpected error: a folder has the name of the job's text."""
    files, headers = {"file": (name, multipage_tiff([TEXT, TEXT]))}, {"X-Request-ID": "raises"}
    job_id = api.http.post("/ocr/submit", files=files, headers=headers).json()["job_id"]
    (backend.blobs / job_id / "text-0").mkdir()
    api.result(job_id)


# ── no user content ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("marker", MARKERS)
def test_no_line_contains_what_a_user_sent(seen: Served, marker: str) -> None:
    found = [line for line in seen.err.read_text().splitlines() if marker in line.lower()]
    assert found == []


def test_every_line_is_a_json_object_with_the_four_fields(seen: Served) -> None:
    lines = seen.lines()
    assert len(lines) > 50
    assert all({"timestamp", "level", "logger", "event"} <= set(line) for line in lines)
    assert {
        "ocrdesk_api.access",
        "ocrdesk_worker.processes.pool",
        "ocrdesk.backend.job_log",
        "ocrdesk_worker.jobs.typed_errors",
    } <= {line["logger"] for line in lines}
    assert all(line.startswith(("ocrdesk serves", "Documentation")) for line in seen.out.read_text().splitlines())


def test_internal_errors_are_logged_with_their_location(seen: Served) -> None:
    said = "".join(line.get("exception", "") for line in seen.lines())
    for kind in ("IsADirectoryError", "NotADirectoryError", "Traceback"):
        assert kind in said


# ── from a request to its pages ──────────────────────────────────────────────────────────────────


def test_a_requests_lines_lead_from_its_acceptance_to_its_jobs_end(seen: Served) -> None:
    lines = seen.about("request_id", "three-pages")
    events = [line["event"] for line in lines]
    assert events.count("job accepted") == 1
    assert events.count("page finished") == 3
    assert events.count("job finished") == 1
    pages = [line for line in lines if line["event"] == "page finished"]
    assert sorted(line["page"] for line in pages) == [1, 2, 3]
    for line in pages:
        assert line["engine"] == "tesseract"
        assert line["words"] == 1
        assert line["seconds"] > 0
        assert line["worker"].startswith(line["node"])
    assert len({line["job_id"] for line in lines if "job_id" in line}) == 1


def test_a_task_that_raised_is_a_line_of_its_request(seen: Served) -> None:
    line = next(line for line in seen.about("request_id", "raises") if "exception" in line)
    assert line["event"] == "unexpected error"
    assert line["unit"] in ("prepare", "page", "close")
    assert line["job_id"]
    assert "IsADirectoryError" in line["exception"]
    assert line["worker"]


def test_a_page_that_took_too_long_is_a_line_of_its_request(seen: Served) -> None:
    (page,) = [line for line in seen.about("request_id", "too-slow") if line["event"] == "page timeout"]
    assert (page["error_code"], page["state"]) == ("timeout", "timeout")


def test_a_killed_task_process_is_logged_with_its_request(seen: Served) -> None:
    events = [line["event"] for line in seen.about("request_id", "killed") if line["level"] == "warning"]
    assert any("signal 9" in event for event in events)


def test_every_worker_line_about_a_job_has_its_id_and_its_requests(seen: Served) -> None:
    ids = {line["job_id"] for line in seen.lines() if line["event"] == "job accepted"}
    for line in seen.lines():
        if line["logger"].startswith("ocrdesk_worker") and any(job_id in line["event"] for job_id in ids):
            assert line["job_id"] in ids
            assert line["request_id"]


def test_each_accepted_job_ends_in_one_line(seen: Served) -> None:
    accepted = [line["job_id"] for line in seen.lines() if line["event"] == "job accepted"]
    ended = [line["job_id"] for line in seen.lines() if re.fullmatch("job (finished|failed|cancelled)", line["event"])]
    assert len(set(ended)) == len(ended)
    assert set(accepted) <= set(ended)


# ── other log settings ───────────────────────────────────────────────────────────────────────────


def test_redis_unavailable_is_reported_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"redis://user:{PASSWORD}@127.0.0.1:{free.getsockname()[1]}/0"
    with logged_api(tmp_path / "log", REDIS_URL=url) as api:
        assert api.get("/ocr/jobs").status_code == 503
        wait_until(lambda: "ocrdesk.backend.events.hub" in (tmp_path / "log").read_text(), "a line about Redis")
    assert PASSWORD not in (tmp_path / "log").read_text()


def test_at_a_terminal_serve_and_its_parts_write_text() -> None:
    with short_folder() as folder:
        data = folder / "data"
        mine, its = open_terminal()
        process = subprocess.Popen(
            [*OCRDESK, "serve", "--port", "0", "--workers", "1", "--data-dir", str(data)],
            env=clean_env(),
            stdin=subprocess.DEVNULL,
            stdout=its,
            stderr=its,
        )
        try:
            url = wait_until_served(process, data)
            plain_http.get(f"{url}/api/v1/capabilities", trust_env=False)
        finally:
            process.terminate()
            process.wait(60)
        os.close(its)
        said = b""
        with contextlib.suppress(OSError):  # the end of a terminal whose other end is closed
            while chunk := os.read(mine, 65_536):
                said += chunk
        os.close(mine)
    text = said.decode()
    assert re.search(r"INFO ocrdesk_worker\.processes\.pool: 1 workers with tesseract", text), text
    assert re.search(r"INFO ocrdesk_api\.access: GET /api/v1/capabilities 200 method=GET", text), text
    assert "{" not in text
