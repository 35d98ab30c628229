"""One remote server."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Lane
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.keyring_store import KeyringError, KeyringStore, KeyStorage
from ocrdesk.desktop.servers.server_list import AddressError, ServerEntry, checked_address
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.pane import Notice, Pane, add_field, beside, button, form
from ocrdesk.desktop.settings.panes.key_storage import look, storage_text, store_key
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.desktop.servers.connection_test import Finding


class ServerForm(QWidget):
    """Name, address and key of a server, with a connection test."""

    saved = Signal(str)
    """The id of the server that was added or changed."""

    def __init__(self, context: Context, pane: Pane) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Server"))
        self._context = context
        self._entry: ServerEntry | None = None
        self._tested = 0
        self._name, self._url, self._key = QLineEdit(), QLineEdit(), QLineEdit()
        self._url.setPlaceholderText("https://ocr.example.org")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._test, self._save = button(self.tr("Test")), button(self.tr("Save"))
        self._forget = button(self.tr("Delete key"))
        self._notice = Notice(self)
        self._keyring = pane.note()
        name_objects(
            server_name=self._name,
            server_address=self._url,
            server_key=self._key,
            server_test=self._test,
            server_save=self._save,
            server_forget_key=self._forget,
            server_notice=self._notice,
            server_key_storage=self._keyring,
        )
        fields = form()
        add_field(fields, self.tr("Name"), self._name)
        add_field(fields, self.tr("Address"), self._url)
        add_field(fields, self.tr("API key"), self._key)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(fields)
        layout.addWidget(self._keyring)
        layout.addLayout(beside(self._save, self._test, self._forget))
        layout.addWidget(self._notice)
        layout.addStretch()
        for field in (self._name, self._url, self._key):
            field.returnPressed.connect(self._on_save)
            field.textEdited.connect(lambda _: self._notice.say(""))
        self._save.clicked.connect(self._on_save)
        self._test.clicked.connect(self._on_test)
        self._forget.clicked.connect(self._on_forget)

    def show_new(self) -> None:
        """Show an empty form for a new server."""
        self._entry = None
        self._fill("", "")
        self._name.setFocus()

    def show_entry(self, entry: ServerEntry) -> None:
        if self._entry is None or self._entry.server_id != entry.server_id:
            self._fill(entry.name, entry.url)
        self._entry = entry
        self._show_key_state()

    def look_at_keyring(self) -> None:
        look(self._context, self._show_keeping)

    def forget_key(self, server_id: str, done: Callable[[bool], None] = lambda _: None) -> None:
        """Delete the key, also from the keyring. Pass to `done` whether the keyring has deleted it."""
        entry = self._context.book.entry(server_id)
        if entry:
            keyring = self._context.book.keyring
            keyring.forget_for_this_run(server_id)  # immediately, because the session may ask for it next
            work = partial(keyring.forget, server_id, is_kept=entry.has_kept_key)
            self._context.tasks.run(work, done, lambda _: done(False), lane=Lane.SETTINGS)

    def _fill(self, name: str, url: str) -> None:
        self._tested += 1  # a running test belongs to the previous values
        self._name.setText(name)
        self._url.setText(url)
        self._key.clear()
        self._notice.say("")
        self._test.setEnabled(True)
        self._show_key_state()

    def _show_key_state(self) -> None:
        has_key = self._entry is not None and (
            self._entry.has_kept_key or self._context.book.keyring.has_at_hand(self._entry.server_id)
        )
        self._key.setPlaceholderText(self.tr("A key is stored; type to replace it") if has_key else self.tr("None"))
        self._forget.setEnabled(has_key)

    def _show_keeping(self, keeping: KeyStorage) -> None:
        self._keyring.setText(storage_text(keeping))
        self._keyring.setAccessibleName(self._keyring.text())

    # ── what the buttons do ──────────────────────────────────────────────────────────────────────────

    def _on_save(self) -> None:
        book = self._context.book
        key = self._key.text().strip()
        try:
            if self._entry is None:
                entry = book.add(self._name.text(), self._url.text())
            else:
                entry = book.change(self._entry.server_id, name=self._name.text(), url=self._url.text())
        except AddressError as error:
            self._notice.say(short_reason(error), Meaning.BAD)
            return
        self._entry = entry
        self._name.setText(entry.name)
        self._url.setText(entry.url)
        self._key.clear()
        self.saved.emit(entry.server_id)
        if key:
            self._notice.say(self.tr("Saving the key…"))
            store_key(self._context, entry.server_id, key, self._on_key_stored)
        else:
            self._notice.say(self.tr("Saved."), Meaning.GOOD)
            self._context.switch.reconnect(entry.server_id)

    def _on_key_stored(self, in_keyring: bool) -> None:
        self._show_keeping(self._context.book.keyring.keeping)
        if in_keyring:
            self._notice.say(self.tr("Saved. The key is in the keyring."), Meaning.GOOD)
        elif self._entry and self._context.book.keyring.may_have(self._entry.server_id):
            self._notice.say(
                self.tr("Saved. The keyring has not responded yet. It stores the key as soon as it is unlocked."),
                Meaning.WAIT,
            )
        else:
            self._notice.say(
                self.tr("Saved. The key could not be stored in a keyring. It is kept until ocrdesk is closed."),
                Meaning.WAIT,
            )
        if self._entry and (entry := self._context.book.entry(self._entry.server_id)):
            self.show_entry(entry)

    def _on_forget(self) -> None:
        if self._entry is None:
            return
        server_id = self._entry.server_id
        self.forget_key(server_id, partial(self._on_forgotten, server_id))
        self._context.book.note_key(server_id, is_kept=False)
        self._context.switch.reconnect(server_id)
        self._entry = self._context.book.entry(server_id)
        self._show_key_state()
        self._notice.say(self.tr("Deleting the key…"))

    def _on_forgotten(self, server_id: str, is_out: bool) -> None:
        if not is_out:
            self._context.book.note_key(server_id, is_kept=True)
        if self._entry is None or self._entry.server_id != server_id:
            return
        self._entry = self._context.book.entry(server_id)
        self._show_key_state()
        if is_out:
            self._notice.say(self.tr("The key was deleted here. On the server it stays valid until it is revoked."))
        else:
            words = self.tr(
                "The keyring is locked or does not respond, and still has the key. Unlock it, then try again."
            )
            self._notice.say(words, Meaning.BAD)

    def _on_test(self) -> None:
        try:
            url = checked_address(self._url.text())
        except AddressError as error:
            self._notice.say(short_reason(error), Meaning.BAD)
            return
        self._tested += 1
        self._test.setEnabled(False)
        self._notice.say(self.tr("Testing…"))
        kept = (self._entry.server_id, self._entry.has_kept_key) if self._entry else None
        work = partial(_probe, url, self._key.text().strip(), self._context.book.keyring, kept)
        number = self._tested
        self._context.tasks.run(
            work,
            lambda finding: self._on_tested(number, finding),
            lambda error: self._on_test_failed(number, error),
            lane=Lane.SETTINGS,
        )

    def _on_tested(self, number: int, finding: Finding) -> None:
        if number != self._tested:
            return
        from ocrdesk.desktop.servers.connection_test import ConnectionTestResult

        self._test.setEnabled(True)
        self._notice.say(finding.message, Meaning.GOOD if finding.verdict is ConnectionTestResult.GOOD else Meaning.BAD)

    def _on_test_failed(self, number: int, error: Exception) -> None:
        if number != self._tested:
            return
        self._test.setEnabled(True)
        self._notice.say(short_reason(error), Meaning.BAD)
        if isinstance(error, KeyringError):
            self._show_keeping(self._context.book.keyring.keeping)


def _probe(url: str, typed: str, keyring: KeyringStore, kept: tuple[str, bool] | None) -> Finding:
    """Test the connection with the typed key, or else with the stored one."""
    from ocrdesk.desktop.servers.connection_test import check_connection

    key: str | None = typed
    if not typed and kept is not None:
        key = keyring.key(kept[0], is_kept=kept[1])
    return check_connection(url, key or None)
