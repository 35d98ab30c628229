"""The SQLite database.

It holds documents, their pages, and an FTS5 index of the pages' words. Each call opens the file and closes it, so that
several windows can share it. Deleted text is overwritten (`secure_delete`) and removed from the index and the file by
`optimize` and `VACUUM`. No Qt.
"""
# ruff: noqa: S608  # statements are built from this file's own conditions only; every value is bound

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ocrdesk.contract.error_messages import ErrorMessage, error_message, os_reason
from ocrdesk.contract.file_names import sent_name
from ocrdesk.desktop.library.normalization import index_text, normalize
from ocrdesk.desktop.library.query import Query, make_snippet, parse_query
from ocrdesk.desktop.library.records import (
    Found,
    Hit,
    LibraryError,
    StoredDocument,
    StoredPage,
    Wanted,
)
from ocrdesk.local.paths import create_private

_VERSION = 2
_BUSY_S = 10.0
"""How long to wait for another window or program; what was to be stored is stored later."""
_MOST_HITS = 200
_SCHEMA = """
CREATE TABLE document (
    id INTEGER PRIMARY KEY, server TEXT NOT NULL, job_id TEXT NOT NULL, name TEXT NOT NULL, folded_name TEXT NOT NULL,
    at REAL NOT NULL, page_count INTEGER NOT NULL, revision INTEGER NOT NULL, is_whole INTEGER NOT NULL DEFAULT 0,
    UNIQUE (server, job_id)
);
CREATE TABLE unwanted (server TEXT NOT NULL, job_id TEXT NOT NULL, PRIMARY KEY (server, job_id));
CREATE TABLE purged (before REAL NOT NULL);
CREATE INDEX document_at ON document (at);
CREATE TABLE page (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, words BLOB NOT NULL, UNIQUE (document, number)
);
CREATE VIRTUAL TABLE page_index USING fts5 (
    name, text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
"""
_DOCUMENT = "document.server, document.job_id, document.name, document.at, document.page_count, document.revision"
_NOT_HIDDEN = (
    "NOT EXISTS (SELECT 1 FROM unwanted WHERE unwanted.server = document.server AND unwanted.job_id = document.job_id)"
)
_DAMAGED = (
    None,  # a text that is not UTF-8
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # our own statements are right, so a table is missing or another
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_SCHEMA,
)
_UNUSABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR)
_FAR_AHEAD = datetime(9000, 1, 1, tzinfo=UTC)


