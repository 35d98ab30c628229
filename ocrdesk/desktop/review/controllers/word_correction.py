"""Puts words right: walks to those in doubt, accepts them as they are, and takes what is typed in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocrdesk.desktop.review.controllers.image_text_link import ImageTextLink
from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewParts

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.line_change import LineChange, LinePlace


class WordCorrection(QObject):
    def __init__(
        self, document: OpenDocument, pages: PageNavigation, picture: ImageTextLink, parts: ReviewParts, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._pages, self._picture = document, pages, picture
        self._text, self._editor = parts.text, parts.editor
        self._edited: list[WordPosition] = []
        self._text.accept_wanted.connect(self.accept)
        self._text.edit_wanted.connect(self.edit)
        self._text.delete_wanted.connect(lambda: self._retype(self._text.selected_words(), ""))
        parts.view.edit_wanted.connect(lambda: self.edit(None))
        self._editor.committed.connect(self._on_committed)
        self._editor.left.connect(self._text.setFocus)
        pages.leaving.connect(self._editor.take)

    def walk(self, step: int) -> None:
        """To the next (1) or previous (-1) word to check, on whichever page it is."""
        self._editor.take()
        if self._pages.number is None:
            return
        doubtful, here = self._text.doubtful(), self._text.current()
        if self._pages.shown is not None:
            ahead = doubtful if here is None else [it for it in doubtful if (it > here if step > 0 else it < here)]
            if ahead:
                self._picture.go_to(ahead[0] if step > 0 else ahead[-1])
                return
        number = self._document.next_to_check(self._pages.number, step)
        if number is not None:
            self._pages.go_to(number, lambda: next(iter(self._text.doubtful()[:: 1 if step > 0 else -1]), None))
            self._text.setFocus()

    def accept(self) -> None:
        """The chosen words are right as they are; on to the next one to check."""
        from ocrdesk.desktop.review.document.line_change import LineChange, accepted

        if self._editor.isVisible():
            self._editor.take()
            return
        doubtful = set(self._text.doubtful())
        changes = []
        for line, places in _by_line(self._text.selected_words()).items():
            words = self._document.words(line)
            right = [place.word for place in places if place in doubtful]
            if right:
                changes.append(LineChange(line, words, accepted(words, right)))
        self._document.change(self.tr("Accept"), changes)
        self.walk(1)

    def edit(self, typed: str | None) -> None:
        """Opens the field over the chosen words of a line, with what was typed already."""
        lines = _by_line(self._text.selected_words())
        if not lines:
            return
        line, places = next(iter(lines.items()))
        self._edited = [WordPosition(*line, number) for number in range(places[0].word, places[-1].word + 1)]
        words = [word for place in self._edited if (word := self._document.word(place)) is not None]
        if words:
            said = " ".join(word.text for word in words)
            self._editor.open(self._text.rect_of(self._edited), said, typed, self._picture.cut(words))

    def _on_committed(self, text: str) -> None:
        self._text.setFocus()
        self._retype(self._edited, text)
        self.walk(1)

    def _retype(self, places: Sequence[WordPosition], text: str) -> None:
        from ocrdesk.desktop.review.document.line_change import LineChange, retyped

        changes: list[LineChange] = []
        lines = _by_line(places)
        for line, own in lines.items():
            words = self._document.words(line)
            first, end = own[0].word, own[-1].word + 1
            if end <= len(words):
                new = text if line == next(iter(lines)) else ""
                change = LineChange(line, words, retyped(words, first, end, new))
                changes += [change] if change.before != change.after else []
        self._document.change(self.tr("Correct") if text else self.tr("Delete"), changes)


def _by_line(places: Sequence[WordPosition]) -> dict[LinePlace, list[WordPosition]]:
    """The words of each line, in order."""
    from ocrdesk.desktop.review.document.line_change import LinePlace

    lines: dict[LinePlace, list[WordPosition]] = {}
    for place in sorted(places):
        lines.setdefault(LinePlace(place.page, place.block, place.line), []).append(place)
    return lines
