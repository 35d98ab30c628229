"""The tray pauses and resumes jobs and watched folders."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


def test_tray_pauses_and_resumes_jobs_and_watched_folders_and_offers_what_can_be_done(
    with_tray: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    tray, watched = with_tray.background_mode.tray, with_tray.input_sources.watched
    with_tray.wait(lambda: not tray.pause.isEnabled() and not tray.resume.isEnabled())
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=9))
    stage.tell("1")
    with_tray.wait(lambda: tray.pause.isEnabled())
    tray.pause.trigger()
    with_tray.wait(lambda: with_tray.row("a.pdf").state is RowState.PAUSED)
    assert watched.is_paused
    with_tray.wait(lambda: not tray.pause.isEnabled() and tray.resume.isEnabled())
    with_tray.driver.trigger("resume_all")
    with_tray.wait(lambda: with_tray.row("a.pdf").state is RowState.STARTED)
    assert tray.resume.isEnabled()  # the folders are not watched yet
    watched.add(tmp_path)
    tray.resume.trigger()
    assert watched.is_active
    with_tray.wait(lambda: tray.pause.isEnabled() and not tray.resume.isEnabled())
