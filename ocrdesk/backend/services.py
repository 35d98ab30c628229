"""The objects an api process keeps for its lifetime."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.events.hub import EventHub
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.limits.rejections import Rejections
from ocrdesk.backend.limits.uploads import Uploads
from ocrdesk.backend.rate_limits import RateLimits
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import BlobStore
from ocrdesk.backend.storage.open_store import open_store
from ocrdesk.backend.storage.page_results import PageResults
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.backend.webhooks.deliveries import Deliveries


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, ledger, blobs, event hub, webhook deliveries, rate limits and API keys of one process."""

    settings: Settings
    ledger: Ledger
    blobs: BlobStore
    hub: EventHub
    deliveries: Deliveries
    rate_limits: RateLimits
    """Without RATE_LIMIT_ENABLED, only registrations are limited."""
    keys: KeyStore
    rejections: Rejections = field(default_factory=Rejections)
    """The callers that this process refused lately, because too much work waits."""
    uploads: Uploads = field(default_factory=Uploads)
    """The files that this process receives."""

    @property
    def page_results(self) -> PageResults:
        """The stored pages and texts."""
        return PageResults(self.blobs)

    @classmethod
    def open(cls, settings: Settings) -> Services:
        """Create all services. They connect on first use, so Redis may start later."""
        raw, text = connect(settings, text=False), connect(settings, text=True)
        return cls(
            settings=settings,
            ledger=Ledger(text, TaskQueue(raw, settings.queue_name), settings.result_ttl),
            blobs=open_store(settings, raw),
            hub=EventHub(settings),
            deliveries=Deliveries.open(settings),
            rate_limits=RateLimits(settings, raw),
            keys=KeyStore(text),
        )
