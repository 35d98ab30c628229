"""Stored pages and texts: names and formats that every version can read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.page_results import PackedPage, PageResults, pack
from ocrdesk.backend.storage.stored_names import page_name
from ocrdesk.contract.document import Block, Box, Line, Page, Source, Word
from ocrdesk.contract.states import PageState

BOX = Box(0, 0, 10, 10)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.fixture
def results(store: FolderStore) -> PageResults:
    return PageResults(store)


def a_page(*words: str) -> Page:
    line = Line(
        box=BOX, words=tuple(Word(text=word, box=BOX, confidence=0.9, source=Source.TESSERACT) for word in words)
    )
    return Page(number=3, status=PageState.FINISHED, width=10, height=10, blocks=(Block(box=BOX, lines=(line,)),))


def test_a_page_is_read_back_as_it_was(results: PageResults) -> None:
    name = page_name(3, "attempt1")
    results.write_page("job", name, pack(a_page("Größe", "ß")))
    assert results.read_page("job", name) == a_page("Größe", "ß")
    assert results.read_page_text("job", name).decode() == "Größe ß\n"


def test_names_and_forms_are_those_of_earlier_versions(results: PageResults, store: FolderStore) -> None:
    results.write_page("job", page_name(3, "attempt1"), pack(a_page("One")))
    results.write_text("job", 2, [b"One\n", b"", b"Three\n"])
    files = {file.name: file.read_bytes() for file in (store.root / "job").iterdir()}
    assert set(files) == {"page-3-attempt1", "page-3-attempt1.txt", "text-2"}
    assert Page.model_validate_json(gzip.decompress(files["page-3-attempt1"])) == a_page("One")
    assert files["page-3-attempt1.txt"] == b"One\n"
    assert files["text-2"] == b"One\n\f\fThree\n"


def test_a_text_belongs_to_one_revision(results: PageResults, store: FolderStore) -> None:
    results.write_text("job", 0, [b"old"])
    results.write_text("job", 1, [b"new"])
    assert (results.read_text("job", 0), results.read_text("job", 1)) == ("old", "new")
    store.delete("job", "text-0")
    with pytest.raises(BlobMissingError):
        results.read_text("job", 0)
    assert results.read_text("job", 1) == "new"


def test_a_lost_plain_text_is_made_from_its_page(results: PageResults, store: FolderStore) -> None:
    results.write_page("job", "page-3-a", pack(a_page("Größe")))
    store.delete("job", "page-3-a.txt")
    assert results.read_page_text("job", "page-3-a").decode() == "Größe\n"
    store.delete("job", "page-3-a")
    with pytest.raises(BlobMissingError):
        results.read_page_text("job", "page-3-a")


def test_missing_pages_are_named(results: PageResults) -> None:
    results.write_page("job", "page-1-a", PackedPage(b"json", b"text"))
    assert results.missing("job", ["page-1-a", "page-2-a"]) == {"page-2-a"}
    assert results.missing("job", []) == set()


def test_a_deleted_page_leaves_neither_of_its_blobs(results: PageResults, store: FolderStore) -> None:
    for name in ("page-1-a", "page-1-b"):
        results.write_page("job", name, PackedPage(b"json", b"text"))
    results.delete_page("job", "page-1-a")
    assert sorted(file.name for file in (store.root / "job").iterdir()) == ["page-1-b", "page-1-b.txt"]
