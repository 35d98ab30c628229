"""A window on an API that requires keys, with a keyring in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop, KeyedApi, OpenDesktop
from tests.desktop.servers.test_keyring_store import MemoryKeyring


@pytest.fixture
def ring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def at_keyed(
    open_desktop: OpenDesktop, keyed: KeyedApi, tmp_path: Path, ring: MemoryKeyring
) -> Callable[[str | None], tuple[Desktop, ServerList, str]]:
    """Open a window on the API that requires keys, with a key or without."""

    def open_at(key: str | None) -> tuple[Desktop, ServerList, str]:
        book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(lambda: ring, timeout_s=1))
        entry = book.add("Office", keyed.url)
        if key:
            book.note_key(entry.server_id, is_kept=book.keyring.keep(entry.server_id, key))
        book.note_active(entry.server_id)
        desktop = open_desktop(book=book)
        desktop.wait_for(ConnectionState.READY if key else ConnectionState.FAILED)
        return desktop, book, entry.server_id

    return open_at
