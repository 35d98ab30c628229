"""The find-and-replace bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.document.finder import Finder
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher
from ocrdesk.desktop.ui.shortcuts import show_keys_in_tip

_MAX_PHRASE_LENGTH = 200


class FindBar(QWidget):
    """Runs the search, and shows the number of hits and which one is current."""

    closed = Signal()

    def __init__(self, finder: Finder, actions: ReviewActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Find and replace"))
        self._finder = finder
        self._find = QLineEdit(placeholderText=self.tr("Find in the document"))
        self._find.setAccessibleName(self.tr("Find"))
        self._new = QLineEdit(placeholderText=self.tr("Replace with"))
        self._new.setAccessibleName(self.tr("Replace with"))
        self._case = self._toggle("Aa", self.tr("Match case"))
        self._whole = self._toggle("W", self.tr("Whole words only"))
        self._previous = self._step(self.tr("Previous hit"), -1, actions.find_previous)
        self._next = self._step(self.tr("Next hit"), 1, actions.find_next)
        self._close = QToolButton(autoRaise=True)
        escape = QKeySequence(Qt.Key.Key_Escape).toString(QKeySequence.SequenceFormat.NativeText)
        close = self.tr("Close")
        self._close.setToolTip(f"{close} ({escape})")
        self._close.setAccessibleName(self.tr("Close the search"))
        self._close.clicked.connect(self.close_search)
        self._count = QLabel()
        self._one = QPushButton(self.tr("&Replace"))
        self._all = QPushButton(self.tr("Replace &all"))
        self._one.setAccessibleName(self.tr("Replace this hit"))
        self._all.setAccessibleName(self.tr("Replace all hits"))
        self._one.clicked.connect(lambda: finder.replace_one(self._new.text()))
        self._all.clicked.connect(lambda: finder.replace_all(self._new.text()))
        name_objects(
            find_text=self._find,
            replacement_text=self._new,
            match_case=self._case,
            whole_words=self._whole,
            previous_hit=self._previous,
            next_hit=self._next,
            close_search=self._close,
            hit_count=self._count,
            replace_hit=self._one,
            replace_all_hits=self._all,
        )
        self._lay_out()
        self._find.textChanged.connect(self._search)
        self._case.toggled.connect(self._search)
        self._whole.toggled.connect(self._search)
        for field in (self._find, self._new):
            field.installEventFilter(self)
        finder.hits_changed.connect(self._update_count)
        PaletteWatcher(self, self._update_colours)
        self._update_count()
        self.hide()

    def open(self, text: str, *, with_replace: bool) -> None:
        """Show the bar. `text` is the selected text, which is searched for if it is short."""
        self._new_row.setVisible(with_replace)
        phrase = " ".join(text.split())
        if phrase and len(phrase) <= _MAX_PHRASE_LENGTH:
            self._find.setText(phrase)
        self.show()
        self._find.setFocus()
        self._find.selectAll()
        self._search()

    def close_search(self) -> None:
        self.hide()
        self._finder.search("", match_case=False, whole_words=False)
        self.closed.emit()

    # ── widgets ────────────────────────────────────────────────────────────────────────────────────

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(4)
        for widget in (self._find, self._case, self._whole, self._previous, self._next, self._close):
            first.addWidget(widget, 1 if widget is self._find else 0)
        self._new_row = QWidget()
        self._new_row.setAccessibleName(self.tr("Replace"))
        second = QHBoxLayout(self._new_row)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(4)
        second.addWidget(self._new, 1)
        second.addWidget(self._one)
        second.addWidget(self._all)
        layout = QGridLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setVerticalSpacing(4)
        layout.addLayout(first, 0, 0)
        layout.addWidget(self._new_row, 1, 0)
        layout.addWidget(self._count, 2, 0)

    def _toggle(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setMinimumSize(32, 32)
        return button

    def _step(self, tip: str, step: int, action: QAction) -> QToolButton:
        button = QToolButton(autoRaise=True)
        show_keys_in_tip(button, tip, action)
        button.setAccessibleName(tip)
        button.setMinimumSize(32, 32)
        button.clicked.connect(lambda: self._finder.step(step))
        return button

    def _update_colours(self) -> None:
        for button, name in ((self._previous, Icon.PREVIOUS), (self._next, Icon.NEXT), (self._close, Icon.CANCEL)):
            button.setIcon(icon(name, self.palette()))
        colours.paint_label(self._count, colours.muted(self.palette()))

    # ── searching ────────────────────────────────────────────────────────────────────────────────

    def _search(self) -> None:
        self._finder.search(self._find.text(), match_case=self._case.isChecked(), whole_words=self._whole.isChecked())

    def _update_count(self) -> None:
        finder = self._finder
        if not finder.has_query:
            text = ""
        elif finder.is_busy:
            text = self.tr("Searching…")
        elif not finder.count:
            text = self.tr("Not found.")
        elif finder.position:
            text = self.tr("{number} of {count}").format(
                number=QLocale().toString(finder.position), count=QLocale().toString(finder.count)
            )
        else:
            text = (
                self.tr("1 hit")
                if finder.count == 1
                else self.tr("{count} hits").format(count=QLocale().toString(finder.count))
            )
        self._count.setText(text)
        self._count.setAccessibleName(text or self.tr("Hits"))
        for button in (self._previous, self._next, self._one, self._all):
            button.setEnabled(finder.count > 0 and not finder.is_busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the bar on Esc, which its fields and buttons ignore."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_search()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            if watched is self._new:
                self._finder.replace_one(self._new.text())
            else:
                self._finder.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        return super().eventFilter(watched, event)
