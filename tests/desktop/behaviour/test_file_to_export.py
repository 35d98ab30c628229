"""A file from drop to export in the window: read, corrected, exported; after a restart; at a server with a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from ocrdesk.client import Client
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.processes import running_backend, short_folder
from tests.helpers.sample_files import multipage_tiff

TEXTS = ["Alpha meadow green", "Bravo river meadow"]


@pytest.fixture
def keyed_server() -> Iterator[str]:
    """A complete server that requires keys."""
    with short_folder() as folder, running_backend(folder / "data", API_KEY_ENABLED="true") as backend:
        yield backend.url


def read(desktop: Desktop, file: Path) -> list[RowState]:
    """Drop the file and wait for its text; return the states of its row on the way."""
    seen: list[RowState] = []

    def note() -> None:
        if (row := desktop.row(file.name)) is not None:
            seen.append(row.state)

    desktop.model.dataChanged.connect(note)
    desktop.driver.drop(file)
    desktop.wait(lambda: (row := desktop.row(file.name)) is not None and row.state is RowState.FINISHED, 90)
    desktop.model.dataChanged.disconnect(note)
    select(desktop, file.name)
    return seen


def select(desktop: Desktop, name: str) -> None:
    desktop.driver.select(name)
    desktop.wait(lambda: "Alpha" in desktop.driver.open_review().shown_text)


def put_right(desktop: Desktop) -> None:
    """Correct the second word of the first page, by keyboard alone."""
    review = desktop.driver.open_review()
    review.go_to(WordPosition(1, 0, 0, 1))
    review.correct("Mountain")
    desktop.wait(lambda: review.corrections.state(review.document.job_id) is SaveState.SAVED)


def exported_text(desktop: Desktop, folder: Path) -> str:
    """Return the first page's text from the searchable PDF that the window writes."""
    export = desktop.driver.open_export()
    export.choose_format("pdf")
    export.fill("export_folder", str(folder))
    export.start()
    desktop.wait(lambda: export.is_over, 90)
    export.dialog.close()
    (file,) = folder.iterdir()
    with pypdfium2.PdfDocument(file) as pdf:
        return pdf[0].get_textpage().get_text_range()


def test_a_file_is_read_corrected_and_exported_here_after_a_restart_and_at_a_server_with_a_key(
    open_desktop: OpenDesktop, data_dir: Path, keyed_server: str, tmp_path: Path
) -> None:
    file = tmp_path / "whole way.tiff"
    file.write_bytes(multipage_tiff(TEXTS))
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(), data_dir)
    first = open_desktop(LocalServer(data_dir), book=book)
    first.wait_for(ConnectionState.READY, 60)
    states = read(first, file)
    assert {RowState.SENDING, RowState.STARTED} <= set(states)
    put_right(first)
    assert "Alpha Mountain green" in exported_text(first, tmp_path / "local")
    first.close()

    again = open_desktop(LocalServer(data_dir), book=book)
    again.wait_for(ConnectionState.READY, 60)
    again.wait(lambda: again.row(file.name) is not None)
    select(again, file.name)
    assert "Alpha Mountain green" in again.driver.open_review().shown_text

    with Client(keyed_server) as client:
        key = client.register("kim@example.org", "Kim").api_key
    entry = book.add("Office", keyed_server)
    book.keyring.keep_for_this_run(entry.server_id, key)
    again.driver.use_server("Office")
    again.wait(lambda: not again.session.state.is_local and again.session.state.connection is ConnectionState.READY, 60)
    assert again.row(file.name) is None  # that file belongs to the other server
    read(again, file)
    put_right(again)
    assert "Alpha Mountain green" in exported_text(again, tmp_path / "remote")
