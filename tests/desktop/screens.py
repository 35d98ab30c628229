"""Every place of the desktop that a user can reach, and how a test gets there. A new place is a line in PLACES."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QRect, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from ocrdesk.client import Client
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.capture.screenshots import Screenshot
from ocrdesk.desktop.capture.selection_overlay import RegionOverlay
from ocrdesk.desktop.review.controllers.orphaned_corrections import OrphanedDialog
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.conflict_notice import ConflictNotice
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.languages_pane import LanguagesPane
from ocrdesk.desktop.settings.panes.new_key_display import NewKeyDisplay
from ocrdesk.desktop.text.language_notice import LanguageNotice
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page

T = TypeVar("T", bound=QWidget)


class ScreenGuide:
    """Opens a place: in a window with the fake server, unless the place needs another one."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def fixture(self, name: str):
        return self._request.getfixturevalue(name)

    @property
    def desktop(self) -> Desktop:
        """Open a window with a finished and a running job in the list; the finished one is shown in review."""
        stage: FakeServer = self.fixture("stage")
        desktop: Desktop = self.fixture("staged")
        if not stage.jobs:
            stage.put(make_job("2", "b.pdf", JobState.STARTED, page_count=9))
            stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "words")])
            stage.tell("2")
            stage.tell("1")
            desktop.wait(lambda: desktop.model.rowCount() == 2)
        desktop.driver.select("a.pdf")
        desktop.wait(lambda: desktop.driver.exists("review"))
        review = desktop.driver.open_review()
        desktop.wait(lambda: review.pages.shown is not None and desktop.driver.shown_text == "words")
        return desktop

    def on_this_computer(self, *, start: bool = False) -> Desktop:
        folder: Path = self.fixture("tmp_path") / "data"
        return self.fixture("open_desktop")(LocalServer(folder), start=start)

    def at_keyed(self, key: str | None) -> Desktop:
        """Open a window at a real api that requires keys."""
        settings = WindowState(self.fixture("tmp_path") / "desktop.ini").settings
        book = ServerList(settings, KeyringStore())
        entry = book.add("Office", self.fixture("keyed").url)
        if key:
            book.keyring.keep_for_this_run(entry.server_id, key)
        book.note_active(entry.server_id)
        desktop: Desktop = self.fixture("open_desktop")(book=book)
        desktop.wait_for(ConnectionState.READY if key else ConnectionState.FAILED)
        return desktop

    def new_key(self, *scopes: Scope) -> str:
        keyed = self.fixture("keyed")
        with Client(keyed.url, keyed.token) as operator:
            return operator.create_key(NewKey(name="Kim", scopes=scopes)).api_key


