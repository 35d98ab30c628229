"""A shortened label shows all of its text as a tip and to screen readers."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ocrdesk.desktop.ui.elided_label import ElidedLabel


def test_whole_text_is_in_the_tip_and_the_accessible_name(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("a very long file name that does not fit.pdf")
    assert label.toolTip() == label.accessibleName() == "a very long file name that does not fit.pdf"


def test_long_text_does_not_make_the_window_wide(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("x" * 1_000)
    assert label.minimumSizeHint().width() < 100
