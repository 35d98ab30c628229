"""Steps through uncertain words and corrects them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocrdesk.contract.word_spacing import join_words
from ocrdesk.desktop.review.controllers.image_text_link import ImageTextLink
from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewWidgets

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.line_change import LineChange, LinePosition


class WordCorrection(QObject):
    def __init__(
        self,
        document: OpenDocument,
        pages: PageNavigation,
        link: ImageTextLink,
        widgets: ReviewWidgets,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._pages, self._link = document, pages, link
        self._text, self._editor = widgets.text, widgets.editor
        self._edited: list[WordPosition] = []
        self._text.accept_wanted.connect(self.accept)
        self._text.edit_wanted.connect(self.edit)
        self._text.delete_wanted.connect(lambda: self._retype(self._text.selected_words(), ""))
        widgets.view.edit_wanted.connect(lambda: self.edit(None))
        self._editor.committed.connect(self._on_committed)
        self._editor.cancelled.connect(self._text.setFocus)
        pages.leaving.connect(self._editor.commit)

    def go_to_word_to_check(self, step: int) -> None:
        """Go to the next (1) or previous (-1) word to check, on this page or another."""
        self._editor.commit()
        if self._pages.number is None:
            return
        doubtful, current = self._text.doubtful(), self._text.current()
        if self._pages.shown is not None:
            ahead = (
                doubtful if current is None else [it for it in doubtful if (it > current if step > 0 else it < current)]
            )
            if ahead:
                self._link.go_to(ahead[0] if step > 0 else ahead[-1])
                return
        number = self._document.next_to_check(self._pages.number, step)
        if number is not None:
            self._pages.go_to(number, lambda: next(iter(self._text.doubtful()[:: 1 if step > 0 else -1]), None))
            self._text.setFocus()

    def accept(self) -> None:
        """Confirm the selected words, and go to the next word to check."""
        from ocrdesk.desktop.review.document.line_change import LineChange, accepted

        if self._editor.isVisible():
            self._editor.commit()
            return
        doubtful = set(self._text.doubtful())
        changes = []
        for line, positions in _by_line(self._text.selected_words()).items():
            words = self._document.words(line)
            confirmed = [position.word for position in positions if position in doubtful]
            if confirmed:
                changes.append(LineChange(line, words, accepted(words, confirmed)))
        self._document.change(self.tr("Accept"), changes)
        self.go_to_word_to_check(1)

    def edit(self, typed: str | None) -> None:
        """Open the editor over the selected words of a line. `typed` is the text typed so far, or None."""
        lines = _by_line(self._text.selected_words())
        if not lines:
            return
        line, positions = next(iter(lines.items()))
        self._edited = [WordPosition(*line, number) for number in range(positions[0].word, positions[-1].word + 1)]
        words = [word for position in self._edited if (word := self._document.word(position)) is not None]
        if words:
            text = join_words(words)
            self._editor.open(self._text.rect_of(self._edited), text, typed, self._link.cut(words))

    def _on_committed(self, text: str) -> None:
        self._text.setFocus()
        self._retype(self._edited, text)
        self.go_to_word_to_check(1)

    def _retype(self, positions: Sequence[WordPosition], text: str) -> None:
        from ocrdesk.desktop.review.document.line_change import LineChange, retyped

        changes: list[LineChange] = []
        lines = _by_line(positions)
        for line, own in lines.items():
            words = self._document.words(line)
            first, end = own[0].word, own[-1].word + 1
            if end <= len(words):
                new = text if line == next(iter(lines)) else ""
                change = LineChange(line, words, retyped(words, first, end, new))
                changes += [change] if change.before != change.after else []
        self._document.change(self.tr("Correct") if text else self.tr("Delete"), changes)


def _by_line(positions: Sequence[WordPosition]) -> dict[LinePosition, list[WordPosition]]:
    """Return the words of each line in their order."""
    from ocrdesk.desktop.review.document.line_change import LinePosition

    lines: dict[LinePosition, list[WordPosition]] = {}
    for position in sorted(positions):
        lines.setdefault(LinePosition(position.page, position.block, position.line), []).append(position)
    return lines
