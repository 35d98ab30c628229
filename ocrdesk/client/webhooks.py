"""Calls about webhooks."""

from __future__ import annotations

from typing import Protocol

import httpx2

from ocrdesk.client.transport import Answer
from ocrdesk.contract.webhooks import WebhookLog


class _Caller(Protocol):
    """What these calls need of `Client`."""

    def _get(self, kind: type[Answer], path: str) -> Answer: ...
    def _call(self, method: str, path: str) -> httpx2.Response: ...
    def _parse(self, kind: type[Answer], answer: httpx2.Response) -> Answer: ...


class WebhookCalls:
    """Part of `Client`. A job has a webhook when it was submitted with a `webhook_url`."""

    def webhook(self: _Caller, job_id: str) -> WebhookLog:
        """Return every attempt to deliver the job's webhook, and when the next one is due."""
        return self._get(WebhookLog, f"/ocr/jobs/{job_id}/webhook")

    def redeliver(self: _Caller, job_id: str) -> WebhookLog:
        """Deliver again, now. Raises NotFoundError for a job without a webhook, NotReadyError before its end."""
        return self._parse(WebhookLog, self._call("POST", f"/ocr/jobs/{job_id}/webhook/redeliver"))
