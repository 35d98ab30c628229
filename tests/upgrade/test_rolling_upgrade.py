"""During a rolling upgrade, the api of one version and the workers of the other finish what is submitted."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

from ocrdesk.backend.settings import Settings
from ocrdesk.backend.webhooks.deliveries import Deliveries
from tests.helpers import plain_http
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import clean_env, run_valkey, running_api, running_pool, short_folder
from tests.helpers.sample_files import multipage_tiff, scan_pdf, text_png
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Received, Receiver, run_webhook_receiver, signature_by_hand
from tests.upgrade.old_data import DATA, blob_of, extend_leases
from tests.upgrade.old_tree import OldTree, unpack, why_missing

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_WEBHOOK_QUEUE = "rq:queue:ocrdesk-webhooks"
_PUSH_DUE = """
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.webhooks import Deliveries
print(Deliveries.open(Settings.from_environment()).push_due())
"""
"""Version 0.1's own code, so its names stay."""


@dataclass(frozen=True)
class Service:
    """An api and the settings of its workers, in two different versions."""

    api: str
    receiver: Receiver

    def submit(self, name: str, data: bytes, **options: str) -> str:
        answer = plain_http.post(
            f"{self.api}/ocr/submit", files={"file": (name, data)}, data=options, timeout=60, trust_env=False
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def get(self, path: str) -> httpx2.Response:
        return plain_http.get(f"{self.api}{path}", timeout=90, trust_env=False)

    def cancel(self, job_id: str) -> None:
        plain_http.post(f"{self.api}/ocr/jobs/{job_id}/cancel", timeout=60, trust_env=False).raise_for_status()

    def ended(self, job_id: str) -> dict[str, Any]:
        def over() -> dict[str, Any] | None:
            job: dict[str, Any] = self.get(f"/ocr/result/{job_id}?wait=5").json()
            return job if job["status"] in ("finished", "failed", "cancelled") else None

        return wait_until(over, "the job's end") or {}

    def delivery_of(self, job_id: str) -> Received:
        def found() -> Received | None:
            return next((r for r in self.receiver.received if r.json["data"]["job_id"] == job_id), None)

        delivery = wait_until(found, "the webhook")
        assert delivery is not None
        return delivery

    @property
    def webhook(self) -> dict[str, str]:
        return {"webhook_url": self.receiver.url(), "webhook_secret": _SECRET}


@pytest.fixture(scope="module")
def old_tree(tmp_path_factory: pytest.TempPathFactory) -> OldTree:
    tree = unpack(tmp_path_factory.mktemp("version-0.1"))
    # processes with this environment run that version, whatever is installed and wherever they start
    where = (
        "import ocrdesk, ocrdesk_api, ocrdesk_worker as w; print(ocrdesk.__file__, ocrdesk_api.__file__, w.__file__)"
    )
    said = subprocess.run(
        [sys.executable, "-c", where], env=clean_env(**tree.env), capture_output=True, text=True, check=True
    )
    assert all(path.startswith(str(tree.root)) for path in said.stdout.split())
    return tree


@contextlib.contextmanager
def _storage() -> Iterator[tuple[dict[str, str], Receiver]]:
    """Yield the settings of a Valkey and a store, and a receiver."""
    with short_folder() as folder, run_valkey(folder) as url, run_webhook_receiver() as receiver:
        env = {
            "REDIS_URL": url,
            "STORAGE_URL": (folder / "blobs").as_uri(),
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "OCR_TIMEOUT_PER_PAGE": "120",
        }
        yield env, receiver


@pytest.fixture(scope="module")
def storage() -> Iterator[tuple[dict[str, str], Receiver]]:
    """For tests that start an api and workers of their own."""
    with _storage() as made:
        yield made


@pytest.fixture(scope="module", params=["new api, old worker", "old api, new worker"])
def mixed(request: pytest.FixtureRequest, old_tree: OldTree) -> Iterator[Service]:
    with _storage() as (env, receiver):
        new, old = env, env | old_tree.env
        for_api, for_worker = (new, old) if request.param.startswith("new api") else (old, new)
        with running_api(**for_api) as api, running_pool(workers=2, **for_worker):
            service = Service(api, receiver)
            wait_until(lambda: service.get("/health/ready").json()["workers"], "the workers")
            yield service


def test_a_job_is_finished_and_its_webhook_delivered(mixed: Service) -> None:
    job_id = mixed.submit("two.tiff", multipage_tiff(["Alpha meadow", "Bravo river"]), **mixed.webhook)
    result = mixed.ended(job_id)
    assert (result["status"], result["pages_done"]) == ("finished", 2)
    assert "Alpha meadow" in result["text"]
    assert "Bravo river" in result["text"]
    delivery = mixed.delivery_of(job_id)
    assert delivery.json["type"] == "job.finished"
    assert delivery.headers["webhook-signature"] == signature_by_hand(_SECRET, delivery)


def test_files_are_made_for_a_finished_job(mixed: Service) -> None:
    job_id = mixed.submit("scan.pdf", scan_pdf(["Alpha meadow green"]))
    assert mixed.ended(job_id)["status"] == "finished"
    for query in ("format=docx", f"format=docx&{_omitting(mixed)}=true"):
        made = mixed.get(f"/ocr/result/{job_id}?{query}&wait=60")
        assert made.status_code == 200, made.text
        with zipfile.ZipFile(io.BytesIO(made.content)) as docx:
            assert b"meadow" in docx.read("word/document.xml")
    assert mixed.get(f"/ocr/result/{job_id}?format=pdf&wait=60").content.startswith(b"%PDF")
    wait_until(lambda: mixed.get(f"/ocr/jobs/{job_id}/pages/1/image?width=200").status_code == 200, "the page's image")


def test_formats_that_an_older_worker_cannot_make_are_not_ready(mixed: Service) -> None:
    job_id = mixed.submit("scan.pdf", scan_pdf(["Alpha meadow green"]))
    assert mixed.ended(job_id)["status"] == "finished"
    refused = mixed.get(f"/ocr/result/{job_id}?format=xlsx")
    if _omitting(mixed) == "omit_headers_footers":  # the new api
        assert (refused.status_code, refused.json()["code"]) == (409, "not_ready")
        assert int(refused.headers["Retry-After"]) > 0
        assert b"meadow" in mixed.get(f"/ocr/result/{job_id}?format=html").content  # needs no worker
    else:
        assert (refused.status_code, refused.json()["code"]) == (400, "unknown_format")


@IN_LONG_FORM
def test_a_file_that_cannot_be_read_fails_with_a_reason(mixed: Service) -> None:
    job_id = mixed.submit("broken.pdf", b"%PDF-1.4\n1 0 obj\n", **mixed.webhook)
    result = mixed.ended(job_id)
    assert (result["status"], result["error_code"]) == ("failed", "corrupt_file")
    assert "damaged" in result["error"]
    delivery = mixed.delivery_of(job_id)
    assert delivery.json["type"] == "job.failed"
    assert delivery.json["data"]["error_code"] == "corrupt_file"


@IN_LONG_FORM
def test_an_unknown_engine_is_refused_and_a_known_one_is_used(mixed: Service) -> None:
    wait_until(lambda: "tesseract" in mixed.get("/capabilities").json()["engines"], "the worker's engines")
    job_id = mixed.submit("one.png", text_png("Alpha meadow"), engine="tesseract-cli")
    assert mixed.ended(job_id)["status"] == "finished"
    document = mixed.get(f"/ocr/jobs/{job_id}/document").json()
    assert document["pages"][0]["source"] == "tesseract-cli"
    refused = plain_http.post(
        f"{mixed.api}/ocr/submit",
        files={"file": ("one.png", text_png("Alpha"))},
        data={"engine": "magic"},
        timeout=60,
        trust_env=False,
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_engine")


@pytest.mark.parametrize("begins_with", ["old", "new"])
def test_a_job_that_one_version_has_begun_is_finished_by_the_other(
    old_tree: OldTree, storage: tuple[dict[str, str], Receiver], begins_with: str
) -> None:
    env, receiver = storage
    first, second = (env | old_tree.env, env) if begins_with == "old" else (env, env | old_tree.env)
    manual = DATA / "server-folder"
    upload = blob_of(manual, _known(manual)["partly_done"], "upload")
    with running_api(**env) as api:
        service = Service(api, receiver)
        job_id = service.submit("manual.tiff", upload, **service.webhook)
        with running_pool(**first) as pool:
            wait_until(lambda: service.get(f"/ocr/jobs/{job_id}").json()["pages_done"], "the first page")
            pool.send_signal(signal.SIGTERM)
            assert pool.wait(60) == 0
        stopped = service.get(f"/ocr/jobs/{job_id}").json()
        assert stopped["status"] == "started"
        assert 0 < stopped["pages_done"] < 8
        with running_pool(**second):
            result = service.ended(job_id)
            assert (result["status"], result["pages_done"]) == ("finished", 8)
            assert "The manual has a chapter 8" in result["text"]
            assert service.delivery_of(job_id).json["type"] == "job.finished"


def test_an_old_worker_sends_webhooks_that_a_new_one_has_queued(
    old_tree: OldTree, storage: tuple[dict[str, str], Receiver]
) -> None:
    env, receiver = storage
    with running_api(**env) as api:
        service = Service(api, receiver)
        job_id = _cancelled(service)
        settings = Settings.model_validate({name.lower(): value for name, value in env.items()})
        assert wait_until(Deliveries.open(settings).push_due, "the due webhook") == 1
        _hold_the_batch(env)
        with running_pool(**env, **old_tree.env):
            assert service.delivery_of(job_id).json["type"] == "job.cancelled"


def test_a_new_worker_sends_webhooks_that_an_old_one_has_queued(
    old_tree: OldTree, storage: tuple[dict[str, str], Receiver]
) -> None:
    env, receiver = storage
    with running_api(**env) as api:
        service = Service(api, receiver)
        job_id = _cancelled(service)
        pushed = subprocess.run(
            [sys.executable, "-c", _PUSH_DUE],
            env=clean_env(**env, **old_tree.env),
            capture_output=True,
            text=True,
            check=True,
        )
        assert pushed.stdout.strip() == "1"
        _hold_the_batch(env)
        with running_pool(**env):
            assert service.delivery_of(job_id).json["type"] == "job.cancelled"


def _cancelled(service: Service) -> str:
    """Return a cancelled job whose webhook is due."""
    job_id = service.submit("one.png", text_png("Alpha"), **service.webhook)
    service.cancel(job_id)
    return job_id


def _hold_the_batch(env: dict[str, str]) -> None:
    """Ensure that one batch waits in the queue of both versions, and that only this batch makes the delivery."""
    with Redis.from_url(env["REDIS_URL"]) as redis:
        assert redis.llen(_WEBHOOK_QUEUE) == 1
        extend_leases(redis)


def _omitting(service: Service) -> str:
    """Return the parameter that omits headers and footers, by the name that this api uses."""
    described = plain_http.get(service.api.removesuffix("/api/v1") + "/openapi.json", timeout=60, trust_env=False).text
    return next(name for name in ("omit_headers_footers", "without_furniture") if f'"{name}"' in described)


def _known(data: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads((data / "jobs.json").read_text(encoding="utf-8"))
    return known
