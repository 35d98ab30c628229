"""The pane of keys: the used server's own key, and, for who may, everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QFormLayout, QGroupBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Lane
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.servers import RemoteServer, host_of
from ocrdesk.desktop.session.session import ConnectionState, SessionState
from ocrdesk.desktop.settings.confirm import ask
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.dates import moment
from ocrdesk.desktop.settings.pane import Notice, Pane, add_field, beside, button, form
from ocrdesk.desktop.settings.panes.admin_keys import AdminKeys
from ocrdesk.desktop.settings.panes.key_storage import keeping_words
from ocrdesk.desktop.settings.panes.new_key_display import NewKeyDisplay, masked
from ocrdesk.desktop.settings.panes.usage_chart import Day, UsageChart
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.api_keys import IssuedKey, KeyStats

_HOUR_S, _DAY_S = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class _Kept:
    """A key that the server gave us, and whether the keyring has it."""

    issued: IssuedKey
    in_keyring: bool


class KeysPane(Pane):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keys"), parent)
        self._context, self._session = context, context.session
        self._stats: KeyStats | None = None
        self._where = self.add_note()
        self._notice = Notice(self.widget())
        self._fresh = NewKeyDisplay()
        self._own, self._registration = self._make_own(), self._make_registration()
        self._admin = AdminKeys(context)
        name_objects(
            keys_notice=self._notice,
            own_key=self._own,
            own_key_usage=self._chart,
            own_key_overlap=self._overlap,
            own_key_replace=self._regenerate,
            own_key_revoke=self._revoke,
            registration=self._registration,
            registration_email=self._email,
            registration_name=self._person,
            registration_register=self._register,
            everybodys_keys=self._admin,
        )
        self.body.addWidget(self._notice)
        self.body.addWidget(self._fresh)
        self.body.addWidget(self._own)
        self.body.addWidget(self._registration)
        self.body.addWidget(self._admin)
        self.body.addStretch()
        self._admin.issued.connect(self._on_issued_for_others)
        self._session.state_changed.connect(self._on_state)
        self._session.server_changed.connect(lambda _: self._forget())
        self._forget()

    def shown(self) -> None:
        """Asks the server anew."""
        host = host_of(self._session.server)
        if host:
            self._where.setText(self.tr("For the server at {host}.").format(host=host))
        else:
            self._where.setText(
                self.tr(
                    "The engine on this computer lets this program in without a key. Keys are for others: they need "
                    "one when the engine is shared on the network."
                )
            )
        client = self._session.client
        if client is not None:
            uploads_server = self._session.server
            self._context.tasks.run(
                client.with_patience(0).stats,
                lambda stats: self._on_stats(uploads_server, stats),
                lambda error: self._on_no_stats(uploads_server, error),
                lane=Lane.SETTINGS,
            )
        else:
            self._show_disconnected(self._session.state)

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────

    def _make_own(self) -> QGroupBox:
        box = QGroupBox(self.tr("Your key"))
        box.setAccessibleName(box.title())
        self._facts = form()
        self._fact_labels: dict[str, QLabel] = {}
        for name in ("Key", "Name", "May", "Made", "Ends", "Last used", "Used"):
            self._add_fact(self._facts, name)
        self._chart = UsageChart()
        self._overlap = QComboBox()
        for words, seconds in (
            (self.tr("at once"), 0),
            (self.tr("after 1 hour"), _HOUR_S),
            (self.tr("after 1 day"), _DAY_S),
            (self.tr("after 7 days"), 7 * _DAY_S),
        ):
            self._overlap.addItem(words, seconds)
        self._overlap.setCurrentIndex(1)
        self._overlap.setAccessibleName(self.tr("The old key ends"))
        self._overlap.setMinimumHeight(32)
        self._regenerate, self._revoke = button(self.tr("Replace key…")), button(self.tr("Revoke key…"))
        old_ends = QLabel(self.tr("The old key ends"))
        old_ends.setBuddy(self._overlap)
        layout = QVBoxLayout(box)
        layout.setSpacing(8)
        layout.addLayout(self._facts)
        layout.addWidget(self._chart)
        layout.addLayout(beside(self._regenerate, old_ends, self._overlap))
        layout.addLayout(beside(self._revoke))
        self._regenerate.clicked.connect(self._on_regenerate)
        self._revoke.clicked.connect(self._on_revoke)
        return box

    def _add_fact(self, facts: QFormLayout, name: str) -> None:
        words = {
            "Key": self.tr("Key"),
            "Name": self.tr("Name"),
            "May": self.tr("May"),
            "Made": self.tr("Made"),
            "Ends": self.tr("Ends"),
            "Last used": self.tr("Last used"),
            "Used": self.tr("Used for"),
        }[name]
        label = QLabel(wordWrap=True)
        label.setAccessibleName(words)
        label.setObjectName(f"own_key_{name.lower().replace(' ', '_')}")
        self._fact_labels[name] = label
        facts.addRow(words, label)

    def _make_registration(self) -> QGroupBox:
        box = QGroupBox(self.tr("Get a key"))
        box.setAccessibleName(box.title())
        self._email, self._person = QLineEdit(), QLineEdit()
        self._email.setPlaceholderText("ann@example.org")
        fields = form()
        add_field(fields, self.tr("E-mail address"), self._email)
        add_field(fields, self.tr("Your name"), self._person)
        self._register = button(self.tr("Register"))
        note = self.note(self.tr("The server gives you a key at once and keeps the address with it."))
        layout = QVBoxLayout(box)
        layout.setSpacing(8)
        layout.addWidget(note)
        layout.addLayout(fields)
        layout.addLayout(beside(self._register))
        self._register.clicked.connect(self._on_register)
        for field in (self._email, self._person):
            field.returnPressed.connect(self._on_register)
        return box

    # ── what is known ────────────────────────────────────────────────────────────────────────────────

    def _forget(self) -> None:
        self._stats = None
        for part in (self._own, self._registration, self._admin):
            part.hide()

    def _on_state(self, _state: SessionState) -> None:
        if self.isVisible():
            self.shown()

    def _show_disconnected(self, state: SessionState) -> None:
        self._forget()
        if state.is_local or state.connection is not ConnectionState.FAILED:
            words = state.detail or self.tr("Not connected just now.")
            self._notice.say(
                words if state.connection is ConnectionState.FAILED else self.tr("Not connected just now.")
            )
            return
        self._notice.say(state.detail, Meaning.BAD)
        self._registration.show()

    def _on_stats(self, server: object, stats: KeyStats) -> None:
        if server is not self._session.server:
            return
        from ocrdesk.contract.api_keys import Scope

        self._stats = stats
        self._show_facts(stats)
        self._own.setVisible(not self._session.state.is_local)
        self._registration.hide()
        may_change = stats.key_id is not None
        for part in (self._regenerate, self._overlap, self._revoke):
            part.setEnabled(may_change)
        is_admin = Scope.ADMIN in stats.scopes
        self._admin.setVisible(is_admin)
        if is_admin:
            self._admin.refresh()

    def _on_no_stats(self, server: object, error: Exception) -> None:
        if server is not self._session.server:
            return
        from ocrdesk.client import AuthError

        self._forget()
        if isinstance(error, AuthError) and not self._has_key():
            self._notice.say(self.tr("You have no key here, and this server lets you in without one."))
            self._registration.show()
        else:
            self._say_error(error)

    def _show_facts(self, stats: KeyStats) -> None:
        facts = self._fact_labels
        facts["Key"].setText(masked(stats.prefix) if stats.prefix else self.tr("Set by the operator"))
        facts["Name"].setText(", ".join(part for part in (stats.name, stats.email) if part) or self.tr("None"))
        facts["May"].setText(", ".join(self._scope_words(scope.value) for scope in stats.scopes))
        facts["Made"].setText(moment(stats.created_at) if stats.created_at else self.tr("Not known"))
        ends = moment(stats.expires_at) if stats.expires_at else self.tr("Never")
        if stats.overlap_until:
            ends += self.tr("; the one before it on {when}").format(when=moment(stats.overlap_until))
        facts["Ends"].setText(ends)
        facts["Last used"].setText(moment(stats.last_used_at) if stats.last_used_at else self.tr("Never"))
        amount = QLocale().formattedDataSize(stats.byte_count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
        facts["Used"].setText(
            self.tr("{requests} requests, {pages} pages, {amount}").format(
                requests=stats.request_count, pages=stats.page_count, amount=amount
            )
        )
        self._chart.show_days([Day(day.date, day.requests, day.pages) for day in stats.daily])

    def _scope_words(self, scope: str) -> str:
        words = {
            "submit": self.tr("send files"),
            "read": self.tr("read results"),
            "admin": self.tr("manage everybody's keys"),
        }
        return words.get(scope, scope)

    def _has_key(self) -> bool:
        server = self._session.server
        if not isinstance(server, RemoteServer):
            return False
        entry = self._context.book.entry(server.server_id)
        return isinstance(server.api_key, str) or (
            entry is not None and (entry.has_kept_key or self._context.book.keyring.has_at_hand(entry.server_id))
        )

    # ── what the buttons do ──────────────────────────────────────────────────────────────────────────

    def _on_register(self) -> None:
        server = self._session.server
        email, name = self._email.text().strip(), self._person.text().strip()
        if not isinstance(server, RemoteServer):
            return
        if not email or not name:
            self._notice.say(self.tr("Enter your e-mail address and your name."), Meaning.BAD)
            return
        server_id = self._listed_id(server)
        self._register.setEnabled(False)
        self._notice.say(self.tr("Registering…"))
        work = partial(_registered, server.url, email, name, self._context.book.keyring, server_id)
        self._context.tasks.run(
            work, partial(self._on_registered, server_id), self._on_register_failed, lane=Lane.SETTINGS
        )

    def _on_registered(self, server_id: str, kept: _Kept) -> None:
        self._register.setEnabled(True)
        self._offer(server_id, kept, self.tr("This is your key. The window uses it from now on."))
        self._go_on_with(server_id)

    def _go_on_with(self, server_id: str) -> None:
        """Has the window use the new key; a server that was not in the list yet is by now."""
        if server_id == self._context.switch.current_id:
            self._context.switch.reconnect(server_id)
        else:
            self._context.switch.use(server_id)

    def _on_register_failed(self, error: Exception) -> None:
        self._register.setEnabled(True)
        self._say_error(error)

    def _on_regenerate(self) -> None:
        overlap_s = int(self._overlap.currentData())
        when = self._overlap.currentText()
        question = self.tr("Replace your key by a new one? The old one ends {when}.").format(when=when)
        if not overlap_s:
            question += " " + self.tr("Other programs that use it are shut out then.")
        ask(self, self.tr("Replace key"), question, self.tr("Replace"), lambda: self._regenerate_now(overlap_s))

    def _regenerate_now(self, overlap_s: int) -> None:
        client, server = self._session.client, self._session.server
        if client is None or not isinstance(server, RemoteServer):
            self._notice.say(self.tr("Not connected just now. Try again in a moment."), Meaning.BAD)
            return
        server_id = self._listed_id(server)
        work = partial(_regenerated, client.with_patience(0), overlap_s, self._context.book.keyring, server_id)
        self._context.tasks.run(work, partial(self._on_regenerated, server_id), self._say_error, lane=Lane.SETTINGS)

    def _on_regenerated(self, server_id: str, kept: _Kept) -> None:
        until = kept.issued.overlap_until
        words = self.tr("This is your new key. The window uses it from now on.")
        if until:
            words += " " + self.tr("The old one ends {when}.").format(when=moment(until))
        self._offer(server_id, kept, words)
        self._go_on_with(server_id)

    def _on_revoke(self) -> None:
        question = self.tr(
            "Revoke your key? It works no more, for no program, and cannot be brought back. Your jobs on this server "
            "can then no longer be seen; the server deletes them by itself."
        )
        ask(self, self.tr("Revoke key"), question, self.tr("Revoke"), self._revoke_now)

    def _revoke_now(self) -> None:
        client, server_id = self._session.client, self._context.switch.current_id
        entry = self._context.book.entry(server_id)
        if client is None:
            self._notice.say(self.tr("Not connected just now. Try again in a moment."), Meaning.BAD)
            return
        is_kept = entry.has_kept_key if entry else False
        work = partial(_revoked, client.with_patience(0), self._context.book.keyring, server_id, is_kept)
        self._context.tasks.run(work, partial(self._on_revoked, server_id), self._say_error, lane=Lane.SETTINGS)

    def _on_revoked(self, server_id: str, is_forgotten: bool) -> None:
        self._context.book.note_key(server_id, is_kept=False)
        words = self.tr("The key is revoked.")
        if not is_forgotten:
            words += " " + self.tr("The keyring does not answer and may still have it.")
        self._notice.say(words, Meaning.GOOD)
        self._context.switch.reconnect(server_id)

    def _on_issued_for_others(self, issued: IssuedKey) -> None:
        words = self.tr("The key for {name}. Copy it now and hand it over: it is shown only this once.")
        self._fresh.offer(issued.api_key, issued.prefix, words.format(name=issued.name))
        self.ensureWidgetVisible(self._fresh)

    def _offer(self, server_id: str, kept: _Kept, words: str) -> None:
        vault = self._context.book.keyring
        self._context.book.note_key(server_id, is_kept=kept.in_keyring)
        where = "" if kept.in_keyring else " " + keeping_words(vault.keeping)
        once = self.tr("It can be copied this once, for other programs.")
        self._notice.say("")
        self._fresh.offer(kept.issued.api_key, kept.issued.prefix, f"{words} {once}{where}")
        self.ensureWidgetVisible(self._fresh)

    def _listed_id(self, server: RemoteServer) -> str:
        """The server's id in the book, which it is put into where it was not."""
        return self._context.switch.current_id or self._context.book.add(server.name, server.url).server_id

    def _say_error(self, error: Exception) -> None:
        from ocrdesk.client import ApiError
        from ocrdesk.contract.errors import ErrorCode
        from ocrdesk.desktop.servers.connection_test import explain_refusal

        is_about_key = isinstance(error, ApiError) and error.code == ErrorCode.UNAUTHORIZED
        found = explain_refusal(error, has_key=self._has_key()) if is_about_key else None
        self._notice.say(found.words if found else short_reason(error), Meaning.BAD)


def _registered(url: str, email: str, name: str, vault: KeyringStore, server_id: str) -> _Kept:
    from ocrdesk.client import Client

    with Client(url, patience_s=0) as client:
        issued = client.register(email, name)
    return _Kept(issued, vault.keep(server_id, issued.api_key))


def _regenerated(client: Client, overlap_s: int, vault: KeyringStore, server_id: str) -> _Kept:
    issued = client.regenerate(overlap_s)
    return _Kept(issued, vault.keep(server_id, issued.api_key))


def _revoked(client: Client, vault: KeyringStore, server_id: str, is_kept: bool) -> bool:
    client.revoke()
    return vault.forget(server_id, is_kept=is_kept)
