"""A service continues with what version 0.1 left in Redis and in its storage: jobs, webhooks, results, keys."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.processes import run_valkey, running_api, running_pool, short_folder
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Received, Receiver, run_webhook_receiver, signature_by_hand
from tests.upgrade.old_data import DATA, blob_of, load_redis


@dataclass(frozen=True)
class OldService:
    """The current api and workers with the data of version 0.1. `known` names its jobs and keys."""

    api: str
    known: dict[str, str]
    receiver: Receiver
    data: Path

    def call(self, method: str, path: str, *, key: str = "key", **options: Any) -> httpx2.Response:
        headers = {"X-API-Key": self.known[key], **options.pop("headers", {})}
        return plain_http.request(method, f"{self.api}{path}", headers=headers, timeout=90, trust_env=False, **options)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("GET", path, **options)

    def job(self, name: str) -> str:
        """Return the id of a job by its description."""
        return self.known[name]

    def ended(self, job_id: str, *, key: str = "key") -> dict[str, Any]:
        """Return the job's result once it has ended."""

        def over() -> dict[str, Any] | None:
            job: dict[str, Any] = self.get(f"/ocr/result/{job_id}?wait=5", key=key).json()
            return job if job["status"] in ("finished", "failed", "cancelled") else None

        return wait_until(over, "the job's end") or {}

    def delivery_of(self, job_id: str) -> Received:
        """Return the webhook that arrived for a job."""

        def found() -> Received | None:
            return next((r for r in self.receiver.received if r.json["data"]["job_id"] == job_id), None)

        delivery = wait_until(found, "the webhook")
        assert delivery is not None
        return delivery


@pytest.fixture(scope="module", params=["server-folder", "server-redis"])
def service(request: pytest.FixtureRequest) -> Iterator[OldService]:
    data = DATA / request.param
    known = json.loads((data / "jobs.json").read_text())
    in_folder = request.param == "server-folder"
    with short_folder() as folder, run_valkey(folder) as url, run_webhook_receiver() as receiver:
        load_redis(url, data / "redis.json", {known["receiver"]: receiver.url("").rstrip("/")})
        if in_folder:
            shutil.copytree(data / "blobs", folder / "blobs")
        env = {
            "REDIS_URL": url,
            "STORAGE_URL": (folder / "blobs").as_uri() if in_folder else "",
            "API_KEY_ENABLED": "true",
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "OCR_TIMEOUT_PER_PAGE": "120",
        }
        with running_api(**env) as api, running_pool(workers=2, **env):
            service = OldService(api, known, receiver, data)
            wait_until(lambda: service.get("/health/ready").json()["workers"], "the workers")
            yield service


def test_a_finished_jobs_text_and_document_are_there(service: OldService) -> None:
    job_id = service.job("finished")
    result = service.get(f"/ocr/result/{job_id}").json()
    assert result["status"] == "finished"
    assert "The harbour was quiet when the ferry left at seven" in result["text"]
    assert "Compost made from leaves" in result["text"]
    assert [page["status"] for page in result["pages"]] == ["finished", "finished"]
    document = service.get(f"/ocr/jobs/{job_id}/document").json()
    assert [page["number"] for page in document["pages"]] == [1, 2]
    assert service.get(f"/ocr/jobs/{job_id}/pages/2").json() == document["pages"][1]
    assert any(block["kind"] == "footer" for block in document["pages"][0]["blocks"])


@pytest.mark.parametrize(
    ("query", "blob"),
    [
        ("format=docx", "export-docx-"),
        ("format=docx&{omit}=true", "export-docx_without_furniture-"),
        ("format=pdf", "export-pdf-"),
    ],
)
def test_files_that_were_made_are_served_and_not_made_again(service: OldService, query: str, blob: str) -> None:
    described = plain_http.get(service.api.removesuffix("/api/v1") + "/openapi.json", trust_env=False).text
    omit = next(name for name in ("omit_headers_footers", "without_furniture") if f'"{name}"' in described)
    job_id = service.job("finished")
    answer = service.get(f"/ocr/result/{job_id}?{query.format(omit=omit)}&wait=60")
    assert answer.status_code == 200
    assert answer.content == blob_of(service.data, job_id, blob)


def test_a_client_of_before_may_leave_out_headers_and_footers_as_it_did(service: OldService) -> None:
    job_id = service.job("finished")
    whole, bare = (
        service.get(f"/ocr/result/{job_id}", params={"format": "text", "without_furniture": wanted}).text
        for wanted in ("false", "true")
    )
    assert "Confidential draft" in whole
    assert "Confidential draft" not in bare


def test_a_pages_image_is_available(service: OldService) -> None:
    answer = service.get(f"/ocr/jobs/{service.job('finished')}/pages/1/image?width=200")
    assert answer.status_code == 200
    assert answer.headers["content-type"] in ("image/png", "image/jpeg")


def test_a_finished_jobs_events_are_complete(service: OldService) -> None:
    lines = service.get(f"/ocr/events/{service.job('finished')}").text.splitlines()
    events = [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]
    assert [event["page"] for event in events if event.get("page")] in ([1, 2], [2, 1])
    assert events[-1]["status"] == "finished"


