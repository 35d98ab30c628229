"""A server's key in a real GNOME Keyring: it survives a restart, and a locked or missing keyring is reported."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.SecretService import Keyring as SecretService

from ocrdesk.client import Client
from ocrdesk.contract.api_keys import NewKey
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.window import PaneName
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop, KeyedApi, OpenDesktop
from tests.desktop.servers.test_keyring_store import SYSTEM_KEYRING
from tests.helpers.desktop_session import PrivateDesktop, end, needs, private_desktop
from tests.helpers.folders import contents_below
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until

pytestmark = needs("gnome-keyring-daemon", "dbus-daemon", "dbus-send")
SERVICE = "org.freedesktop.secrets"


class Daemon:
    """GNOME Keyring's daemon, without a user whom it could ask for a password."""

    def __init__(self, desktop: PrivateDesktop) -> None:
        self._desktop = desktop
        self._process: subprocess.Popen[str] | None = None

    def start(self, *, unlocked: bool) -> None:
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *(["--unlock"] if unlocked else [])]
        self._process = self._desktop.start(*command, stdin=subprocess.PIPE)
        assert self._process.stdin
        self._process.stdin.write("password of the keyring")
        self._process.stdin.close()
        wait_until(lambda: self._desktop.has_service(SERVICE), "the keyring")

    def stop(self) -> None:
        assert self._process
        end(self._process)
        wait_until(lambda: not self._desktop.has_service(SERVICE), "the keyring's end")


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    with short_folder() as folder, private_desktop(folder) as desktop:
        desktop.start_bus()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.environment["DBUS_SESSION_BUS_ADDRESS"])
        before = keyring.get_keyring()
        keyring.set_keyring(SecretService())
        yield Daemon(desktop)
        keyring.set_keyring(before)


@pytest.fixture
def secret(keyed: KeyedApi) -> str:
    with Client(keyed.url, keyed.token) as operator:
        return operator.create_key(NewKey(name="Right")).api_key


@pytest.fixture
def run_again(open_desktop: OpenDesktop, keyed: KeyedApi, tmp_path: Path) -> Callable[[], Desktop]:
    """Open a window as in another run, with an empty key store, at the server that was chosen last."""

    def run() -> Desktop:
        book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(SYSTEM_KEYRING))
        if not book.entries:
            book.note_active(book.add("Office", keyed.url).server_id)
        return open_desktop(book=book)

    return run


def enter_key(desktop: Desktop, key: str) -> str:
    """Save the key in the settings, and return the message that appears."""
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.fill("server_key", key)
    settings.press("server_save")
    desktop.wait(lambda: settings.text("server_notice").startswith("Saved"))
    return settings.text("server_notice")


def test_key_survives_a_restart_and_is_in_no_file_or_log(
    daemon: Daemon,
    secret: str,
    run_again: Callable[[], Desktop],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    daemon.start(unlocked=True)
    first = run_again()
    first.wait_for(ConnectionState.FAILED)
    assert "in the keyring" in enter_key(first, secret)
    first.wait_for(ConnectionState.READY)
    first.close()
    run_again().wait_for(ConnectionState.READY)
    holding = [file for file, content in contents_below(tmp_path).items() if secret.encode() in content]
    assert holding == []
    assert secret not in caplog.text
    assert secret not in "".join(capfd.readouterr())


def test_locked_keyring_is_reported_and_the_key_is_read_once_it_is_unlocked(
    daemon: Daemon, secret: str, run_again: Callable[[], Desktop]
) -> None:
    daemon.start(unlocked=True)
    first = run_again()
    enter_key(first, secret)
    first.close()
    daemon.stop()
    daemon.start(unlocked=False)
    second = run_again()
    second.wait_for(ConnectionState.FAILED)
    assert "The keyring is locked" in second.driver.status
    daemon.stop()
    daemon.start(unlocked=True)
    second.driver.press("status_retry_button")
    second.wait_for(ConnectionState.READY)


def test_missing_keyring_is_reported_and_the_key_can_be_entered_for_this_run(
    daemon: Daemon, secret: str, run_again: Callable[[], Desktop]
) -> None:
    daemon.start(unlocked=True)
    first = run_again()
    enter_key(first, secret)
    first.close()
    daemon.stop()
    second = run_again()
    second.wait_for(ConnectionState.FAILED)
    assert "The keyring is no longer available" in second.driver.status
    assert "kept until ocrdesk is closed" in enter_key(second, secret)
    second.wait_for(ConnectionState.READY)
