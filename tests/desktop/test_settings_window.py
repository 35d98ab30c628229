"""The settings: keys over a real api, the keyring, shortcuts, appearance; and that no key is written down anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QComboBox, QProgressBar

from ocrdesk.client import AuthError, Client
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.servers.keyring_store import KeyringStore, KeyStorage
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.language_source import LanguageEntry
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.default_options_form import DefaultOptionsForm
from ocrdesk.desktop.settings.panes.usage_chart import UsageChart
from ocrdesk.desktop.ui.colour_scheme import Scheme, read_scheme
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop, KeyedApi, OpenDesktop
from tests.desktop.test_key_vault import MemoryKeyring
from tests.helpers import questions
from tests.helpers.fake_server import FakeServer
from tests.helpers.folders import contents_below
from tests.helpers.language_mirror import real_pack, serving_mirror

Opened = tuple[Desktop, ServerList, str, MemoryKeyring]


@pytest.fixture
def ring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def at_keyed(
    open_desktop: OpenDesktop, keyed: KeyedApi, tmp_path: Path, ring: MemoryKeyring
) -> Callable[[str | None], tuple[Desktop, ServerList, str]]:
    """Opens a window on the api that asks for keys, with a key or without."""

    def open_at(key: str | None) -> tuple[Desktop, ServerList, str]:
        book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(lambda: ring, timeout_s=1))
        entry = book.add("DeliveryContext", keyed.url)
        if key:
            book.note_key(entry.server_id, is_kept=book.keyring.keep(entry.server_id, key))
        book.note_active(entry.server_id)
        desktop = open_desktop(book=book)
        desktop.wait_for(ConnectionState.READY if key else ConnectionState.FAILED)
        return desktop, book, entry.server_id

    return open_at


def agree(desktop: Desktop) -> None:
    """Answer the question that comes."""
    desktop.wait(lambda: questions.question() is not None)
    questions.agree()


def works(url: str, key: str) -> bool:
    with Client(url, key, patience_s=0) as client:
        try:
            client.stats()
        except AuthError:
            return False
        return True


def test_key_is_registered_kept_copied_once_replaced_and_revoked(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]],
    keyed: KeyedApi,
    ring: MemoryKeyring,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    desktop, book, server_id = at_keyed(None)
    assert desktop.driver.is_shown("status_settings_button")
    settings = desktop.driver.open_settings(PaneName.KEYS)
    assert settings.is_shown("registration")
    settings.fill("registration_email", "ann@example.org")
    settings.fill("registration_name", "Ann")
    settings.press("registration_register")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: settings.is_shown("new_key"))
    first = ring.keys["ocrdesk", server_id]
    assert first not in settings.part("new_key").texts()
    settings.press("new_key_copy")
    assert QGuiApplication.clipboard().text() == first
    assert not settings.is_enabled("new_key_copy")
    desktop.wait(lambda: settings.is_shown("own_key") and first[:14] in settings.text("own_key_key"))
    assert first not in settings.text("own_key_key")
    assert len(settings.find("own_key_usage", UsageChart).days) == 30

    settings.find("own_key_overlap", QComboBox).setCurrentIndex(1)
    settings.press("own_key_replace")
    agree(desktop)
    desktop.wait(lambda: ring.keys["ocrdesk", server_id] != first)
    second = ring.keys["ocrdesk", server_id]
    assert works(keyed.url, first)  # for an hour
    assert works(keyed.url, second)
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: settings.is_shown("own_key") and second[:14] in settings.text("own_key_key"))

    settings.press("own_key_revoke")
    agree(desktop)
    desktop.wait_for(ConnectionState.FAILED)
    assert not works(keyed.url, second)
    assert ring.keys == {}
    assert not book.entry(server_id).has_kept_key
    desktop.settings.sync()
    written = "".join(content.decode(errors="replace") for content in contents_below(tmp_path).values())
    assert "DeliveryContext" in written
    for secret in (first, second):
        assert secret not in written
        assert secret not in caplog.text


def test_admin_makes_and_revokes_keys_of_others(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        root = operator.create_key(NewKey(name="Root", scopes=tuple(Scope))).api_key
    desktop, _, _ = at_keyed(root)
    settings = desktop.driver.open_settings(PaneName.KEYS)
    desktop.wait(lambda: settings.is_shown("everybodys_keys") and settings.table("key_table").rowCount())
    settings.fill("made_key_name", "Scanner in room 4")
    settings.tick("made_key_may_read", False)
    settings.choose("made_key_expiry", 30)
    settings.press("made_key_make")
    desktop.wait(lambda: settings.is_shown("new_key"))
    settings.press("new_key_copy")
    secret = QGuiApplication.clipboard().text()
    with Client(keyed.url, secret) as scanner:
        stats = scanner.stats()
    assert stats.scopes == (Scope.SUBMIT,)
    assert stats.expires_at is not None
    desktop.wait(lambda: settings.cell("key_table", 0, 0) == "Scanner in room 4")
    settings.table("key_table").selectRow(0)
    settings.press("key_table_revoke")
    agree(desktop)
    desktop.wait(lambda: settings.cell("key_table", 0, 4) == "Revoked")
    assert not works(keyed.url, secret)
    assert works(keyed.url, root)


def test_wrong_key_is_said_and_a_right_one_lets_in_at_once(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    desktop, _, server_id = at_keyed(None)
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop.driver.press("status_settings_button")
    settings = desktop.driver.settings
    settings.fill("server_key", "ocrdesk_" + "b" * 43)
    settings.press("server_test")
    desktop.wait(lambda: "wrong" in settings.text("server_notice"))
    settings.fill("server_key", right)
    settings.press("server_test")
    desktop.wait(lambda: settings.text("server_notice") == "The connection works, and the key is right.")
    settings.press("server_save")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "in the keyring" in settings.text("server_notice"))
    assert ring.keys == {("ocrdesk", server_id): right}
    assert settings.text("server_key") == ""
    settings.press("server_forget_key")
    desktop.wait_for(ConnectionState.FAILED)
    assert "asks for a key" in desktop.driver.status
    desktop.wait(lambda: ring.keys == {})


def test_locked_keyring_holds_nothing_up_and_says_so(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    book.keyring = KeyringStore(lambda: ring, timeout_s=0.1)  # as in another run
    ring.answers.clear()
    desktop.session.switch(book.server(server_id))
    desktop.wait_for(ConnectionState.FAILED)
    assert "keyring does not answer" in desktop.driver.status
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.select_server(server_id)
    settings.fill("server_key", right)
    settings.press("server_save")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "as soon as it is unlocked" in settings.text("server_notice"))
    assert book.keyring.keeping is KeyStorage.LOCKED
    assert "locked" in settings.text("server_key_storage")
    ring.answers.set()
    desktop.wait(lambda: ring.keys == {("ocrdesk", server_id): right})
    entry = book.entry(server_id)
    assert entry
    assert entry.has_kept_key  # so that the next run asks for it


def test_window_says_that_it_waits_for_the_keyring_and_goes_on_by_itself(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]],
    keyed: KeyedApi,
    ring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    monkeypatch.setattr("ocrdesk.desktop.servers.keyring_store._SAID_AFTER_S", 0.05)
    book.keyring = KeyringStore(lambda: ring)  # as in another run
    ring.answers.clear()
    desktop.session.switch(book.server(server_id))
    desktop.wait(lambda: "Waiting for the keyring" in desktop.driver.status)
    ring.answers.set()
    desktop.wait_for(ConnectionState.READY)


def test_key_that_a_locked_keyring_does_not_let_go_of_is_not_said_to_be_forgotten(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.fill("server_key", right)
    settings.press("server_save")
    desktop.wait(lambda: ring.keys)
    desktop.wait(
        lambda: settings.is_enabled("server_forget_key") and "in the keyring" in settings.text("server_notice")
    )
    ring.locked = True
    settings.press("server_forget_key")
    desktop.wait(lambda: "still has the key" in settings.text("server_notice"))
    assert settings.is_enabled("server_forget_key")
    ring.locked = False
    settings.press("server_forget_key")
    desktop.wait(lambda: "is forgotten here" in settings.text("server_notice"))
    assert ring.keys == {}
    entry = book.entry(server_id)
    assert entry
    assert not entry.has_kept_key


def test_server_is_added_and_used(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = open_desktop(LocalServer(tmp_path / "data"), start=False)
    desktop.session.start = lambda: None
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    assert len(settings.entries("server_list")) == 1
    settings.press("server_add")
    settings.fill("server_address", "nonsense://x")
    settings.press("server_save")
    assert "not an address" in settings.text("server_notice")
    settings.fill("server_address", stage.url)
    settings.press("server_save")
    assert len(settings.entries("server_list")) == 2
    assert settings.text("server_name") == stage.url.removeprefix("http://")
    del desktop.session.start
    settings.press("server_use")
    desktop.wait_for(ConnectionState.READY)
    assert "Sent to 127.0.0.1" in desktop.driver.text("server_menu")
    assert "(in use)" in settings.entries("server_list")[1]
    assert not settings.is_enabled("server_use")


def test_shortcut_is_changed_kept_and_a_conflict_is_told(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    open_files, copy = desktop.driver.action("open_files"), desktop.driver.action("copy_text")
    settings = desktop.driver.open_settings(PaneName.SHORTCUTS)
    settings.select_shortcut("files.open")
    settings.set_keys("shortcut_keys", "Ctrl+J")
    settings.press("shortcut_set")
    assert open_files.shortcut() == QKeySequence("Ctrl+J")
    assert open_files.toolTip().endswith("(Ctrl+J)")
    settings.select_shortcut("text.copy")
    settings.set_keys("shortcut_keys", "Ctrl+J")
    assert "Open files" in settings.text("shortcut_notice")
    assert not settings.is_shown("shortcut_set")
    settings.press("shortcut_take")
    assert copy.shortcut() == QKeySequence("Ctrl+J")
    assert open_files.shortcut().isEmpty()
    again = open_desktop(LocalServer(), start=False)
    assert again.driver.action("copy_text").shortcut() == QKeySequence("Ctrl+J")
    assert again.driver.action("open_files").shortcut().isEmpty()
    settings.press("shortcut_restore_all")
    assert open_files.shortcut() == QKeySequence("Ctrl+O")
    assert copy.shortcut() == QKeySequence("Ctrl+Shift+C")


def test_shortcuts_of_every_menu_entry_can_be_changed_and_none_is_given_twice(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    shortcuts = desktop.window.shortcuts.all()
    known = {shortcut.action for shortcut in shortcuts}
    menus = [action.menu() for action in desktop.window.menuBar().actions()]
    entries = [entry for menu in menus for entry in menu.actions() if not entry.isSeparator()]
    assert len(entries) > 30
    assert desktop.driver.action("paste") in entries
    assert not [entry.text() for entry in entries if entry not in known]
    keys = [one.toString() for shortcut in shortcuts for one in shortcut.action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_all_keys_of_an_action_come_back(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    shortcuts = desktop.window.shortcuts
    zoom = next(shortcut for shortcut in shortcuts.all() if shortcut.shortcut_id == "review.zoom_in")
    before, tip = zoom.action.shortcuts(), zoom.action.toolTip()
    shortcuts.give(zoom.shortcut_id, QKeySequence())
    assert zoom.action.toolTip() == zoom.tip
    shortcuts.give(zoom.shortcut_id, QKeySequence("Ctrl+Shift+I"))
    assert zoom.action.toolTip() == f"{zoom.tip} (Ctrl+Shift+I)"
    shortcuts.restore_all()
    assert (zoom.action.shortcuts(), zoom.action.toolTip()) == (before, tip)


def test_appearance_is_applied_and_kept(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    settings = desktop.driver.open_settings(PaneName.APPEARANCE)
    settings.tick("appearance_dark")
    assert read_scheme(desktop.settings) is Scheme.DARK
    settings.tick("appearance_system")
    assert read_scheme(desktop.settings) is Scheme.SYSTEM


def test_settings_open_by_keyboard_beside_the_window(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    desktop.window.activateWindow()
    desktop.wait(desktop.window.isActiveWindow)
    desktop.qtbot.keyClick(desktop.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    desktop.wait(lambda: desktop.driver.is_shown("settings_window"))
    assert not desktop.driver.settings.root.isModal()
    assert desktop.driver.text("server_menu") == "On this computer"


def test_language_is_added_from_a_mirror_with_progress_and_removed(
    open_desktop: OpenDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(), tmp_path / "data")
    desktop = open_desktop(book=book, start=False)
    with serving_mirror(tmp_path / "mirror") as mirror:
        mirror.put("tlh", real_pack("deu"))
        settings = desktop.driver.open_settings(PaneName.LANGUAGES)
        settings.fill("language_mirror", mirror.url)
        settings.submit("language_mirror")
        desktop.wait(lambda: settings.language("tlh", "mirror"))
        settings.select_language("tlh", "mirror")
        seen: list[int] = []
        settings.find("language_progress", QProgressBar).valueChanged.connect(seen.append)
        settings.press("language_add")
        assert settings.is_shown("language_progress")
        desktop.wait(lambda: settings.language("tlh", "added"))
        assert max(seen) == 1000
        assert "tlh is added." in settings.text("language_notice")
        assert not settings.is_shown("language_progress")
        settings.select_language("tlh", "added")
        settings.press("language_remove")
        agree(desktop)
        desktop.wait(lambda: settings.language("tlh", "mirror"))
        mirror.status = 503
        settings.show(PaneName.SERVERS)
        settings.show(PaneName.LANGUAGES)
        desktop.wait(lambda: "503" in settings.text("language_notice"))  # what is installed is listed all the same
        assert settings.entries("language_list")


def test_choice_for_new_jobs_is_kept_in_its_order(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    settings = desktop.driver.open_settings(PaneName.LANGUAGES)
    installed = [LanguageEntry("deu", "German", "system"), LanguageEntry("eng", "English", "system")]
    settings.find("new_jobs", DefaultOptionsForm).offer(installed)
    settings.tick_language("deu", True)
    assert desktop.session.defaults.languages == ("eng", "deu")
    settings.tick_language("eng", False)
    settings.tick_language("deu", False)  # one stays
    assert desktop.session.defaults.languages == ("deu",)
    settings.tick_language("auto", True)
    assert desktop.session.defaults.languages == ("auto",)
    settings.choose("new_job_mode", "force")
    again = open_desktop(LocalServer(), start=False)
    assert again.session.defaults == JobDefaults(("auto",), "auto", "force")
