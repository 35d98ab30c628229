"""The review's actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QPalette, QUndoGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects


class ReviewActions(QObject):
    """For the menus, tool bars and shortcuts. The pane connects them."""

    def __init__(self, undo_group: QUndoGroup, parent: QObject) -> None:
        super().__init__(parent)
        self._icons: dict[QAction, Icon] = {}
        self._is_reviewing, self._is_covered = False, False
        tr = self.tr
        self.undo = undo_group.createUndoAction(self, tr("&Undo"))
        self.redo = undo_group.createRedoAction(self, tr("&Redo"))
        self._set_up(self.undo, tr("Undo the last correction"), "Ctrl+Z", Icon.UNDO)
        self._set_up(self.redo, tr("Redo the correction"), "Ctrl+Shift+Z", Icon.REDO)
        self.next = self._action(tr("&Next word to check"), tr("Go to the next word to check"), "F8", Icon.NEXT)
        self.previous = self._action(
            tr("&Previous word to check"), tr("Go to the previous word to check"), "Shift+F8", Icon.PREVIOUS
        )
        self.accept = self._action(
            tr("&Accept the word"), tr("Confirm the word, and go to the next one"), "Ctrl+Return", Icon.CHECK
        )
        self.edit = self._action(tr("&Correct the word…"), tr("Type the correct word"), "F2")
        self.find = self._action(tr("&Find…"), tr("Find in the whole document"), "Ctrl+F", Icon.FIND)
        self.replace = self._action(tr("R&eplace…"), tr("Find and replace in the whole document"), "Ctrl+H")
        self.find_next = self._action(tr("Find ne&xt"), tr("Go to the next hit"), "F3")
        self.find_previous = self._action(tr("Find pre&vious"), tr("Go to the previous hit"), "Shift+F3")
        self.copy_page = self._action(tr("Copy pa&ge"), tr("Copy the text of this page"), "Ctrl+Alt+C")
        self.orphaned_corrections = self._action(
            tr("Un&saved corrections…"), tr("Show corrections of results that the server no longer has"), ""
        )
        self.orphaned_corrections.setVisible(False)
        self.page_up = self._action(tr("Pre&vious page"), tr("Go to the previous page"), "Ctrl+PgUp", Icon.PREVIOUS)
        self.page_down = self._action(tr("Ne&xt page"), tr("Go to the next page"), "Ctrl+PgDown", Icon.NEXT)
        self.go_to_page = self._action(tr("&Go to page…"), tr("Type a page's number"), "Ctrl+G")
        self.thumbnails = self._action(
            tr("Page &thumbnails"), tr("Show or hide the page thumbnails"), "F4", Icon.PAGES, is_checkable=True
        )
        self.zoom_in = self._action(tr("Zoom &in"), tr("Show the page larger"), "Ctrl++", Icon.ZOOM_IN)
        self.zoom_in.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.zoom_out = self._action(tr("Zoom &out"), tr("Show the page smaller"), "Ctrl+-", Icon.ZOOM_OUT)
        self.fit_width = self._action(
            tr("Fit &width"), tr("Fit the page to the width of the view"), "Ctrl+2", Icon.FIT_WIDTH
        )
        self.fit_page = self._action(tr("&Fit page"), tr("Show the whole page"), "Ctrl+0", Icon.FIT_PAGE)
        self.actual_size = self._action(tr("&Actual size"), tr("Show the page as large as on paper"), "Ctrl+1")
        self.plain_text = self._action(
            tr("Text on&ly"), tr("Show the text of all pages without images"), "Ctrl+T", is_checkable=True
        )
        self._name_actions()

    def _name_actions(self) -> None:
        name_objects(
            action_undo=self.undo,
            action_redo=self.redo,
            action_next_word=self.next,
            action_previous_word=self.previous,
            action_accept_word=self.accept,
            action_edit_word=self.edit,
            action_find=self.find,
            action_replace=self.replace,
            action_find_next=self.find_next,
            action_find_previous=self.find_previous,
            action_copy_page=self.copy_page,
            action_orphaned_corrections=self.orphaned_corrections,
            action_page_up=self.page_up,
            action_page_down=self.page_down,
            action_go_to_page=self.go_to_page,
            action_thumbnails=self.thumbnails,
            action_zoom_in=self.zoom_in,
            action_zoom_out=self.zoom_out,
            action_fit_width=self.fit_width,
            action_fit_page=self.fit_page,
            action_actual_size=self.actual_size,
            action_plain_text=self.plain_text,
        )

    def add_menus(self, bar: QMenuBar) -> list[QMenu]:
        """Add the menus "Edit" and "Page"."""
        edit, page = bar.addMenu(self.tr("&Edit")), bar.addMenu(self.tr("&Page"))
        for menu, groups in (
            (
                edit,
                (
                    (self.undo, self.redo),
                    (self.previous, self.next, self.accept, self.edit),
                    (self.find, self.replace, self.find_next, self.find_previous),
                    (self.copy_page,),
                    (self.orphaned_corrections,),
                ),
            ),
            (
                page,
                (
                    (self.page_up, self.page_down, self.go_to_page),
                    (self.zoom_in, self.zoom_out, self.fit_width, self.fit_page, self.actual_size),
                    (self.thumbnails, self.plain_text),
                ),
            ),
        ):
            menu.setAccessibleName(menu.title().replace("&", ""))
            for actions in groups:
                menu.addActions(list(actions))
                menu.addSeparator()
        return [edit, page]

    def connect_to(self, slots: dict[QAction, Callable[[], object]]) -> None:
        for action, slot in slots.items():
            action.triggered.connect(lambda _checked=False, slot=slot: slot())

    def enable(self, is_reviewing: bool) -> None:
        """Enable or disable actions that need a document. Undo and redo do so themselves."""
        self._is_reviewing = is_reviewing
        for action in self._all():
            if action not in (self.undo, self.redo, self.plain_text, self.orphaned_corrections):
                action.setEnabled(is_reviewing and not self._is_covered)

    def cover(self, is_covered: bool) -> None:
        """Disable the actions while something else covers the review."""
        self._is_covered = is_covered
        self.enable(self._is_reviewing)

    def update_icons(self, palette: QPalette) -> None:
        for action, name in self._icons.items():
            action.setIcon(icon(name, palette))

    def _all(self) -> Iterable[QAction]:
        return (child for child in self.children() if isinstance(child, QAction))

    def _action(
        self, text: str, tip: str, shortcut: str, name: Icon | None = None, *, is_checkable: bool = False
    ) -> QAction:
        action = QAction(text, self)
        action.setCheckable(is_checkable)
        self._set_up(action, tip, shortcut, name)
        return action

    def _set_up(self, action: QAction, tip: str, shortcut: str, name: Icon | None) -> None:
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setStatusTip(tip)
        if name is not None:
            self._icons[action] = name