def test_a_corrected_result_stays_corrected(service: OldService) -> None:
    job_id = service.job("corrected")
    found = service.get(f"/ocr/jobs/{job_id}/document")
    word = found.json()["pages"][0]["blocks"][0]["lines"][0]["words"][0]
    assert (word["text"], word["source"]) == ("Our", "corrected")
    assert found.headers["etag"] == '"1"'
    assert service.get(f"/ocr/result/{job_id}").json()["text"].startswith("Our manual has a chapter 1")


def test_a_failed_job_says_why(service: OldService) -> None:
    job = service.get(f"/ocr/jobs/{service.job('failed')}").json()
    assert (job["status"], job["error_code"]) == ("failed", "corrupt_file")
    assert "damaged" in job["error"]


def test_a_job_that_was_partly_done_is_finished_and_keeps_its_pages(service: OldService) -> None:
    job_id = service.job("partly_done")
    result = service.ended(job_id)
    assert (result["status"], result["pages_done"], result["page_count"]) == ("finished", 8, 8)
    for number in range(1, 9):
        assert f"The manual has a chapter {number}" in result["text"]
    before = json.loads(gzip.decompress(blob_of(service.data, job_id, "page-1-")))
    page = service.get(f"/ocr/jobs/{job_id}/pages/1").json()
    # All pages begin with the same row: it is marked as a header when the job ends. Nothing else changes.
    assert page["blocks"][0]["kind"] == "header"
    assert {**page, "blocks": [block["lines"] for block in page["blocks"]]} == {
        **before,
        "has_structure": False,
        "blocks": [block["lines"] for block in before["blocks"]],
    }


def test_a_queued_job_is_finished_and_its_webhook_delivered(service: OldService) -> None:
    job_id = service.job("queued")
    assert service.ended(job_id)["status"] == "finished"
    delivery = service.delivery_of(job_id)
    assert delivery.json["type"] == "job.finished"
    assert delivery.headers["webhook-signature"] == signature_by_hand(service.known["webhook_secret"], delivery)


def test_a_webhook_in_a_queued_batch_is_delivered(service: OldService) -> None:
    job_id = service.job("webhook_queued")
    delivery = service.delivery_of(job_id)
    assert (delivery.path, delivery.json["type"]) == ("/refused", "job.finished")
    assert delivery.headers["webhook-signature"] == signature_by_hand(service.known["webhook_secret"], delivery)

    def is_delivered() -> bool:
        return bool(service.get(f"/ocr/jobs/{job_id}/webhook").json()["state"] == "delivered")

    wait_until(is_delivered, "the delivery's record")
    attempts = service.get(f"/ocr/jobs/{job_id}/webhook").json()["attempts"]
    assert [attempt["status_code"] for attempt in attempts] == [500, 204]


def test_a_webhook_that_was_due_is_delivered(service: OldService) -> None:
    delivery = service.delivery_of(service.job("cancelled"))
    assert (delivery.path, delivery.json["type"]) == ("/taken", "job.cancelled")


def test_another_keys_job_is_finished_and_stays_its_own(service: OldService) -> None:
    job_id = service.job("queued_for_other")
    assert "chapter 2" in service.ended(job_id, key="other_key")["text"]
    assert service.get(f"/ocr/jobs/{job_id}").status_code == 404
    assert service.get(f"/ocr/jobs/{service.job('finished')}", key="other_key").status_code == 404


def test_a_repeated_upload_is_the_same_job(service: OldService) -> None:
    upload = blob_of(service.data, service.job("queued"), "upload")
    options = {
        "webhook_url": f"{service.known['receiver']}/taken",
        "webhook_secret": service.known["webhook_secret"],
    }
    headers = {"Idempotency-Key": service.known["idempotency_key"]}
    repeat = service.call("POST", "/ocr/submit", files={"file": ("note.tiff", upload)}, data=options, headers=headers)
    assert repeat.status_code == 202
    assert repeat.json()["job_id"] == service.job("queued")
    assert repeat.headers["idempotency-replayed"] == "true"
    other = service.call("POST", "/ocr/submit", files={"file": ("note.tiff", upload)}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


def test_keys_are_known_with_their_names_scopes_and_use(service: OldService) -> None:
    keys = {key["name"]: key for key in service.get("/auth/keys").json()["keys"]}
    assert set(keys) == {"Reader", "Other"}
    assert keys["Other"]["email"] == "other@example.org"
    assert set(keys["Other"]["scopes"]) == {"submit", "read"}
    assert service.get("/auth/keys", key="other_key").status_code == 403
    assert service.get("/auth/stats", key="other_key").json()["request_count"] >= 1
    again = service.call("POST", "/auth/register", json={"name": "Other", "email": "OTHER@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "already_registered")


def test_the_list_has_every_job_of_the_key(service: OldService) -> None:
    listed = {job["job_id"] for job in service.get("/ocr/jobs").json()["jobs"]}
    names = ("finished", "corrected", "failed", "webhook_queued", "partly_done", "cancelled", "queued")
    assert listed == {service.job(name) for name in names}


def test_a_cancelled_job_can_be_run_again(service: OldService) -> None:
    job_id = service.job("cancelled")
    service.delivery_of(job_id)  # a retried job has another delivery
    assert service.call("POST", f"/ocr/jobs/{job_id}/retry").status_code == 202
    assert "A day at the harbour" in service.ended(job_id)["text"]
