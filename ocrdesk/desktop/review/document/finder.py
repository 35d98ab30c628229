"""Runs a search in the background and holds its hits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.session.session import Session

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page
    from ocrdesk.desktop.review.document.line_change import LineChange
    from ocrdesk.desktop.review.document.text_search import Hit, Query

_TYPING_MS = 200


class Finder(QObject):
    hits_changed = Signal()
    hit_reached = Signal(object)
    """The Hit to show."""
    message = Signal(str)
    replaced = Signal(int)
    """The number of changed lines."""

    def __init__(self, session: Session, tasks: Tasks, document: OpenDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._document = session, tasks, document
        self._task = Task()
        self._query: Query | None = None
        self._hits: list[Hit] = []
        self._index = -1
        self._step_when_found = 0
        self.is_busy = False
        self._typing_timer = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing_timer.timeout.connect(self._search)
        document.page_changed.connect(self._on_page)
        document.page_ready.connect(self._on_page)
        document.opened.connect(self._on_opened)
        self._job_id = ""

    @property
    def count(self) -> int:
        return len(self._hits)

    @property
    def position(self) -> int:
        """The number of the current hit, from 1; 0 for none."""
        return self._index + 1

    @property
    def has_query(self) -> bool:
        return self._query is not None

    def search(self, text: str, *, match_case: bool, whole_words: bool) -> None:
        """Search when the user stops typing. An empty text ends the search."""
        from ocrdesk.desktop.review.document.text_search import Query

        query = Query(text, match_case, whole_words) if text else None
        if query != self._query:
            self._query = query
            self._hits, self._index = [], -1
            self._task.cancel()
            self.is_busy = query is not None
            self.hits_changed.emit()
            self._typing_timer.start()

    def hits_on(self, number: int) -> list[Hit]:
        first = bisect_left(self._hits, number, key=lambda hit: hit.page)
        end = bisect_right(self._hits, number, key=lambda hit: hit.page)
        return self._hits[first:end]

    def step(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hit; it wraps around."""
        if self._typing_timer.isActive() or self.is_busy:
            self._step_when_found = step
            return
        if self._hits:
            self._index = (
                (self._index + step) % len(self._hits)
                if self._index >= 0
                else (0 if step > 0 else -1) % len(self._hits)
            )
            self.hits_changed.emit()
            self.hit_reached.emit(self._hits[self._index])

    def continue_from(self, position: WordPosition | None, page: Page | None) -> None:
        """Start the next step from this word."""
        if position is None or page is None or not self._hits:
            return
        from ocrdesk.desktop.review.document.text_search import line_position_of

        for index in range(bisect_left(self._hits, position.page, key=lambda hit: hit.page), len(self._hits)):
            hit = self._hits[index]
            found = line_position_of(page, hit.stretches[0]) if hit.page == position.page else None
            if hit.page > position.page or (
                found is not None and (found.block, found.line) >= (position.block, position.line)
            ):
                self._index = index - 1
                return
        self._index = -1

    # ── replacing ────────────────────────────────────────────────────────────────────────────────────

    def replace_one(self, new: str) -> None:
        """Replace the current hit, and go to the next one."""
        if self._query is None or not 0 <= self._index < len(self._hits):
            self.step(1)
            return
        from ocrdesk.desktop.review.document.text_search import find_hits, replaced_hits
        from ocrdesk.export.text import page_text

        hit, index = self._hits[self._index], self._index
        page = self._document.page(hit.page)
        if page is None or hit not in find_hits(hit.page, page_text(page), self._query.pattern()):
            return
        self._document.change(self.tr("Replace"), replaced_hits(page, [hit], new))  # the page's hits are then updated
        self._index = index if self._matches(new) else index - 1
        self.step(1)

    def _matches(self, new: str) -> bool:
        """Return whether the replacement is itself a hit, which the next step must skip."""
        return self._query is not None and self._query.pattern().search(new) is not None

    def replace_all(self, new: str) -> None:
        """Replace every hit in the document, as one undo step."""
        client = self._session.client
        if client is None or self._query is None or not self._hits or self.is_busy:
            if client is None:
                self.message.emit(self.tr("Not connected. Try again in a moment."))
            return
        self.is_busy = True
        self._task = Task()
        work = partial(
            _replacements,
            client,
            self._document.job_id,
            self._query,
            new,
            list(self._hits),
            self._document.unsaved_by_page(),
            self._task.stopped,
        )
        self._tasks.run(work, self._on_replacements, self._on_failed, lane=Lane.SEARCH, task=self._task)
        self.hits_changed.emit()

    def _on_replacements(self, found: tuple[list[LineChange], dict[int, int]]) -> None:
        self.is_busy = False
        changes, fewer = found
        # lines that were changed in the window meanwhile stay as they are
        fitting = [change for change in changes if self._document.words(change.position) in ((), change.before)]
        self._document.change(self.tr("Replace all"), fitting, fewer if len(fitting) == len(changes) else None)
        self.replaced.emit(len(fitting))
        self._search()

    # ── searching ────────────────────────────────────────────────────────────────────────────────────

    def _search(self) -> None:
        self._typing_timer.stop()
        client = self._session.client
        self._task.cancel()
        if client is None or self._query is None or not self._document.job_id:
            self.is_busy = False
            self.hits_changed.emit()
            return
        from ocrdesk.desktop.review.document.text_search import find

        self.is_busy = True
        self._task = Task()
        unsaved = self._document.unsaved_by_page()
        work = partial(find, client, self._document.job_id, self._query, unsaved, self._task.stopped)
        self._tasks.run(work, self._on_hits, self._on_failed, lane=Lane.SEARCH, task=self._task)

    def _on_hits(self, hits: list[Hit]) -> None:
        self.is_busy = False
        self._hits, self._index = hits, -1
        self.hits_changed.emit()
        step, self._step_when_found = self._step_when_found, 0
        if step:
            self.step(step)

    def _on_failed(self, error: Exception) -> None:
        self.is_busy = False
        self._step_when_found = 0
        self.hits_changed.emit()
        self.message.emit(self.tr("The text could not be searched: {reason}").format(reason=error))

    def _on_page(self, number: int) -> None:
        """Update the hits of a page whose words have changed."""
        page = self._document.page(number)
        if page is None or self._query is None or self.is_busy:
            return
        from ocrdesk.desktop.review.document.text_search import find_hits
        from ocrdesk.export.text import page_text

        first = bisect_left(self._hits, number, key=lambda hit: hit.page)
        end = bisect_right(self._hits, number, key=lambda hit: hit.page)
        self._hits[first:end] = find_hits(number, page_text(page), self._query.pattern())
        self._index = min(self._index, len(self._hits) - 1)
        self.hits_changed.emit()

    def _on_opened(self) -> None:
        if self._document.job_id != self._job_id:
            self._job_id = self._document.job_id
            self._task.cancel()
            self._hits, self._index, self.is_busy = [], -1, False
            self.hits_changed.emit()
            if self._query is not None:
                self._typing_timer.start()


def _replacements(*arguments: Any) -> tuple[list[LineChange], dict[int, int]]:
    """Return the result of `replacements`, and of `fewer_to_check` for it."""
    from ocrdesk.desktop.review.document.line_change import fewer_to_check
    from ocrdesk.desktop.review.document.text_search import replacements

    changes = replacements(*arguments)
    return changes, fewer_to_check(changes)
