"""The list is filtered by name and state."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.job_list.filter import StateFilter
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


def test_list_is_filtered_by_name_and_state_and_events_still_reach_it(staged: Desktop, stage: FakeServer) -> None:
    for number, (name, state) in enumerate(
        (("Invoice May.pdf", JobState.STARTED), ("invoice june.pdf", JobState.FINISHED), ("x.png", JobState.STARTED))
    ):
        stage.put(make_job(str(number), name, state, page_count=4))
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 3)
    driver = staged.driver
    driver.trigger("filter_jobs")
    staged.qtbot.keyClicks(driver.name_filter, "INVOICE")
    staged.wait(lambda: len(staged.driver.listed) == 2)
    driver.filter_by_state(StateFilter.RUNNING)
    assert staged.driver.listed == ["Invoice May.pdf"]
    stage.put(make_job("0", "Invoice May.pdf", JobState.FINISHED, page_count=4, pages_done=4))
    stage.tell("0")
    staged.wait(lambda: staged.driver.listed == [])
    staged.qtbot.keyClick(driver.name_filter, Qt.Key.Key_Escape)
    driver.filter_by_state(StateFilter.ALL)
    staged.wait(lambda: len(staged.driver.listed) == 3)
