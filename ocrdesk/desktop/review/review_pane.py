"""A finished job under review: the page's picture beside its text, the two linked both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent, QUndoGroup
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from ocrdesk.desktop.palette_watch import PaletteWatch
from ocrdesk.desktop.review.corrections import Corrections
from ocrdesk.desktop.review.find_bar import FindBar
from ocrdesk.desktop.review.finder import Finder
from ocrdesk.desktop.review.notice import ConflictNotice
from ocrdesk.desktop.review.open_document import OpenDocument
from ocrdesk.desktop.review.page_pictures import PagePictures, Wanted
from ocrdesk.desktop.review.page_strip import PageStrip
from ocrdesk.desktop.review.page_text_view import PageTextView
from ocrdesk.desktop.review.page_view import Fit, PageView
from ocrdesk.desktop.review.review_actions import ReviewActions
from ocrdesk.desktop.review.review_bars import PageBar, WordsBar
from ocrdesk.desktop.review.review_memory import ReviewMemory
from ocrdesk.desktop.review.word_editor import WordEditor
from ocrdesk.desktop.review.word_place import WordPlace
from ocrdesk.desktop.session import Session
from ocrdesk.desktop.tasks import Tasks

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page, Word
    from ocrdesk.desktop.review.line_change import LineChange, LinePlace
    from ocrdesk.desktop.review.search import Hit
    from ocrdesk.desktop.review.sending import Sent

_PICTURE_BYTES, _THUMBNAIL_BYTES = 160_000_000, 40_000_000
_PICTURE_WIDTHS = (800, 1600, 3200)
"""Of those that the server makes."""
_NARROW_PX = 640
"""In less the text is below the picture."""
_ZOOM_SETTLES_MS = 120


class ReviewPane(QWidget):
    """Told of a job by `show_job`; does everything else by itself, through the document and the corrections."""

    text_changed = Signal(int)
    """A page's text was corrected here: see `page_text`."""
    all_text_changed = Signal()
    """Texts of pages that are not here are other ones on the server."""
    trouble = Signal(str)

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        memory: ReviewMemory,
        actions: ReviewActions,
        undo_group: QUndoGroup,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Review"))
        self._memory = memory
        self.corrections = Corrections(session, tasks, self)
        self.document = OpenDocument(session, tasks, self.corrections, undo_group, self)
        self.finder = Finder(session, tasks, self.document, self)
        self.do = actions
        self._pictures = PagePictures(session, tasks, _PICTURE_BYTES, self)
        self._thumbnails = PagePictures(session, tasks, _THUMBNAIL_BYTES, self)
        self._number: int | None = None
        self._goal: Callable[[], WordPlace | None] | None = None
        self._hit: tuple[int, Sequence[QRect]] | None = None
        """A page to go to once it is there, and what to choose on it."""
        self._shown: Page | None = None
        self._edited: list[WordPlace] = []
        self._sharpen = QTimer(self, singleShot=True, interval=_ZOOM_SETTLES_MS)
        self._sharpen.timeout.connect(self._want_picture)
        self._build()
        self._connect()

    def show_job(self, job_id: str, file_name: str) -> None:
        """Another finished job; an empty id for none."""
        if job_id == self.document.job_id:
            return
        self.editor.take()
        self._number, self._goal, self._hit, self._shown = None, None, None, None
        self._pictures.show(job_id)
        self._thumbnails.show(job_id)
        self.text.show_page(None, self.tr("Loading…") if job_id else "")
        self.view.show_page(QSize(), 0)
        self.document.show(job_id, file_name)
        self.do.enable(bool(job_id))
        self._show_saving()

    def show_hit(self, number: int, boxes: Sequence[QRect]) -> None:
        """Goes to a page of the job that is shown, or just coming, and chooses its words in these boxes."""
        self._hit = number, boxes
        if number in self.document.numbers:
            self.go_to(number)

    def close_review(self) -> None:
        """The window closes: nothing that was typed is lost."""
        self.editor.take()
        self._memory.save(self._splitter)
        self.corrections.close()

    def page_text(self, number: int) -> str | None:
        """A page's text as corrected; None where the page is not here."""
        from ocrdesk.export.text import page_text

        page = self.document.page(number)
        return page_text(page) if page is not None else None

    def selected_text(self) -> str:
        return self.text.selected_text()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        # in the order of the tab key
        self.notice = ConflictNotice()
        self.strip = PageStrip(self._thumbnails)
        self.page_bar, self.view = PageBar(self.do), PageView()
        self.words_bar, self.find_bar, self.text = WordsBar(self.do), FindBar(self.finder), PageTextView()
        self.editor = WordEditor(self.text.viewport())
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setAccessibleName(self.tr("Picture and text"))
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(_column(self.tr("Picture of the page"), self.page_bar, self.view))
        self._splitter.addWidget(_column(self.tr("Words of the page"), self.words_bar, self.find_bar, self.text))
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 1)
        if not self._memory.restore(self._splitter):
            self._splitter.setSizes([500, 500])
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.strip)
        below.addWidget(self._splitter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(below, 1)
        self.strip.setVisible(self._memory.thumbnails)
        self.do.thumbnails.setChecked(self._memory.thumbnails)
        PaletteWatch(self, lambda: self.do.dress(self.palette()))

    def _connect(self) -> None:
        do, view, text, document = self.do, self.view, self.text, self.document
        do.connect_to(
            {
                do.next: lambda: self.walk(1),
                do.previous: lambda: self.walk(-1),
                do.accept: self.accept,
                do.edit: lambda: self.edit(None),
                do.find: lambda: self.find_bar.open(text.selected_text(), with_replace=False),
                do.replace: lambda: self.find_bar.open(text.selected_text(), with_replace=True),
                do.find_next: lambda: self._find_step(1),
                do.find_previous: lambda: self._find_step(-1),
                do.copy_page: self._copy_page,
                do.page_up: lambda: self.turn(-1),
                do.page_down: lambda: self.turn(1),
                do.go_to_page: self.page_bar.ask_number,
                do.zoom_in: lambda: view.zoom_by(1),
                do.zoom_out: lambda: view.zoom_by(-1),
                do.fit_width: lambda: view.set_fit(Fit.WIDTH),
                do.fit_page: lambda: view.set_fit(Fit.PAGE),
                do.actual_size: view.zoom_to_actual_size,
            }
        )
        do.thumbnails.toggled.connect(self._show_strip)
        view.zoomed.connect(self._on_zoom)
        view.area_chosen.connect(self._on_area)
        view.turned.connect(self.turn)
        view.edit_wanted.connect(lambda: self.edit(None))
        text.word_chosen.connect(lambda _: self._show_boxes(is_revealed=True))
        text.words_selected.connect(lambda: self._show_boxes(is_revealed=True))
        text.accept_wanted.connect(self.accept)
        text.edit_wanted.connect(self.edit)
        text.delete_wanted.connect(lambda: self._retype(text.selected_words(), ""))
        self.editor.committed.connect(self._on_committed)
        self.editor.left.connect(text.setFocus)
        self.page_bar.page_wanted.connect(self.go_to)
        self.strip.page_chosen.connect(self.go_to)
        document.opened.connect(self._on_opened)
        document.page_ready.connect(self._on_page)
        document.page_changed.connect(self._on_page_changed)
        document.page_failed.connect(self._on_page_failed)
        document.counts_changed.connect(lambda: self.words_bar.show_count(document.to_check))
        document.touched.connect(self._on_touched)
        document.changed_elsewhere.connect(self.all_text_changed)
        self._pictures.arrived.connect(self._on_picture)
        self._pictures.failed.connect(self._on_picture)
        self.finder.hits_changed.connect(self._show_hits)
        self.finder.hit_reached.connect(self._on_hit)
        self.finder.trouble.connect(self.trouble)
        self.finder.replaced.connect(self._on_replaced)
        self.find_bar.closed.connect(text.setFocus)
        self.corrections.trouble.connect(self.trouble)
        self.corrections.state_changed.connect(self._on_saving)
        self.corrections.saved.connect(self._on_saved)
        self.notice.mine_wanted.connect(lambda: self.corrections.keep_mine(document.job_id))
        self.notice.theirs_wanted.connect(self._take_theirs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_narrow = self.width() - (0 if self.strip.isHidden() else self.strip.width()) < _NARROW_PX
        self._splitter.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    @property
    def number(self) -> int | None:
        """The shown page's."""
        return self._number

    def go_to(self, number: int, goal: Callable[[], WordPlace | None] | None = None) -> None:
        """Shows a page, and then the word that `goal` names once the page is there."""
        if number not in self.document.numbers:
            return
        if number != self._number:
            self.editor.take()
            self._number, self._shown = number, None
            self.text.show_page(None, self.tr("Loading…"))
            self.text.verticalScrollBar().setValue(0)
            self.view.show_page(QSize(), 0)
            self.page_bar.show_pages(self.document.numbers, number)
            self.strip.set_current(number)
            self.do.page_up.setEnabled(number != self.document.numbers[0])
            self.do.page_down.setEnabled(number != self.document.numbers[-1])
        self._goal = goal
        self._show_page()

    def turn(self, step: int) -> None:
        """To the next (1) or previous (-1) page."""
        numbers = self.document.numbers
        if self._number in numbers:
            index = numbers.index(self._number) + step
            if 0 <= index < len(numbers):
                self.go_to(numbers[index])

    def _show_page(self) -> None:
        page = self.document.page(self._number) if self._number is not None else None
        if page is None:
            return
        if self._shown is None:
            self.view.show_page(QSize(page.width, page.height), page.dpi)
            self._want_picture()
        if page is not self._shown:
            self._shown = page
            self.text.show_page(page, self._said_of(page))
            self._show_hits()
        goal, self._goal = self._goal, None
        if goal is not None:
            self.text.set_current(goal())
        hit, self._hit = self._hit, None
        if hit is not None and hit[0] == page.number:
            self.text.choose([place for box in hit[1] for place in self._within(box)])
        self._show_boxes(is_revealed=goal is not None or hit is not None)

    def _said_of(self, page: Page) -> str:
        if page.error is not None:
            return self.tr("This page could not be read: {reason}").format(reason=page.error.message)
        return self.tr("No text on this page.")

    def _on_opened(self) -> None:
        numbers = self.document.numbers
        self.strip.show_pages(numbers)
        self.page_bar.show_pages(numbers, self._number)
        if self._hit is not None and self._hit[0] in numbers:
            self.go_to(self._hit[0])
        elif numbers and self._number not in numbers:
            self.go_to(numbers[0])

    def _on_page(self, number: int) -> None:
        if number == self._number:
            self._show_page()

    def _on_page_changed(self, number: int) -> None:
        self._on_page(number)
        self.text_changed.emit(number)

    def _on_page_failed(self, number: int, reason: str) -> None:
        if number in (0, self._number):
            self.text.show_page(None, reason)

    def _on_touched(self, place: LinePlace) -> None:
        """An undone correction is shown where it is."""
        self.go_to(place.page, lambda: WordPlace(*place, 0))

    def _show_strip(self, is_shown: bool) -> None:
        self._memory.keep_thumbnails(is_shown)
        self.strip.setVisible(is_shown)
        self._arrange()

    # ── the picture ──────────────────────────────────────────────────────────────────────────────

    def _want_picture(self) -> None:
        if self._number is not None and self.isVisible():
            wanted = self.view.wanted_width() or _PICTURE_WIDTHS[0]
            width = next((step for step in _PICTURE_WIDTHS if step >= wanted), _PICTURE_WIDTHS[-1])
            self._pictures.want([Wanted(self._number, width)])
            self._on_picture(self._number)

    def _on_picture(self, number: int) -> None:
        if number == self._number:
            picture = self._pictures.picture(number, self.view.wanted_width())
            failure = self._pictures.failure(number)
            self.view.set_picture(picture, "" if picture is not None else failure or self.tr("Drawing the page…"))

    def _on_zoom(self) -> None:
        self.page_bar.show_zoom(self.view.percent())
        self._sharpen.start()

    def _on_area(self, area: QRect) -> None:
        """A click or a rectangle on the picture chooses the words there."""
        found = self._within(area)
        self.text.choose(found)
        self._show_boxes(is_revealed=False)
        if found:
            self.text.setFocus()

    def _within(self, area: QRect) -> list[WordPlace]:
        return [
            place
            for place in self.text.words()
            if (word := self._word(place)) is not None and _rect(word).intersects(area.adjusted(0, 0, 1, 1))
        ]

    def _show_boxes(self, *, is_revealed: bool) -> None:
        chosen = self._rects(self.text.selected_words())
        self.view.set_boxes(self._rects(self.text.doubtful()), chosen)
        if is_revealed:
            self.view.reveal(chosen)

    def _rects(self, places: Sequence[WordPlace]) -> list[QRect]:
        return [_rect(word) for place in places if (word := self._word(place)) is not None]

    def _word(self, place: WordPlace) -> Word | None:
        words = self.document.words(place)
        return words[place.word] if place.word < len(words) else None

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    def walk(self, step: int) -> None:
        """To the next (1) or previous (-1) word to check, on whichever page it is."""
        self.editor.take()
        if self._number is None:
            return
        doubtful, here = self.text.doubtful(), self.text.current()
        if self._shown is not None:
            ahead = doubtful if here is None else [it for it in doubtful if (it > here if step > 0 else it < here)]
            if ahead:
                self._go_to_word(ahead[0] if step > 0 else ahead[-1])
                return
        number = self.document.next_to_check(self._number, step)
        if number is not None:
            self.go_to(number, lambda: next(iter(self.text.doubtful()[:: 1 if step > 0 else -1]), None))
            self.text.setFocus()

    def accept(self) -> None:
        """The chosen words are right as they are; on to the next one to check."""
        from ocrdesk.desktop.review.line_change import LineChange, accepted

        if self.editor.isVisible():
            self.editor.take()
            return
        doubtful = set(self.text.doubtful())
        changes = []
        for line, places in _by_line(self.text.selected_words()).items():
            words = self.document.words(line)
            right = [place.word for place in places if place in doubtful]
            if right:
                changes.append(LineChange(line, words, accepted(words, right)))
        self.document.change(self.tr("Accept"), changes)
        self.walk(1)

    def edit(self, typed: str | None) -> None:
        """Opens the field over the chosen words of a line, with what was typed already."""
        lines = _by_line(self.text.selected_words())
        if not lines:
            return
        line, places = next(iter(lines.items()))
        self._edited = [WordPlace(*line, number) for number in range(places[0].word, places[-1].word + 1)]
        words = [word for place in self._edited if (word := self._word(place)) is not None]
        if words:
            said = " ".join(word.text for word in words)
            self.editor.open(self.text.rect_of(self._edited), said, typed, self._cut(words))

    def _on_committed(self, text: str) -> None:
        self.text.setFocus()
        self._retype(self._edited, text)
        self.walk(1)

    def _retype(self, places: Sequence[WordPlace], text: str) -> None:
        from ocrdesk.desktop.review.line_change import LineChange, retyped

        changes: list[LineChange] = []
        for line, own in _by_line(places).items():
            words = self.document.words(line)
            first, end = own[0].word, own[-1].word + 1
            if end <= len(words):
                new = text if line == next(iter(_by_line(places))) else ""
                change = LineChange(line, words, retyped(words, first, end, new))
                changes += [change] if change.before != change.after else []
        self.document.change(self.tr("Correct") if text else self.tr("Delete"), changes)

    def _go_to_word(self, place: WordPlace) -> None:
        self.text.set_current(place)
        self._show_boxes(is_revealed=True)
        self.text.setFocus()

    def _cut(self, words: Sequence[Word]) -> QImage | None:
        """The words' part of the page's picture, with a little around it."""
        page, picture = self._shown, self._pictures.picture(self._number or 0, _PICTURE_WIDTHS[-1])
        if page is None or picture is None or not page.width:
            return None
        area = QRect()
        for word in words:
            area = area.united(_rect(word))
        around = max(4, area.height() // 3)
        area.adjust(-around * 2, -around, around * 2, around)
        scale = picture.width() / page.width
        part = QRect(
            round(area.left() * scale),
            round(area.top() * scale),
            round(area.width() * scale),
            round(area.height() * scale),
        )
        return picture.copy(part.intersected(picture.rect()))

    # ── found ────────────────────────────────────────────────────────────────────────────────────

    def _find_step(self, step: int) -> None:
        if not self.finder.has_query:
            self.find_bar.open(self.text.selected_text(), with_replace=False)
        elif self.finder.position == 0 and step > 0:
            self.finder.start_from(self.text.current(), self._shown)
            self.finder.step(step)
        else:
            self.finder.step(step)

    def _on_hit(self, hit: Hit) -> None:
        self.go_to(hit.page, lambda: self._word_of(hit))

    def _word_of(self, hit: Hit) -> WordPlace | None:
        from ocrdesk.desktop.review.search import place_of

        line = place_of(self._shown, hit) if self._shown is not None else None
        if line is None:
            return None
        position = 0
        for number, word in enumerate(self.document.words(line)):
            position += len(word.text) + 1
            if hit.start < position:
                return WordPlace(*line, number)
        return None

    def _show_hits(self) -> None:
        hits = self.finder.hits_on(self._number or 0)
        self.text.set_hits(_marks(self._shown, hits) if self._shown is not None and hits else [])

    def _on_replaced(self, count: int) -> None:
        self.trouble.emit(
            self.tr("Replaced in 1 line.") if count == 1 else self.tr("Replaced in {count} lines.").format(count=count)
        )

    # ── saving, copying ──────────────────────────────────────────────────────────────────────────

    def _on_saving(self, job_id: str) -> None:
        if job_id == self.document.job_id:
            self._show_saving()

    def _show_saving(self) -> None:
        job_id = self.document.job_id
        stack = self.document.undo_group.activeStack()
        was_changed = stack is not None and stack.count() > 0
        self.words_bar.show_saving(self.corrections.state(job_id), was_changed=was_changed)
        contested = self.corrections.contested(job_id)
        self.notice.show_lines(sorted({change.place.page for change in contested}), len(contested))

    def _on_saved(self, job_id: str, sent: Sent) -> None:
        if job_id == self.document.job_id and any(
            not self.document.is_here(change.place.page) for change in sent.saved
        ):
            self.all_text_changed.emit()

    def _take_theirs(self) -> None:
        self.corrections.take_theirs(self.document.job_id)
        self.document.reload()

    def _copy_page(self) -> None:
        text = self.page_text(self._number) if self._number is not None else None
        if text:
            QGuiApplication.clipboard().setText(text.strip("\n"))


def _column(name: str, *parts: QWidget) -> QWidget:
    column = QWidget()
    column.setAccessibleName(name)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        layout.addWidget(part, 1 if part is parts[-1] else 0)
    return column


def _rect(word: Word) -> QRect:
    return QRect(word.box.left, word.box.top, word.box.width, word.box.height)


def _by_line(places: Sequence[WordPlace]) -> dict[LinePlace, list[WordPlace]]:
    """The words of each line, in order."""
    from ocrdesk.desktop.review.line_change import LinePlace

    lines: dict[LinePlace, list[WordPlace]] = {}
    for place in sorted(places):
        lines.setdefault(LinePlace(place.page, place.block, place.line), []).append(place)
    return lines


def _marks(page: Page, hits: Sequence[Hit]) -> list[tuple[tuple[int, int], int, int]]:
    """Where the hits are on their page: block and line, from and to in the line."""
    from ocrdesk.desktop.review.search import place_of  # loads the client, which a window without hits can do without

    return [((line.block, line.line), hit.start, hit.end) for hit in hits if (line := place_of(page, hit)) is not None]
