"""The list is filtered by name and state."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.job_list.filter import StateFilter
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page


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


def _add(desktop: Desktop, stage: FakeServer) -> None:
    for number, (name, state) in enumerate((("a.pdf", JobState.STARTED), ("b.pdf", JobState.FINISHED))):
        stage.put(make_job(str(number), name, state, page_count=2, pages_done=1))
        stage.tell(str(number))
    desktop.wait(lambda: desktop.model.rowCount() == 2)


def test_actions_do_not_reach_a_row_that_the_filter_hides(staged: Desktop, stage: FakeServer) -> None:
    _add(staged, stage)
    driver = staged.driver
    driver.select("b.pdf")
    assert driver.action("remove").isEnabled()
    for typed in ("a", "nothing"):
        driver.fill("job_name_filter", typed)
        staged.wait(lambda typed=typed: len(driver.listed) == (typed == "a"))
        assert not any(driver.action(name).isEnabled() for name in ("remove", "export", "copy_files", "retry"))
    driver.fill("job_name_filter", "")
    staged.wait(lambda: driver.job_list.selected_keys() == ["1"])
    assert driver.action("remove").isEnabled()


def test_text_of_a_hidden_row_stays_and_its_header_is_kept_up_to_date(staged: Desktop, stage: FakeServer) -> None:
    _add(staged, stage)
    driver = staged.driver
    driver.select("a.pdf")
    driver.filter_by_state(StateFilter.RUNNING)
    assert driver.text("text_pane_details").startswith("1 of 2 pages")
    ended = make_job("0", "a.pdf", JobState.FINISHED, page_count=2, pages_done=2)
    stage.put(ended, [make_page(1, "One"), make_page(2, "Two")])
    stage.tell("0")
    staged.wait(lambda: driver.listed == [])
    staged.wait(lambda: driver.text("text_pane_details").startswith("Finished, 2 pages"))
    assert driver.is_shown("text_pane_details")
    assert driver.text("text_pane_name") == "a.pdf"
    driver.filter_by_state(StateFilter.ALL)
    assert driver.job_list.selected_keys() == ["0"]
