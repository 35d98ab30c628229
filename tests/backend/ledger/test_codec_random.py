"""Any record that can be stored is read back as it was, also next to fields of a later version."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import (
    REPLACEMENT,
    UNREADABLE,
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
from tests.helpers.ledger_jobs import BAD_PAGE, new_job_record
from tests.helpers.long_form import LONG_TESTS

many = settings(
    max_examples=3000 if LONG_TESTS else 40,
    deadline=None,
    derandomize=not LONG_TESTS,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
counts = st.one_of(st.integers(0, 3), st.integers(0, 2**40))
seconds = st.floats(0.001, 1e12)
ids = st.from_regex(r"[0-9a-z]{1,32}", fullmatch=True)
full = texts.filter(bool)
"""Texts of fields in which an empty text means that there is none."""
notes = st.sampled_from([error_message("encrypted_pdf"), error_message("page_range_invalid", text="{x}\u2028")])
hosts = st.text(st.characters(exclude_characters=",", exclude_categories=["Cs"]), min_size=1, max_size=9)


def _with_page_count(job: JobRecord) -> JobRecord:
    """Return a job with as many pages to recognise as its options choose from the file's."""
    return job if job.file_pages is None else replace(job, page_count=len(job.page_numbers))


jobs = st.builds(
    JobRecord,
    job_id=ids,
    owner=texts.filter(lambda text: REPLACEMENT not in text),
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
    file_pages=st.none() | st.integers(2, 10**6),
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
).map(_with_page_count)
blobs = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}", fullmatch=True)


def _with_what_its_state_needs(page: PageRecord) -> PageRecord:
    """Return a page that has a blob if it is finished, and an error if it failed."""
    if page.state is PageState.FINISHED:
        return replace(page, blob=page.blob or "page")
    return replace(page, error=page.error or BAD_PAGE) if page.state.is_final else page


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
    blob=st.none() | blobs,
    error=st.none() | errors,
    unread_regions=counts,
).map(_with_what_its_state_needs)
exports = st.builds(
    ExportRecord,
    name=st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    revision=counts,
    limit_s=st.floats(0.001, 1e12),
    state=st.sampled_from(PageState),
    attempt=st.none() | texts,
    deaths=counts,
    losses=counts,
    ended_at=st.none() | moments,
    blob=st.none() | blobs,
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
    workers=st.integers(0, 10**6),
    engines=st.lists(texts, max_size=2).map(tuple),
    languages=st.lists(texts, max_size=2).map(tuple),
    version=texts,
    unusable_engines=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    settings=st.dictionaries(texts, texts, max_size=2),
    process=st.none() | st.builds(ProcessId, texts, counts, texts),
    helpers=st.integers(0, 10**6),
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
@given(units, nodes)
def test_any_unit_and_pool_is_read_back_as_it_was(unit: Unit, info: NodeInfo) -> None:
    assert Unit.from_key(unit.key) == unit
    assert codec.node_from(codec.node_text(info)) == info


# ── damaged records ──────────────────────────────────────────────────────────────────────────────

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(["queued", "1-3", "eng"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
_DEEP = "[" * 100_000
damage = st.one_of(texts, json_values.map(json.dumps), st.sampled_from(["", "{", "1e999", "9" * 5000, _DEEP]))


@many
@given(
    jobs, st.dictionaries(st.sampled_from(sorted(codec.job_fields(new_job_record()))), damage, min_size=1, max_size=4)
)
def test_a_damaged_job_is_a_job_or_stands_for_one_that_failed(job: JobRecord, damaged: dict[str, str]) -> None:
    stored = {name: value for name, value in (in_redis(codec.job_fields(job)) | damaged).items() if value != "{"}
    found = codec.job_from(job.job_id, stored)
    assert found is not None
    assert found.is_readable or found.state is JobState.FAILED
    assert found.view().job_id == job.job_id


@many
@given(st.data())
def test_a_damaged_page_or_export_counts_as_failed_or_missing(data: st.DataObject) -> None:
    page, export = data.draw(pages), data.draw(exports)
    for text, read in ((codec.page_text(page), codec.page_from), (codec.export_text(export), codec.export_from)):
        fields = json.loads(text)
        fields[data.draw(st.sampled_from(sorted(fields)))] = data.draw(json_values)
        for damaged in (json.dumps(fields), text[: data.draw(st.integers(0, len(text)))], data.draw(damage)):
            found = read(1 if read is codec.page_from else "pdf", damaged)  # type: ignore[arg-type]
            if isinstance(found, PageRecord):
                found.status()


@many
@given(st.text(max_size=20) | units.map(lambda unit: unit.key), damage)
def test_a_damaged_lease_or_queue_entry_is_unreadable(key: str, entry: str) -> None:
    assert codec.readable_queued_unit(key, entry) is None or codec.queued_unit_from(key, entry).unit.key
    with contextlib.suppress(UNREADABLE):
        codec.lease_from("attempt", entry)
