"""The library after its writer was killed, and while another program holds it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocrdesk.desktop.library.records import StoredDocument, StoredPage, Wanted
from ocrdesk.desktop.library.store import LibraryStore
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job, library_file
from tests.helpers.wait import wait_until

WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ocrdesk.desktop.library.records import StoredDocument, StoredPage
from ocrdesk.desktop.library.store import LibraryStore

store = LibraryStore(Path(sys.argv[1]))
document = StoredDocument("local", sys.argv[2], sys.argv[2], datetime.now(UTC), 400, 0)
pages = [StoredPage(number, f"kite{number} " * 3_000, 100, 100, bytes(10_000)) for number in range(1, 401)]
print("ready", flush=True)
while True:
    store.begin(document)
    store.add_pages(document, pages, is_last=True)
"""


def document(job_id: str) -> StoredDocument:
    return StoredDocument("local", job_id, f"{job_id}.pdf", datetime.now(UTC), 1, 0)


def kill_while_it_writes(path: Path, job_id: str) -> None:
    """Run a writer of large documents, and kill it in the middle of a transaction."""
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(path), job_id], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    size = path.stat().st_size
    journal = path.with_name(path.name + "-journal")
    wait_until(lambda: journal.exists() and journal.stat().st_size and path.stat().st_size > size, "a transaction")
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()


def test_a_library_whose_writer_was_killed_is_read_and_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    store = LibraryStore(path)
    store.begin(document("kept"))
    store.add_pages(document("kept"), [StoredPage(1, "words that stay", 100, 100, b"")], is_last=True)
    kill_while_it_writes(path, "killed")
    found = store.search(Wanted("stay"))  # the first call is a reader, as when the window's library is opened
    assert [hit.document.job_id for hit in found.hits] == ["kept"]
    assert "killed" in store.missing("local", {"kept": (0, datetime.now(UTC)), "killed": (0, datetime.now(UTC))})
    store.begin(document("killed"))
    store.add_pages(document("killed"), [StoredPage(1, "again", 100, 100, b"")], is_last=True)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM document").fetchone() == (2,)


def test_a_library_held_by_another_program_is_reported_and_catches_up_when_it_is_free(
    open_desktop: OpenDesktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk.desktop.library.store._BUSY_S", 0.1)
    monkeypatch.setattr("ocrdesk.desktop.library.collector._CATCH_UP_AFTER_MS", 200)
    staged = open_desktop(RemoteServer(stage.url))
    staged.wait_for(ConnectionState.READY)
    add_finished_job(stage, "1", "first words")
    stage.tell("1")
    staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    with closing(sqlite3.connect(library_file(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for job_id in ("2", "3"):
            add_finished_job(stage, job_id, f"words of {job_id}")
            stage.tell(job_id)
        staged.wait(lambda: staged.driver.note.startswith("Another window or program is using the library."))
        other.execute("ROLLBACK")
    staged.wait(lambda: sorted(staged.driver.library.found) == [("1.pdf", 1), ("2.pdf", 1), ("3.pdf", 1)])
