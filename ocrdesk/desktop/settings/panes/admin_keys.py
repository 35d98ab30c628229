"""All API keys, for admins."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from ocrdesk.desktop.background.tasks import Lane
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.settings.confirm import ask
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.dates import format_time
from ocrdesk.desktop.settings.pane import Notice, add_field, beside, button, form
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.api_keys import IssuedKey, KeyInfo, KeyList

_ID = Qt.ItemDataRole.UserRole
_TABLE_PX = 200
_SCOPES = ("submit", "read", "admin")


class AdminKeys(QGroupBox):
    """Lists, creates and revokes keys; needs a key with the scope `admin`."""

    issued = Signal(object)
    """An IssuedKey for somebody else."""
    revoked = Signal(str)
    """The id of a key that no longer works."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setTitle(self.tr("All keys"))
        self.setAccessibleName(self.title())
        self._context = context
        self._next: str | None = None
        self._table = self._make_table()
        self._older, self._revoke = button(self.tr("Show older")), button(self.tr("Revoke…"))
        self._notice = Notice(self)
        self._name, self._email = QLineEdit(), QLineEdit()
        self._email.setPlaceholderText(self.tr("Optional"))
        words = (self.tr("Send files"), self.tr("Read results"), self.tr("Manage keys"))
        self._scopes = {scope: QCheckBox(text) for scope, text in zip(_SCOPES, words, strict=True)}
        for scope, box in self._scopes.items():
            box.setAccessibleName(box.text())
            box.setChecked(scope != "admin")
        self._expiry = QComboBox()
        for text, days in (
            (self.tr("Never"), 0),
            (self.tr("In 30 days"), 30),
            (self.tr("In 90 days"), 90),
            (self.tr("In a year"), 365),
        ):
            self._expiry.addItem(text, days)
        self._create = button(self.tr("Create key"))
        self._name_parts()
        fields = form()
        add_field(fields, self.tr("Name of the user"), self._name)
        add_field(fields, self.tr("E-mail address"), self._email)
        add_field(fields, self.tr("Expires"), self._expiry)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(self._table)
        layout.addLayout(beside(self._revoke, self._older))
        layout.addSpacing(8)
        layout.addLayout(fields)
        layout.addLayout(beside(*self._scopes.values()))
        layout.addLayout(beside(self._create))
        layout.addWidget(self._notice)
        self._table.itemSelectionChanged.connect(self._update)
        self._older.clicked.connect(lambda: self._load(self._next))
        self._revoke.clicked.connect(self._on_revoke)
        self._create.clicked.connect(self._on_create)
        self._update()

    def _name_parts(self) -> None:
        for scope, box in self._scopes.items():
            box.setObjectName(f"made_key_may_{scope}")
        name_objects(
            key_table=self._table,
            key_table_older=self._older,
            key_table_revoke=self._revoke,
            made_key_name=self._name,
            made_key_email=self._email,
            made_key_expiry=self._expiry,
            made_key_make=self._create,
            made_key_notice=self._notice,
        )

    def refresh(self) -> None:
        """List the newest keys."""
        self._load(None)

    def _make_table(self) -> QTableWidget:
        headings = (
            self.tr("Name"),
            self.tr("E-mail"),
            self.tr("Begins with"),
            self.tr("Permissions"),
            self.tr("Status"),
            self.tr("Expires"),
            self.tr("Last used"),
            self.tr("Requests"),
        )
        table = QTableWidget(0, len(headings))
        table.setHorizontalHeaderLabels(headings)
        table.setAccessibleName(self.title())
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setFixedHeight(_TABLE_PX)
        table.verticalHeader().hide()
        table.verticalHeader().setAccessibleName(self.tr("Rows"))
        table.horizontalHeader().setAccessibleName(self.tr("Columns"))
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.viewport().setAccessibleName(self.title())
        return table

    # ── the list ─────────────────────────────────────────────────────────────────────────────────────

    def _load(self, after: str | None) -> None:
        if client := self._client():
            self._context.tasks.run(
                partial(client.keys, after=after), partial(self._on_keys, after), self._say_error, lane=Lane.SETTINGS
            )

    def _on_keys(self, after: str | None, found: KeyList) -> None:
        chosen = self._chosen()
        if after is None:
            self._table.setRowCount(0)
        for key in found.keys:
            self._append(key)
        self._next = found.next
        if chosen:
            self._choose(chosen)
        self._update()

    def _append(self, key: KeyInfo) -> None:
        row = self._table.rowCount()
        self._table.insertRow(row)
        cells = (
            key.name,
            key.email or "",
            key.prefix,
            ", ".join(key.scopes),
            self._status_text(key.status.value),
            format_time(key.expires_at) if key.expires_at else self.tr("Never"),
            format_time(key.last_used_at) if key.last_used_at else self.tr("Never"),
            str(key.request_count),
        )
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if column == 0:
                item.setData(_ID, key.key_id)
                item.setData(_ID + 1, key.status.value == "active")
            self._table.setItem(row, column, item)

    def _status_text(self, status: str) -> str:
        texts = {"active": self.tr("Active"), "expired": self.tr("Expired"), "revoked": self.tr("Revoked")}
        return texts.get(status, status)

    def _chosen(self) -> str:
        rows = self._table.selectionModel().selectedRows()
        return str(rows[0].data(_ID)) if rows else ""

    def _choose(self, key_id: str) -> None:
        for row in range(self._table.rowCount()):
            if self._table.model().index(row, 0).data(_ID) == key_id:
                self._table.selectRow(row)

    def _update(self) -> None:
        rows = self._table.selectionModel().selectedRows()
        self._revoke.setEnabled(bool(rows) and bool(rows[0].data(_ID + 1)))
        self._older.setVisible(self._next is not None)

    # ── creating and revoking ──────────────────────────────────────────────────────────────────────────

    def _on_create(self) -> None:
        client = self._client()
        if client is None:
            return
        if not self._name.text().strip():
            self._notice.say(self.tr("Enter who or what the key is for."), Meaning.BAD)
            return
        scopes = tuple(scope for scope, box in self._scopes.items() if box.isChecked())
        if not scopes:
            self._notice.say(self.tr("Choose at least one permission."), Meaning.BAD)
            return
        days = int(self._expiry.currentData()) or None
        work = partial(_create, client, self._name.text().strip(), self._email.text().strip() or None, scopes, days)
        self._create.setEnabled(False)
        self._context.tasks.run(work, self._on_created, self._on_create_failed, lane=Lane.SETTINGS)

    def _on_created(self, issued: IssuedKey) -> None:
        self._create.setEnabled(True)
        self._name.clear()
        self._email.clear()
        self._notice.say("")
        self.issued.emit(issued)
        self.refresh()

    def _on_create_failed(self, error: Exception) -> None:
        self._create.setEnabled(True)
        self._say_error(error)

    def _on_revoke(self) -> None:
        key_id = self._chosen()
        name = str(self._table.selectionModel().selectedRows()[0].data()) if key_id else ""
        question = self.tr("Revoke the key of {name}? It stops working immediately.").format(name=name)
        ask(self, self.tr("Revoke key"), question, self.tr("Revoke"), lambda: self._revoke_now(key_id, name))

    def _revoke_now(self, key_id: str, name: str) -> None:
        def on_revoked(_: None) -> None:
            self._notice.say(self.tr("The key of {name} was revoked.").format(name=name), Meaning.GOOD)
            self.revoked.emit(key_id)
            self.refresh()

        if client := self._client():
            self._context.tasks.run(partial(client.revoke_key, key_id), on_revoked, self._say_error, lane=Lane.SETTINGS)

    def _client(self) -> Client | None:
        client = self._context.session.client
        if client is None:
            self._notice.say(self.tr("Not connected. Try again in a moment."), Meaning.BAD)
            return None
        return client.with_retry_policy(0)

    def _say_error(self, error: Exception) -> None:
        self._notice.say(short_reason(error), Meaning.BAD)


def _create(client: Client, name: str, email: str | None, scopes: tuple[str, ...], days: int | None) -> IssuedKey:
    """Create a key. Raises ValueError with a sentence if the name or the address is invalid."""
    from pydantic import ValidationError

    from ocrdesk.contract.api_keys import NewKey, Scope

    try:
        wanted = NewKey(name=name, email=email, scopes=tuple(Scope(scope) for scope in scopes), expires_in_days=days)
    except ValidationError as error:
        raise ValueError("; ".join(problem["msg"] for problem in error.errors())) from None
    return client.create_key(wanted)
