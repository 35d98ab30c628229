"""The keys of a running service: api, workers and RQ together."""

from __future__ import annotations

from typing import Any

from redis import Redis

from ocrdesk.backend.redis_key_table import KEYS
from tests.api.conftest import Api
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png


def test_every_key_of_a_service_at_work_is_described_with_its_type(unlimited_api: Api, backend: Backend) -> None:
    redis: Any = Redis.from_url(backend.redis_url, decode_responses=True)
    jobs = [unlimited_api.submit(text_png("Hello"), "a.png") for _ in range(3)]
    seen: dict[str, str] = {}
    for job_id in jobs:
        seen |= {key: redis.type(key) for key in redis.keys("*")}
        assert unlimited_api.result(job_id)["status"] == "finished"
    answer = unlimited_api.http.get(f"/ocr/result/{jobs[0]}", params={"format": "pdf", "wait": 30})
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF")
    seen |= {key: redis.type(key) for key in redis.keys("*")}
    ours = {key: kind for key, kind in seen.items() if key.startswith("ocrdesk:") and kind != "none"}
    assert len(ours) > 10
    assert {key: kind for key, kind in ours.items() if [d.type for d in KEYS if d.matches(key)] != [kind]} == {}
