"""Tab order of widgets created late, which Qt puts last in the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def set_tab_order_after(before: QWidget, late: QWidget) -> None:
    """Move everything within `late`, in its own order, right after `before`."""
    within: list[QWidget] = []
    widget = late.nextInFocusChain()
    while widget is not None and late.isAncestorOf(widget):
        within.append(widget)
        widget = widget.nextInFocusChain()
    for one in within:
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            QWidget.setTabOrder(before, one)
            before = one
