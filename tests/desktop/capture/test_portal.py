"""Screenshots by the portal, on a real private bus with a scripted portal."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.capture.portal import ScreenPortal

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")
FAKE = Path(__file__).with_name("fake_portal.py")

Act = Callable[..., None]


@pytest.fixture
def bus_address(tmp_path: Path) -> Iterator[str]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait(10)


@pytest.fixture
def bus(bus_address: str) -> Iterator[QDBusConnection]:
    yield QDBusConnection.connectToBus(bus_address, "test")
    QDBusConnection.disconnectFromBus("test")


@pytest.fixture
def act(bus_address: str) -> Iterator[Act]:
    """Start the scripted portal."""
    with contextlib.ExitStack() as stack:

        def start(*part: str) -> None:
            environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus_address}
            portal = subprocess.Popen(
                [sys.executable, str(FAKE), *part], stdout=subprocess.PIPE, text=True, env=environment
            )
            stack.callback(portal.wait, 10)
            stack.callback(portal.kill)
            assert portal.stdout is not None
            assert portal.stdout.readline().strip() == "here"

        yield start


@pytest.mark.parametrize("part", ["done", "old"])
def test_screenshot_is_reported_by_its_path(bus: QDBusConnection, act: Act, qtbot: QtBot, part: str) -> None:
    act(part, "/home/kim/Pictures/a b.png")
    portal = ScreenPortal(bus)
    with qtbot.waitSignal(portal.captured) as captured:
        portal.ask()
    assert captured.args == [Path("/home/kim/Pictures/a b.png")]


def test_cancelled_request_is_reported_as_cancelled(bus: QDBusConnection, act: Act, qtbot: QtBot) -> None:
    act("cancelled")
    portal = ScreenPortal(bus)
    with qtbot.waitSignal(portal.cancelled), qtbot.assertNotEmitted(portal.failed):
        portal.ask()


def test_refusal_says_what_to_allow(bus: QDBusConnection, act: Act, qtbot: QtBot) -> None:
    act("denied")
    portal = ScreenPortal(bus)
    with qtbot.waitSignal(portal.failed) as failed:
        portal.ask()
    assert "Allow screenshots for ocrdesk" in failed.args[0]


def test_missing_portal_says_what_to_install(bus: QDBusConnection, qtbot: QtBot) -> None:
    portal = ScreenPortal(bus)
    with qtbot.waitSignal(portal.failed) as failed:
        portal.ask()
    assert "Install xdg-desktop-portal" in failed.args[0]


def test_missing_bus_is_reported(qtbot: QtBot) -> None:
    portal = ScreenPortal(QDBusConnection("no such connection"))
    with qtbot.waitSignal(portal.failed) as failed:
        portal.ask()
    assert "no session bus" in failed.args[0]


def test_second_request_replaces_the_first(bus: QDBusConnection, act: Act, qtbot: QtBot) -> None:
    act("done", "/a.png")
    portal = ScreenPortal(bus)
    answers: list[Path] = []
    portal.captured.connect(answers.append)
    with qtbot.waitSignal(portal.captured):
        portal.ask()
        portal.ask()
    assert answers == [Path("/a.png")]
