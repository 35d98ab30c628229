"""The text view: pages are in order however they arrive, and the clipboard gets only their words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.text.page_text import PageText
from ocrdesk.desktop.text.text_view import TextView


@pytest.fixture
def view(qtbot: QtBot) -> TextView:
    made = TextView()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def add(view: TextView, qtbot: QtBot, *pages: PageText) -> None:
    with qtbot.waitSignal(view.settled):
        view.add_pages(pages)


def test_pages_are_in_order_regardless_of_their_arrival(view: TextView, qtbot: QtBot) -> None:
    add(view, qtbot, *(PageText(n, f"words {n}\nmore {n}\n") for n in (3, 1, 5)))
    add(view, qtbot, *(PageText(n, f"words {n}\nmore {n}\n") for n in (4, 2)))
    lines = [line for line in view.toPlainText().split("\n") if line]
    assert lines == [line for n in range(1, 6) for line in (f"Page {n}", f"words {n}", f"more {n}")]
    assert view.whole_text() == "\n\n".join(f"words {n}\nmore {n}" for n in range(1, 6))


def test_copied_text_has_no_headings_and_no_notes(view: TextView, qtbot: QtBot) -> None:
    add(view, qtbot, PageText(1, "one\n"), PageText(2, "", error="too slow"), PageText(3, ""), PageText(4, "four\n"))
    assert "This page could not be read: too slow" in view.toPlainText()
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == "one\n\nfour"


def test_part_of_the_text_is_copied_as_it_was_selected(view: TextView, qtbot: QtBot) -> None:
    add(view, qtbot, PageText(1, "first line\nsecond line\n"), PageText(2, "third line\n"))
    document = view.document()
    start = document.find("second")
    end = document.find("third")
    cursor = view.textCursor()
    cursor.setPosition(start.selectionStart())
    cursor.setPosition(end.selectionEnd(), QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    assert view.selected_text() == "second line\n\nthird"


def test_single_page_has_no_heading(view: TextView, qtbot: QtBot) -> None:
    view.set_headings(False)
    add(view, qtbot, PageText(1, "only\n"))
    assert view.toPlainText() == "only"


def test_another_text_leaves_nothing_of_the_first(view: TextView, qtbot: QtBot) -> None:
    view.add_pages([PageText(n, "old\n" * 2000) for n in range(1, 30)])  # not all of the text will be in
    view.start()
    add(view, qtbot, PageText(1, "new\n"))
    assert "old" not in view.toPlainText()
    assert view.whole_text() == "new"


def test_long_text_is_put_in_piece_by_piece(view: TextView, qtbot: QtBot) -> None:
    """A page of 20,000 lines is inserted completely, in many steps between which Qt can process events."""
    lengths: list[int] = []
    view.document().contentsChanged.connect(lambda: lengths.append(view.document().blockCount()))
    add(view, qtbot, PageText(1, "a line of text\n" * 20_000))
    steps = [after - before for before, after in pairwise(sorted(set(lengths)))]
    assert max(steps) <= 400
    assert view.document().blockCount() >= 20_000


def test_headings_follow_the_palette(view: TextView, qtbot: QtBot) -> None:
    add(view, qtbot, PageText(1, "one\n"))
    palette = view.palette()
    palette.setColor(palette.ColorRole.Base, "#101010")
    palette.setColor(palette.ColorRole.Text, "#ffffff")
    view.setPalette(palette)
    cursor = QTextCursor(view.document().begin())
    cursor.movePosition(QTextCursor.MoveOperation.Right)
    assert cursor.charFormat().foreground().color().lightness() > 128


def test_right_to_left_text_is_flush_right(view: TextView, qtbot: QtBot) -> None:
    add(view, qtbot, PageText(1, "המוזיאון נפתח בבוקר\n"))
    assert view.document().defaultTextOption().alignment() == Qt.AlignmentFlag.AlignRight
    view.start()
    add(view, qtbot, PageText(1, "plain words\n"), PageText(2, "המוזיאון נפתח בבוקר\n"))
    assert view.document().defaultTextOption().alignment() == Qt.AlignmentFlag.AlignLeft
