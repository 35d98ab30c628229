"""The old name of `webhooks.tasks.deliver`, for batches queued by an older version."""

from ocrdesk_worker.webhooks.tasks import deliver as deliver
