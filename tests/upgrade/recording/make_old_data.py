"""Makes the data of tests/data/v0.1: what version 0.1 leaves in Redis, in the folder of blobs and in a user's home.

    python tests/upgrade/recording/make_old_data.py CHECKOUT OUT --python PYTHON

CHECKOUT is version 0.1 as of commit 30f8b0e. Everything is written by that code; this script only submits files,
opens the window, and stops programs in the middle of their work.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from old_data_desktop import make_desktop_data
from PIL import Image, ImageDraw, ImageFont
from redis import Redis
from redis_snapshot import snapshot
from reference_files import make_files
from reference_redis import receiver
from reference_server import (
    LONG_PAGE_LIMIT_S,
    Api,
    Checkout,
    eventually,
    opened_checkout,
    running_api,
    running_valkey,
    running_worker,
)

WEBHOOK_SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIz"
IDEMPOTENCY_KEY = "the same upload"
_LINES = 8
"""Lines of a page, so many that a worker can be stopped in the middle of a job."""
_PUSH_DUE = """
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.webhooks import Deliveries
print(Deliveries.open(Settings.from_environment()).push_due())
"""


def make_server_data(checkout: Checkout, out: Path, *, in_folder: bool) -> None:
    """Write redis.json, jobs.json and, if files are stored in a folder, blobs/."""
    inputs = checkout.home / "inputs"
    make_files(inputs)
    (inputs / "manual.tiff").write_bytes(_manual(8))
    (inputs / "note.tiff").write_bytes(_manual(2))
    blobs = checkout.home / f"blobs-{out.name}"
    known: dict[str, object] = {"webhook_secret": WEBHOOK_SECRET, "idempotency_key": IDEMPOTENCY_KEY}
    with running_valkey(checkout.home / f"valkey-{out.name}") as url, receiver() as hook:
        env = {
            "REDIS_URL": url,
            "STORAGE_URL": blobs.as_uri() if in_folder else "",
            "API_KEY_ENABLED": "true",
            "OCR_TIMEOUT_PER_PAGE": LONG_PAGE_LIMIT_S,
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "WEBHOOK_RETRY_SCHEDULE": "0,5,30",
            "WORKER_GRACE_S": "60",
        }
        known["receiver"] = hook
        known["key"] = _make_key(checkout, env, "Reader", "--scope", "submit", "--scope", "read", "--scope", "admin")
        known["other_key"] = _make_key(checkout, env, "Other", "--email", "other@example.org")
        with running_api(checkout, **env) as api:
            api.headers = {"X-API-Key": str(known["key"])}
            with running_worker(checkout, 1, **env) as worker:
                known |= _ended_jobs(api, inputs, hook)
                known["partly_done"] = _stop_in_the_middle(api, inputs, worker)
            _push_webhook(checkout, env)
            known |= _waiting_jobs(api, inputs, hook, str(known["other_key"]))
        with Redis.from_url(url) as redis:
            out.mkdir(parents=True, exist_ok=True)
            (out / "redis.json").write_text(snapshot(redis), encoding="utf-8")
    (out / "jobs.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    if in_folder:
        shutil.copytree(blobs, out / "blobs", dirs_exist_ok=True)


def _manual(pages: int) -> bytes:
    """Return pages with a few lines each; the first line has the page's number."""
    images = []
    for number in range(1, pages + 1):
        image = Image.new("L", (900, 60 + 52 * _LINES), 255)
        lines = [f"The manual has a chapter {number}", *["which says how the engine is to be cleaned."] * (_LINES - 1)]
        ImageDraw.Draw(image).multiline_text(
            (40, 40), "\n".join(lines), fill=0, font=ImageFont.load_default(32), spacing=18
        )
        images.append(image)
    buffer = io.BytesIO()
    images[0].save(
        buffer, "TIFF", save_all=True, append_images=images[1:], dpi=(150, 150), compression="tiff_adobe_deflate"
    )
    return buffer.getvalue()


