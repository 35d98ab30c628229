"""The document under review: its pages as they are looked at, its undo history, and how many words to check."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page, ToCheck, Word
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.review.document.line_change import LineChange, LinePlace
    from ocrdesk.desktop.review.document.send_corrections import Sent

_PAGES_KEPT = 40
"""Some 12 MB of words."""
_LOOK_AGAIN_MS = 400


class OpenDocument(QObject):
    """One job at a time, finished. What belongs to an earlier one never arrives."""

    opened = Signal()
    """The page numbers are known, of another job or anew."""
    page_ready = Signal(int)
    """A page is there, for the first time or as somebody else changed it."""
    page_changed = Signal(int)
    """A page's words were changed here, or back."""
    page_failed = Signal(int, str)
    counts_changed = Signal()
    touched = Signal(object)
    """The LinePlace that an undo or redo was about."""
    changed_elsewhere = Signal()
    """Somebody else changed the result."""

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        corrections: Corrections,
        undo_group: QUndoGroup,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._corrections = session, tasks, corrections
        self.undo_group = undo_group
        self._histories: dict[str, QUndoStack] = {}
        self._job_id, self._file_name = "", ""
        self._task = Task()
        self._numbers: tuple[int, ...] = ()
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._asked: set[int] = set()
        self._outdated: set[int] = set()
        self._to_check: dict[int, int] = {}
        self._revision, self._newest = 0, 0
        self._look_again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._look_again.timeout.connect(self._look_for_news)
        session.job_event.connect(self._on_event)
        session.state_changed.connect(self._on_state)
        corrections.saved.connect(self._on_saved)
        corrections.restored.connect(self._on_restored)

    # ── which document ───────────────────────────────────────────────────────────────────────────────

    @property
    def job_id(self) -> str:
        """Empty when there is none."""
        return self._job_id

    @property
    def numbers(self) -> tuple[int, ...]:
        """The pages' numbers in their order; empty until they are known."""
        return self._numbers

    @property
    def to_check(self) -> int:
        return sum(self._to_check.values())

    def show(self, job_id: str, file_name: str) -> None:
        """Another finished job; an empty id for none."""
        if job_id == self._job_id:
            return
        if self._job_id:
            self._corrections.save_now()
        self._task.cancel()
        self._task = Task()
        self._job_id, self._file_name = job_id, file_name
        self._numbers, self._revision, self._newest = (), 0, 0
        self._pages.clear()
        self._asked.clear()
        self._to_check.clear()
        self._look_again.stop()
        if job_id and job_id not in self._histories:
            self._histories[job_id] = QUndoStack(self.undo_group)
        self.undo_group.setActiveStack(self._histories[job_id] if job_id else None)  # type: ignore[arg-type]  # None is right
        self.opened.emit()
        self._open()

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────

    def page(self, number: int) -> Page | None:
        """The page with everything that was corrected; None while it is fetched: `page_ready` tells of it."""
        page = self._pages.get(number)
        if page is not None:
            self._pages.move_to_end(number)
        else:
            self._fetch(number)
        return page

    def is_here(self, number: int) -> bool:
        return number in self._pages

    def words(self, place: LinePlace | WordPosition) -> tuple[Word, ...]:
        """The words of a line, as far as its page is there."""
        page = self._pages.get(place.page)
        if page is None or place.block >= len(page.blocks) or place.line >= len(page.blocks[place.block].lines):
            return ()
        return page.blocks[place.block].lines[place.line].words

    def word(self, place: WordPosition) -> Word | None:
        """None where its page is not there, or has no such word."""
        words = self.words(place)
        return words[place.word] if place.word < len(words) else None

    def unsaved_by_page(self) -> dict[int, list[LineChange]]:
        from ocrdesk.desktop.review.document.text_search import by_page

        return by_page(self._corrections.unsaved(self._job_id))

    def next_to_check(self, number: int, step: int) -> int | None:
        """The next page after (step 1) or before (-1) this one with words to check, round the end; maybe itself."""
        if number not in self._numbers:
            return None
        start = self._numbers.index(number)
        for distance in range(1, len(self._numbers) + 1):
            other = self._numbers[(start + step * distance) % len(self._numbers)]
            if self._to_check.get(other):
                return other
        return None

    # ── changes ──────────────────────────────────────────────────────────────────────────────────────

    def change(self, what: str, changes: Sequence[LineChange], fewer: dict[int, int] | None = None) -> None:
        """Makes the changes as one step that can be undone; `what` names it.

        `fewer` is what `fewer_to_check` says of them, where a worker thread found it out already.
        """
        from ocrdesk.desktop.review.document.line_change import fewer_to_check

        if changes:
            fewer = fewer_to_check(changes) if fewer is None else fewer
            self._histories[self._job_id].push(_Step(self, what, changes, fewer))

    def apply(self, changes: Sequence[LineChange], fewer: dict[int, int]) -> None:
        """Makes them without a word in the history."""
        from ocrdesk.desktop.review.document.line_change import changed
        from ocrdesk.desktop.review.document.text_search import by_page

        for number, own in by_page(changes).items():
            if number in self._pages:
                self._pages[number] = changed(self._pages[number], own)
        self._count_fewer(fewer)
        self._corrections.add(self._job_id, self._file_name, changes)
        for number in fewer:
            if number in self._pages:
                self.page_changed.emit(number)
        self.counts_changed.emit()

    def _count_fewer(self, fewer: dict[int, int]) -> None:
        for number, count in fewer.items():
            self._to_check[number] = max(0, self._to_check.get(number, 0) - count)

    # ── fetching ─────────────────────────────────────────────────────────────────────────────────────

    def reload(self) -> None:
        """Everything anew, as the server has it; what is shown stays until it is here."""
        self._asked.clear()
        for number in list(self._pages):
            self._fetch(number)
        self._open()

    def _open(self) -> None:
        client = self._session.client
        if client is not None and self._job_id:
            run = partial(self._tasks.run, lane=Lane.REVIEW, task=self._task)
            run(partial(client.job, self._job_id), self._on_job, self._on_no_job)
            run(partial(client.review, self._job_id), self._on_to_check, lambda _: None)  # older servers count none

    def _on_job(self, job: JobView) -> None:
        from ocrdesk.contract.page_ranges import PageRanges

        self._revision = self._newest = job.revision
        ranges = PageRanges.parse(job.options.pages or "")
        self._numbers = tuple(ranges.numbers(job.file_pages or job.page_count or 0))
        self.opened.emit()

    def _on_no_job(self, error: Exception) -> None:
        from ocrdesk.client import ServerUnavailableError

        if not isinstance(error, ServerUnavailableError):
            self.page_failed.emit(0, short_reason(error))

    def _on_to_check(self, to_check: ToCheck) -> None:
        self._to_check = {page.number: page.words for page in to_check.pages}
        self._count_unsaved()
        self.counts_changed.emit()

    def _count_unsaved(self) -> None:
        """What was changed here counts already."""
        from ocrdesk.desktop.review.document.line_change import fewer_to_check
        from ocrdesk.export.words_to_check import count_doubtful

        self._count_fewer(fewer_to_check(self._corrections.unsaved(self._job_id)))
        for number, page in self._pages.items():
            self._to_check[number] = count_doubtful(page)  # the page as it is here is what is shown

    def _fetch(self, number: int) -> None:
        client = self._session.client
        if client is None or not self._job_id or number in self._asked:
            return
        self._asked.add(number)
        self._tasks.run(
            partial(client.page, self._job_id, number),
            self._on_page,
            partial(self._on_no_page, number),
            lane=Lane.REVIEW,
            task=self._task,
        )

    def _on_page(self, page: Page) -> None:
        from ocrdesk.desktop.review.document.line_change import changed
        from ocrdesk.export.words_to_check import count_doubtful

        self._asked.discard(page.number)
        if page.number in self._outdated:
            self._outdated.discard(page.number)
            self._fetch(page.number)
            return
        own = [change for change in self._corrections.unsaved(self._job_id) if change.place.page == page.number]
        page = changed(page, own)
        is_same = self._pages.get(page.number) == page
        self._pages[page.number] = page
        self._pages.move_to_end(page.number)
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        self._to_check[page.number] = count_doubtful(page)
        if not is_same:
            self.page_ready.emit(page.number)
        self.counts_changed.emit()

    def _on_no_page(self, number: int, error: Exception) -> None:
        self._asked.discard(number)
        self._outdated.discard(number)
        self.page_failed.emit(number, short_reason(error))

    # ── what happens elsewhere ───────────────────────────────────────────────────────────────────────

    def _on_event(self, event: Event) -> None:
        from ocrdesk.contract.events import EventType

        if event.job_id == self._job_id and event.type is EventType.REVISED:
            self._newest = max(self._newest, event.revision)
            self._look_again.start()

    def _on_saved(self, job_id: str, sent: Sent) -> None:
        if job_id == self._job_id:
            # a page that was asked for before it was saved may come without what was saved
            self._outdated |= self._asked & {change.place.page for change in sent.saved}
            for before, after in sent.revisions:
                if before == self._revision:
                    self._revision = after
                self._newest = max(self._newest, after)
            self._look_for_news()

    def _look_for_news(self) -> None:
        """A revision that is not ours is somebody else's, once it is known which ones are ours."""
        if self._newest > self._revision and not self._corrections.is_sending(self._job_id):
            self._revision = self._newest
            self.reload()
            self.changed_elsewhere.emit()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY and self._job_id:
            self._asked.clear()
            self._open()

    def _on_restored(self, job_id: str) -> None:
        if job_id == self._job_id:
            self.reload()


class _Step(QUndoCommand):
    """One correction, or all those of one replacement."""

    def __init__(self, document: OpenDocument, what: str, changes: Sequence[LineChange], fewer: dict[int, int]) -> None:
        super().__init__(what)
        self._document, self._changes, self._fewer = document, changes, fewer
        self._is_first = True

    def redo(self) -> None:
        self._document.apply(self._changes, self._fewer)
        if not self._is_first:
            self._document.touched.emit(self._changes[0].place)
        self._is_first = False

    def undo(self) -> None:
        more = {number: -count for number, count in self._fewer.items()}
        self._document.apply([change.inverse for change in self._changes], more)
        self._document.touched.emit(self._changes[0].place)
