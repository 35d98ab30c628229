"""The review is created after the window has appeared, and nothing is missing until then."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStackedWidget

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.review.opener import ReviewOpener
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from tests.desktop.conftest import OpenDesktop


def test_the_pane_has_pane_once_the_window_has_appeared_also_without_a_server(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(start=False)
    desktop.wait(lambda: desktop.driver.exists("review"))
    body = desktop.driver.find("text_pane_body", QStackedWidget)
    assert body.indexOf(desktop.driver.widget("review")) == 2


def test_actions_have_their_keys_before_the_pane_exists(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(start=False)
    titles = [action.text() for action in desktop.window.menuBar().actions()]
    assert titles == ["&File", "&Edit", "&Page", "&Job"]
    find = desktop.driver.action("find")
    assert find.shortcut().toString() == "Ctrl+F"
    assert not find.isEnabled(), "there is nothing to find yet"


def test_text_only_is_remembered_without_the_pane(qapp: QApplication) -> None:
    tasks = Tasks()
    session = Session(LocalServer(), tasks)
    opener = ReviewOpener(session, tasks, ReviewState())
    opener.actions.plain_text.trigger()
    again = ReviewOpener(session, tasks, ReviewState())
    assert again.actions.plain_text.isChecked()
    assert not again.has_pane
    session.close()


def test_closing_creates_no_pane(qapp: QApplication) -> None:
    tasks = Tasks()
    session = Session(LocalServer(), tasks)
    opener = ReviewOpener(session, tasks, ReviewState())
    opener.show_job("", "")
    opener.close_review()
    assert not opener.has_pane
    session.close()
