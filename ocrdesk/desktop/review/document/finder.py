"""Finds in the open document and replaces: the work is done on another thread, its hits are kept here and walked."""

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
    """The Hit to be shown now."""
    trouble = Signal(str)
    replaced = Signal(int)
    """In how many lines."""

    def __init__(self, session: Session, tasks: Tasks, document: OpenDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._document = session, tasks, document
        self._task = Task()
        self._query: Query | None = None
        self._hits: list[Hit] = []
        self._at = -1
        self._step_when_found = 0
        self.is_busy = False
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typed.timeout.connect(self._search)
        document.page_changed.connect(self._on_page)
        document.page_ready.connect(self._on_page)
        document.opened.connect(self._on_opened)
        self._job_id = ""

    @property
    def count(self) -> int:
        return len(self._hits)

    @property
    def position(self) -> int:
        """The current hit's number, from 1; 0 for none."""
        return self._at + 1

    @property
    def has_query(self) -> bool:
        return self._query is not None

    def look_for(self, text: str, *, match_case: bool, whole_words: bool) -> None:
        """Searches as soon as nothing more is typed; an empty text finds nothing."""
        from ocrdesk.desktop.review.document.text_search import Query

        query = Query(text, match_case, whole_words) if text else None
        if query != self._query:
            self._query = query
            self._hits, self._at = [], -1
            self._task.cancel()
            self.is_busy = query is not None
            self.hits_changed.emit()
            self._typed.start()

    def hits_on(self, number: int) -> list[Hit]:
        first = bisect_left(self._hits, number, key=lambda hit: hit.page)
        end = bisect_right(self._hits, number, key=lambda hit: hit.page)
        return self._hits[first:end]

    def step(self, step: int) -> None:
        """To the next (1) or previous (-1) hit, round the end."""
        if self._typed.isActive() or self.is_busy:
            self._step_when_found = step
            return
        if self._hits:
            self._at = (
                (self._at + step) % len(self._hits) if self._at >= 0 else (0 if step > 0 else -1) % len(self._hits)
            )
            self.hits_changed.emit()
            self.hit_reached.emit(self._hits[self._at])

    def start_from(self, place: WordPosition | None, page: Page | None) -> None:
        """The next step goes on from this word."""
        if place is None or page is None or not self._hits:
            return
        from ocrdesk.desktop.review.document.text_search import place_of

        for index in range(bisect_left(self._hits, place.page, key=lambda hit: hit.page), len(self._hits)):
            hit = self._hits[index]
            found = place_of(page, hit.stretches[0]) if hit.page == place.page else None
            if hit.page > place.page or (found is not None and (found.block, found.line) >= (place.block, place.line)):
                self._at = index - 1
                return
        self._at = -1

    # ── replacing ────────────────────────────────────────────────────────────────────────────────────

    def replace_one(self, new: str) -> None:
        """The current hit, then on to the next."""
        if self._query is None or not 0 <= self._at < len(self._hits):
            self.step(1)
            return
        from ocrdesk.desktop.review.document.text_search import hits_in_text, replaced_hits
        from ocrdesk.export.text import page_text

        hit, at = self._hits[self._at], self._at
        page = self._document.page(hit.page)
        if page is None or hit not in hits_in_text(hit.page, page_text(page), self._query.pattern()):
            return
        self._document.change(self.tr("Replace"), replaced_hits(page, [hit], new))  # its page's hits are found anew
        self._at = at - 1 if not self._is_found_in(new) else at
        self.step(1)

    def _is_found_in(self, new: str) -> bool:
        """Whether what now stands there is found again: then it is stepped over."""
        return self._query is not None and self._query.pattern().search(new) is not None

    def replace_all(self, new: str) -> None:
        """Every hit of the document, as one step that can be undone."""
        client = self._session.client
        if client is None or self._query is None or not self._hits or self.is_busy:
            if client is None:
                self.trouble.emit(self.tr("Not connected just now. Try again in a moment."))
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
        # what was changed in the window meanwhile is left alone
        fitting = [change for change in changes if self._document.words(change.place) in ((), change.before)]
        self._document.change(self.tr("Replace all"), fitting, fewer if len(fitting) == len(changes) else None)
        self.replaced.emit(len(fitting))
        self._search()

    # ── searching ────────────────────────────────────────────────────────────────────────────────────

    def _search(self) -> None:
        self._typed.stop()
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
        self._hits, self._at = hits, -1
        self.hits_changed.emit()
        step, self._step_when_found = self._step_when_found, 0
        if step:
            self.step(step)

    def _on_failed(self, error: Exception) -> None:
        self.is_busy = False
        self._step_when_found = 0
        self.hits_changed.emit()
        self.trouble.emit(self.tr("The text could not be searched: {reason}").format(reason=error))

    def _on_page(self, number: int) -> None:
        """A page's words are other ones: its hits are found anew."""
        page = self._document.page(number)
        if page is None or self._query is None or self.is_busy:
            return
        from ocrdesk.desktop.review.document.text_search import hits_in_text
        from ocrdesk.export.text import page_text

        first = bisect_left(self._hits, number, key=lambda hit: hit.page)
        end = bisect_right(self._hits, number, key=lambda hit: hit.page)
        self._hits[first:end] = hits_in_text(number, page_text(page), self._query.pattern())
        self._at = min(self._at, len(self._hits) - 1)
        self.hits_changed.emit()

    def _on_opened(self) -> None:
        if self._document.job_id != self._job_id:
            self._job_id = self._document.job_id
            self._task.cancel()
            self._hits, self._at, self.is_busy = [], -1, False
            self.hits_changed.emit()
            if self._query is not None:
                self._typed.start()


def _replacements(*arguments: Any) -> tuple[list[LineChange], dict[int, int]]:
    """What `replacements` answers, and what `fewer_to_check` says of it."""
    from ocrdesk.desktop.review.document.line_change import fewer_to_check
    from ocrdesk.desktop.review.document.text_search import replacements

    changes = replacements(*arguments)
    return changes, fewer_to_check(changes)
