"""Any record that can be stored is read back as it was, also next to fields of a later version."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import (
    Attempt,
    ExportRecord,
    JobRecord,
    Limits,
    NodeInfo,
    PageRecord,
    ProcessId,
    Unit,
    UnitKind,
    WebhookTarget,
)
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.any_records import errors, job_options, moments, texts
from tests.helpers.long_form import LONG_TESTS

many = settings(
    max_examples=3000 if LONG_TESTS else 40,
    deadline=None,
    derandomize=not LONG_TESTS,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
counts = st.one_of(st.integers(0, 3), st.integers(0, 2**70))
seconds = st.floats(0, 1e12)
ids = st.from_regex(r"[0-9a-z]{1,32}", fullmatch=True)
full = texts.filter(bool)
"""Texts of fields in which an empty text means that there is none."""
notes = st.sampled_from([error_message("encrypted_pdf"), error_message("page_range_invalid", text="{x}\u2028")])
hosts = st.text(st.characters(exclude_characters=",", exclude_categories=["Cs"]), min_size=1, max_size=9)
jobs = st.builds(
    JobRecord,
    job_id=ids,
    owner=texts,
    state=st.sampled_from(JobState),
    file_name=texts,
    media_type=texts,
    size_bytes=counts,
    options=job_options,
    limits=st.builds(Limits, max_pages=st.none() | counts, page_timeout_s=seconds),
    created_at=moments,
    started_at=st.none() | moments,
    ended_at=st.none() | moments,
    notes=st.lists(notes, max_size=2).map(tuple),
    file_pages=st.none() | counts,
    page_count=st.none() | counts,
    pages_done=counts,
    pages_failed=counts,
    inflight=counts,
    attempt=st.none() | full,
    deaths=counts,
    losses=counts,
    error=st.none() | errors,
    webhook=st.none() | st.builds(WebhookTarget, texts, texts),
    webhook_hosts=st.lists(hosts, max_size=2).map(tuple),
    revision=counts,
    idempotency=texts,
    request_id=st.none() | full,
    traceparent=st.none() | full,
)
pages = st.builds(
    PageRecord,
    number=st.integers(1, 10**6),
    state=st.sampled_from(PageState),
    attempt=st.none() | full,
    worker=st.none() | full,
    deaths=counts,
    losses=counts,
    started_at=st.none() | moments,
    ended_at=st.none() | moments,
    blob=st.none() | full,
    error=st.none() | errors,
)
exports = st.builds(
    ExportRecord,
    name=st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    revision=counts,
    limit_s=seconds,
    state=st.sampled_from(PageState),
    attempt=st.none() | texts,
    deaths=counts,
    losses=counts,
    ended_at=st.none() | moments,
    blob=st.none() | texts,
    media_type=texts,
    error=st.none() | errors,
)
units = st.one_of(
    st.builds(Unit, ids, st.sampled_from([UnitKind.PREPARE, UnitKind.CLOSE])),
    st.builds(Unit, ids, st.just(UnitKind.PAGE), page=st.integers(1, 10**6)),
    st.builds(Unit, ids, st.just(UnitKind.EXPORT), export=exports.map(lambda export: export.name)),
)
nodes = st.builds(
    NodeInfo,
    node=texts,
    workers=counts,
    engines=st.lists(texts, max_size=2).map(tuple),
    languages=st.lists(texts, max_size=2).map(tuple),
    version=texts,
    unusable_engines=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    settings=st.dictionaries(texts, texts, max_size=2),
    process=st.none() | st.builds(ProcessId, texts, counts, texts),
    helpers=counts,
)


def in_redis(fields: dict[str, Any]) -> dict[str, str]:
    """Return a hash as Redis returns it: all text, which was UTF-8."""
    return {name: str(value).encode().decode() for name, value in fields.items()}


@many
@given(jobs)
def test_any_job_is_read_back_as_it_was(job: JobRecord) -> None:
    stored = in_redis(codec.job_fields(job))
    assert codec.job_from(job.job_id, stored) == job
    assert codec.job_from(job.job_id, stored | {"of_a_later_version": "x"}) == job


@many
@given(pages, exports)
def test_any_page_and_export_is_read_back_as_it_was(page: PageRecord, export: ExportRecord) -> None:
    assert codec.page_from(page.number, codec.page_text(page)) == page
    assert codec.export_from(export.name, codec.export_text(export)) == export


@many
@given(units, texts, texts, nodes)
def test_any_lease_unit_and_pool_is_read_back_as_it_was(unit: Unit, node: str, worker: str, info: NodeInfo) -> None:
    assert Unit.from_key(unit.key) == unit
    attempt = Attempt("attempt", node, worker)
    lease = codec.lease_from(attempt.id, codec.lease_text(unit, attempt))
    assert (lease.unit, lease.attempt) == (unit, attempt)
    assert codec.queued_unit_from(unit.key, codec.queued_unit_text(f"{unit.key}-1")).unit == unit
    assert codec.node_from(codec.node_text(info)) == info
