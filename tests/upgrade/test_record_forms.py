"""Jobs in every form in which records were stored so far finish, also those whose worker died meanwhile.

`recording/make_record_forms.py` writes the samples. Add one when `codec.RECORD_VERSION` goes up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ocrdesk.backend.ledger import codec
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.open_store import open_store
from ocrdesk.backend.storage.page_results import PageResults
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.states import JobState
from tests.helpers.processes import run_valkey, running_pool, short_folder
from tests.helpers.wait import wait_until
from tests.upgrade.old_data import load_redis

FORMS = Path(__file__).resolve().parents[1] / "data" / "record-forms"
TEXTS = {1: ["finished before"], 2: ["waits to be opened"], 3: ["first page", "second page", "third page"]}
TEXTS |= {4: ["was being opened"]}
CANCELLED = 5


@pytest.fixture
def url() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


def test_there_is_a_sample_of_each_form() -> None:
    assert {file.stem for file in FORMS.glob("*.json")} == {
        f"form-{version}" for version in range(1, codec.RECORD_VERSION + 1)
    }


@pytest.mark.parametrize("sample", sorted(FORMS.glob("*.json")), ids=lambda sample: sample.stem)
def test_jobs_of_this_form_finish(url: str, sample: Path) -> None:
    load_redis(url, sample)
    settings = Settings(redis_url=url)
    raw = connect(settings, text=False)
    queue = TaskQueue(raw, settings.queue_name)
    ledger = Ledger(connect(settings, text=True), queue, settings.result_ttl)
    texts = PageResults(open_store(settings, raw))
    with running_pool(workers=2, REDIS_URL=url):
        for number, pages in TEXTS.items():
            job_id = f"{number:032x}"
            wait_until(lambda job_id=job_id: ledger.jobs.state(job_id) is JobState.FINISHED, "the job's end")
            job = ledger.jobs.get(job_id)
            assert job is not None
            text = texts.read_text(job_id, job.revision)
            assert [page.strip() for page in text.split("\f")] == pages
    assert ledger.jobs.state(f"{CANCELLED:032x}") is JobState.CANCELLED
    assert ledger.leases.active() == []
    assert ledger.backlog.load().jobs == 0
    assert Redis.from_url(url).hlen("ocrdesk:unreadable") == 0
