"""The settings: keys over a real api, the keyring, shortcuts, appearance; and that no key is written down anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QWidget,
)

from ocrdesk.client import AuthError, Client
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.servers.keyring_store import KeyringStore, KeyStorage
from ocrdesk.desktop.servers.server_list import LOCAL_ID, ServerList
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.language_source import LanguageEntry
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.ui.colour_scheme import Scheme, read_scheme
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop, KeyedApi, OpenDesktop
from tests.desktop.test_key_vault import MemoryKeyring
from tests.helpers.fake_server import FakeServer
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
        entry = book.add("Office", keyed.url)
        if key:
            book.note_key(entry.server_id, is_kept=book.vault.keep(entry.server_id, key))
        book.note_active(entry.server_id)
        desktop = open_desktop(book=book)
        desktop.wait_for(ConnectionState.READY if key else ConnectionState.FAILED)
        return desktop, book, entry.server_id

    return open_at


def agree(desktop: Desktop) -> None:
    """Answers the question that is open."""
    desktop.wait(lambda: _question() is not None)
    question = _question()
    assert question is not None
    button = question.findChild(QPushButton, "agree")
    assert button is not None
    button.click()


def _question() -> QMessageBox | None:
    boxes = (box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox))
    return next((box for box in boxes if box.isVisible()), None)


def works(url: str, key: str) -> bool:
    with Client(url, key, retry_policy=0) as client:
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
    assert desktop.window._strip._settings.isVisible()
    pane = desktop.window._door.open(PaneName.KEYS)
    assert pane._registration.isVisible()
    pane._email.setText("ann@example.org")
    pane._person.setText("Ann")
    pane._register.click()
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: pane._fresh.isVisible())
    first = ring.keys["ocrdesk", server_id]
    assert first not in [label.text() for label in pane._fresh.findChildren(QWidget) if hasattr(label, "text")]
    pane._fresh._copy.click()
    assert QGuiApplication.clipboard().text() == first
    assert not pane._fresh._copy.isEnabled()
    desktop.wait(lambda: pane._own.isVisible() and pane._stats)
    assert first[:14] in pane._fact_labels["Key"].text()
    assert first not in pane._fact_labels["Key"].text()
    assert len(pane._chart._days) == 30

    pane._overlap.setCurrentIndex(1)
    pane._regenerate.click()
    agree(desktop)
    desktop.wait(lambda: ring.keys["ocrdesk", server_id] != first)
    second = ring.keys["ocrdesk", server_id]
    assert works(keyed.url, first)  # for an hour
    assert works(keyed.url, second)
    desktop.wait(lambda: desktop.session.state.standing is ConnectionState.READY and pane._stats)
    desktop.wait(lambda: second[:14] in pane._fact_labels["Key"].text())

    pane._revoke.click()
    agree(desktop)
    desktop.wait_for(ConnectionState.FAILED)
    assert not works(keyed.url, second)
    assert ring.keys == {}
    assert not book.entry(server_id).has_kept_key
    book._store.sync()
    written = "".join(file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file())
    assert "Office" in written
    for secret in (first, second):
        assert secret not in written
        assert secret not in caplog.text


def test_admin_makes_and_revokes_keys_of_others(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        root = operator.create_key(NewKey(name="Root", scopes=tuple(Scope))).api_key
    desktop, _, _ = at_keyed(root)
    pane = desktop.window._door.open(PaneName.KEYS)
    desktop.wait(lambda: pane._admin.isVisible() and pane._admin._table.rowCount())
    admin = pane._admin
    admin._name.setText("Scanner in room 4")
    admin._scopes["read"].setChecked(False)
    admin._expiry.setCurrentIndex(1)
    admin._create.click()
    desktop.wait(lambda: pane._fresh.isVisible())
    pane._fresh._copy.click()
    secret = QGuiApplication.clipboard().text()
    with Client(keyed.url, secret) as scanner:
        stats = scanner.stats()
    assert stats.scopes == (Scope.SUBMIT,)
    assert stats.expires_at is not None
    desktop.wait(lambda: admin._table.item(0, 0).text() == "Scanner in room 4")
    admin._table.selectRow(0)
    admin._revoke.click()
    agree(desktop)
    desktop.wait(lambda: admin._table.item(0, 4).text() == "Revoked")
    assert not works(keyed.url, secret)
    assert works(keyed.url, root)


def test_wrong_key_is_said_and_a_right_one_lets_in_at_once(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    desktop, _, server_id = at_keyed(None)
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop.window._strip._settings.click()
    form = desktop.window._door.open()._remote
    form._key.setText("ocrdesk_" + "b" * 43)
    form._test.click()
    desktop.wait(lambda: "wrong" in form._notice.text())
    form._key.setText(right)
    form._test.click()
    desktop.wait(lambda: form._notice.text() == "It works, and the key is right.")
    form._save.click()
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "in the keyring" in form._notice.text())
    assert ring.keys == {("ocrdesk", server_id): right}
    assert form._key.text() == ""
    form._forget.click()
    desktop.wait_for(ConnectionState.FAILED)
    assert "asks for a key" in desktop.strip_text
    desktop.wait(lambda: ring.keys == {})


def test_locked_keyring_holds_nothing_up_and_says_so(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    book.vault = KeyringStore(lambda: ring, timeout_s=0.1)  # as in another run
    ring.answers.clear()
    desktop.session.switch(book.server(server_id))
    desktop.wait_for(ConnectionState.FAILED)
    assert "keyring does not answer" in desktop.strip_text
    pane = desktop.window._door.open(PaneName.SERVERS)
    pane.select(server_id)
    pane._remote._key.setText(right)
    pane._remote._save.click()
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "as soon as it is unlocked" in pane._remote._notice.text())
    assert book.vault.keeping is KeyStorage.LOCKED
    assert "locked" in pane._remote._keyring.text()
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
    book.vault = KeyringStore(lambda: ring)  # as in another run
    ring.answers.clear()
    desktop.session.switch(book.server(server_id))
    desktop.wait(lambda: "Waiting for the keyring" in desktop.strip_text)
    ring.answers.set()
    desktop.wait_for(ConnectionState.READY)


def test_key_that_a_locked_keyring_does_not_let_go_of_is_not_said_to_be_forgotten(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    form = desktop.window._door.open(PaneName.SERVERS)._remote
    form._key.setText(right)
    form._save.click()
    desktop.wait(lambda: ring.keys)
    desktop.wait(lambda: form._forget.isEnabled() and "in the keyring" in form._notice.text())
    ring.locked = True
    form._forget.click()
    desktop.wait(lambda: "still has the key" in form._notice.text())
    assert form._forget.isEnabled()
    ring.locked = False
    form._forget.click()
    desktop.wait(lambda: "is forgotten here" in form._notice.text())
    assert ring.keys == {}
    entry = book.entry(server_id)
    assert entry
    assert not entry.has_kept_key


def test_server_is_added_and_used(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = open_desktop(LocalServer(tmp_path / "data"), start=False)
    desktop.session.start = lambda: None
    pane = desktop.window._door.open(PaneName.SERVERS)
    assert pane._list.count() == 1
    pane._add.click()
    pane._remote._url.setText("nonsense://x")
    pane._remote._save.click()
    assert "no address" in pane._remote._notice.text()
    pane._remote._url.setText(stage.url)
    pane._remote._save.click()
    assert pane._list.count() == 2
    assert pane._remote._name.text() == stage.url.removeprefix("http://")
    del desktop.session.start
    pane._use.click()
    desktop.wait_for(ConnectionState.READY)
    assert "Sent to 127.0.0.1" in desktop.window._door.badge.text()
    assert "(in use)" in pane._list.item(1).text()
    assert not pane._use.isEnabled()


def test_shortcut_is_changed_kept_and_a_conflict_is_told(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    actions = desktop.window._actions
    pane = desktop.window._door.open(PaneName.SHORTCUTS)
    pane.select("WindowActions.open_files")
    pane._keys.setKeySequence(QKeySequence("Ctrl+J"))
    pane._set.click()
    assert actions.open_files.shortcut() == QKeySequence("Ctrl+J")
    assert actions.open_files.toolTip().endswith("(Ctrl+J)")
    pane.select("WindowActions.copy")
    pane._keys.setKeySequence(QKeySequence("Ctrl+J"))
    assert "Open files" in pane._notice.text()
    assert not pane._set.isVisible()
    pane._take.click()
    assert actions.copy.shortcut() == QKeySequence("Ctrl+J")
    assert actions.open_files.shortcut().isEmpty()
    again = open_desktop(LocalServer(), start=False)
    assert again.window._actions.copy.shortcut() == QKeySequence("Ctrl+J")
    assert again.window._actions.open_files.shortcut().isEmpty()
    pane._restore.click()
    assert actions.open_files.shortcut() == QKeySequence("Ctrl+O")
    assert actions.copy.shortcut() == QKeySequence("Ctrl+Shift+C")


def test_shortcuts_of_every_menu_entry_can_be_changed_and_none_is_given_twice(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    assert desktop.ways_in.paste
    shortcuts = desktop.window.shortcuts.all()
    known = {shortcut.action for shortcut in shortcuts}
    menus = [action.menu() for action in desktop.window.menuBar().actions()]
    entries = [entry for menu in menus for entry in menu.actions() if not entry.isSeparator()]
    assert len(entries) > 30
    assert not [entry.text() for entry in entries if entry not in known]
    keys = [one.toString() for shortcut in shortcuts for one in shortcut.action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_all_keys_of_an_action_come_back(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    shortcuts = desktop.window.shortcuts
    zoom = next(shortcut for shortcut in shortcuts.all() if shortcut.name == "ReviewActions.zoom_in")
    before, tip = zoom.action.shortcuts(), zoom.action.toolTip()
    shortcuts.give(zoom.name, QKeySequence())
    assert zoom.action.toolTip() == zoom.tip
    shortcuts.give(zoom.name, QKeySequence("Ctrl+Shift+I"))
    assert zoom.action.toolTip() == f"{zoom.tip} (Ctrl+Shift+I)"
    shortcuts.restore_all()
    assert (zoom.action.shortcuts(), zoom.action.toolTip()) == (before, tip)


def test_appearance_is_applied_and_kept(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    pane = desktop.window._door.open(PaneName.APPEARANCE)
    pane.buttons[Scheme.DARK].setChecked(True)
    assert read_scheme(desktop.window._memory.settings) is Scheme.DARK
    pane.buttons[Scheme.SYSTEM].setChecked(True)
    assert read_scheme(desktop.window._memory.settings) is Scheme.SYSTEM


def test_settings_open_by_keyboard_beside_the_window(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    desktop.window.activateWindow()
    desktop.wait(desktop.window.isActiveWindow)
    desktop.qtbot.keyClick(desktop.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    desktop.wait(lambda: desktop.window._door._window and desktop.window._door._window.isVisible())
    assert not desktop.window._door._window.isModal()
    assert desktop.window._book.id_of(desktop.session.server) == LOCAL_ID


def test_language_is_added_from_a_mirror_with_progress_and_removed(
    open_desktop: OpenDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(), tmp_path / "data")
    desktop = open_desktop(book=book, start=False)
    with serving_mirror(tmp_path / "mirror") as mirror:
        mirror.put("tlh", real_pack("deu"))
        pane = desktop.window._door.open(PaneName.LANGUAGES)
        pane._mirror.setText(mirror.url)
        pane._mirror.editingFinished.emit()

        def item(origin: str) -> QListWidgetItem | None:
            entries = (pane._list.item(row) for row in range(pane._list.count()))
            found = (item for item in entries if item.data(Qt.ItemDataRole.UserRole).name == "tlh")
            return next((item for item in found if item.data(Qt.ItemDataRole.UserRole).origin == origin), None)

        desktop.wait(lambda: item("mirror"))
        pane._list.setCurrentItem(item("mirror"))
        seen: list[int] = []
        pane._progress.valueChanged.connect(seen.append)
        pane._add.click()
        assert pane._progress.isVisible()
        desktop.wait(lambda: item("added"))
        assert max(seen) == 1000
        assert "tlh is added." in pane._notice.text()
        assert not pane._progress.isVisible()
        pane._list.setCurrentItem(item("added"))
        pane._remove.click()
        agree(desktop)
        desktop.wait(lambda: item("mirror"))
        mirror.status = 503
        pane.shown()
        desktop.wait(lambda: "503" in pane._notice.text())  # what is installed is listed all the same
        assert pane._list.count() > 0


def test_choice_for_new_jobs_is_kept_in_its_order(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    jobs = desktop.window._door.open(PaneName.LANGUAGES)._jobs
    jobs.offer([LanguageEntry("deu", "German", "system"), LanguageEntry("eng", "English", "system")])

    def tick(name: str, state: Qt.CheckState) -> None:
        items = (jobs._list.item(row) for row in range(jobs._list.count()))
        next(item for item in items if item.data(Qt.ItemDataRole.UserRole) == name).setCheckState(state)

    tick("deu", Qt.CheckState.Checked)
    assert desktop.session.defaults.languages == ("eng", "deu")
    tick("eng", Qt.CheckState.Unchecked)
    tick("deu", Qt.CheckState.Unchecked)  # one stays
    assert desktop.session.defaults.languages == ("deu",)
    tick("auto", Qt.CheckState.Checked)
    assert desktop.session.defaults.languages == ("auto",)
    jobs._mode.setCurrentIndex(1)
    again = open_desktop(LocalServer(), start=False)
    assert again.session.defaults == JobDefaults(("auto",), "auto", "force")
