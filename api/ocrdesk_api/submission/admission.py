"""Accepts or refuses work by load, and by how much of the workers' time its caller has used."""

from __future__ import annotations

from dataclasses import replace

from ocrdesk.backend.ledger.backlog import Load
from ocrdesk.backend.limits.uploads import UploadsAhead
from ocrdesk.backend.limits.work_time import WINDOW_S
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.choices import LOCAL_PAGE_TIMEOUT_S
from ocrdesk.contract.error_messages import error_message
from ocrdesk.export.package_names import NEW_FORMATS, PackageExport
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.errors import not_ready, queue_full, work_time_used

_NONE_AHEAD = UploadsAhead()
_UPGRADE_WAIT_S = 10
"""When to ask again while workers of an older version are replaced."""


def admit(services: Services, principal: Principal, size_bytes: int, uploads_ahead: UploadsAhead = _NONE_AHEAD) -> Load:
    """Return the load before a new or retried job. Raises 503 if it exceeds the settings, and 429 if its caller used
    too much.

    Each upload ahead of it counts as a job with one page, or many that begin together would all be accepted.

    An empty queue accepts a job of any size, and this machine's own desktop is always accepted. A caller for whom
    nothing waits is accepted up to twice the limits of pages and seconds, so that others cannot use up all the room.
    """
    load = _with_uploads(services.ledger.backlog.load(), uploads_ahead)
    if principal.unlimited or (load.jobs == 0 and load.exports == 0):
        return load
    wait_s = _seconds_over(load, services.settings, size_bytes)
    if wait_s > 0 and (uploads_ahead.own_count or not _has_a_turn(services, principal.owner, load, size_bytes)):
        raise queue_full(services.rejections.retry_after_s(principal.owner, wait_s))
    _check_work_time(services, principal.owner, load)
    services.rejections.accepted(principal.owner)
    return load


def _with_uploads(load: Load, ahead: UploadsAhead) -> Load:
    return replace(
        load,
        jobs=load.jobs + ahead.count,
        pages=load.pages + ahead.count,
        size_bytes=load.size_bytes + ahead.own_bytes,
    )


def admit_export(services: Services, job: JobRecord, name: str) -> None:
    """Raise 409 if an export file would be made and a live worker cannot make it, and 503 if so much work waits that
    none is accepted; the latter not on a local server.
    """
    known = services.ledger.exports.get(job.job_id, name)
    if known is not None and known.revision == job.revision:
        return
    package = PackageExport.from_name(name)
    if package and package.form in NEW_FORMATS:
        pools = services.ledger.nodes.live()
        if any(pool.workers and package.form not in pool.formats for pool in pools):  # it might be the one to get it
            message = error_message("export_needs_newer_workers", name=package.form.upper())
            raise not_ready(message, retry_after_s=_UPGRADE_WAIT_S)
    if services.settings.local_token is not None:
        return
    load = services.ledger.backlog.load()
    wait_s = _seconds_over(load, services.settings, 0)
    if wait_s > 0 and not _has_a_turn(services, job.owner, load, 0):
        raise queue_full(services.rejections.retry_after_s(job.owner, wait_s))


def _has_a_turn(services: Services, owner: str, load: Load, size_bytes: int) -> bool:
    """Return whether a job of an owner for whom nothing waits is accepted although the service is full."""
    return _seconds_over(load, services.settings, size_bytes, 2) == 0 and services.ledger.shares.is_idle(owner)


def _seconds_over(load: Load, settings: Settings, size_bytes: int, times: int = 1) -> float:
    """Return after how many seconds there will be room for one more unit; 0 if there is room now.

    `times` multiplies the limits of pages and seconds.
    """
    per_s = load.pages_per_s
    waits = [0.0]
    if settings.max_queued_pages:
        waits.append((load.pages + load.exports + 1 - times * settings.max_queued_pages) / per_s)
    if settings.max_queued_seconds:
        waits.append(load.wait_s - times * settings.max_queued_seconds)
    if (max_bytes := settings.max_queued_bytes) is not None and load.size_bytes + size_bytes > max_bytes:
        over_bytes = load.size_bytes + size_bytes - max_bytes
        waits.append(max(load.pages * over_bytes / max(1, load.size_bytes), 1) / per_s)
    return max(waits)


def _check_work_time(services: Services, owner: str, load: Load) -> None:
    """Raise 429 for a caller who used more than their share of the workers' time while the work of others waits."""
    share = services.settings.worker_time_share
    if share >= 1 or not services.ledger.shares.others_wait(owner):
        return
    limit_s = share * WINDOW_S * load.workers
    if (used_s := services.ledger.work_time.used_s(owner)) > limit_s:
        needed_s = min(WINDOW_S, WINDOW_S * (used_s - limit_s) / used_s)  # as if it had been used evenly
        retry_after_s = services.rejections.retry_after_s(owner, needed_s)
        raise work_time_used(round(used_s), round(limit_s), WINDOW_S // 60, retry_after_s)


def page_timeout_s(settings: Settings, principal: Principal) -> float:
    """Return how much processor time a page of this caller may need; the desktop of this machine gets more."""
    limit_s = settings.ocr_timeout_per_page
    return max(limit_s, LOCAL_PAGE_TIMEOUT_S) if principal.unlimited else limit_s


def estimated_seconds(load: Load) -> float:
    """Return how long a new job of one page will probably take."""
    return max(0.1, round((load.pages + 1) / load.pages_per_s, 1))
