"""Keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.pane import Notice, Pane, add_field, beside, button, form
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.shortcuts import Shortcut

_NATIVE = QKeySequence.SequenceFormat.NativeText


class ShortcutsPane(Pane):
    """Lists all actions with their keys, which the user can change."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Shortcuts"), parent)
        self._shortcuts = context.shortcuts
        self._table = self._make_table()
        self._keys = QKeySequenceEdit()
        self._keys.setMaximumSequenceLength(1)
        self._keys.setClearButtonEnabled(True)
        self._set, self._restore = button(self.tr("Set")), button(self.tr("Restore defaults"))
        self._reassign = button(self.tr("Reassign"))
        self._notice = Notice(self.widget())
        name_objects(
            shortcut_table=self._table,
            shortcut_keys=self._keys,
            shortcut_set=self._set,
            shortcut_take=self._reassign,
            shortcut_restore_all=self._restore,
            shortcut_notice=self._notice,
        )
        fields = form()
        add_field(fields, self.tr("New keys"), self._keys)
        for line in self._keys.findChildren(QLineEdit):
            line.setAccessibleName(self.tr("New keys"))
        self.add_note(
            self.tr("Choose an action, press its new keys, and click Set. An empty field removes the shortcut.")
        )
        self.body.addWidget(self._table, 1)
        self.body.addLayout(fields)
        self.body.addWidget(self._notice)
        self.body.addLayout(beside(self._set, self._reassign, self._restore))
        self._table.itemSelectionChanged.connect(self._on_chosen)
        self._keys.keySequenceChanged.connect(lambda _: self._check_keys())
        self._set.clicked.connect(self._on_set)
        self._reassign.clicked.connect(self._on_set)
        self._restore.clicked.connect(self._on_restore)
        self._shortcuts.changed.connect(self._fill)
        self._fill()

    def shown(self) -> None:
        self._fill()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setHorizontalHeaderLabels([self.tr("Action"), self.tr("Keys")])
        table.setAccessibleName(self.tr("Actions and their keys"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(260)
        table.verticalHeader().hide()
        table.verticalHeader().setAccessibleName(self.tr("Rows"))
        table.horizontalHeader().setAccessibleName(self.tr("Columns"))
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _fill(self) -> None:
        row = self._table.currentRow()
        self._table.blockSignals(True)
        self._table.setRowCount(0)
        for shortcut in self._shortcuts.all():
            index = self._table.rowCount()
            self._table.insertRow(index)
            title = QTableWidgetItem(shortcut.title)
            title.setData(Qt.ItemDataRole.UserRole, shortcut.shortcut_id)
            self._table.setItem(index, 0, title)
            self._table.setItem(
                index, 1, QTableWidgetItem(QKeySequence.listToString(shortcut.action.shortcuts(), _NATIVE))
            )
        if self._table.rowCount():
            self._table.selectRow(max(0, row))
        self._table.blockSignals(False)
        self._on_chosen()

    def select(self, shortcut_id: str) -> None:
        for row, shortcut in enumerate(self._shortcuts.all()):
            if shortcut.shortcut_id == shortcut_id:
                self._table.selectRow(row)

    def _chosen(self) -> Shortcut | None:
        shortcuts = self._shortcuts.all()
        row = self._table.currentRow()
        return shortcuts[row] if 0 <= row < len(shortcuts) else None

    def _on_chosen(self) -> None:
        shortcut = self._chosen()
        if shortcut is not None:
            self._keys.setKeySequence(shortcut.action.shortcut())
        self._check_keys()

    def _check_keys(self) -> None:
        """Tell the user if another action has these keys."""
        shortcut = self._chosen()
        keys = self._keys.keySequence()
        is_new = shortcut is not None and keys != shortcut.action.shortcut()
        other = self._shortcuts.owner_of(keys, shortcut.shortcut_id) if shortcut and is_new else None
        self._set.setVisible(other is None)
        self._set.setEnabled(is_new)
        self._reassign.setVisible(other is not None)
        if other is None:
            self._notice.say("")
        else:
            words = self.tr("{keys} belongs to “{other}”. Reassign it, or press other keys.")
            self._notice.say(words.format(keys=keys.toString(_NATIVE), other=other.title), Meaning.BAD)

    def _on_set(self) -> None:
        if shortcut := self._chosen():
            self._shortcuts.give(shortcut.shortcut_id, self._keys.keySequence())

    def _on_restore(self) -> None:
        self._shortcuts.restore_all()
