"""Tab reaches widgets that are created late in their proper order."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.ui.tab_order import set_tab_order_after


def test_late_widgets_follow_in_their_own_order(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    first, last = QLineEdit(), QLineEdit()
    layout.addWidget(first)
    layout.addWidget(last)
    late = QWidget()
    inside = [QLineEdit(late), QLineEdit(late)]
    layout.addWidget(late)
    set_tab_order_after(first, late)
    order = []
    widget = first
    while (widget := widget.nextInFocusChain()) is not first:
        if isinstance(widget, QLineEdit):
            order.append(widget)
    assert order == [*inside, last]
