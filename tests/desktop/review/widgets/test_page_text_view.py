"""The displayed text of a page: prose flows, other text keeps its lines, and copied text has the page's lines."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.page_text_view import PageTextView
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.sample_pages import block, page
from tests.layout.tables.test_rows_as_lines import BY_ROWS, by_columns

PROSE = block(
    "Words stand on this line until it is full", "of words, and goes on with the next one, un-", "til it ends."
)
ADDRESS = block("Kim Example", "12 Old Bridge Road, near the", "Eastport", top=900)


@pytest.fixture
def view(qtbot: QtBot) -> PageTextView:
    made = PageTextView()
    qtbot.addWidget(made)
    return made


def selected(view: PageTextView, start: int, end: int) -> str:
    cursor = view.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    return view.selected_text()


def test_prose_is_wrapped_and_other_lines_are_kept(view: PageTextView) -> None:
    view.show_page(page(PROSE, ADDRESS))
    assert view.toPlainText() == (
        "Words stand on this line until it is full of words, and goes on with the next one, until it ends.\n\n"
        "Kim Example\n12 Old Bridge Road, near the\nEastport"
    )


def test_copied_text_has_the_line_breaks_of_the_page(view: PageTextView) -> None:
    view.show_page(page(PROSE, ADDRESS))
    lines = "\n\n".join("\n".join(line.text for line in shown.lines) for shown in (PROSE, ADDRESS))
    assert selected(view, 0, len(view.toPlainText())) == lines
    start = view.toPlainText().index("full")
    assert selected(view, start, start + len("full of words")) == "full\nof words"
    assert selected(view, start, start + len("full")) == "full"


def test_characters_beyond_the_first_plane_count_twice(view: PageTextView) -> None:
    view.show_page(page(block("Words with \U0001f600 stand here until it is full", "of words, and end.")))
    assert selected(view, 0, len(view.toPlainText()) + 1).endswith("is full\nof words, and end.")


def test_cursor_finds_each_word_where_it_is_shown(view: PageTextView) -> None:
    view.show_page(page(PROSE))
    for line_number, line in enumerate(PROSE.lines):
        for number, word in enumerate(line.words):
            place = WordPosition(1, 0, line_number, number)
            view.set_current(place)
            assert view.current() == place
            cursor = view.textCursor()
            cursor.movePosition(
                QTextCursor.MoveOperation.NextCharacter,
                QTextCursor.MoveMode.KeepAnchor,
                len(word.text.removesuffix("un-") or "un"),
            )
            assert cursor.selectedText() == ("un" if word.text == "un-" else word.text)


def test_lines_of_a_script_without_spaces_flow_without_them(view: PageTextView) -> None:
    chinese = block("新图书馆位于公园旁边而且每天早上", "九点开门我们坐火车去北京路上看到", "了很多山和河")
    view.show_page(page(chinese))
    assert view.toPlainText() == "".join(line.text for line in chinese.lines)
    assert selected(view, 0, len(view.toPlainText())) == "\n".join(line.text for line in chinese.lines)


def test_hyphen_that_the_text_keeps_is_shown(view: PageTextView) -> None:
    kept = block("Words stand on this line until a Franco-", "Prussian word ends it, and it goes on so", "it ends.")
    view.show_page(page(kept))
    assert "Franco-Prussian" in view.toPlainText()
    conjunction = block("Words stand on this line until the pre-", "and post-war years are named, and so on", "it is.")
    view.show_page(page(conjunction))
    assert "pre- and post-war" in view.toPlainText()


def test_table_is_shown_by_rows_and_its_words_are_found(view: PageTextView) -> None:
    table = with_structure(by_columns())
    view.show_page(table)
    assert BY_ROWS in view.toPlainText()
    screws = WordPosition(1, 1, 9, 1)
    view.set_current(screws)
    assert view.current() == screws
    view.set_hits([((1, 9), 4, 10)])
    marks = view.extraSelections()
    assert "screws" in [mark.cursor.selectedText() for mark in marks if mark.format.background().color() == "#ffe066"]


def test_words_of_scripts_without_spaces_are_found_where_they_are_shown(view: PageTextView) -> None:
    line = block("朝の 電車は 静かだ")
    view.show_page(page(line))
    assert view.toPlainText() == line.lines[0].text == "朝の電車は静かだ"
    view.set_current(WordPosition(1, 0, 0, 1))
    assert view.current() == WordPosition(1, 0, 0, 1)
    view.set_hits([((0, 0), 2, 4)])
    marks = view.extraSelections()
    assert "電車" in [mark.cursor.selectedText() for mark in marks]
