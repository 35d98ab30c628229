"""The window on real Wayland compositors: opening, pasting, copying, capturing the screen by the portal, ending."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.desktop_session import PrivateDesktop, needs, private_desktop
from tests.helpers.processes import short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

PORTAL = Path(__file__).parents[1] / "capture" / "fake_portal.py"


@pytest.fixture
def desktop() -> Iterator[PrivateDesktop]:
    with short_folder() as folder, private_desktop(folder) as desktop:
        desktop.start_bus()
        yield desktop


@needs("weston", "dbus-daemon")
def test_window_opens_captures_a_part_of_the_screen_by_the_portal_and_ends_without_errors(
    desktop: PrivateDesktop,
) -> None:
    desktop.start_weston()
    picture = desktop.home / "Screenshot.png"
    picture.write_bytes(text_png("first words"))
    portal = desktop.start(sys.executable, PORTAL, "done", picture, stdout=subprocess.PIPE)
    assert portal.stdout
    assert portal.stdout.readline().strip() == "here"
    window = desktop.open_window(XDG_SESSION_TYPE="wayland")
    assert window.wait(visible=True)["platform"] == "wayland"
    window.ask("region")
    wait_until(lambda: len(window.ask()["paths"]) == 1, "the first picture")
    picture.write_bytes(text_png("second words"))  # some portals use one file for all captures
    window.ask("region")
    wait_until(lambda: len(window.ask()["paths"]) == 2, "the second picture")
    kept = {Path(path).read_bytes() for path in window.ask()["paths"]}
    assert kept == {text_png("first words"), text_png("second words")}
    assert all(name.startswith("Screen 2") for name in window.ask()["files"])
    assert window.quit() == (0, "")


@needs("weston", "dbus-daemon")
def test_without_a_portal_the_window_says_what_to_install(desktop: PrivateDesktop) -> None:
    desktop.start_weston()
    window = desktop.open_window(XDG_SESSION_TYPE="wayland")
    window.ask("region")
    wait_until(lambda: "Install xdg-desktop-portal" in window.ask()["note"], "the message")
    assert window.ask()["visible"]
    assert window.quit() == (0, "")


@needs("sway", "wtype", "wl-copy", "wl-paste", "setpriv", "dbus-daemon")
def test_files_and_images_are_pasted_from_other_programs_and_text_is_copied_to_them(desktop: PrivateDesktop) -> None:
    desktop.start_sway()
    picture = desktop.home / "a.png"
    picture.write_bytes(text_png("words"))
    window = desktop.open_window(XDG_SESSION_TYPE="wayland")
    window.wait(visible=True)
    desktop.start("wtype", "-s", "600000")  # without a keyboard there is no focus, and without focus no clipboard
    window.wait(active=True)
    put(desktop, "text/uri-list", f"file://{picture}\n".encode())
    press(desktop, "v")
    window.wait(files=["a.png"])
    put(desktop, "image/png", picture.read_bytes())
    press(desktop, "v")
    wait_until(lambda: len(window.ask()["files"]) == 2, "the picture", 10)
    window.ask("copy good words")
    wait_until(lambda: desktop.run("wl-paste", "--no-newline") == "good words", "the text")
    press(desktop, "q")
    assert window.end()[0] == 0


def put(desktop: PrivateDesktop, kind: str, data: bytes) -> None:
    """Put something on the clipboard."""
    file = desktop.home / "clip"
    file.write_bytes(data)
    with file.open("rb") as clip:
        desktop.start("wl-copy", "--foreground", "--type", kind, stdin=clip)
    wait_until(lambda: kind in desktop.run("wl-paste", "--list-types"), f"{kind} on the clipboard")


def press(desktop: PrivateDesktop, key: str) -> None:
    desktop.run("wtype", "-M", "ctrl", key, "-m", "ctrl")
