"""The requests of the measuring commands, without repeats: submit, wait, describe."""

from __future__ import annotations

import time

import httpx2

from tests.chaos.lab import TENANTS, Lab
from tests.helpers import plain_http

ENDED = ("finished", "failed", "cancelled")


class Caller:
    """One caller with one connection; `tenant` is an index into `TENANTS`."""

    def __init__(self, lab: Lab, tenant: int = 0, api: int = 0) -> None:
        self._base = lab.base(api)
        self._client = plain_http.Client(headers={"X-API-Key": TENANTS[tenant]}, timeout=60, trust_env=False)

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def submit(self, name: str, content: bytes) -> httpx2.Response:
        data = {"engine": "tesseract", "languages": "eng"}
        return self._client.post(f"{self._base}/ocr/submit", files={"file": (name, content)}, data=data)

    def accepted(self, name: str, content: bytes) -> str:
        """Submit, and return the job's id. Raises httpx2.HTTPStatusError when it is refused."""
        answer = self.submit(name, content)
        answer.raise_for_status()
        return str(answer.json()["job_id"])

    def get(self, path: str) -> httpx2.Response:
        return self._client.get(f"{self._base}{path}")

    def state(self, job_id: str, wait_s: int = 0) -> str:
        """Return a job's state after at most `wait_s` seconds of waiting for its end."""
        return str(self.get(f"/ocr/result/{job_id}?wait={wait_s}").json()["status"])

    def state_at_end(self, job_id: str, limit_s: float = 120.0) -> str:
        """Wait for a job's end; return its state, which is no final one after the limit."""
        deadline = time.monotonic() + limit_s
        while (state := self.state(job_id, 10)) not in ENDED and time.monotonic() < deadline:
            pass
        return state
