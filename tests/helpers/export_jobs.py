"""Finished jobs to export from a window with the fake server."""

from __future__ import annotations

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.export_driver import ExportDriver
from tests.helpers.fake_server import FakeServer, make_job, make_page


def add_finished_jobs(desktop: Desktop, stage: FakeServer, *texts: str) -> None:
    """Put a finished job on the server for each text: `0.png` and so on."""
    for number, text in enumerate(texts):
        job = make_job(f"{number:032x}", f"{number}.png", JobState.FINISHED, page_count=1, pages_done=1)
        stage.put(job, [make_page(1, text)])
        stage.tell(job.job_id)
    desktop.wait(lambda: len(desktop.model.rows()) == len(texts))


def press_export(desktop: Desktop, dialog: ExportDriver) -> str:
    """Export, and return the dialog's message at the end."""
    dialog.start()
    desktop.wait(lambda: dialog.is_over, 90)
    return dialog.outcome
