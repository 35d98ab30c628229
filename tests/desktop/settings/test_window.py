"""The settings window beside the main window."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.desktop.servers.servers import LocalServer
from tests.desktop.conftest import OpenDesktop


def test_settings_open_by_keyboard_beside_the_window(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    desktop.window.activateWindow()
    desktop.wait(desktop.window.isActiveWindow)
    desktop.qtbot.keyClick(desktop.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    desktop.wait(lambda: desktop.driver.is_shown("settings_window"))
    assert not desktop.driver.settings.root.isModal()
    assert desktop.driver.text("server_menu") == "On this computer"
