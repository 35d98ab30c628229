"""Tray, messages, closing and quitting; light and dark; where the window opens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.behaviour_pane import BehaviourPane
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.settings_file import open_settings
from ocrdesk.desktop.system.tray import Tray
from ocrdesk.desktop.window.background_mode import BackgroundMode
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


@pytest.fixture
def with_tray(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """Offscreen there is no tray: its messages are caught where Qt would hand them over."""
    monkeypatch.setattr(Tray, "is_possible", staticmethod(lambda: True))
    staged.background_mode.apply()
    return staged


def finish(desktop: Desktop, stage: FakeServer, number: int, state: JobState = JobState.FINISHED) -> None:
    stage.put(make_job(str(number), f"{number}.pdf", JobState.STARTED, page_count=1))
    stage.tell(str(number))
    desktop.wait(lambda: desktop.row(f"{number}.pdf"))
    stage.put(make_job(str(number), f"{number}.pdf", state, page_count=1, pages_done=1))
    stage.tell(str(number))
    desktop.wait(lambda: desktop.row(f"{number}.pdf").state.is_over)


def test_message_comes_when_all_is_read_and_the_window_is_not_in_front(
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


def test_batch_is_over_with_its_last_file(staged: Desktop, stage: FakeServer) -> None:
    told: list[tuple[int, int]] = []
    staged.background_mode.batches.finished.connect(lambda *counts: told.append(counts))
    for number in (1, 2):
        stage.put(make_job(str(number), f"{number}.pdf", JobState.STARTED, page_count=1))
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 2)
    for number in (1, 2):
        assert told == []
        stage.put(make_job(str(number), f"{number}.pdf", JobState.FINISHED, page_count=1, pages_done=1))
        stage.tell(str(number))
        staged.wait(lambda number=number: staged.row(f"{number}.pdf").state.is_over)
    assert told == [(2, 0)]


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


def test_closing_ends_the_program_unless_it_may_stay_in_a_tray_that_is_there(
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


def test_window_that_was_closed_to_the_tray_is_back_when_the_tray_is_gone_for_good(
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
        background_mode.tray.look()
        seen.append(with_tray.window.isVisible())
        there.pop(0)
    assert seen == [False, False, False, True]  # a panel that starts anew is waited for
    assert "tray is gone" in with_tray.driver.note
    assert QApplication.quitOnLastWindowClosed() or not background_mode.tray.is_shown


def test_tray_that_comes_later_gets_the_icon(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    background_mode = staged.background_mode
    assert not background_mode.tray.is_shown
    monkeypatch.setattr(Tray, "is_possible", staticmethod(lambda: True))
    with staged.qtbot.waitSignal(background_mode.tray.changed):
        background_mode.tray.look()
    assert background_mode.tray.is_shown
    assert background_mode.notifications.show_message is not None


def test_closing_with_work_under_way_asks_nothing_and_cancels_nothing(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=9))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    assert staged.window.close()
    staged.session.close()
    assert stage.jobs["1"].status is JobState.STARTED
    assert stage.deleted == []


def test_switches_are_remembered_and_hold_at_once(staged: Desktop, tmp_path: Path) -> None:
    settings = staged.driver.open_settings(PaneName.BEHAVIOUR)
    assert isinstance(settings.pane, BehaviourPane)
    settings.press("behaviour_messages")
    settings.choose("behaviour_language", "en")
    settings.press("behaviour_tray")
    assert not settings.is_enabled("behaviour_stay_in_tray")
    kept = BackgroundSettings(open_settings(tmp_path / "desktop.ini"))
    assert (kept.notifies, kept.has_tray, kept.closes_to_tray, kept.language) == (False, False, False, "en")
    assert isinstance(staged.background_mode, BackgroundMode)


def test_window_follows_light_and_dark_as_they_change(staged: Desktop) -> None:
    paste = staged.driver.action("paste")
    before = paste.icon().pixmap(20).toImage()
    palette = QPalette(QColor("#222222"))
    was = QApplication.palette()
    try:
        QApplication.setPalette(palette)
        staged.wait(lambda: paste.icon().pixmap(20).toImage() != before)
    finally:
        QApplication.setPalette(was)


def test_all_menu_entries_have_a_mnemonic_of_their_own(staged: Desktop) -> None:
    menus = [action.menu() for action in staged.window.menuBar().actions()]
    texts = [[action.text() for action in menu.actions() if not action.isSeparator()] for menu in menus]
    texts.append([action.text() for action in staged.window.menuBar().actions()])
    texts.append([action.text() for action in staged.background_mode.tray.menu.actions() if not action.isSeparator()])
    for entries in texts:
        keys = [text[text.index("&") + 1].lower() for text in entries if "&" in text]
        assert len(keys) == len(entries), entries
        assert len(set(keys)) == len(keys), entries


SCREENS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QSplitter
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.window.saved_state import WindowState
app = QApplication([])
tasks = Tasks()
window = MainWindow(Session(LocalServer(), tasks), tasks, WindowState(Path(sys.argv[1])))
window.show()
app.processEvents()
if sys.argv[2] == "move":
    window.setGeometry(1400, 100, 700, 500)
    app.processEvents()
inside = [screen.name() for screen in app.screens() if screen.geometry().contains(window.geometry().center())]
print(window.width(), window.height(), inside)
window.close()
"""


def run_on_screens(tmp_path: Path, screens: list[dict[str, object]], act: str) -> str:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"synchronousWindowSystemEvents": False, "screens": screens}))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    command = [sys.executable, "-c", SCREENS, str(tmp_path / "memory.ini"), act]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_window_opens_on_its_screen_and_on_another_when_that_one_is_gone(tmp_path: Path) -> None:
    def screen(name: str, x: int) -> dict[str, object]:
        size = {"width": 1280, "height": 800, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        return {"name": name, "x": x, "y": 0, **size}

    both = [screen("one", 0), screen("two", 1280)]
    assert run_on_screens(tmp_path, both, "move") == "700 500 ['two']"
    assert run_on_screens(tmp_path, both, "stay") == "700 500 ['two']"
    assert run_on_screens(tmp_path, both[:1], "stay").endswith("['one']")
