"""The client's calls about webhooks: how a job's delivery fares, and making it once more."""

from __future__ import annotations

from typing import Protocol

import httpx

from ocrdesk.client.transport import Answer
from ocrdesk.contract.webhooks import WebhookLog


class _Caller(Protocol):
    """What these calls need of `Client`."""

    def _get(self, kind: type[Answer], path: str) -> Answer: ...
    def _call(self, method: str, path: str) -> httpx.Response: ...
    def _parse(self, kind: type[Answer], answer: httpx.Response) -> Answer: ...


class WebhookCalls:
    """Part of `Client`. A job has a webhook when it was submitted with a `webhook_url`."""

    def webhook(self: _Caller, job_id: str) -> WebhookLog:
        """Every attempt to tell the job's webhook of its end, and when the next one is due."""
        return self._get(WebhookLog, f"/ocr/jobs/{job_id}/webhook")

    def redeliver(self: _Caller, job_id: str) -> WebhookLog:
        """Makes the delivery once more, now. Raises NotFound for a job without a webhook, NotReady before its end."""
        return self._parse(WebhookLog, self._call("POST", f"/ocr/jobs/{job_id}/webhook/redeliver"))
