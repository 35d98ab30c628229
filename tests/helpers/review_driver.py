"""Drives the review: goes to words, corrects them by keyboard, finds and replaces, and reads what both sides show."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton

from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.review_pane import ReviewPane
from ocrdesk.desktop.review.widgets.page_text_view import PageTextView
from ocrdesk.desktop.review.widgets.page_view import PageView
from ocrdesk.desktop.window.main_window import MainWindow
from tests.helpers.parts import Part

_HIT = QColor("#ffe066")
"""The background of hits in the text."""


class ReviewDriver(Part):
    """The review in a window. Its root is the window, which has the actions; the review is not always visible."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.review_pane = self.find("review", ReviewPane)

    # ── what the review holds ────────────────────────────────────────────────────────────────────

    @property
    def corrections(self) -> Corrections:
        """The corrections of all jobs, and whether they are saved."""
        return self.review_pane.corrections

    @property
    def document(self) -> OpenDocument:
        return self.review_pane.document

    @property
    def pages(self) -> PageNavigation:
        return self.review_pane.pages

    # ── what it shows ────────────────────────────────────────────────────────────────────────────

    @property
    def is_visible(self) -> bool:
        return self.review_pane.isVisible()

    @property
    def text_view(self) -> PageTextView:
        return self.find("page_text", PageTextView)

    @property
    def shown_text(self) -> str:
        """The text of the page that is shown."""
        return self.text("page_text")

    @property
    def image_view(self) -> PageView:
        return self.find("page_image", PageView)

    @property
    def current(self) -> WordPosition | None:
        """The word with the cursor."""
        return self.text_view.current()

    @property
    def words_to_check(self) -> str:
        return self.text("words_to_check")

    @property
    def save_status(self) -> str:
        return self.text("save_status")

    @property
    def marked_hits(self) -> list[tuple[int, int]]:
        """The marked hits in the text, each as start and end."""
        marks = self.text_view.extraSelections()
        found = [mark.cursor for mark in marks if mark.format.background().color() == _HIT]
        return [(cursor.selectionStart(), cursor.selectionEnd()) for cursor in found]

    @property
    def hit_count(self) -> str:
        return self.text("hit_count")

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    def go_to(self, place: WordPosition) -> None:
        """Click a word of the page that is shown."""
        self.click_text(self.text_view.rect_of([place]).center())
        assert self.current == place

    def click_text(self, point: QPoint) -> None:
        QTest.mouseClick(self.text_view.viewport(), Qt.MouseButton.LeftButton, pos=point)

    def next_word(self) -> None:
        """Go to the next word to check."""
        self.trigger("next_word")

    def select_words(self, *places: WordPosition) -> None:
        """Choose words that need not be neighbours, as a rectangle on the image does."""
        self.text_view.choose(places)

    @property
    def editor(self) -> QLineEdit:
        """The field over the word that is being corrected."""
        return self.find("corrected_word", QLineEdit)

    @property
    def is_editing(self) -> bool:
        return self.is_shown("word_editor")

    def type_word(self, text: str) -> None:
        """Type in place of the chosen words, without Enter yet. An input method types what is not ASCII."""
        if not text.isascii():
            QTest.keyClick(self.text_view, Qt.Key.Key_F2)
            typed = QInputMethodEvent()
            typed.setCommitString(text)
            QApplication.sendEvent(self.editor, typed)
            return
        QTest.keyClicks(self.text_view, text[0])
        QTest.keyClicks(self.editor, text[1:])

    def correct(self, text: str) -> None:
        """Type in place of the chosen words, and press Enter."""
        self.type_word(text)
        self.press_enter()

    def press_enter(self) -> None:
        QTest.keyClick(self.editor, Qt.Key.Key_Return)

    # ── find and replace ─────────────────────────────────────────────────────────────────────────

    @property
    def find_field(self) -> QLineEdit:
        return self.find("find_text", QLineEdit)

    @property
    def replacement_field(self) -> QLineEdit:
        return self.find("replacement_text", QLineEdit)

    @property
    def next_hit_button(self) -> QToolButton:
        return self.find("next_hit", QToolButton)
