"""A job's finished pages are loaded one by one."""

from __future__ import annotations

import threading

from ocrdesk.client import Client
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.text.page_text import PageText, load_page, load_pages
from tests.helpers.fake_server import FakeServer, make_job, make_page


def _load(stage: FakeServer, job_id: str, stopped: threading.Event | None = None) -> tuple[JobState, list[PageText]]:
    pages: list[PageText] = []
    with Client(stage.url) as client:
        state = load_pages(client, job_id, pages.extend, stopped or threading.Event())
    return state, pages


def test_finished_job_is_loaded_in_the_order_of_its_pages(stage: FakeServer) -> None:
    stage.put(
        make_job("1", "a.pdf", JobState.FINISHED, page_count=2, pages_done=2),
        [make_page(1, "one"), make_page(2, "two")],
    )
    assert _load(stage, "1") == (JobState.FINISHED, [PageText(1, "one\n"), PageText(2, "two\n")])


def test_running_job_is_loaded_as_far_as_it_is_finished(stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=3, pages_done=1), [make_page(2, "two")])
    state, pages = _load(stage, "1")
    assert state is JobState.STARTED
    assert pages == [PageText(2, "two\n")]


def test_failed_page_has_its_reason(stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1), [make_page(1, "", "This page took too long.")])
    with Client(stage.url) as client:
        assert load_page(client, "1", 1) == PageText(1, "", "This page took too long.")


def test_nothing_is_reported_after_the_stop(stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "one")])
    stopped = threading.Event()
    stopped.set()
    assert _load(stage, "1", stopped)[1] == []
