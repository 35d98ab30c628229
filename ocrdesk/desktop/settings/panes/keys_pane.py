"""The user's API key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.background.tasks import Lane
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.servers import RemoteServer, host_of
from ocrdesk.desktop.session.session import ConnectionState, SessionState
from ocrdesk.desktop.settings.confirm import ask
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.dates import format_time
from ocrdesk.desktop.settings.pane import Notice, Pane
from ocrdesk.desktop.settings.panes.admin_keys import AdminKeys
from ocrdesk.desktop.settings.panes.key_storage import storage_text
from ocrdesk.desktop.settings.panes.new_key_display import NewKeyDisplay
from ocrdesk.desktop.settings.panes.own_key import OwnKey
from ocrdesk.desktop.settings.panes.registration import Registration
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.api_keys import IssuedKey, KeyStats


@dataclass(frozen=True, slots=True)
class _StoredKey:
    """A key from the server, and whether the keyring has stored it."""

    issued: IssuedKey
    in_keyring: bool


class KeysPane(Pane):
    """The own key for the server in use and, for admins, all keys."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keys"), parent)
        self._context, self._session = context, context.session
        self._where = self.add_note()
        self._notice = Notice(self.widget())
        self._new_key = NewKeyDisplay()
        self._own_id = ""
        self._revoked_text = ""
        """What was revoked, to be said until the user does something else or connects again."""
        self._own, self._registration = OwnKey(), Registration(self)
        self._admin = AdminKeys(context)
        name_objects(keys_notice=self._notice, everybodys_keys=self._admin)
        self.body.addWidget(self._notice)
        self.body.addWidget(self._new_key)
        self.body.addWidget(self._own)
        self.body.addWidget(self._registration)
        self.body.addWidget(self._admin)
        self.body.addStretch()
        self._own.replace_wanted.connect(self._on_replace)
        self._own.revoke_wanted.connect(self._on_revoke)
        self._registration.register_wanted.connect(self._on_register)
        self._admin.issued.connect(self._on_issued_for_others)
        self._admin.revoked.connect(self._on_any_revoked)
        self._session.state_changed.connect(self._on_state)
        self._session.server_changed.connect(lambda _: self._forget())
        self._forget()

    def shown(self) -> None:
        """Ask the server for the key's facts."""
        host = host_of(self._session.server)
        if host:
            self._where.setText(self.tr("For the server at {host}.").format(host=host))
        else:
            self._where.setText(
                self.tr(
                    "The local server accepts this program without a key. Other people need a key when the server is "
                    "shared on the network."
                )
            )
        client = self._session.client
        if client is not None:
            server = self._session.server
            self._context.tasks.run(
                client.with_retry_policy(0).stats,
                lambda stats: self._on_stats(server, stats),
                lambda error: self._on_no_stats(server, error),
                lane=Lane.SETTINGS,
            )
        else:
            self._show_disconnected(self._session.state)

    # ── what the server says ────────────────────────────────────────────────────────────────────────────

    def _forget(self) -> None:
        for part in (self._own, self._registration, self._admin):
            part.hide()

    def _on_state(self, _state: SessionState) -> None:
        if self.isVisible():
            self.shown()

    def _show_disconnected(self, state: SessionState) -> None:
        self._forget()
        if state.is_local or state.connection is not ConnectionState.FAILED:
            words = state.detail or self.tr("Not connected.")
            self._notice.say(words if state.connection is ConnectionState.FAILED else self.tr("Not connected."))
            return
        self._notice.say("\n".join(filter(None, (self._revoked_text, state.detail))), Meaning.BAD)
        self._registration.show()

    def _on_stats(self, server: object, stats: KeyStats) -> None:
        if server is not self._session.server:
            return
        from ocrdesk.contract.api_keys import Scope

        self._revoked_text = ""
        self._own_id = stats.key_id or ""
        self._own.show_stats(stats)
        self._own.setVisible(not self._session.state.is_local)
        self._registration.hide()
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
            words = self.tr("You have no key for this server, and it does not require one.")
            self._notice.say("\n".join(filter(None, (self._revoked_text, words))))
            self._registration.show()
        else:
            self._say_error(error)

    def _has_key(self) -> bool:
        server = self._session.server
        if not isinstance(server, RemoteServer):
            return False
        entry = self._context.book.entry(server.server_id)
        return isinstance(server.api_key, str) or (
            entry is not None and (entry.has_kept_key or self._context.book.keyring.has_at_hand(entry.server_id))
        )

    # ── what the buttons do ──────────────────────────────────────────────────────────────────────────

    def _on_register(self, email: str, name: str) -> None:
        server = self._session.server
        if not isinstance(server, RemoteServer):
            return
        if not email or not name:
            self._notice.say(self.tr("Enter your e-mail address and your name."), Meaning.BAD)
            return
        server_id = self._listed_id(server)
        self._registration.set_busy(True)
        self._notice.say(self.tr("Registering…"))
        work = partial(_register_key, server.url, email, name, self._context.book.keyring, server_id)
        self._context.tasks.run(
            work, partial(self._on_registered, server_id), self._on_register_failed, lane=Lane.SETTINGS
        )

    def _on_registered(self, server_id: str, stored: _StoredKey) -> None:
        self._registration.set_busy(False)
        self._offer(server_id, stored, self.tr("This is your key. The window uses it now."))
        self._use_new_key(server_id)

    def _use_new_key(self, server_id: str) -> None:
        """Connect with the new key. A server that was not in the list has been added to it."""
        if server_id == self._context.switch.current_id:
            self._context.switch.reconnect(server_id)
        else:
            self._context.switch.use(server_id)

    def _on_register_failed(self, error: Exception) -> None:
        self._registration.set_busy(False)
        self._say_error(error)

    def _on_replace(self, overlap_s: int, when: str) -> None:
        question = self.tr("Replace your key with a new one? The old one expires {when}.").format(when=when)
        if not overlap_s:
            question += " " + self.tr("Other programs that use it will stop working.")
        ask(self, self.tr("Replace key"), question, self.tr("Replace"), lambda: self._replace(overlap_s))

    def _replace(self, overlap_s: int) -> None:
        client, server = self._session.client, self._session.server
        if client is None or not isinstance(server, RemoteServer):
            self._notice.say(self.tr("Not connected. Try again in a moment."), Meaning.BAD)
            return
        server_id = self._listed_id(server)
        work = partial(_regenerate_key, client.with_retry_policy(0), overlap_s, self._context.book.keyring, server_id)
        self._context.tasks.run(work, partial(self._on_replaced, server_id), self._say_error, lane=Lane.SETTINGS)

    def _on_replaced(self, server_id: str, stored: _StoredKey) -> None:
        until = stored.issued.overlap_until
        words = self.tr("This is your new key. The window uses it now.")
        if until:
            words += " " + self.tr("The old one expires on {when}.").format(when=format_time(until))
        self._offer(server_id, stored, words)
        self._use_new_key(server_id)

    def _on_revoke(self) -> None:
        question = self.tr(
            "Revoke your key? It stops working immediately, for all programs, and cannot be restored. You lose access "
            "to your jobs on this server, which deletes them later."
        )
        ask(self, self.tr("Revoke key"), question, self.tr("Revoke"), self._revoke)

    def _revoke(self) -> None:
        client, server_id = self._session.client, self._context.switch.current_id
        entry = self._context.book.entry(server_id)
        if client is None:
            self._notice.say(self.tr("Not connected. Try again in a moment."), Meaning.BAD)
            return
        is_kept = entry.has_kept_key if entry else False
        work = partial(_revoke_key, client.with_retry_policy(0), self._context.book.keyring, server_id, is_kept)
        self._context.tasks.run(work, partial(self._on_revoked, server_id), self._say_error, lane=Lane.SETTINGS)

    def _on_revoked(self, server_id: str, is_forgotten: bool) -> None:
        self._context.book.note_key(server_id, is_kept=False)
        words = self.tr("The key was revoked.")
        if not is_forgotten:
            words += " " + self.tr("The keyring does not respond and may still contain it.")
        self._revoked_text = words
        self._forget()
        self._new_key.forget(self._own_id)
        self._notice.say(words, Meaning.GOOD)
        self._context.switch.reconnect(server_id)

    def _on_any_revoked(self, key_id: str) -> None:
        """Show no key that an admin revoked: neither a new one, nor the admin's own."""
        self._new_key.forget(key_id)
        if key_id == self._own_id:
            self._forget()
            self._revoked_text = self.tr("The key was revoked.")
            self._notice.say(self._revoked_text, Meaning.GOOD)
            self._context.switch.reconnect(self._context.switch.current_id)

    def _on_issued_for_others(self, issued: IssuedKey) -> None:
        words = self.tr("The key for {name}. Copy it now and pass it on: it is shown only once.")
        self._new_key.offer(issued.api_key, issued.prefix, words.format(name=issued.name), issued.key_id)
        self.ensureWidgetVisible(self._new_key)

    def _offer(self, server_id: str, stored: _StoredKey, words: str) -> None:
        keyring = self._context.book.keyring
        self._context.book.note_key(server_id, is_kept=stored.in_keyring)
        where = "" if stored.in_keyring else " " + storage_text(keyring.keeping)
        once = self.tr("You can copy it only once, for other programs.")
        self._notice.say("")
        issued = stored.issued
        self._new_key.offer(issued.api_key, issued.prefix, f"{words} {once}{where}", issued.key_id)
        self.ensureWidgetVisible(self._new_key)

    def _listed_id(self, server: RemoteServer) -> str:
        """Return the server's id in the list, and add the server if it is missing."""
        return self._context.switch.current_id or self._context.book.add(server.name, server.url).server_id

    def _say_error(self, error: Exception) -> None:
        from ocrdesk.client import ApiError
        from ocrdesk.contract.errors import ErrorCode
        from ocrdesk.desktop.servers.connection_test import explain_refusal

        is_about_key = isinstance(error, ApiError) and error.code == ErrorCode.UNAUTHORIZED
        found = explain_refusal(error, has_key=self._has_key()) if is_about_key else None
        self._notice.say(found.message if found else short_reason(error), Meaning.BAD)


def _register_key(url: str, email: str, name: str, keyring: KeyringStore, server_id: str) -> _StoredKey:
    from ocrdesk.client import Client

    with Client(url, retry_policy=0) as client:
        issued = client.register(email, name)
    return _StoredKey(issued, keyring.keep(server_id, issued.api_key))


def _regenerate_key(client: Client, overlap_s: int, keyring: KeyringStore, server_id: str) -> _StoredKey:
    issued = client.regenerate(overlap_s)
    return _StoredKey(issued, keyring.keep(server_id, issued.api_key))


def _revoke_key(client: Client, keyring: KeyringStore, server_id: str, is_kept: bool) -> bool:
    client.revoke()
    return keyring.forget(server_id, is_kept=is_kept)
