"""The window follows light and dark, and its menus can be used by keyboard."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from tests.desktop.conftest import Desktop


def test_window_follows_light_and_dark_as_they_change(staged: Desktop) -> None:
    paste = staged.driver.action("paste")
    before = paste.icon().pixmap(20).toImage()
    palette = QPalette(QColor("#222222"))
    was = QApplication.palette()
    try:
        QApplication.setPalette(palette)
        staged.wait(lambda: paste.icon().pixmap(20).toImage() != before)
    finally:
        QApplication.setPalette(was)


def test_all_menu_entries_have_a_mnemonic_of_their_own(staged: Desktop) -> None:
    menus = [action.menu() for action in staged.window.menuBar().actions()]
    texts = [[action.text() for action in menu.actions() if not action.isSeparator()] for menu in menus]
    texts.append([action.text() for action in staged.window.menuBar().actions()])
    texts.append([action.text() for action in staged.background_mode.tray.menu.actions() if not action.isSeparator()])
    for entries in texts:
        keys = [text[text.index("&") + 1].lower() for text in entries if "&" in text]
        assert len(keys) == len(entries), entries
        assert len(set(keys)) == len(keys), entries
