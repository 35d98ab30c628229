"""The icon in a real panel's tray, and messages through a real notification daemon."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.helpers.desktop_session import DrivenWindow, PrivateDesktop, end, needs, private_desktop
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until

pytestmark = needs("Xvfb", "dbus-daemon", "dbus-send", "xfce4-panel", "gdbus")
WATCHER = "org.kde.StatusNotifierWatcher"
PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
"""


@pytest.fixture
def desktop() -> Iterator[PrivateDesktop]:
    with short_folder() as folder, private_desktop(folder) as desktop:
        channels = desktop.home / ".config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
        channels.mkdir(parents=True)
        (channels / "xfce4-panel.xml").write_text(PANEL)
        desktop.start_bus(with_services=True)
        desktop.start_x("1280x800x24")
        yield desktop


def start_panel(desktop: PrivateDesktop) -> subprocess.Popen[str]:
    panel = desktop.start("xfce4-panel", "--disable-wm-check", "--sm-client-disable")
    wait_until(lambda: desktop.has_service(WATCHER), "the panel's tray")
    return panel


def icons(desktop: PrivateDesktop) -> list[str]:
    """Return the bus names of programs with an icon in the tray."""
    call = "gdbus", "call", "--session", "-d", WATCHER, "-o", "/StatusNotifierWatcher"
    get = "-m", "org.freedesktop.DBus.Properties.Get", WATCHER, "RegisteredStatusNotifierItems"
    return re.findall(r"'(:[\d.]+)", desktop.run(*call, *get))


def closed_to_the_tray(desktop: PrivateDesktop) -> DrivenWindow:
    window = desktop.open_window()
    window.wait(visible=True, tray=True)
    window.ask("stay")
    assert not window.ask("close")["visible"]
    return window


def test_closed_window_is_opened_again_from_the_tray(desktop: PrivateDesktop) -> None:
    start_panel(desktop)
    window = closed_to_the_tray(desktop)
    (icon,) = wait_until(lambda: icons(desktop), "the icon")
    item = "gdbus", "call", "--session", "-d", icon, "-o", "/StatusNotifierItem"
    desktop.run(*item, "-m", "org.kde.StatusNotifierItem.Activate", "0", "0")
    window.wait(visible=True)
    assert window.quit() == (0, "")


def test_window_is_back_when_the_panel_ends_and_the_icon_when_it_comes_again(desktop: PrivateDesktop) -> None:
    panel = start_panel(desktop)
    window = closed_to_the_tray(desktop)
    end(panel)
    window.wait(visible=True, tray=False)
    start_panel(desktop)
    window.wait(tray=True)
    assert window.quit() == (0, "")


def test_panel_that_starts_after_the_window_gets_the_icon(desktop: PrivateDesktop) -> None:
    window = desktop.open_window()
    assert not window.wait(visible=True)["tray"]
    start_panel(desktop)
    window.wait(tray=True)
    assert window.quit() == (0, "")


def test_without_a_tray_closing_ends_the_program_though_it_may_stay(desktop: PrivateDesktop) -> None:
    window = desktop.open_window()
    window.wait(visible=True)
    window.ask("stay")
    window.tell("close")
    assert window.end() == (0, "")


@needs("dunst", "dunstctl")
def test_message_is_shown_by_the_system(desktop: PrivateDesktop) -> None:
    start_panel(desktop)
    desktop.start("dunst", "-config", "/dev/null")
    wait_until(lambda: desktop.has_service("org.freedesktop.Notifications"), "dunst")
    window = closed_to_the_tray(desktop)
    window.ask("say 3 files were read.")
    wait_until(lambda: desktop.run("dunstctl", "count", "displayed").strip() == "1", "the message")
    assert window.quit() == (0, "")
