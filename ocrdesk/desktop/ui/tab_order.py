"""Gives what is made late its place in the order of Tab: Qt puts it last in the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def set_tab_order_after(before: QWidget, late: QWidget) -> None:
    """Everything within `late`, in its own order, comes right after `before`."""
    within: list[QWidget] = []
    widget = late.nextInFocusChain()
    while widget is not None and late.isAncestorOf(widget):
        within.append(widget)
        widget = widget.nextInFocusChain()
    for one in within:
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            QWidget.setTabOrder(before, one)
            before = one
