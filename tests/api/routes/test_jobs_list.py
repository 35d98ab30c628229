"""The list of jobs: paged and filtered."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import KEY, Api, error_code, open_http
from tests.helpers.processes import Backend, running_api
from tests.helpers.sample_files import text_png


def test_a_list_is_paged_and_filtered(backend: Backend) -> None:
    with (
        running_api(
            REDIS_URL=backend.redis_url, STORAGE_URL=backend.storage_url, API_KEY_ENABLED="1", API_KEYS=f"list-{KEY}"
        ) as url,
        open_http(url, f"list-{KEY}") as http,
    ):
        api = Api(http)
        ids = [api.submit(text_png("List"), f"Brief {number}.png") for number in range(3)]
        for job_id in ids:
            api.result(job_id)
        failed = api.submit(b"%PDF-1.4 nothing", "Rechnung.pdf")
        api.result(failed)

        def listed(**params: Any) -> list[str]:
            found: list[str] = []
            while True:
                answer = http.get("/ocr/jobs", params=params)
                assert answer.status_code == 200, answer.text
                found += [job["job_id"] for job in answer.json()["jobs"]]
                if not (cursor := answer.json()["next_cursor"]):
                    return found
                params["cursor"] = cursor

        newest_first = [failed, *reversed(ids)]
        assert listed() == listed(limit=1) == listed(limit=3) == newest_first
        assert listed(status="failed") == [failed]
        assert listed(status=["failed", "finished"], limit=2) == newest_first
        assert listed(name="BRIEF", limit=1) == newest_first[1:]
        moment = http.get(f"/ocr/jobs/{ids[1]}").json()["created_at"]
        assert listed(since=moment) == newest_first[:3]
        assert listed(until=moment) == [ids[0]]
        for wrong in ({"status": "lost"}, {"cursor": "x"}, {"since": "yesterday"}, {"limit": 0}):
            answer = http.get("/ocr/jobs", params=wrong)
            assert (answer.status_code, error_code(answer)) == (400, "bad_request"), wrong