def _make_key(checkout: Checkout, env: dict[str, str], name: str, *options: str) -> str:
    made = checkout.run("ocrdesk", "keys", "create", "--name", name, *options, **env)
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    return made.stdout.decode().strip()


def _ended_jobs(api: Api, inputs: Path, hook: str) -> dict[str, object]:
    """Leave a finished job with exports, a corrected one, a failed one, and one whose webhook was refused once."""
    finished = api.submit(inputs / "headers.pdf", {"pages": "1-2"})
    corrected = api.submit(inputs / "note.tiff")
    failed = api.submit(inputs / "broken.pdf")
    webhook = {"webhook_url": f"{hook}/refused", "webhook_secret": WEBHOOK_SECRET, "pages": "1"}
    told = api.submit(inputs / "born-digital.pdf", webhook)
    for job_id in (finished, corrected, failed, told):
        api.ended(job_id)
    for query in ("format=docx", "format=docx&without_furniture=true", "format=pdf"):
        api.get(f"/ocr/result/{finished}?{query}&wait=60").raise_for_status()
    image = f"/ocr/jobs/{finished}/pages/1/image?width=200"
    eventually(lambda: api.get(image).status_code == 200, "the page's image")
    _correct(api, corrected)
    eventually(lambda: api.get(f"/ocr/jobs/{told}/webhook").json()["attempts"], "the first attempt")
    return {"finished": finished, "corrected": corrected, "failed": failed, "webhook_queued": told}


def _correct(api: Api, job_id: str) -> None:
    found = api.get(f"/ocr/jobs/{job_id}/document")
    document = found.json()
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "Our", "source": "corrected"}
    headers = {"If-Match": found.headers["etag"]}
    api.put(f"/ocr/jobs/{job_id}/document", json=document, headers=headers).raise_for_status()


def _stop_in_the_middle(api: Api, inputs: Path, worker: subprocess.Popen[bytes]) -> str:
    """Leave a job with some finished pages, and the others in the queue."""
    job_id = api.submit(inputs / "manual.tiff")
    eventually(lambda: api.get(f"/ocr/jobs/{job_id}").json()["pages_done"], "the first page")
    worker.send_signal(signal.SIGTERM)
    worker.wait(90)
    job = api.get(f"/ocr/jobs/{job_id}").json()
    if job["status"] != "started" or not 0 < job["pages_done"] < job["page_count"]:
        raise RuntimeError(f"the worker was stopped too late: {job}")
    return job_id


def _push_webhook(checkout: Checkout, env: dict[str, str]) -> None:
    """Queue the due webhook: a batch that no courier has started."""

    def pushed() -> bool:
        done = subprocess.run(
            [checkout.python, "-c", _PUSH_DUE],
            env=checkout.env(**env),
            cwd=checkout.home,
            capture_output=True,
            check=True,
        )
        return done.stdout.strip() == b"1"

    eventually(pushed, "the due webhook")


def _waiting_jobs(api: Api, inputs: Path, hook: str, other_key: str) -> dict[str, object]:
    """Leave a cancelled job whose webhook is due, and jobs that no worker has started."""
    webhook = {"webhook_url": f"{hook}/taken", "webhook_secret": WEBHOOK_SECRET}
    cancelled = api.submit(inputs / "scan.png", webhook)
    api.post(f"/ocr/jobs/{cancelled}/cancel").raise_for_status()
    return {
        "cancelled": cancelled,
        "queued": api.submit(inputs / "note.tiff", webhook, {"Idempotency-Key": IDEMPOTENCY_KEY}),
        "queued_for_other": api.submit(inputs / "note.tiff", {"pages": "2"}, {"X-API-Key": other_key}),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--only", choices=["server", "desktop"])
    options = parser.parse_args()
    with opened_checkout(options.checkout, options.python) as checkout:
        if options.only != "desktop":
            make_server_data(checkout, options.out / "server-folder", in_folder=True)
            make_server_data(checkout, options.out / "server-redis", in_folder=False)
        if options.only != "server":
            make_desktop_data(checkout, options.out / "desktop")
    return 0


if __name__ == "__main__":
    sys.exit(main())
