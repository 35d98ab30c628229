"""Shows the library in place of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QStackedWidget

from ocrdesk.desktop.library.library import Library
from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

if TYPE_CHECKING:
    from ocrdesk.desktop.library.library_view import LibraryView


class LibraryPage(QObject):
    """Creates the view when it is first opened, so that the window starts faster."""

    open_requested = Signal(str, int, object)
    """As LibraryView's, after the list of jobs is shown again."""

    def __init__(self, library: Library, stack: QStackedWidget, show_jobs: Callable[[], None]) -> None:
        super().__init__(stack)
        self._library, self._stack, self._show_jobs = library, stack, show_jobs
        self.view: LibraryView | None = None
        self.action = QAction(self.tr("&Library"), self)
        self.action.setShortcut(QKeySequence("Ctrl+L"))
        self.action.setToolTip(self.tr("Search all recognised text (Ctrl+L)"))
        self.action.setCheckable(True)
        self.action.triggered.connect(
            lambda is_on: self.show() if is_on or self._is_search_unfocused() else self.leave()
        )
        name_objects(action_library=self.action)
        PaletteWatcher(stack, lambda: self._update_icon(stack.palette()))

    @property
    def is_shown(self) -> bool:
        return self.view is not None and self._stack.currentWidget() is self.view

    def show(self) -> None:
        if self.view is None:
            from ocrdesk.desktop.library.library_view import LibraryView

            self.view = LibraryView(self._library)
            self.view.left.connect(self.leave)
            self.view.open_requested.connect(self._on_open_requested)
            self._stack.addWidget(self.view)
        self._stack.setCurrentWidget(self.view)
        self.action.setChecked(True)
        self.view.begin()

    def leave(self) -> None:
        if self.view is not None and self.is_shown:
            self._stack.setCurrentIndex(0)
        self.action.setChecked(False)
        self._show_jobs()

    def _update_icon(self, palette: QPalette) -> None:
        self.action.setIcon(icon(Icon.LIBRARY, palette))

    def _is_search_unfocused(self) -> bool:
        """Return whether the library is shown with the cursor outside its search field: the action then goes there."""
        return self.is_shown and self.view is not None and not self.view.filters.text.hasFocus()

    def _on_open_requested(self, job_id: str, page: int, boxes: object) -> None:
        self.leave()
        self.open_requested.emit(job_id, page, boxes)
