"""The states of jobs and pages: their names on the wire, and which are final."""

from __future__ import annotations

from ocrdesk.contract.states import JobState, PageState


def test_states_have_the_names_of_the_specification() -> None:
    assert [state.value for state in JobState] == ["queued", "started", "finished", "failed", "cancelled"]
    assert [state.value for state in PageState] == ["queued", "started", "finished", "timeout", "failed"]


def test_a_job_is_over_when_it_finished_failed_or_was_cancelled() -> None:
    assert {state.value for state in JobState if state.is_final} == {"finished", "failed", "cancelled"}


def test_a_page_is_over_when_it_finished_failed_or_took_too_long() -> None:
    assert {state.value for state in PageState if state.is_final} == {"finished", "failed", "timeout"}
