"""Servers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from ocrdesk.desktop.servers.server_list import LOCAL_ID
from ocrdesk.desktop.settings.confirm import ask
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.pane import Pane, add_frame, beside, button
from ocrdesk.desktop.settings.panes.local_server_form import LocalServerForm
from ocrdesk.desktop.settings.panes.server_form import ServerForm
from ocrdesk.desktop.ui.object_names import name_objects

_ID = Qt.ItemDataRole.UserRole
_LIST_HEIGHT_PX = 132
_ROW_PX = 28


class ServersPane(Pane):
    """The list of servers, and the details of the chosen one."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Servers"), parent)
        self._book, self._switch = context.book, context.switch
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Servers"))
        self._list.setFixedHeight(_LIST_HEIGHT_PX)
        add_frame(self._list)
        self._add = button(self.tr("Add server…"))
        self._remove = button(self.tr("Remove"))
        self._use = button(self.tr("Use this server"))
        self._local, self._remote = LocalServerForm(context.engine, self), ServerForm(context, self)
        self._details = QStackedWidget()
        self._details.setAccessibleName(self.tr("Details"))
        self._details.addWidget(self._local)
        self._details.addWidget(self._remote)
        name_objects(
            server_list=self._list,
            server_add=self._add,
            server_remove=self._remove,
            server_use=self._use,
            server_details=self._details,
            local_server_form=self._local,
            server_form=self._remote,
        )
        self.add_note(self.tr("The window shows the jobs of one server at a time."))
        self.body.addWidget(self._list)
        self.body.addLayout(beside(self._add, self._remove, self._use))
        self.body.addSpacing(8)
        self.body.addWidget(self._details)
        self.body.addStretch()
        self._list.currentItemChanged.connect(lambda _new, _old: self._show_current())
        self._add.clicked.connect(self._on_add)
        self._remove.clicked.connect(self._on_remove)
        self._use.clicked.connect(lambda: self._switch.use(self._current_id()))
        self._remote.saved.connect(self._on_saved)
        self._switch.changed.connect(self._fill)
        self._fill()
        self.select(self._switch.current_id)

    def shown(self) -> None:
        self._fill()
        self._local.refresh()
        self._remote.look_at_keyring()

    def select(self, server_id: str) -> None:
        for index in range(self._list.count()):
            if self._list.item(index).data(_ID) == server_id:
                self._list.setCurrentRow(index)

    def _fill(self) -> None:
        chosen = self._current_id()
        self._list.blockSignals(True)
        self._list.clear()
        for server_id in (LOCAL_ID, *(entry.server_id for entry in self._book.entries)):
            name = self._switch.name_of(server_id)
            is_used = server_id == self._switch.current_id
            item = QListWidgetItem(self.tr("{name} (in use)").format(name=name) if is_used else name)
            item.setData(_ID, server_id)
            item.setSizeHint(QSize(0, _ROW_PX))
            if entry := self._book.entry(server_id):
                item.setToolTip(entry.url)
            font = item.font()
            font.setBold(is_used)
            item.setFont(font)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self.select(chosen)
        if not self._list.currentItem():
            self._list.setCurrentRow(0)
        self._update_buttons()

    def _current_id(self) -> str:
        item = self._list.currentItem()
        return str(item.data(_ID)) if item else ""

    def _show_current(self) -> None:
        server_id = self._current_id()
        if server_id == LOCAL_ID:
            self._details.setCurrentWidget(self._local)
        elif entry := self._book.entry(server_id):
            self._remote.show_entry(entry)
            self._details.setCurrentWidget(self._remote)
        self._update_buttons()

    def _update_buttons(self) -> None:
        server_id = self._current_id()
        self._remove.setEnabled(server_id not in ("", LOCAL_ID))
        self._use.setEnabled(server_id not in ("", self._switch.current_id))

    def _on_add(self) -> None:
        self._list.setCurrentItem(None)  # type: ignore[call-overload]  # Qt allows for it
        self._details.setCurrentWidget(self._remote)
        self._remote.show_new()
        self._update_buttons()

    def _on_saved(self, server_id: str) -> None:
        self._fill()
        self.select(server_id)

    def _on_remove(self) -> None:
        server_id = self._current_id()
        question = self.tr("Remove {name} from the list? Your data stays on the server.")
        if left := self._switch.files_left(server_id):
            question += " " + self.tr("Files waiting to be sent there ({left}) are discarded.").format(left=left)
        question = question.format(name=self._switch.name_of(server_id))
        ask(self, self.tr("Remove server"), question, self.tr("Remove"), lambda: self._remove_for_good(server_id))

    def _remove_for_good(self, server_id: str) -> None:
        self._remote.forget_key(server_id)
        self._switch.remove(server_id)
