"""The open document, its undo stack and words to check."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.review.document.page_cache import PageCache
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.document.words_to_check import WordsToCheck
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page, ToCheck, Word
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.review.document.line_change import LineChange, LinePosition
    from ocrdesk.desktop.review.document.send_corrections import SendResult

_COMPARE_AFTER_MS = 400


class OpenDocument(QObject):
    """The result of one finished job at a time. Answers that belong to an earlier job are dropped."""

    opened = Signal()
    """The page numbers are known, of another job or once more of the same."""
    page_ready = Signal(int)
    """A page is here, for the first time or as somebody else changed it."""
    page_changed = Signal(int)
    """A page's words were changed here, or a change was undone."""
    page_failed = Signal(int, str)
    """A page's number (0 for the whole document), and why it could not be fetched."""
    counts_changed = Signal()
    undo_applied = Signal(object)
    """The LinePosition that an undo or redo has changed."""
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
        self._undo_stacks: dict[str, QUndoStack] = {}
        self._job_id, self._file_name = "", ""
        self._task = Task()
        self._numbers: tuple[int, ...] = ()
        self._pages = PageCache(session, tasks, self)
        self._counts = WordsToCheck()
        self._revision, self._newest_revision = 0, 0
        self._compare_timer = QTimer(self, singleShot=True, interval=_COMPARE_AFTER_MS)
        self._compare_timer.timeout.connect(self._compare_revisions)
        self._pages.fetched.connect(self._on_page)
        self._pages.failed.connect(self.page_failed)
        session.job_event.connect(self._on_event)
        session.state_changed.connect(self._on_state)
        corrections.saved.connect(self._on_saved)
        corrections.restored.connect(self._on_restored)

    # ── which document ───────────────────────────────────────────────────────────────────────────

    @property
    def job_id(self) -> str:
        """Empty when no document is open."""
        return self._job_id

    @property
    def numbers(self) -> tuple[int, ...]:
        """The page numbers in their order; empty until they are known."""
        return self._numbers

    @property
    def to_check(self) -> int:
        """How many words are to be checked."""
        return self._counts.total

    def show(self, job_id: str, file_name: str) -> None:
        """Open another finished job; an empty id for none."""
        if job_id == self._job_id:
            return
        if self._job_id:
            self._corrections.save_now()
        self._task.cancel()
        self._task = Task()
        self._job_id, self._file_name = job_id, file_name
        self._numbers, self._revision, self._newest_revision = (), 0, 0
        self._pages.start(job_id)
        self._counts.clear()
        self._compare_timer.stop()
        if job_id and job_id not in self._undo_stacks:
            self._undo_stacks[job_id] = QUndoStack(self.undo_group)
        self.undo_group.setActiveStack(self._undo_stacks[job_id] if job_id else None)  # type: ignore[arg-type]  # Qt accepts None
        self.opened.emit()
        self._open()

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def page(self, number: int) -> Page | None:
        """Return the page with all corrections. None while it is fetched: `page_ready` follows."""
        return self._pages.request(number)

    def has_page(self, number: int) -> bool:
        return number in self._pages

    def words(self, position: LinePosition | WordPosition) -> tuple[Word, ...]:
        """Return the words of a line; none if its page is not here."""
        page = self._pages.page(position.page)
        if page is None or position.block >= len(page.blocks):
            return ()
        lines = page.blocks[position.block].lines
        return lines[position.line].words if position.line < len(lines) else ()

    def word(self, position: WordPosition) -> Word | None:
        """Return a word, or None if its page is not here or has no such word."""
        words = self.words(position)
        return words[position.word] if position.word < len(words) else None

    def unsaved_by_page(self) -> dict[int, list[LineChange]]:
        from ocrdesk.desktop.review.document.text_search import by_page

        return by_page(self._corrections.unsaved(self._job_id))

    def next_to_check(self, number: int, step: int) -> int | None:
        """Return the next page after (step 1) or before (-1) this one with words to check; it wraps around."""
        return self._counts.next_page(self._numbers, number, step)

    # ── changes ──────────────────────────────────────────────────────────────────────────────────

    def change(self, label: str, changes: Sequence[LineChange], fewer: dict[int, int] | None = None) -> None:
        """Apply the changes as one undo step with this label.

        `fewer` is the result of `fewer_to_check` for them, if a worker thread has computed it already.
        """
        from ocrdesk.desktop.review.document.line_change import fewer_to_check

        if changes:
            fewer = fewer_to_check(changes) if fewer is None else fewer
            self._undo_stacks[self._job_id].push(_ChangeCommand(self, label, changes, fewer))

    def apply(self, changes: Sequence[LineChange], fewer: dict[int, int]) -> None:
        """Apply the changes without an undo step."""
        from ocrdesk.desktop.review.document.line_change import changed
        from ocrdesk.desktop.review.document.text_search import by_page

        for number, own in by_page(changes).items():
            page = self._pages.page(number)
            if page is not None:
                self._pages.replace(changed(page, own))
        self._counts.reduce(fewer)
        self._corrections.add(self._job_id, self._file_name, changes)
        for number in fewer:
            if number in self._pages:
                self.page_changed.emit(number)
        self.counts_changed.emit()

    # ── fetching ─────────────────────────────────────────────────────────────────────────────────

    def reload(self) -> None:
        """Fetch everything again; what is shown stays until the new pages arrive."""
        self._pages.fetch_again()
        self._open()

    def _open(self) -> None:
        client = self._session.client
        if client is not None and self._job_id:
            run = partial(self._tasks.run, lane=Lane.REVIEW, task=self._task)
            run(partial(client.job, self._job_id), self._on_job, self._on_job_failed)
            run(
                partial(client.review, self._job_id), self._on_to_check, lambda _: None
            )  # older servers actions not count

    def _on_job(self, job: JobView) -> None:
        from ocrdesk.contract.page_ranges import PageRanges

        self._revision = self._newest_revision = job.revision
        ranges = PageRanges.parse(job.options.pages or "")
        self._numbers = tuple(ranges.numbers(job.file_pages or job.page_count or 0))
        self.opened.emit()

    def _on_job_failed(self, error: Exception) -> None:
        from ocrdesk.client import ServerUnavailableError

        if not isinstance(error, ServerUnavailableError):
            self.page_failed.emit(0, short_reason(error))

    def _on_to_check(self, to_check: ToCheck) -> None:
        self._counts.set_all(to_check)
        self._count_unsaved()
        self.counts_changed.emit()

    def _count_unsaved(self) -> None:
        """Correct the server's counts by the changes that it does not have yet."""
        from ocrdesk.desktop.review.document.line_change import fewer_to_check
        from ocrdesk.export.words_to_check import count_doubtful

        self._counts.reduce(fewer_to_check(self._corrections.unsaved(self._job_id)))
        for page in self._pages.pages():
            self._counts.set_page(page.number, count_doubtful(page))  # pages that are here are shown as they are here

    def _on_page(self, page: Page) -> None:
        from ocrdesk.desktop.review.document.line_change import changed
        from ocrdesk.export.words_to_check import count_doubtful

        own = [change for change in self._corrections.unsaved(self._job_id) if change.position.page == page.number]
        page = changed(page, own)
        is_same = self._pages.page(page.number) == page
        self._pages.put(page)
        self._counts.set_page(page.number, count_doubtful(page))
        if not is_same:
            self.page_ready.emit(page.number)
        self.counts_changed.emit()

    # ── changes elsewhere ────────────────────────────────────────────────────────────────────────

    def _on_event(self, event: Event) -> None:
        from ocrdesk.contract.events import EventType

        if event.job_id == self._job_id and event.type is EventType.REVISED:
            self._newest_revision = max(self._newest_revision, event.revision)
            self._compare_timer.start()

    def _on_saved(self, job_id: str, result: SendResult) -> None:
        if job_id == self._job_id:
            self._pages.mark_outdated(change.position.page for change in result.saved)
            for before, after in result.revisions:
                if before == self._revision:
                    self._revision = after
                self._newest_revision = max(self._newest_revision, after)
            self._compare_revisions()

    def _compare_revisions(self) -> None:
        """Reload if somebody else made the newest revision. While sending, it is not known which ones are ours."""
        if self._newest_revision > self._revision and not self._corrections.is_sending(self._job_id):
            self._revision = self._newest_revision
            self.reload()
            self.changed_elsewhere.emit()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY and self._job_id:
            self._pages.forget_requests()
            self._open()

    def _on_restored(self, job_id: str) -> None:
        if job_id == self._job_id:
            self.reload()


class _ChangeCommand(QUndoCommand):
    """One correction, or all corrections of one replacement."""

    def __init__(
        self, document: OpenDocument, label: str, changes: Sequence[LineChange], fewer: dict[int, int]
    ) -> None:
        super().__init__(label)
        self._document, self._changes, self._fewer = document, changes, fewer
        self._is_first = True

    def redo(self) -> None:
        self._document.apply(self._changes, self._fewer)
        if not self._is_first:
            self._document.undo_applied.emit(self._changes[0].position)
        self._is_first = False

    def undo(self) -> None:
        more = {number: -count for number, count in self._fewer.items()}
        self._document.apply([change.inverse for change in self._changes], more)
        self._document.undo_applied.emit(self._changes[0].position)
