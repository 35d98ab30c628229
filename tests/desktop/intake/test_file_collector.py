"""Folders become the files in them; skipped files are counted."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.intake.file_collector import CollectedFiles, FileCollector, collect
from tests.helpers.sample_files import text_png


def look(*paths: Path) -> tuple[list[str], CollectedFiles]:
    found: list[Path] = []
    intake = collect(paths, found.extend, threading.Event())
    return [path.name for path in found], intake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.pdf", "A.PNG", "notes.txt", "deep/er/c.tiff", ".hidden/d.pdf", ".e.pdf", "noending"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_folder_is_searched_to_the_bottom_in_the_order_of_names(folder: Path) -> None:
    assert look(folder) == (["A.PNG", "b.pdf", "c.tiff"], CollectedFiles(found=3, skipped=2, unreadable=0))


def test_named_file_is_included_despite_its_suffix(folder: Path) -> None:
    assert look(folder / "notes.txt", folder / "gone.pdf")[0] == ["notes.txt", "gone.pdf"]


def test_file_without_a_suffix_is_included_if_its_content_is_supported(folder: Path) -> None:
    (folder / "noending").write_bytes(text_png("Hello"))
    assert look(folder) == (["A.PNG", "b.pdf", "c.tiff", "noending"], CollectedFiles(3 + 1, skipped=1, unreadable=0))


def test_links_to_folders_or_themselves_do_not_go_round_in_circles(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "loop.pdf").symlink_to(folder / "loop.pdf")
    assert look(folder) == (["A.PNG", "b.pdf", "c.tiff"], CollectedFiles(found=3, skipped=2, unreadable=0))


def test_many_files_are_reported_in_batches(tmp_path: Path) -> None:
    for number in range(450):
        (tmp_path / f"{number:03}.png").touch()
    batches: list[int] = []
    collect([tmp_path], lambda batch: batches.append(len(batch)), threading.Event())
    assert batches == [200, 200, 50]


def test_search_ends_when_it_is_stopped(folder: Path) -> None:
    stopped = threading.Event()
    stopped.set()
    assert collect([folder], lambda _: None, stopped).found == 0


def test_folder_that_cannot_be_opened_is_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise PermissionError(path)

    monkeypatch.setattr("ocrdesk.local.file_tree.os.scandir", refuse)
    assert look(folder)[1] == CollectedFiles(found=0, skipped=0, unreadable=1)


def test_folders_are_searched_off_the_main_thread(folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []
    real = collect

    def watched(*arguments: object) -> CollectedFiles:
        threads.append(threading.current_thread())
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ocrdesk.desktop.intake.file_collector.collect", watched)
    tasks = Tasks()
    collector = FileCollector(tasks)
    with qtbot.waitSignals([collector.found, collector.done]):
        collector.collect([folder])
    assert threads[0] is not threading.main_thread()
    tasks.shut_down()
