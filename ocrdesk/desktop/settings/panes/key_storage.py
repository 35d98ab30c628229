"""Stores keys in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication

from ocrdesk.desktop.background.tasks import Lane
from ocrdesk.desktop.servers.keyring_store import KeyStorage
from ocrdesk.desktop.settings.context import Context


def tr(text: str) -> str:
    return QCoreApplication.translate("KeyStorage", text)


def storage_text(keeping: KeyStorage) -> str:
    """Return a note that says where keys are stored."""
    match keeping:
        case KeyStorage.UNKNOWN:
            return tr("Looking for a keyring…")
        case KeyStorage.KEYRING:
            return tr("Keys are stored in your system's keyring, never in a file of ocrdesk.")
        case KeyStorage.NO_KEYRING:
            return tr(
                "No keyring was found, so a key is kept in memory until ocrdesk is closed, and has to be entered "
                "again then. On Linux, install GNOME Keyring, KWallet or KeePassXC."
            )
        case KeyStorage.LOCKED:
            return tr(
                "The keyring is locked or does not respond, so a key is kept in memory until ocrdesk is closed. "
                "Unlock the keyring and save the key again to store it there."
            )


def look(context: Context, done: Callable[[KeyStorage], None]) -> None:
    """Find out whether there is a keyring, and pass the result to `done`."""
    done(context.book.keyring.keeping)
    context.tasks.run(context.book.keyring.look, done, lambda _: None, lane=Lane.SETTINGS)


def store_key(context: Context, server_id: str, key: str, done: Callable[[bool], None]) -> None:
    """Replace the server's key, and reconnect with it. Pass to `done` whether the keyring has stored it."""

    def on_kept(in_keyring: bool) -> None:
        context.book.note_key(server_id, is_kept=in_keyring)
        done(in_keyring)

    context.book.keyring.keep_for_this_run(server_id, key)
    context.switch.reconnect(server_id)  # the session needs no keyring for it
    work = partial(context.book.keyring.keep, server_id, key)
    context.tasks.run(work, on_kept, lambda _: on_kept(False), lane=Lane.SETTINGS)