class LibraryStore:
    """Every method raises LibraryError. Calls may block for seconds: never use it on the main thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────

    def begin(self, document: StoredDocument) -> bool:
        """Add a document without pages, or replace it. Return False if the user has deleted it from the library."""
        with self._opened(writes=True) as db:
            key = (document.server, document.job_id)
            if db.execute("SELECT 1 FROM unwanted WHERE server = ? AND job_id = ?", key).fetchone():
                return False
            self._delete_pages(db, document.server, document.job_id)
            db.execute(
                "INSERT OR REPLACE INTO document (server, job_id, name, folded_name, at, page_count, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    document.server,
                    document.job_id,
                    document.name,
                    normalize(document.name),
                    document.at.timestamp(),
                    document.page_count,
                    document.revision,
                ),
            )
        return True

    def add_pages(self, document: StoredDocument, pages: Sequence[StoredPage], *, is_last: bool) -> None:
        """Add pages to a document. Does nothing if it has been deleted meanwhile."""
        with self._opened(writes=True) as db:
            row = db.execute(
                "SELECT id FROM document WHERE server = ? AND job_id = ?", (document.server, document.job_id)
            ).fetchone()
            if row is None:
                return
            for page in pages:
                existing = db.execute("SELECT id FROM page WHERE document = ? AND number = ?", (row[0], page.number))
                for found in existing.fetchall():  # another window adds the same document
                    db.execute("DELETE FROM page_index WHERE rowid = ?", found)
                    db.execute("DELETE FROM page WHERE id = ?", found)
                cursor = db.execute(
                    "INSERT INTO page (document, number, text, width, height, words) VALUES (?, ?, ?, ?, ?, ?)",
                    (row[0], page.number, page.text, page.width, page.height, page.words),
                )
                first = db.execute("SELECT min(number) FROM page WHERE document = ?", row).fetchone()[0]
                # indexed with one page only, so that a search for the name finds a document once
                name = index_text(document.name) if page.number == first else ""
                db.execute(
                    "INSERT INTO page_index (rowid, name, text) VALUES (?, ?, ?)",
                    (cursor.lastrowid, name, index_text(page.text)),
                )
            if is_last:
                db.execute("UPDATE document SET is_whole = 1 WHERE id = ?", row)

    def missing(self, server: str, jobs: Mapping[str, tuple[int, datetime]]) -> list[str]:
        """Return which of the server's jobs (revision, end) are missing or outdated, without those that were deleted.

        Creates no file.
        """
        with self._opened() as db:
            if db is None:
                return list(jobs)
            rows = db.execute("SELECT job_id, revision FROM document WHERE server = ? AND is_whole", (server,))
            known = dict(rows.fetchall())
            unwanted = {row[0] for row in db.execute("SELECT job_id FROM unwanted WHERE server = ?", (server,))}
            before = db.execute("SELECT max(before) FROM purged").fetchone()[0] or 0.0
            return [
                job_id
                for job_id, (revision, ended_at) in jobs.items()
                if known.get(job_id, -1) < revision and job_id not in unwanted and ended_at.timestamp() >= before
            ]

    # ── deleting ─────────────────────────────────────────────────────────────────────────────────────

    def hide(
        self, documents: Iterable[tuple[str, str]] = (), *, before: datetime | None = None
    ) -> list[tuple[str, str]]:
        """Hide documents, each a server and a job id; or all documents, with `before` those that are older.

        Return those that were not hidden before. They are not found and not added again until `unhide`.
        """
        if not self._path.exists():
            return []
        wanted = set(documents)
        limit = (before or _FAR_AHEAD).timestamp()
        with self._opened(writes=True) as db:
            rows = db.execute(f"SELECT server, job_id FROM document WHERE at < ? AND {_NOT_HIDDEN}", (limit,))
            found = [row for row in rows.fetchall() if not wanted or row in wanted]
            db.executemany("INSERT OR REPLACE INTO unwanted VALUES (?, ?)", found)
        return found

    def unhide(self, documents: Iterable[tuple[str, str]]) -> None:
        """Show hidden documents again."""
        with self._opened(writes=True) as db:
            db.executemany("DELETE FROM unwanted WHERE server = ? AND job_id = ?", documents)

    def delete_hidden(self, *, purged_before: datetime | None = None) -> None:
        """Delete hidden documents permanently. None is added again, nor any that ended before `purged_before`."""
        if not self._path.exists():
            return
        with self._opened(writes=True) as db:
            if purged_before is not None:
                db.execute("INSERT INTO purged VALUES (?)", (purged_before.timestamp(),))
            hidden = db.execute(f"SELECT server, job_id FROM document WHERE NOT {_NOT_HIDDEN}").fetchall()
            if not hidden:
                return
            for server, job_id in hidden:
                self._delete_pages(db, server, job_id)
            db.executemany("DELETE FROM document WHERE server = ? AND job_id = ?", hidden)
            db.execute(
                "INSERT INTO page_index (page_index) VALUES ('optimize')"
            )  # until then it still contains their words
            db.commit()
            db.execute("VACUUM")

    def _delete_pages(self, db: sqlite3.Connection, server: str, job_id: str) -> None:
        pages = "SELECT page.id FROM page JOIN document ON document.id = page.document WHERE server = ? AND job_id = ?"
        db.execute(f"DELETE FROM page_index WHERE rowid IN ({pages})", (server, job_id))
        db.execute(f"DELETE FROM page WHERE id IN ({pages})", (server, job_id))

    # ── finding ──────────────────────────────────────────────────────────────────────────────────────

    def search(self, wanted: Wanted) -> Found:
        """Return the pages with all words, best first; without words the newest documents."""
        with self._opened() as db:
            if db is None:
                if not has_full_text_search():
                    raise LibraryError(error_message("library_without_search"))
                return Found(wanted=wanted)
            query = parse_query(wanted.typed)
            rows = _pages_with(db, query, wanted) if query.phrases else _newest(db, wanted)
            shown = f"FROM document WHERE {_NOT_HIDDEN}"
            servers = tuple(row[0] for row in db.execute(f"SELECT DISTINCT server {shown} ORDER BY server"))
            count = db.execute(f"SELECT count(*) {shown}").fetchone()[0]
            found = rows[:_MOST_HITS]
            hits = tuple(Hit(_document(row), row[6] or 1, make_snippet(row[7] or "", query)) for row in found)
        return Found(hits, servers, count, is_cut=len(rows) > _MOST_HITS, wanted=wanted)

    def pages(self, server: str, job_id: str) -> list[StoredPage]:
        """Return a document's pages in their order."""
        with self._opened() as db:
            if db is None:
                return []
            rows = db.execute(
                "SELECT number, text, page.width, page.height, words FROM page JOIN document"
                " ON document.id = page.document WHERE server = ? AND job_id = ? ORDER BY number",
                (server, job_id),
            ).fetchall()
        return [StoredPage(*row) for row in rows]

    # ── the file ─────────────────────────────────────────────────────────────────────────────────────

    @contextlib.contextmanager
    def _opened(self, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
        """Open a connection, and commit at the end. Without `writes` yield None if there is no library yet."""
        if not writes and not self._path.exists():
            yield None  # type: ignore[misc]  # only readers get it, and they check for it
            return
        try:
            db = self._connected(writes=writes)
            if db is None:
                yield None  # type: ignore[misc]  # only readers get it, and they check for it
                return
            with contextlib.closing(db), db:
                yield db
        except sqlite3.Error as error:
            raise LibraryError(_message_of(error, self._path)) from error
        except (ValueError, TypeError, OverflowError) as error:  # a value is none that was stored
            raise LibraryError(error_message("library_file_damaged", file=str(self._path))) from error
        except OSError as error:
            raise LibraryError(error_message("library_folder_unusable", cause=os_reason(error))) from error

    def _connected(self, *, writes: bool) -> sqlite3.Connection | None:
        """Return None for a reader if the file is empty, because a full disk kept it from being set up."""
        if writes and not self._path.exists():
            create_private(self._path.parent)
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        # a reader may write too: it must first undo what a killed writer left half-done
        db = sqlite3.connect(f"file:{quote(str(self._path))}?mode=rw", uri=True, timeout=_BUSY_S)
        try:
            db.execute(f"PRAGMA {'secure_delete' if writes else 'query_only'} = ON")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise LibraryError(error_message("library_newer"))
            if version < 0:
                raise LibraryError(error_message("library_file_damaged", file=str(self._path)))
            if version == 0 and writes:
                db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT")
            elif version == 0:
                db.close()
                return None
            elif version < _VERSION:
                if not writes:
                    db.close()
                    self._connected(writes=True).close()  # type: ignore[union-attr]  # a writer always gets one
                    return self._connected(writes=False)
                _index_again(db)
        except BaseException:
            db.close()
            raise
        return db


def _index_again(db: sqlite3.Connection) -> None:
    """Update the index of version 1, which did not separate the words of scripts without spaces."""
    db.execute("BEGIN IMMEDIATE")
    if db.execute("PRAGMA user_version").fetchone()[0] == 1:  # no other window was faster
        pages = "SELECT page.id, page_index.name, page.text FROM page JOIN page_index ON page_index.rowid = page.id"
        for number, name, text in db.execute(pages).fetchall():
            if index_text(text) != normalize(text) or index_text(name) != name:
                values = (index_text(name), index_text(text), number)
                db.execute("UPDATE page_index SET name = ?, text = ? WHERE rowid = ?", values)
        db.execute(f"PRAGMA user_version = {_VERSION}")
    db.commit()


def has_full_text_search() -> bool:
    """Return whether this Python's SQLite has FTS5."""
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("CREATE VIRTUAL TABLE probe USING fts5 (x)")
        except sqlite3.OperationalError:
            return False
    return True


def _pages_with(db: sqlite3.Connection, query: Query, wanted: Wanted) -> list[Any]:
    where, values = _conditions(wanted)
    return db.execute(
        f"SELECT {_DOCUMENT}, page.number, page.text FROM page_index JOIN page ON page.id = page_index.rowid"
        f" JOIN document ON document.id = page.document WHERE page_index MATCH ? {where}"
        f" ORDER BY bm25(page_index, 4.0, 1.0), document.at DESC LIMIT {_MOST_HITS + 1}",
        (query.fts, *values),
    ).fetchall()


def _newest(db: sqlite3.Connection, wanted: Wanted) -> list[Any]:
    where, values = _conditions(wanted)
    return db.execute(
        f"SELECT {_DOCUMENT}, page.number, page.text FROM document LEFT JOIN page ON page.id ="
        " (SELECT id FROM page WHERE page.document = document.id ORDER BY number LIMIT 1)"
        f" WHERE 1 {where} ORDER BY document.at DESC LIMIT {_MOST_HITS + 1}",
        values,
    ).fetchall()


def _conditions(wanted: Wanted) -> tuple[str, list[object]]:
    where = f" AND {_NOT_HIDDEN}"
    values: list[object] = []
    for condition, value in (
        ("instr(document.folded_name, ?) > 0", normalize(wanted.name.strip()) or None),
        ("document.server = ?", wanted.server),
        ("document.at >= ?", wanted.since and wanted.since.timestamp()),
        ("document.at < ?", wanted.until and wanted.until.timestamp()),
    ):
        if value is not None:
            where += f" AND {condition}"
            values.append(value)
    return where, values


def _document(row: Any) -> StoredDocument:
    server, job_id, name, at, page_count, revision, *_ = row
    return StoredDocument(server, job_id, sent_name(name), datetime.fromtimestamp(at, UTC), page_count, revision)


def _message_of(error: sqlite3.Error, path: Path) -> ErrorMessage:
    """Return a message that says what happened, and what to do."""
    code = getattr(error, "sqlite_errorcode", None)  # only SQLite's own errors have one
    primary = code & 0xFF if code is not None else None  # the higher bits give details
    if primary == sqlite3.SQLITE_FULL:
        return error_message("library_disk_full")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return error_message("library_locked")
    if "no such module: fts5" in str(error):  # SQLite has no code for a missing module
        return error_message("library_without_search")
    if primary in _DAMAGED:
        return error_message("library_file_damaged", file=str(path))
    if primary in _UNUSABLE:
        return error_message("library_file_unusable", file=str(path))
    return error_message("library_failed", reason=str(error))
