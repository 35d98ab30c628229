"""Webhooks in the whole service: requested at submit, signed when the job ends, logged, repeated, deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from ocrdesk.backend.webhooks.target import make_secret
from tests.api.conftest import KEY, OTHER_KEY, Api, error_code, open_http
from tests.helpers import plain_http
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import multipage_tiff, scan_pdf, text_png, truncated_pdf
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Answer, Received, Receiver, run_webhook_receiver, signature_by_hand

PICTURE = text_png("Quarterly revenue grew")


@pytest.fixture(scope="module")
def hooked() -> Iterator[Backend]:
    """A server whose webhooks may call this machine, and are tried three times quickly."""
    with (
        short_folder() as folder,
        running_backend(
            folder / "data",
            WEBHOOK_ALLOWED_HOSTS="127.0.0.1",
            WEBHOOK_RETRY_SCHEDULE="0,0.1,0.2",
            API_KEY_ENABLED="true",
            API_KEYS=f"{KEY},{OTHER_KEY}",
        ) as served,
    ):
        yield served


@pytest.fixture
def api(hooked: Backend) -> Iterator[Api]:
    with open_http(hooked.api, KEY) as http:
        yield Api(http)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as found:
        yield found


def submitted(api: Api, receiver: Receiver, data: bytes = PICTURE, **fields: str) -> tuple[str, str]:
    """Return the job's id and its webhook's secret, which the server creates if none is given."""
    answer = api.post(data, webhook_url=receiver.url("/hook?token=hush"), **fields)
    assert answer.status_code == 202, answer.text
    body = answer.json()
    return body["job_id"], fields.get("webhook_secret") or body["webhook_secret"]


def log_of(api: Api, job_id: str) -> dict[str, Any]:
    answer = api.http.get(f"/ocr/jobs/{job_id}/webhook")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def settled(api: Api, job_id: str) -> dict[str, Any]:
    """Return the log once the delivery has ended."""

    def over() -> dict[str, Any] | None:
        log = log_of(api, job_id)
        return log if log["state"] in ("delivered", "failed") else None

    return wait_until(over, "the delivery is over") or {}


def assert_signed(request: Received, secret: str) -> None:
    Webhook(secret).verify(request.body, request.headers)
    assert request.headers["webhook-signature"] == signature_by_hand(secret, request)


# ── a job's end ──────────────────────────────────────────────────────────────────────────────────


def test_a_finished_jobs_webhook_is_signed_and_has_no_text(api: Api, receiver: Receiver) -> None:
    job_id, secret = submitted(api, receiver)
    log = settled(api, job_id)
    (request,) = receiver.received
    assert_signed(request, secret)
    view = api.http.get(f"/ocr/jobs/{job_id}").json()
    assert request.json == {"type": "job.finished", "timestamp": view["ended_at"], "data": view}
    assert view["status"] == "finished"
    assert b"Quarterly" not in request.body
    assert log["state"] == "delivered"
    assert log["url"] == receiver.url("/hook?token=hush")
    assert log["webhook_id"] == request.id
    assert log["next_attempt_at"] is None
    (attempt,) = log["attempts"]
    assert (attempt["status_code"], attempt["error"]) == (204, None)
    assert attempt["duration_s"] >= 0


def test_a_failed_jobs_webhook_has_the_reason(api: Api, receiver: Receiver) -> None:
    job_id, secret = submitted(api, receiver, truncated_pdf())
    settled(api, job_id)
    (request,) = receiver.received
    assert_signed(request, secret)
    assert request.json["type"] == "job.failed"
    assert request.json["data"]["error_code"] == "corrupt_file"


def test_a_cancelled_job_calls_its_webhook(api: Api, receiver: Receiver) -> None:
    job_id, secret = submitted(api, receiver, multipage_tiff([f"Page {n}" for n in range(1, 20)]))
    api.http.post(f"/ocr/jobs/{job_id}/cancel")
    settled(api, job_id)
    (request,) = receiver.received
    assert_signed(request, secret)
    assert request.json["type"] == "job.cancelled"
    assert request.json["data"]["status"] == "cancelled"


def test_a_secret_of_ones_own_is_used_and_not_repeated(api: Api, receiver: Receiver) -> None:
    secret = make_secret()
    answer = api.post(PICTURE, webhook_url=receiver.url(), webhook_secret=secret)
    assert "webhook_secret" not in answer.json()
    settled(api, answer.json()["job_id"])
    assert_signed(receiver.received[0], secret)


def test_a_repeated_submit_is_answered_with_the_secret_of_the_first(api: Api, receiver: Receiver) -> None:
    """The first response may have been lost, and the secret with it."""
    form: dict[str, Any] = {"files": {"file": ("a.png", PICTURE)}, "data": {"webhook_url": receiver.url()}}
    headers = {"Idempotency-Key": make_secret()}
    first, repeat = (api.http.post("/ocr/submit", headers=headers, **form) for _ in range(2))
    assert first.json()["job_id"] == repeat.json()["job_id"]
    assert first.json()["webhook_secret"] == repeat.json()["webhook_secret"]
    settled(api, first.json()["job_id"])
    (request,) = receiver.received
    assert_signed(request, first.json()["webhook_secret"])


def test_a_secret_is_shown_once(api: Api, receiver: Receiver) -> None:
    job_id, secret = submitted(api, receiver)
    settled(api, job_id)
    for path in (f"/ocr/jobs/{job_id}/webhook", f"/ocr/jobs/{job_id}", f"/ocr/result/{job_id}", "/ocr/jobs"):
        assert secret.removeprefix("whsec_") not in api.http.get(path).text
    assert secret.removeprefix("whsec_") not in receiver.received[0].body.decode()


def test_a_failing_receiver_is_tried_by_the_schedule_under_one_id(api: Api, receiver: Receiver) -> None:
    receiver.answers = [Answer(500), Answer(302, {"Location": receiver.url("/elsewhere")}), Answer(200)]
    job_id, secret = submitted(api, receiver)
    log = settled(api, job_id)
    assert log["state"] == "delivered"
    assert [attempt["status_code"] for attempt in log["attempts"]] == [500, 302, 200]
    assert "Redirects" in log["attempts"][1]["error"]
    assert {request.path for request in receiver.received} == {"/hook?token=hush"}
    assert len({request.id for request in receiver.received}) == 1
    assert len({request.body for request in receiver.received}) == 1
    for request in receiver.received:
        assert_signed(request, secret)


def test_a_receiver_that_never_accepts_it_is_given_up(api: Api, receiver: Receiver) -> None:
    receiver.answers = [Answer(500)]
    job_id, _ = submitted(api, receiver)
    log = settled(api, job_id)
    assert (log["state"], len(log["attempts"])) == ("failed", 3)


def test_410_gone_ends_it_immediately(api: Api, receiver: Receiver) -> None:
    receiver.answers = [Answer(410)]
    job_id, _ = submitted(api, receiver)
    log = settled(api, job_id)
    assert (log["state"], [a["status_code"] for a in log["attempts"]]) == ("failed", [410])


def test_a_name_that_leads_nowhere_is_a_failure_in_words(api: Api) -> None:
    """The api makes no DNS request, so it cannot know."""
    answer = api.post(PICTURE, webhook_url="http://host.name.that.does.not.exist.invalid/hook")
    log = settled(api, answer.json()["job_id"])
    assert log["state"] == "failed"
    assert [attempt["error"] for attempt in log["attempts"]] == ["The receiver's host name could not be resolved."] * 3


def test_a_slow_receiver_does_not_delay_recognition(api: Api, receiver: Receiver, hooked: Backend) -> None:
    receiver.open.clear()
    for _ in range(4):
        submitted(api, receiver)
    wait_until(lambda: len(receiver.received) >= 2, "deliveries that hang")
    results = [api.result(api.submit(scan_pdf(["One", "Two"]))) for _ in range(4)]
    assert [result["status"] for result in results] == ["finished"] * 4
    assert not receiver.open.is_set()
    assert api.http.get("/health").json()["workers"] == 2


def test_webhook_workers_are_not_counted_as_workers(api: Api, hooked: Backend) -> None:
    names = wait_until(lambda: hooked.redis().smembers("rq:workers:ocrdesk-webhooks"), "the webhook worker")
    assert len(names) == 1
    assert api.http.get("/health").json()["workers"] == 2


# ── at submit ────────────────────────────────────────────────────────────────────────────────────


def test_without_a_webhook_nothing_is_shown_or_sent(api: Api) -> None:
    answer = api.post(PICTURE)
    assert "webhook_secret" not in answer.json()
    job_id = answer.json()["job_id"]
    api.result(job_id)
    nothing = {"url": None, "state": "none", "webhook_id": None, "next_attempt_at": None, "attempts": []}
    assert log_of(api, job_id) == nothing
    refused = api.http.post(f"/ocr/jobs/{job_id}/webhook/redeliver")
    assert refused.status_code == 404
    assert "no webhook" in refused.json()["detail"]


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://example.com/",
        "https://user:word@example.com/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:8000/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "https://example.com/#here",
    ],
)
def test_a_url_that_cannot_be_called_is_refused_by_code_and_leaves_nothing(api: Api, hooked: Backend, url: str) -> None:
    before = sorted(hooked.blobs.iterdir()) if hooked.blobs.exists() else []
    answer = api.post(PICTURE, webhook_url=url)
    assert api.refusal(answer) == "invalid_webhook"
    assert "word" not in answer.json()["detail"].replace("password", "")
    assert sorted(hooked.blobs.iterdir()) == before


@pytest.mark.parametrize("secret", ["hush", "whsec_", "whsec_c2hvcnQ=", "whsec_" + "A" * 88])
def test_a_secret_that_is_no_secret_is_refused_and_not_repeated(api: Api, secret: str) -> None:
    answer = api.post(PICTURE, webhook_url="https://example.com/", webhook_secret=secret)
    assert api.refusal(answer) == "invalid_webhook"
    assert "whsec_ followed by" in answer.json()["detail"]
    assert secret == "whsec_" or secret not in answer.text


def test_a_secret_without_a_url_is_refused(api: Api) -> None:
    assert api.refusal(api.post(PICTURE, webhook_secret=make_secret())) == "invalid_webhook"


# ── the log, redelivery and removal ──────────────────────────────────────────────────────────────


def test_a_redelivery_has_the_same_id_and_a_new_signature(api: Api, receiver: Receiver) -> None:
    job_id, secret = submitted(api, receiver)
    settled(api, job_id)
    answer = api.http.post(f"/ocr/jobs/{job_id}/webhook/redeliver")
    assert answer.status_code == 202
    assert answer.json()["state"] == "pending"
    wait_until(lambda: len(receiver.received) == 2, "the redelivery")
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert_signed(second, secret)
    log = settled(api, job_id)
    assert [attempt["status_code"] for attempt in log["attempts"]] == [204, 204]


def test_nothing_is_redelivered_before_the_end(api: Api, receiver: Receiver) -> None:
    job_id, _ = submitted(api, receiver, multipage_tiff([f"Page {n}" for n in range(1, 20)]))
    assert log_of(api, job_id)["state"] == "pending"
    answer = api.http.post(f"/ocr/jobs/{job_id}/webhook/redeliver")
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")
    api.http.delete(f"/ocr/jobs/{job_id}")


def test_another_keys_webhook_looks_unknown(api: Api, hooked: Backend, receiver: Receiver) -> None:
    job_id, _ = submitted(api, receiver)
    settled(api, job_id)
    with open_http(hooked.api, OTHER_KEY) as other:
        for answer in (
            other.get(f"/ocr/jobs/{job_id}/webhook"),
            other.post(f"/ocr/jobs/{job_id}/webhook/redeliver"),
        ):
            assert (answer.status_code, error_code(answer)) == (404, "not_found")
    assert len(receiver.received) == 1


def test_a_deleted_job_sends_nothing_more_and_keeps_no_log(api: Api, hooked: Backend, receiver: Receiver) -> None:
    receiver.answers = [Answer(503, {"Retry-After": "3000"})]
    job_id, _ = submitted(api, receiver)
    wait_until(lambda: log_of(api, job_id)["attempts"], "the first attempt")
    assert api.http.delete(f"/ocr/jobs/{job_id}").status_code == 204
    assert api.http.get(f"/ocr/jobs/{job_id}/webhook").status_code == 404
    redis = hooked.redis()
    assert not redis.exists(f"ocrdesk:job:{job_id}:webhook")
    assert redis.zscore("ocrdesk:webhooks:due", job_id) is None


def test_the_servers_log_names_the_host_alone(api: Api, hooked: Backend, receiver: Receiver) -> None:
    job_id, secret = submitted(api, receiver)
    settled(api, job_id)
    log = Path(f"{hooked.data_dir}-serve.log")

    def line() -> str | None:
        said = log.read_text()
        return said if f"webhook of job {job_id} to 127.0.0.1: delivered" in said else None

    said = wait_until(line, "the line in the log") or ""
    assert "hush" not in said
    assert secret.removeprefix("whsec_") not in said


def test_the_documentation_describes_what_receivers_get(hooked: Backend) -> None:
    described = plain_http.get(f"{hooked.url}/openapi.json", trust_env=False).json()
    assert "job.ended" in described["webhooks"]
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)))
    assert "WebhookPayload" in references
    assert references <= set(described["components"]["schemas"])
    form = described["components"]["schemas"]["SubmitForm"]
    assert {"webhook_url", "webhook_secret"} <= set(form["properties"])
