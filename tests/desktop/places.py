"""Every place of the desktop where a person can be, and how a test gets there. A new one is a line in PLACES."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from ocrdesk.client import Client
from ocrdesk.contract.keys import NewKey, Scope
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.key_vault import KeyVault
from ocrdesk.desktop.region_overlay import RegionOverlay
from ocrdesk.desktop.review.lost_corrections import LostDialog
from ocrdesk.desktop.screen_shots import Shot
from ocrdesk.desktop.server_book import ServerBook
from ocrdesk.desktop.servers import LocalServer
from ocrdesk.desktop.session import Standing
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.window_memory import WindowMemory
from tests.desktop.conftest import Desktop
from tests.desktop.staged_server import StagedServer, make_job, make_page

T = TypeVar("T", bound=QWidget)


class Guide:
    """Leads to a place: with a window over the staged server, unless the place needs another one."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def fixture(self, name: str):
        return self._request.getfixturevalue(name)

    @property
    def desktop(self) -> Desktop:
        """With a finished and a running job in the list; the finished one is shown in review."""
        stage: StagedServer = self.fixture("stage")
        desktop: Desktop = self.fixture("staged")
        if not stage.jobs:
            stage.put(make_job("2", "b.pdf", JobState.STARTED, page_count=9))
            stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "words")])
            stage.tell("2")
            stage.tell("1")
            desktop.wait(lambda: desktop.model.rowCount() == 2)
        desktop.driver.select("a.pdf")
        review = desktop.driver.open_review()
        desktop.wait(lambda: review.pages.shown is not None and desktop.driver.shown_text == "words")
        return desktop

    def on_this_computer(self, *, start: bool = False) -> Desktop:
        folder: Path = self.fixture("tmp_path") / "data"
        return self.fixture("open_desktop")(LocalServer(folder), start=start)

    def at_keyed(self, key: str | None) -> Desktop:
        """At a real api that asks for keys."""
        settings = WindowMemory(self.fixture("tmp_path") / "desktop.ini").settings
        book = ServerBook(settings, KeyVault())
        entry = book.add("Office", self.fixture("keyed").url)
        if key:
            book.vault.keep_for_this_run(entry.server_id, key)
        book.note_active(entry.server_id)
        desktop: Desktop = self.fixture("open_desktop")(book=book)
        desktop.wait_for(Standing.READY if key else Standing.FAILED)
        return desktop

    def new_key(self, *scopes: Scope) -> str:
        keyed = self.fixture("keyed")
        with Client(keyed.url, keyed.token) as operator:
            return operator.create_key(NewKey(name="Kim", scopes=scopes)).api_key


