"""Events over real HTTP: in order, resumable after any of them, until the stream ends."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from httpx2 import EventSource, ServerSentEvent

from ocrdesk.contract.events import Event
from tests.api.conftest import Api, error_code
from tests.helpers.processes import Backend
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, text_png


def stream(api: Api, job_id: str, after: str | None = None) -> list[ServerSentEvent]:
    """Return a job's events until the stream ends."""
    headers = {"Last-Event-ID": after} if after else {}
    with api.http.stream("GET", f"/ocr/events/{job_id}", headers=headers) as answer:
        assert answer.status_code == 200
        return list(EventSource(answer))


def of(messages: list[ServerSentEvent]) -> list[Event]:
    return [Event.model_validate_json(message.data) for message in messages]


def test_a_jobs_stream_has_all_its_events_and_ends(api: Api) -> None:
    job_id = api.submit(multipage_tiff(["One", "Two"]))
    messages = stream(api, job_id)
    events = of(messages)
    assert [message.id for message in messages] == [event.id for event in events]
    assert [message.event for message in messages] == [event.type.value for event in events]
    assert {event.job_id for event in events} == {job_id}
    assert events[0].status == "queued"
    assert sorted(event.page for event in events if event.page) == [1, 2]
    assert [event.status for event in events if event.status.is_final] == ["finished"]
    assert events[-1].status == "finished"
    ids = [tuple(map(int, event.id.split("-"))) for event in events]
    assert ids == sorted(set(ids))


def test_a_failed_job_says_why_in_its_last_event(api: Api) -> None:
    last = of(stream(api, api.submit(encrypted_pdf(["Secret"]))))[-1]
    assert (last.status, last.error_code) == ("failed", "encrypted_pdf")
    assert last.error is not None
    assert "password" in last.error


def test_a_stream_resumes_after_any_event_without_loss_or_repeat(api: Api) -> None:
    job_id = api.submit(multipage_tiff(["One", "Two"]))
    events = of(stream(api, job_id))
    for index, event in enumerate(events[:-1]):
        assert of(stream(api, job_id, event.id)) == events[index + 1 :]


def test_a_stream_interrupted_while_the_job_runs_resumes(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(12)]))
    seen: list[Event] = []
    while not (seen and seen[-1].status.is_final):
        headers = {"Last-Event-ID": seen[-1].id} if seen else {}
        with unlimited_api.http.stream("GET", f"/ocr/events/{job_id}", headers=headers) as answer:
            for count, message in enumerate(EventSource(answer)):
                seen.append(Event.model_validate_json(message.data))
                if count == 1:
                    break
    assert seen == of(stream(unlimited_api, job_id))
    assert sorted(event.page for event in seen if event.page) == list(range(1, 13))


def test_a_follower_that_has_seen_the_end_gets_204(api: Api) -> None:
    job_id = api.submit(text_png("Hello"))
    last = of(stream(api, job_id))[-1]
    answer = api.http.get(f"/ocr/events/{job_id}", headers={"Last-Event-ID": last.id})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("bad", ["yesterday", "1", "-1-0", "1-0; DROP", "$", "9" * 30 + "-0", "0-" + "9" * 30])
def test_an_event_id_that_is_none_is_refused(api: Api, bad: str) -> None:
    job_id = api.submit(text_png("Hello"))
    api.result(job_id)
    for path in (f"/ocr/events/{job_id}", "/ocr/events"):
        assert api.refusal(api.http.get(path, headers={"Last-Event-ID": bad})) == "bad_request"


def test_a_stream_is_not_cached(api: Api) -> None:
    with api.http.stream("GET", "/ocr/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"


def test_the_stream_of_all_jobs_includes_new_jobs(api: Api) -> None:
    with api.http.stream("GET", "/ocr/events") as answer:
        ids = {api.submit(text_png("One")), api.submit(text_png("Two"))}
        finished: set[str] = set()
        for message in EventSource(answer):
            event = Event.model_validate_json(message.data)
            if event.status == "finished":
                finished.add(event.job_id)
            if ids <= finished:
                break


def test_the_stream_of_all_jobs_resumes_after_an_event(api: Api, backend: Backend) -> None:
    redis: Any = backend.redis()
    (newest, _), *_ = redis.xrevrange("ocrdesk:events", count=1)
    job_id = api.submit(text_png("Hello"))
    api.result(job_id)
    with api.http.stream("GET", "/ocr/events", headers={"Last-Event-ID": newest}) as answer:
        types = []
        for message in EventSource(answer):
            event = Event.model_validate_json(message.data)
            if event.job_id != job_id:
                continue
            types.append((event.type.value, event.status.value))
            if event.type == "job" and event.status.is_final:
                api.http.delete(f"/ocr/jobs/{job_id}")
            if event.type == "deleted":
                break
    assert types[0] == ("job", "queued")
    assert types[-2:] == [("job", "finished"), ("deleted", "finished")]


def test_a_deleted_job_leaves_no_event_but_the_word_of_its_deletion(api: Api, backend: Backend) -> None:
    redis: Any = backend.redis()
    job_id = api.submit(text_png("Hello"))
    api.result(job_id)
    api.http.delete(f"/ocr/jobs/{job_id}")
    left = [fields["type"] for _, fields in redis.xrange("ocrdesk:events") if fields["job_id"] == job_id]
    assert left == ["deleted"]


def test_a_jobs_stream_ends_when_the_job_is_deleted(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(60)]))
    with unlimited_api.http.stream("GET", f"/ocr/events/{job_id}") as answer:
        messages = iter(EventSource(answer))
        next(messages)
        unlimited_api.http.delete(f"/ocr/jobs/{job_id}")
        assert len(list(messages)) < 60  # the stream ended, long before the job would have


def test_events_of_an_unknown_job_are_not_found(api: Api) -> None:
    answer: httpx2.Response = api.http.get("/ocr/events/0f8fad5bd9cb469fa16570867728950e")
    assert (answer.status_code, error_code(answer)) == (404, "not_found")
