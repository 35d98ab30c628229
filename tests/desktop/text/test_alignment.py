"""Text from right to left is flush right."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.text.alignment import align_text


@pytest.mark.parametrize(("text", "at_the_right"), [("המוזיאון", True), ("plain", False), ("", False)])
def test_lines_begin_where_they_are_read_from(text: str, at_the_right: bool, qtbot: QtBot) -> None:
    view = QPlainTextEdit()
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    view.setPlainText(text or " ")
    align_text(view, text)
    line = view.document().firstBlock().layout().lineAt(0)
    assert (line.naturalTextRect().left() > 200) is at_the_right
