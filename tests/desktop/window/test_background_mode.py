"""Tray, notifications, closing and quitting."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.system.tray import Tray
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


def finish(desktop: Desktop, stage: FakeServer, number: int, state: JobState = JobState.FINISHED) -> None:
    stage.put(make_job(str(number), f"{number}.pdf", JobState.STARTED, page_count=1))
    stage.tell(str(number))
    desktop.wait(lambda: desktop.row(f"{number}.pdf"))
    stage.put(make_job(str(number), f"{number}.pdf", state, page_count=1, pages_done=1))
    stage.tell(str(number))
    desktop.wait(lambda: desktop.row(f"{number}.pdf").state.is_over)


def test_notification_is_shown_when_all_is_read_and_the_window_is_not_in_front(
    with_tray: Desktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    with_tray.background_mode.notifications.show_message = lambda _title, text, _ms: shown.append(text)
    monkeypatch.setattr(with_tray.window, "isActiveWindow", lambda: False)
    finish(with_tray, stage, 1)
    finish(with_tray, stage, 2, JobState.FAILED)
    assert shown == ["1 file was read.", "1 could not be read."]
    monkeypatch.setattr(with_tray.window, "isActiveWindow", lambda: True)
    finish(with_tray, stage, 3)
    with_tray.background_mode.settings.notifies = False
    monkeypatch.setattr(with_tray.window, "isActiveWindow", lambda: False)
    finish(with_tray, stage, 4)
    assert len(shown) == 2


def test_tray_menu_opens_and_quits(with_tray: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    tray = with_tray.background_mode.tray
    with_tray.window.hide()
    tray.open.trigger()
    assert with_tray.window.isVisible()
    quits: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda: quits.append(True))
    tray.quit.trigger()
    assert quits
    assert not with_tray.window.isVisible()


def test_closing_quits_unless_the_program_stays_in_an_existing_tray(
    with_tray: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    background_mode = with_tray.background_mode
    assert QApplication.quitOnLastWindowClosed()
    background_mode.settings.closes_to_tray = True
    background_mode.apply()
    assert QApplication.quitOnLastWindowClosed() is not background_mode.tray.is_shown
    monkeypatch.setattr(Tray, "is_possible", staticmethod(lambda: False))
    background_mode.apply()
    assert QApplication.quitOnLastWindowClosed()


def test_window_closed_to_the_tray_opens_again_when_the_tray_disappears(
    with_tray: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    background_mode = with_tray.background_mode
    background_mode.settings.closes_to_tray = True
    background_mode.apply()
    with_tray.window.close()
    there = [False, True, False, False, True]
    monkeypatch.setattr(Tray, "is_possible", staticmethod(lambda: there[0]))
    seen = []
    while len(there) > 1:
        background_mode.tray.check()
        seen.append(with_tray.window.isVisible())
        there.pop(0)
    assert seen == [False, False, False, True]  # the window waits for a panel that restarts
    assert "tray has disappeared" in with_tray.driver.note
    assert QApplication.quitOnLastWindowClosed() or not background_mode.tray.is_shown


def test_tray_that_comes_later_gets_the_icon(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    background_mode = staged.background_mode
    assert not background_mode.tray.is_shown
    monkeypatch.setattr(Tray, "is_possible", staticmethod(lambda: True))
    with staged.qtbot.waitSignal(background_mode.tray.changed):
        background_mode.tray.check()
    assert background_mode.tray.is_shown
    assert background_mode.notifications.show_message is not None


def test_closing_during_work_asks_nothing_and_cancels_nothing(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=9))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    assert staged.window.close()
    staged.session.close()
    assert stage.jobs["1"].status is JobState.STARTED
    assert stage.deleted == []
