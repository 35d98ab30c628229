"""The clipboard is written once the window has the focus, on systems that require it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.system.clipboard import ClipboardWriter


def test_text_waits_for_the_focus_where_the_clipboard_needs_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    QGuiApplication.clipboard().setText("before")
    keeper = ClipboardWriter(needs_focus=True)
    monkeypatch.setattr(QGuiApplication, "focusWindow", lambda: None)
    assert not keeper.put("the text")
    assert QGuiApplication.clipboard().text() == "before"
    app = QApplication.instance()
    app.focusWindowChanged.emit(None)
    assert QGuiApplication.clipboard().text() == "before"
    window = QWindow()
    with qtbot.waitSignal(keeper.was_set):
        app.focusWindowChanged.emit(window)
    assert QGuiApplication.clipboard().text() == "the text"
