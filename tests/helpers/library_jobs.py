"""Finished jobs for the library of a window with the fake server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.servers.data_folders import app_folder
from tests.helpers.fake_server import FakeServer, make_job, make_page


def add_finished_job(stage: FakeServer, job_id: str, *texts: str, name: str | None = None, revision: int = 0) -> None:
    """Put a finished job on the server, with a page for each text."""
    count = len(texts)
    job = make_job(
        job_id,
        name or f"{job_id}.pdf",
        JobState.FINISHED,
        page_count=count,
        pages_done=count,
        revision=revision,
        ended_at=datetime.now(UTC),
    )
    stage.put(job, [make_page(number, text) for number, text in enumerate(texts, 1)])


def library_file() -> Path:
    """Return the path of the library's database."""
    return app_folder() / "library.sqlite3"
