"""Corrected Documents of several callers at once take little more memory than one."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

from tests.api.conftest import Api, open_http
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png


def _document_of(api: Api, job_id: str, words: int) -> bytes:
    document = api.http.get(f"/ocr/jobs/{job_id}/document").json()
    line = document["pages"][0]["blocks"][0]["lines"][0]
    line["words"] = line["words"][:1] * words
    return json.dumps(document).encode()


def test_one_document_at_a_time_is_in_memory(unlimited_api: Api, backend: Backend) -> None:
    job_id = unlimited_api.submit(text_png("Hello"))
    unlimited_api.result(job_id)
    body = _document_of(unlimited_api, job_id, 40_000)
    assert len(body) > 2_000_000
    (process,) = [child for child in backend.children() if "ocrdesk_api" in child.cmdline()]

    def put() -> int:
        with open_http(backend.api, backend.token) as http:
            return http.put(f"/ocr/jobs/{job_id}/document", content=body).status_code

    def peak_of(puts: int) -> int:
        peak = 0
        with ThreadPoolExecutor(puts) as pool:
            ends = [pool.submit(put) for _ in range(puts)]
            while not all(end.done() for end in ends):
                peak = max(peak, process.memory_info().rss)
                time.sleep(0.005)  # between two samples
        assert [end.result() for end in ends] == [200] * puts
        return peak

    before = process.memory_info().rss
    one = peak_of(1) - before
    assert peak_of(8) - before < 3 * one
