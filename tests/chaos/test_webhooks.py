"""kill -9 of the webhook worker and of Valkey in the middle of a delivery: it is delivered later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
from redis import Redis

from ocrdesk.local.paths import run_dir
from ocrdesk.local.server.valkey import SOCKET_NAME
from tests.helpers import plain_http
from tests.helpers.sample_files import text_png
from tests.helpers.served_backend import Serving, is_alive, serving
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver


def submitted(server: Serving, receiver: Receiver) -> str:
    files = {"file": ("a.png", text_png("Hello"))}
    answer = plain_http.post(
        f"{server.url}/api/v1/ocr/submit", files=files, data={"webhook_url": receiver.url()}, trust_env=False
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def log_of(server: Serving, job_id: str) -> dict[str, Any]:
    answer = plain_http.get(f"{server.url}/api/v1/ocr/jobs/{job_id}/webhook", trust_env=False)
    return answer.json() if answer.status_code == 200 else {}


def webhook_worker(server: Serving) -> psutil.Process:
    with Redis(unix_socket_path=str(run_dir(server.data_dir) / SOCKET_NAME)) as redis:
        connection: Any = redis
        (name,) = connection.smembers("rq:workers:ocrdesk-webhooks")
        return psutil.Process(int(connection.hget(name, "pid")))


def test_a_webhook_worker_killed_in_the_middle_is_started_again_and_its_delivery_made(tmp_path: Path) -> None:
    with run_webhook_receiver() as receiver, serving(tmp_path / "data", WEBHOOK_ALLOWED_HOSTS="127.0.0.1") as server:
        receiver.open.clear()
        job_id = submitted(server, receiver)
        wait_until(lambda: receiver.received, "the webhook worker in the middle of it")
        killed = webhook_worker(server)
        processes = killed.children()
        killed.kill()
        wait_until(
            lambda: not any(map(is_alive, [killed, *processes])), "the webhook worker and its task process are gone"
        )
        receiver.open.set()
        log = wait_until(lambda: _delivered(server, job_id), "the delivery")
        assert len({request.id for request in receiver.received}) == 1
        assert len(receiver.received) == 2
        assert len(log["attempts"]) == 1


def test_a_delivery_outlives_a_killed_valkey(tmp_path: Path) -> None:
    with run_webhook_receiver() as receiver, serving(tmp_path / "data", WEBHOOK_ALLOWED_HOSTS="127.0.0.1") as server:
        receiver.open.clear()
        job_id = submitted(server, receiver)
        wait_until(lambda: receiver.received, "the webhook worker in the middle of it")
        server.part("valkey-server").kill()
        receiver.open.set()
        log = wait_until(lambda: _delivered(server, job_id), "the delivery")
        assert len({request.id for request in receiver.received}) == 1
        assert log["attempts"][-1]["status_code"] == 204


def test_a_backend_that_stops_in_the_middle_makes_the_delivery_when_it_is_back(tmp_path: Path) -> None:
    with run_webhook_receiver() as receiver:
        with serving(tmp_path / "data", WEBHOOK_ALLOWED_HOSTS="127.0.0.1") as first:
            receiver.open.clear()
            job_id = submitted(first, receiver)
            wait_until(lambda: receiver.received, "the webhook worker in the middle of it")
            processes = first.all_processes()
            first.kill_everything()
            assert not any(map(is_alive, processes))
        receiver.open.set()
        with serving(tmp_path / "data", WEBHOOK_ALLOWED_HOSTS="127.0.0.1") as second:
            wait_until(lambda: _delivered(second, job_id), "the delivery")


def _delivered(server: Serving, job_id: str) -> dict[str, Any] | None:
    log = log_of(server, job_id)
    return log if log.get("state") == "delivered" else None