def window(guide: Guide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.select("b.pdf")
    return desktop.window


def window_that_failed(guide: Guide) -> QWidget:
    return guide.at_keyed(None).window


def dropping(guide: Guide) -> QWidget:
    guide.desktop.window._overlay.show()
    return guide.desktop.window


def review(guide: Guide) -> QWidget:
    return guide.desktop.window


def review_with_find_bar(guide: Guide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.open_review().do.replace.trigger()
    desktop.driver.open_review().parts.find_bar._find.setText("words")
    desktop.wait(lambda: desktop.driver.open_review().parts.find_bar._next.isEnabled())
    return desktop.window


def review_with_word_under_correction(guide: Guide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.open_review().parts.text.set_current(desktop.driver.open_review().parts.text.words()[0])
    desktop.driver.open_review().do.edit.trigger()
    return desktop.window


def review_with_conflict(guide: Guide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.open_review().parts.notice.show_lines([1], 1)
    desktop.driver.open_review().do.thumbnails.setChecked(True)
    return desktop.window


def lost_corrections(guide: Guide) -> QWidget:
    dialog = LostDialog("a.pdf", guide.desktop.window)
    dialog.open()
    return dialog


def plain_text(guide: Guide) -> QWidget:
    desktop = guide.desktop
    desktop.window._review_door.do.plain_text.setChecked(True)
    desktop.wait(desktop.window._pane._text.isVisible)
    return desktop.window


def library(guide: Guide) -> QWidget:
    desktop = guide.desktop
    desktop.window.library_place.show()
    view = desktop.window.library_place.view
    desktop.wait(lambda: view.model.hits() and view.text.isVisible())
    return desktop.window


def library_question(guide: Guide) -> QWidget:
    library(guide)
    guide.desktop.window.library_place.view.menu.delete_one.trigger()
    return dialog(guide.desktop)


def library_age(guide: Guide) -> QWidget:
    library(guide)
    guide.desktop.window.library_place.view.menu.purge_old.trigger()
    return dialog(guide.desktop)


def export(guide: Guide) -> QWidget:
    guide.desktop.window._out.export.trigger()
    return dialog(guide.desktop)


def screen(guide: Guide) -> QWidget:
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("gray"))
    area = QRect(QPoint(0, 0), picture.size())
    overlay = RegionOverlay([Shot(area, picture, area)], guide.desktop.window)
    overlay.show()
    return overlay.sheets[0]


def settings(name: PaneName, guide: Guide) -> QWidget:
    return guide.desktop.window.door.open(name).window()


def settings_of_engine(guide: Guide) -> QWidget:
    pane = guide.on_this_computer().window.door.open(PaneName.SERVERS)
    pane._local._share.setChecked(True)
    return pane.window()


def settings_of_new_server(guide: Guide) -> QWidget:
    pane = guide.desktop.window.door.open(PaneName.SERVERS)
    pane._add.click()
    return pane.window()


def settings_question(guide: Guide) -> QWidget:
    pane = guide.desktop.window.door.open(PaneName.SERVERS)
    pane._on_remove()
    return dialog(guide.desktop)


def languages_of_this_computer(guide: Guide) -> QWidget:
    desktop = guide.on_this_computer()
    pane = desktop.window.door.open(PaneName.LANGUAGES)
    pane.say_missing("A language is missing.")
    desktop.wait(lambda: pane._list.count())
    return pane.window()


def watched_folders_paused(guide: Guide) -> QWidget:
    watched = guide.desktop.ways_in.watched
    watched.add(guide.fixture("tmp_path"))
    watched.pause(True)
    return settings(PaneName.WATCHED_FOLDERS, guide)


def keys_of_user(guide: Guide) -> QWidget:
    desktop = guide.at_keyed(guide.new_key(Scope.SUBMIT, Scope.READ))
    pane = desktop.window.door.open(PaneName.KEYS)
    desktop.wait(lambda: pane._own.isVisible())
    return pane.window()


def keys_of_admin(guide: Guide) -> QWidget:
    desktop = guide.at_keyed(guide.new_key(*Scope))
    pane = desktop.window.door.open(PaneName.KEYS)
    desktop.wait(lambda: pane._admin.isVisible() and pane._admin._table.rowCount())
    pane._admin._table.selectRow(0)
    return pane.window()


def key_just_made(guide: Guide) -> QWidget:
    desktop = guide.desktop
    pane = desktop.window.door.open(PaneName.KEYS)
    pane._fresh.offer("secret", "ocrdesk_ab", "Your key.")
    return pane.window()


def registration(guide: Guide) -> QWidget:
    desktop = guide.at_keyed(None)
    pane = desktop.window.door.open(PaneName.KEYS)
    desktop.wait(pane._registration.isVisible)
    return pane.window()


def dialog(desktop: Desktop) -> QWidget:
    """The one that is open."""
    desktop.wait(lambda: QApplication.activeModalWidget() is not None)
    return QApplication.activeModalWidget()


PLACES: dict[str, Callable[[Guide], QWidget]] = {
    "empty window": lambda guide: guide.on_this_computer().window,
    "window": window,
    "window that failed": window_that_failed,
    "window under a drop": dropping,
    "review": review,
    "review with find bar": review_with_find_bar,
    "review with word under correction": review_with_word_under_correction,
    "review with conflict": review_with_conflict,
    "lost corrections": lost_corrections,
    "plain text": plain_text,
    "library": library,
    "library question": library_question,
    "library age": library_age,
    "export": export,
    "screen": screen,
    **{f"settings {name}": partial(settings, name) for name in PaneName},
    "settings of engine": settings_of_engine,
    "settings of new server": settings_of_new_server,
    "settings question": settings_question,
    "languages of this computer": languages_of_this_computer,
    "watched folders paused": watched_folders_paused,
    "keys of user": keys_of_user,
    "keys of admin": keys_of_admin,
    "key just made": key_just_made,
    "registration": registration,
}
