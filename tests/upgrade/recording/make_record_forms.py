"""Writes a sample of the form in which the ledger stores records: jobs that wait, are in work, and have ended.

Usage, with the code of the version to sample on PYTHONPATH: python make_record_forms.py OUT.json
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from redis import Redis

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import Attempt, JobRecord, Limits, Unit, UnitKind, utc_now
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import UPLOAD, put
from ocrdesk.backend.storage.open_store import open_store
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState
from tests.helpers.processes import run_valkey, running_pool, short_folder
from tests.helpers.sample_files import multipage_tiff, text_png
from tests.upgrade.recording.redis_snapshot import snapshot

_LONG_S = 120.0
_DEAD = Attempt(id="0123456789abcdef0123456789abcdef", node="dead-pool", worker="dead-pool-worker")


def main(out: Path) -> None:
    with short_folder() as folder, run_valkey(folder) as url:
        settings = Settings(redis_url=url)
        raw = connect(settings, text=False)
        queue = TaskQueue(raw, settings.queue_name)
        ledger, blobs = Ledger(connect(settings, text=True), queue, settings.result_ttl), open_store(settings, raw)

        def submit(number: int, media_type: str, data: bytes) -> str:
            job = JobRecord(
                job_id=f"{number:032x}",
                owner="me",
                state=JobState.QUEUED,
                file_name=f"sample-{number}",
                media_type=media_type,
                size_bytes=len(data),
                options=JobOptions(languages=("eng",), engine="tesseract"),
                limits=Limits(max_pages=20, page_timeout_s=60.0),
                created_at=utc_now(),
            )
            put(blobs, job.job_id, UPLOAD, data)
            ledger.jobs.create(job)
            return job.job_id

        done = submit(1, "image/png", text_png("finished before"))
        with running_pool(workers=1, REDIS_URL=url):
            until = time.monotonic() + _LONG_S
            while ledger.jobs.state(done) is not JobState.FINISHED and time.monotonic() < until:
                time.sleep(0.1)
        submit(2, "image/png", text_png("waits to be opened"))
        opened = submit(3, "image/tiff", multipage_tiff(["first page", "second page", "third page"]))
        assert ledger.leases.claim(Unit(opened, UnitKind.PREPARE), _DEAD)
        assert ledger.pages.plan(opened, _DEAD, 3, inflight_limit=2, inline=False)
        assert ledger.leases.claim(Unit(opened, UnitKind.PAGE, 1), _DEAD)
        held = submit(4, "image/png", text_png("was being opened"))
        assert ledger.leases.claim(Unit(held, UnitKind.PREPARE), _DEAD)
        ledger.jobs.cancel(submit(5, "image/png", text_png("cancelled")))
        out.write_text(snapshot(Redis.from_url(url)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