def window(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.select("b.pdf")
    return desktop.window


def window_that_failed(guide: ScreenGuide) -> QWidget:
    return guide.at_keyed(None).window


def dropping(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    assert desktop.driver.drag_over(QUrl.fromLocalFile(__file__))
    return desktop.window


def review(guide: ScreenGuide) -> QWidget:
    return guide.desktop.window


def review_with_find_bar(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.trigger("replace")
    desktop.driver.fill("find_text", "words")
    desktop.wait(lambda: desktop.driver.is_enabled("next_hit"))
    return desktop.window


def review_with_word_under_correction(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.open_review().go_to(WordPosition(1, 0, 0, 0))
    desktop.driver.trigger("edit_word")
    return desktop.window


def review_with_conflict(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.find("conflict_notice", ConflictNotice).show_lines([1], 1)
    desktop.driver.action("thumbnails").setChecked(True)
    return desktop.window


def orphaned_corrections(guide: ScreenGuide) -> QWidget:
    dialog = OrphanedDialog("a.pdf", guide.desktop.window)
    dialog.open()
    return dialog


def plain_text(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.action("plain_text").setChecked(True)
    desktop.wait(lambda: desktop.driver.is_shown("plain_text"))
    return desktop.window


def text_in_wrong_language(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.find("language_notice", LanguageNotice).show_language("fra")
    return desktop.window


def locked_pdf(guide: ScreenGuide) -> QWidget:
    desktop, stage = guide.desktop, guide.fixture("stage")
    stage.put(make_job("3", "locked.pdf", JobState.FAILED, error="It is locked.", error_code="encrypted_pdf"))
    stage.tell("3")
    desktop.wait(lambda: desktop.row("locked.pdf"))
    desktop.driver.select("locked.pdf")
    desktop.driver.fill("pdf_password", "word")
    return desktop.window


def library(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    view = desktop.driver.library if desktop.driver.is_shown("library") else desktop.driver.open_library()
    desktop.wait(lambda: view.found and view.is_shown("library_text"))
    return desktop.window


def library_question(guide: ScreenGuide) -> QWidget:
    library(guide)
    guide.desktop.driver.trigger("delete_document")
    return dialog(guide.desktop)


def library_age(guide: ScreenGuide) -> QWidget:
    library(guide)
    guide.desktop.driver.trigger("delete_old")
    return dialog(guide.desktop)


def export(guide: ScreenGuide) -> QWidget:
    desktop = guide.desktop
    desktop.driver.trigger("export")
    return dialog(desktop)


def screen(guide: ScreenGuide) -> QWidget:
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("gray"))
    area = QRect(QPoint(0, 0), picture.size())
    overlay = RegionOverlay([Screenshot(area, picture, area)], guide.desktop.window)
    overlay.show()
    return overlay.windows[0]


def settings(name: PaneName, guide: ScreenGuide) -> QWidget:
    return guide.desktop.driver.open_settings(name).root


def settings_of_engine(guide: ScreenGuide) -> QWidget:
    settings = guide.on_this_computer().driver.open_settings(PaneName.SERVERS)
    settings.tick("local_server_share")
    return settings.root


def settings_of_new_server(guide: ScreenGuide) -> QWidget:
    settings = guide.desktop.driver.open_settings(PaneName.SERVERS)
    settings.press("server_add")
    return settings.root


def settings_question(guide: ScreenGuide) -> QWidget:
    book = ServerList(WindowState(guide.fixture("tmp_path") / "desktop.ini").settings, KeyringStore())
    entry = book.add("Office", "https://ocr.example.org")
    desktop: Desktop = guide.fixture("open_desktop")(book=book, start=False)
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.select_server(entry.server_id)
    settings.press("server_remove")
    return dialog(desktop)


def languages_of_this_computer(guide: ScreenGuide) -> QWidget:
    desktop = guide.on_this_computer()
    settings = desktop.driver.open_settings(PaneName.LANGUAGES)
    assert isinstance(settings.pane, LanguagesPane)
    settings.pane.say_missing("A language is missing.")
    desktop.wait(lambda: settings.entries("language_list"))
    return settings.root


def watched_folders_paused(guide: ScreenGuide) -> QWidget:
    watched = guide.desktop.input_sources.watched
    watched.add(guide.fixture("tmp_path"))
    watched.pause(True)
    return settings(PaneName.WATCHED_FOLDERS, guide)


def keys_of_user(guide: ScreenGuide) -> QWidget:
    desktop = guide.at_keyed(guide.new_key(Scope.SUBMIT, Scope.READ))
    settings = desktop.driver.open_settings(PaneName.KEYS)
    desktop.wait(lambda: settings.is_shown("own_key"))
    return settings.root


def keys_of_admin(guide: ScreenGuide) -> QWidget:
    desktop = guide.at_keyed(guide.new_key(*Scope))
    settings = desktop.driver.open_settings(PaneName.KEYS)
    keys = settings.table("key_table")
    desktop.wait(lambda: settings.is_shown("everybodys_keys") and keys.rowCount())
    keys.selectRow(0)
    return settings.root


def key_just_made(guide: ScreenGuide) -> QWidget:
    settings = guide.desktop.driver.open_settings(PaneName.KEYS)
    settings.find("new_key", NewKeyDisplay).offer("secret", "ocrdesk_ab", "Your key.")
    return settings.root


def registration(guide: ScreenGuide) -> QWidget:
    desktop = guide.at_keyed(None)
    settings = desktop.driver.open_settings(PaneName.KEYS)
    desktop.wait(lambda: settings.is_shown("registration"))
    return settings.root


def dialog(desktop: Desktop) -> QWidget:
    """Return the open dialog."""
    desktop.wait(lambda: QApplication.activeModalWidget() is not None)
    return QApplication.activeModalWidget()


PLACES: dict[str, Callable[[ScreenGuide], QWidget]] = {
    "empty window": lambda guide: guide.on_this_computer().window,
    "window": window,
    "window that failed": window_that_failed,
    "window under a drop": dropping,
    "review": review,
    "review with find bar": review_with_find_bar,
    "review with word under correction": review_with_word_under_correction,
    "review with conflict": review_with_conflict,
    "orphaned corrections": orphaned_corrections,
    "plain text": plain_text,
    "text in the wrong language": text_in_wrong_language,
    "locked PDF": locked_pdf,
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
