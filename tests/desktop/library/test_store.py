"""The library's database: searches, and deleted text is removed from its file."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocrdesk.desktop.library import store as store_module
from ocrdesk.desktop.library.query import parse_query
from ocrdesk.desktop.library.records import LibraryError, StoredDocument, StoredPage, Wanted, pack_words
from ocrdesk.desktop.library.store import LibraryStore, has_full_text_search

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> LibraryStore:
    return LibraryStore(tmp_path / "library.sqlite3")


def put(store: LibraryStore, job_id: str, *texts: str, name: str = "a.pdf", at: datetime = NOW, revision: int = 0):
    document = StoredDocument("local", job_id, name, at, len(texts), revision)
    store.begin(document)
    pages = [
        StoredPage(number, text, 100, 100, pack_words((word, (n, 0, n + 1, 9)) for n, word in enumerate(text.split())))
        for number, text in enumerate(texts, 1)
    ]
    store.add_pages(document, pages, is_last=True)
    return document


def found(store: LibraryStore, typed: str, **wanted: object) -> list[tuple[str, int]]:
    return [(hit.document.job_id, hit.page) for hit in store.search(Wanted(typed, **wanted)).hits]


def test_sqlite_has_full_text_search() -> None:
    assert has_full_text_search()


def test_missing_full_text_search_is_explained(store: LibraryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_SCHEMA", "CREATE VIRTUAL TABLE page_index USING fts5_that_is_not_there(text);")
    with pytest.raises(LibraryError, match="no full-text search"):
        put(store, "1", "words")


def test_search_ignores_case_accents_and_umlauts(store: LibraryStore) -> None:
    put(store, "1", "Die Gebühr der Straße in Łódź", "Ein anderes Blatt, naïve Œuvre")
    for typed in ("gebuhr", "GEBÜHR", "strasse", "Straße", "lodz", "Łódź"):
        assert found(store, typed) == [("1", 1)], typed
    for typed in ("naive", "oeuvre", "œuvre"):
        assert found(store, typed) == [("1", 2)], typed


def test_only_the_last_word_may_be_incomplete(store: LibraryStore) -> None:
    put(store, "1", "electric meter reading")
    put(store, "2", "meters of cloth")
    assert {job for job, _ in found(store, "met")} == {"1", "2"}
    assert found(store, "meter read") == [("1", 1)]
    assert found(store, "met read") == []
    assert found(store, "meter ") == [("1", 1)]


def test_phrases_are_found_and_operators_are_plain_text(store: LibraryStore) -> None:
    put(store, "1", "red green blue")
    assert found(store, '"red green"') == [("1", 1)]
    assert found(store, '"green red"') == []
    for typed in ('"', "red AND", "-red*", "red OR (", "name:red", "^", "NEAR(red"):
        found(store, typed)  # raises nothing


def test_best_hit_is_first_and_the_name_counts(store: LibraryStore) -> None:
    put(store, "1", "once only: harvest " + "other words " * 60)
    put(store, "2", "harvest harvest harvest")
    put(store, "3", "nothing of it", "on two pages", name="Harvest report.pdf")
    assert found(store, "harvest")[0] == ("3", 1)
    assert found(store, "harvest")[1:] == [("2", 1), ("1", 1)]


def test_hits_are_filtered_by_name_time_and_server(store: LibraryStore) -> None:
    put(store, "1", "same text", name="Rechnung Mai.pdf", at=NOW - timedelta(days=9))
    put(store, "2", "same text", name="brief.pdf")
    assert found(store, "same", name="RECHN") == [("1", 1)]
    assert found(store, "same", since=NOW - timedelta(days=1)) == [("2", 1)]
    assert found(store, "same", until=NOW - timedelta(days=1)) == [("1", 1)]
    assert found(store, "same", server="elsewhere") == []
    assert found(store, "") == [("2", 1), ("1", 1)]  # the newest first


def test_hit_has_a_snippet_and_the_boxes_of_the_words(store: LibraryStore) -> None:
    document = put(store, "1", "much before it " * 20 + "the Müllers came\nand went")
    hit = store.search(Wanted("muller")).hits[0]
    (start, end), *_ = hit.snippet.marks
    assert hit.snippet.text[start:end] == "Müllers"
    page = store.pages("local", document.job_id)[0]
    assert page.boxes(parse_query("muller")) == [(61, 0, 62, 9)]


def test_corrected_document_replaces_the_old_one(store: LibraryStore) -> None:
    put(store, "1", "wrung word", "second")
    assert store.missing("local", {"1": (1, NOW), "9": (0, NOW)}) == ["1", "9"]
    put(store, "1", "right word", revision=1)
    assert store.missing("local", {"1": (1, NOW)}) == []
    assert found(store, "wrung") == found(store, "second") == []
    assert found(store, "right") == [("1", 1)]


def test_incomplete_document_counts_as_missing(store: LibraryStore) -> None:
    document = StoredDocument("local", "1", "a.pdf", NOW, 2)
    store.begin(document)
    store.add_pages(document, [StoredPage(1, "first")], is_last=False)
    assert store.missing("local", {"1": (0, NOW)}) == ["1"]


def test_deleted_text_is_nowhere_in_the_file(store: LibraryStore, tmp_path: Path) -> None:
    words = [f"quarz{n}philodendron" for n in range(300)]
    put(store, "1", *(" ".join(words[n : n + 30]) for n in range(0, 300, 30)), name="geheimnis.pdf")
    put(store, "2", "staying words")
    assert b"philodendron" in (tmp_path / "library.sqlite3").read_bytes()
    assert store.hide([("local", "1")]) == [("local", "1")]
    store.delete_hidden()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"philodendron" not in left
    assert b"quarz" not in left  # nor in the index, which stores shared beginnings of words once
    assert b"geheimnis" not in left
    assert found(store, "staying") == [("2", 1)]
    assert store.missing("local", {"1": (5, NOW)}) == []  # it does not come back while the server has it


def test_purge_deletes_old_documents_or_all(store: LibraryStore, tmp_path: Path) -> None:
    put(store, "old", "ancient zeppelin", at=NOW - timedelta(days=40))
    put(store, "new", "recent zeppelin")
    store.hide(before=NOW - timedelta(days=30))
    store.delete_hidden(purged_before=NOW - timedelta(days=30))
    assert found(store, "zeppelin") == [("new", 1)]
    store.hide()
    store.delete_hidden(purged_before=datetime.now(UTC))
    assert found(store, "") == []
    assert b"zeppelin" not in (tmp_path / "library.sqlite3").read_bytes()
    assert store.missing("local", {"x": (0, NOW)}) == []  # ended before the purge
    assert store.missing("local", {"y": (0, datetime.now(UTC) + timedelta(hours=1))}) == ["y"]


def test_hidden_documents_are_not_found_and_come_back(store: LibraryStore) -> None:
    for job_id in ("1", "2"):
        put(store, job_id, "the same words")
    hidden = store.hide([("local", "1"), ("other", "2")])
    assert hidden == [("local", "1")]
    assert found(store, "words") == found(store, "") == [("2", 1)]
    assert store.search(Wanted("")).document_count == 1
    assert store.hide() == [("local", "2")]  # only what was not hidden before
    store.unhide(hidden)
    assert found(store, "words") == [("1", 1)]
    store.delete_hidden()
    assert found(store, "words") == [("1", 1)]
    store.unhide([("local", "2")])
    assert found(store, "words") == [("1", 1)]  # it is deleted


def test_reading_creates_no_file(store: LibraryStore, tmp_path: Path) -> None:
    assert store.search(Wanted("x")).hits == ()
    assert store.pages("local", "1") == []
    assert store.missing("local", {"1": (0, NOW)}) == ["1"]
    assert store.hide() == []
    store.delete_hidden(purged_before=datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []


def test_damaged_file_is_explained(store: LibraryStore, tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(LibraryError, match="damaged"):
        store.search(Wanted("x"))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE page_index",
        "DROP TABLE document",
        "UPDATE document SET at = 'x'",
        "UPDATE document SET at = 1e300",
        "UPDATE document SET name = x'ff00'",
        "UPDATE document SET name = CAST(x'ff41' AS TEXT)",
        "UPDATE page SET text = x'ff'",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -3",
    ],
)
def test_damage_within_the_file_is_explained_with_what_to_do(
    store: LibraryStore, tmp_path: Path, statement: str
) -> None:
    document = put(store, "1", "alpha beta")
    with contextlib.closing(sqlite3.connect(tmp_path / "library.sqlite3")) as db, db:
        db.execute(statement)
    problems = []
    for call in (lambda: store.search(Wanted("alpha")), lambda: store.search(Wanted()), lambda: store.begin(document)):
        try:
            call()
        except LibraryError as error:
            problems.append(str(error))
    assert problems
    assert all("is damaged. Move it away" in problem for problem in problems)


def test_a_damaged_file_raises_nothing_else(store: LibraryStore, tmp_path: Path) -> None:
    """Random bytes anywhere in the file; each seed is another damage."""
    file = tmp_path / "library.sqlite3"
    document = put(store, "1", *["alpha beta gamma " * 20] * 5)
    sound = file.read_bytes()
    for seed in range(40):
        rng = random.Random(seed)
        damaged = bytearray(sound)
        for _ in range(rng.randint(1, 200)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        file.write_bytes(damaged[: rng.choice((len(damaged), rng.randrange(len(damaged))))])
        with contextlib.suppress(LibraryError):
            store.search(Wanted("alpha"))
        with contextlib.suppress(LibraryError):
            for page in store.pages("local", "1"):
                page.boxes(parse_query("alpha"))
        with contextlib.suppress(LibraryError):
            store.missing("local", {"1": (2, NOW)})
        with contextlib.suppress(LibraryError):
            store.begin(document)


def test_two_windows_may_add_the_same_document(tmp_path: Path) -> None:
    one, two = LibraryStore(tmp_path / "l.sqlite3"), LibraryStore(tmp_path / "l.sqlite3")
    document = StoredDocument("local", "1", "a.pdf", NOW, 2)
    one.begin(document)
    one.add_pages(document, [StoredPage(1, "alpha")], is_last=False)
    two.begin(document)
    one.add_pages(document, [StoredPage(2, "beta")], is_last=True)
    two.add_pages(document, [StoredPage(1, "alpha"), StoredPage(2, "beta")], is_last=True)
    assert found(one, "beta") == [("1", 2)]
    with sqlite3.connect(tmp_path / "l.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM page_index").fetchone() == (2,)


def test_a_word_is_found_within_a_line_of_a_script_without_spaces(store: LibraryStore) -> None:
    put(store, "1", "新图书馆位于公园旁边，\n每天早上九点开门。")
    put(store, "2", "毎朝九時に開き、日曜\n日は休みです。")
    put(store, "3", "ห้องสมุดใหม่อยู่ติดกับสวนสาธารณะ")
    put(store, "4", "새 도서관은 공원 옆에 있고")
    assert found(store, "公园") == [("1", 1)]
    assert found(store, "书馆 九点") == [("1", 1)]
    assert found(store, "公旁") == []
    assert found(store, "日曜日") == [("2", 1)]  # over the end of a line
    assert found(store, "สมุด") == [("3", 1)]
    assert found(store, "도서관") == [("4", 1)]
    assert store.search(Wanted("公园")).hits[0].snippet.marks == ((6, 8),)


def test_right_to_left_words_are_found(store: LibraryStore) -> None:
    put(store, "1", "הספרייה החדשה נמצאת ליד הגן")
    put(store, "2", "المكتبة الجديدة بجانب الحديقة")
    assert found(store, "החדשה") == [("1", 1)]
    assert found(store, "المكـتبة") == [("2", 1)]


@pytest.mark.parametrize("first", ["search", "write"])
def test_the_index_of_an_older_version_is_updated(tmp_path: Path, first: str) -> None:
    path = tmp_path / "library.sqlite3"
    store = LibraryStore(path)
    put(store, "1", "新图书馆位于公园旁边", name="公园.pdf")
    put(store, "2", "red green")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE page_index SET text = '新图书馆位于公园旁边', name = '公园.pdf' WHERE rowid = 1")
        db.execute("PRAGMA user_version = 1")
    db.close()
    if first == "write":
        put(store, "3", "blue")
    assert found(store, "图书") == [("1", 1)]
    assert found(store, "公园") == [("1", 1)]
    assert found(store, "green") == [("2", 1)]
