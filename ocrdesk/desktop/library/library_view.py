"""The library view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ocrdesk.desktop.library.document_view import DocumentView
from ocrdesk.desktop.library.filters import LibraryFilters
from ocrdesk.desktop.library.hits import HIT, HitList, HitsModel
from ocrdesk.desktop.library.library import Library
from ocrdesk.desktop.library.purge_menu import PurgeMenu
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ocrdesk.desktop.library.records import Found, Hit, StoredDocument, StoredPage, Wanted

_SEARCH_AGAIN_MS = 1_000
_LIST_PX, _TEXT_PX = 420, 660


class LibraryView(QWidget):
    """Search and hits at the left, the stored text at the right. Searches only while it is visible."""

    open_requested = Signal(str, int, object)
    """A job's id, a page, and the search words' boxes on it: [(left, top, right, bottom)] in pixels of the page."""
    left = Signal()
    """The user wants to go back to the list of jobs."""

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Library"))
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._library = library
        self._shown: StoredDocument | None = None
        self._pages: Sequence[StoredPage] = ()
        self._wanted: Wanted | None = None
        self._build()
        self._search_again = QTimer(self, singleShot=True, interval=_SEARCH_AGAIN_MS)
        self._search_again.timeout.connect(self._search)
        self._connect()
        PaletteWatcher(self, self._update_colours)

    def begin(self) -> None:
        """Put the cursor into the search field, and list the newest documents. Call it when the view is shown."""
        self.filters.begin()
        self._search()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self.filters = LibraryFilters()
        self.model = HitsModel(self)
        self.hits = HitList(self.model)
        self.count = QLabel()
        self.count.setContentsMargins(16, 0, 16, 4)
        self.menu = PurgeMenu(self)
        self._more = _button(self.tr("Library settings"))
        self._more.setMenu(self.menu)
        self._back = _button(self.tr("Back to the list"))
        self._document = DocumentView()
        self._name_parts()
        self._lay_out()

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setAccessibleName(self.tr("Hits and text"))
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self._search_column())
        split.addWidget(self._document)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_PX, _TEXT_PX])
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.addWidget(self._back)
        bar.addStretch()
        bar.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(split, 1)

    def _search_column(self) -> QWidget:
        column = QWidget()
        column.setAccessibleName(self.tr("Search and hits"))
        column.setMinimumWidth(280)
        column.setBackgroundRole(QPalette.ColorRole.Window)
        column.setAutoFillBackground(True)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.filters)
        layout.addWidget(self.count)
        layout.addWidget(self.hits, 1)
        return column

    def _name_parts(self) -> None:
        name_objects(
            library=self,
            library_hits=self.hits,
            library_count=self.count,
            library_menu_button=self._more,
            library_back_button=self._back,
        )

    def _connect(self) -> None:
        library, menu = self._library, self.menu
        self.filters.changed.connect(self._search)
        self.hits.selectionModel().currentChanged.connect(self._on_current)
        self.hits.activated.connect(self._open)
        self._document.show_job_wanted.connect(lambda: self._open(self.hits.currentIndex()))
        self._back.clicked.connect(self.left)
        library.found.connect(self._on_found)
        library.opened.connect(self._on_opened)
        library.changed.connect(self._on_changed)
        library.removed.connect(lambda _: self._search())  # at once: what was removed must not stay in sight
        library.failed.connect(self._on_failed)
        menu.aboutToShow.connect(self._update_menu)
        menu.switched.connect(library.settings.set_enabled)
        menu.purge_wanted.connect(self._purge)
        menu.delete_one.triggered.connect(lambda _checked=False: self._ask_delete())
        library.settings.changed.connect(lambda _: self._search())

    # ── searching ────────────────────────────────────────────────────────────────────────────────

    def _search(self) -> None:
        if self.isVisible():
            self._library.search(self.filters.wanted())

    def _on_changed(self) -> None:
        if self.isVisible() and not self._search_again.isActive():
            self._search_again.start()

    def _on_found(self, found: Found) -> None:
        before = self._current_hit() if _is_repeat(found.wanted, self._wanted) else None
        self._wanted = found.wanted
        self.filters.offer_servers(found.servers)
        if tuple(found.hits) != tuple(self.model.hits()):
            self.model.show(found.hits)
        self.count.setText(self._count_text(found))
        if not found.hits:
            self._shown = None
            self._document.show_message(self._empty_text(found))
            return
        rows = [row for row, hit in enumerate(found.hits) if before and _is_same(hit, before)]
        self.hits.setCurrentIndex(self.model.index(rows[0] if rows else 0))
        self._show_current()

    def _count_text(self, found: Found) -> str:
        if not found.hits:
            return ""
        if not found.wanted.typed.strip():
            return self.tr("{count} documents").format(count=found.document_count)
        if found.is_cut:
            return self.tr("The best {count} pages").format(count=len(found.hits))
        return self.tr("1 page") if len(found.hits) == 1 else self.tr("{count} pages").format(count=len(found.hits))

    def _empty_text(self, found: Found) -> str:
        if not self._library.settings.is_enabled and not found.document_count:
            return self.tr(
                "The library is switched off, so recognised text is not kept. You can switch it on in its settings."
            )
        if not found.document_count:
            return self.tr(
                "The library is empty. Recognised text is kept here; you can search it as soon as a file is finished."
            )
        return self.tr("Nothing found. Try fewer words, or other filters.")

    # ── the document ─────────────────────────────────────────────────────────────────────────────

    def _current_hit(self) -> Hit | None:
        index = self.hits.currentIndex()
        return index.data(HIT) if index.isValid() else None

    def _on_current(self, _index: QModelIndex, _before: QModelIndex) -> None:
        self._show_current()

    def _show_current(self) -> None:
        hit = self._current_hit()
        has_job = hit is not None and self._library.is_at_server(hit.document)
        self._document.show_name(hit.document.name if hit else "", has_job=has_job)
        if hit is None:
            return
        if hit.document == self._shown:
            self._mark(hit)
        if hit.document != self._shown or len(self._pages) < hit.document.page_count:
            self._library.open(hit.document)  # also a document whose pages are still being added

    def _on_opened(self, document: StoredDocument, pages: Sequence[StoredPage]) -> None:
        hit = self._current_hit()
        if hit is None or hit.document != document:
            return
        self._document.show_text()
        if (document, pages) != (self._shown, self._pages):
            self._shown, self._pages = document, pages
            self._document.show_document(pages)
        self._mark(hit)

    def _mark(self, hit: Hit) -> None:
        from ocrdesk.desktop.library.query import parse_query

        self._document.text.mark(hit.page, parse_query(self.filters.text.text()))

    def _open(self, _index: QModelIndex) -> None:
        """Open the hit in the window's review if the server still has the job. Otherwise focus the stored text."""
        from ocrdesk.desktop.library.query import parse_query

        hit = self._current_hit()
        if hit is None or not self._library.is_at_server(hit.document):
            self._document.text.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        page = next((page for page in self._pages if page.number == hit.page), None)
        query = parse_query(self.filters.text.text())
        boxes = page.boxes(query) if page and query.phrases and hit.document == self._shown else []
        self.open_requested.emit(hit.document.job_id, hit.page, boxes)

    def _ask_delete(self) -> None:
        hit = self._current_hit()
        if hit is not None:
            document = hit.document
            question = self.tr("Delete the stored text of {name}?").format(name=document.name)
            self.menu.confirm(question, lambda: self._delete(document))

    def _delete(self, document: StoredDocument) -> None:
        self._library.remove(document)

    def _purge(self, before: datetime | None) -> None:
        self._library.remove_all(before)

    # ── keys and messages ────────────────────────────────────────────────────────────────────────

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Down if self.filters.text.hasFocus():
                self.hits.setFocus(Qt.FocusReason.OtherFocusReason)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.filters.text.hasFocus():
                self._open(self.hits.currentIndex())
            case Qt.Key.Key_Delete if self.hits.hasFocus():
                self._ask_delete()
            case _:
                super().keyPressEvent(event)

    def _on_failed(self, sentence: str) -> None:
        self.count.clear()
        self._document.show_message(sentence)

    def _update_menu(self) -> None:
        self.menu.show_switch(self._library.settings.is_enabled)
        self.menu.delete_one.setEnabled(self._current_hit() is not None)

    def _update_colours(self) -> None:
        colours.paint_label(self.count, colours.muted(self.palette()))


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setMinimumHeight(32)
    return button


def _is_repeat(wanted: Wanted, before: Wanted | None) -> bool:
    """Return whether the same search was repeated because the library changed. The current hit then stays current."""
    return before is not None and (wanted.typed, wanted.name, wanted.server) == (
        before.typed,
        before.name,
        before.server,
    )


def _is_same(hit: Hit, other: Hit) -> bool:
    return (hit.document.server, hit.document.job_id, hit.page) == (
        other.document.server,
        other.document.job_id,
        other.page,
    )
