"""A review in the real window on the real local server: words and boxes, corrections by keyboard, and nothing lost."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

import psutil
import pypdfium2
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from ocrdesk.client import Client, ServerUnavailableError
from ocrdesk.contract.document import Source
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.journal_writer import journal_folder
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import short_folder
from tests.helpers.sample_files import multipage_tiff, text_png


@pytest.fixture
def reviewed(local: Desktop, tmp_path: Path) -> Desktop:
    """A window with a finished file of two pages."""
    local.window.resize(1300, 800)
    return opened(local, tmp_path, ["Alpha meadow green", "Bravo river meadow"], f"{uuid.uuid4().hex}.tiff")


def opened(desktop: Desktop, folder: Path, texts: list[str], name: str) -> Desktop:
    file = folder / name
    file.write_bytes(multipage_tiff(texts) if len(texts) > 1 else text_png(texts[0]))
    desktop.driver.drop(file)
    desktop.wait(lambda: (row := desktop.row(name)) and row.state is RowState.FINISHED, 90)
    desktop.driver.select(name)
    desktop.wait(lambda: "Alpha" in shown(desktop))
    return desktop


def shown(desktop: Desktop) -> str:
    return desktop.driver.open_review().shown_text


def client_of(desktop: Desktop) -> Client:
    client = desktop.session.client
    assert client is not None
    return client


def saved_text(desktop: Desktop, job_id: str) -> str:
    """Return the text on the server; empty while the server is unavailable."""
    try:
        return client_of(desktop).result(job_id).text or ""
    except ServerUnavailableError:
        return ""


def rewrite(desktop: Desktop, place: WordPosition, text: str) -> None:
    """Correct a word by keyboard alone."""
    pane = desktop.driver.open_review()
    pane.go_to(place)
    pane.type_word(text)
    assert pane.is_editing
    pane.press_enter()
    assert not pane.is_editing


def test_clicked_word_has_its_box_on_the_image(reviewed: Desktop) -> None:
    pane = reviewed.driver.open_review()
    reviewed.wait(lambda: pane.image_view.image is not None, 60)
    place = WordPosition(1, 0, 0, 1)
    QTest.mouseClick(pane.text_view.viewport(), Qt.MouseButton.LeftButton, pos=pane.text_view.rect_of([place]).center())
    page = pane.document.page(1)
    assert page is not None
    word = page.blocks[0].lines[0].words[1]
    assert word.text == "meadow"
    [box] = pane.image_view.chosen_boxes
    assert (box.left(), box.top(), box.width(), box.height()) == (*word.box[:2], word.box.width, word.box.height)
    assert pane.image_view.viewport().rect().contains(pane.image_view.to_view(box).center().toPoint())
    ratio = pane.image_view.image.width() / page.width
    dark = pane.image_view.image.copy(*(round(side * ratio) for side in (box.x(), box.y(), box.width(), box.height())))
    assert min(dark.pixelColor(x, dark.height() // 2).lightness() for x in range(dark.width())) < 80


def test_words_selected_on_the_image_are_selected_in_the_text(reviewed: Desktop) -> None:
    pane = reviewed.driver.open_review()
    reviewed.wait(lambda: pane.image_view.image is not None, 60)
    page = pane.document.page(1)
    assert page is not None
    words = page.blocks[0].lines[0].words
    middle = QPoint(sum(words[2].box[::2]) // 2, sum(words[2].box[1::2]) // 2)
    at = pane.image_view.to_view(QRect(middle, middle)).topLeft().toPoint()
    QTest.mouseClick(pane.image_view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert pane.current == WordPosition(1, 0, 0, 2)
    first, last = (pane.image_view.to_view(QRect(*word.box[:2], word.box.width, word.box.height)) for word in words[:2])
    start, end = first.topLeft().toPoint() - QPoint(6, 6), last.bottomRight().toPoint() + QPoint(2, 6)
    viewport = pane.image_view.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert pane.text_view.selected_words() == [WordPosition(1, 0, 0, 0), WordPosition(1, 0, 0, 1)]
    reviewed.driver.trigger("copy_text")
    assert QGuiApplication.clipboard().text() == "Alpha meadow"


def test_word_corrected_by_keyboard_is_in_every_export(reviewed: Desktop) -> None:
    job_id = reviewed.driver.open_review().document.job_id
    rewrite(reviewed, WordPosition(1, 0, 0, 1), "Mountain")
    assert shown(reviewed) == "Alpha Mountain green"
    reviewed.wait(lambda: reviewed.driver.open_review().corrections.state(job_id) is SaveState.SAVED)
    client = client_of(reviewed)
    assert client.export(job_id, "text").decode() == "Alpha Mountain green\n\fBravo river meadow\n"
    with pypdfium2.PdfDocument(client.export(job_id, "pdf")) as pdf:
        assert "Mountain" in pdf[0].get_textpage().get_text_range()
    word = client.page(job_id, 1).blocks[0].lines[0].words[1]
    assert (word.confidence, word.source) == (1.0, Source.CORRECTED)
    reviewed.driver.trigger("copy_text")
    assert QGuiApplication.clipboard().text() == "Alpha Mountain green\n\nBravo river meadow"


def test_saved_correction_can_be_undone_and_redone(reviewed: Desktop) -> None:
    pane, job_id = reviewed.driver.open_review(), reviewed.driver.open_review().document.job_id
    rewrite(reviewed, WordPosition(1, 0, 0, 1), "Mountain")
    rewrite(reviewed, WordPosition(1, 0, 0, 2), "blue sky")
    reviewed.wait(lambda: saved_text(reviewed, job_id).startswith("Alpha Mountain blue sky\n"))
    pane.trigger("undo")
    assert shown(reviewed) == "Alpha Mountain green"
    pane.trigger("undo")
    assert shown(reviewed) == "Alpha meadow green"
    assert not pane.action("undo").isEnabled()
    reviewed.wait(lambda: saved_text(reviewed, job_id).startswith("Alpha meadow green\n"))
    pane.trigger("redo")
    reviewed.wait(lambda: saved_text(reviewed, job_id).startswith("Alpha Mountain green\n"))


def test_correction_is_saved_if_the_window_closes_immediately(
    reviewed: Desktop, open_desktop: OpenDesktop, data_dir: Path
) -> None:
    job_id = reviewed.driver.open_review().document.job_id
    rewrite(reviewed, WordPosition(1, 0, 0, 0), "Omega")
    reviewed.close()
    again = open_desktop(LocalServer(data_dir))
    again.wait(lambda: any(row.job_id == job_id for row in again.model.rows()), 60)
    again.driver.job_list.select(again.model.row_of_job(job_id).key)
    again.wait(lambda: shown(again) == "Omega meadow green")
    again.wait(lambda: saved_text(again, job_id).startswith("Omega meadow green"))
    assert list(journal_folder(again.session.server).glob("*.json")) == []


@IN_LONG_FORM
def test_correction_made_without_server_is_saved_by_the_next_window(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    with short_folder() as folder:
        desktop = open_desktop(LocalServer(folder / "data"))
        desktop.wait_for(ConnectionState.READY, 60)
        opened(desktop, tmp_path, ["Alpha meadow"], "one.png")
        job_id = desktop.row("one.png").job_id
        kill_backend_of(folder)
        rewrite(desktop, WordPosition(1, 0, 0, 1), "garden")
        kept = journal_folder(desktop.session.server) / f"{job_id}.json"
        desktop.wait(kept.exists)
        desktop.session.stop()  # as in a crash: the server gets no more messages
        desktop.wait(lambda: not _backend_of(folder), 60)  # a connection that was being made is released
        desktop.close()
        again = open_desktop(LocalServer(folder / "data"))
        again.wait_for(ConnectionState.READY, 60)
        again.wait(lambda: saved_text(again, job_id) == "Alpha garden\n", 60)
        again.wait(lambda: not kept.exists())
        again.close()
        again.wait(lambda: not _backend_of(folder), 60)


def test_correction_is_saved_when_the_killed_server_is_back(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    with short_folder() as folder:
        desktop = open_desktop(LocalServer(folder / "data"))
        desktop.wait_for(ConnectionState.READY, 60)
        opened(desktop, tmp_path, ["Alpha meadow"], "one.png")
        job_id = desktop.row("one.png").job_id
        kill_backend_of(folder)
        rewrite(desktop, WordPosition(1, 0, 0, 1), "garden")
        desktop.wait(lambda: desktop.session.client and saved_text(desktop, job_id) == "Alpha garden\n", 90)
        assert shown(desktop) == "Alpha garden"
        desktop.close()
        desktop.wait(lambda: not _backend_of(folder), 60)


def test_find_and_replace_over_all_pages_is_one_step(reviewed: Desktop) -> None:
    pane, job_id = reviewed.driver.open_review(), reviewed.driver.open_review().document.job_id
    QTest.keyClick(reviewed.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert pane.is_shown("find_bar")
    QTest.keyClicks(pane.find_field, "MEADOW")
    reviewed.wait(lambda: pane.review_pane.finder.count == 2)
    QTest.keyClick(pane.find_field, Qt.Key.Key_F3)
    assert (pane.pages.number, pane.current) == (1, WordPosition(1, 0, 0, 1))
    QTest.keyClick(pane.find_field, Qt.Key.Key_F3)
    reviewed.wait(lambda: pane.current == WordPosition(2, 0, 0, 2))
    pane.press("match_case")
    reviewed.wait(lambda: pane.hit_count == "Not found.")
    pane.press("match_case")
    reviewed.wait(lambda: pane.review_pane.finder.count == 2)
    QTest.keyClicks(pane.replacement_field, "hill")
    pane.press("replace_all_hits")
    reviewed.wait(lambda: saved_text(reviewed, job_id) == "Alpha hill green\n\fBravo river hill\n")
    pane.trigger("undo")
    reviewed.wait(lambda: saved_text(reviewed, job_id) == "Alpha meadow green\n\fBravo river meadow\n")


def test_changes_of_other_lines_by_another_user_are_kept(reviewed: Desktop) -> None:
    job_id = reviewed.driver.open_review().document.job_id
    change_elsewhere(client_of(reviewed), job_id, 2, "Theirs")
    rewrite(reviewed, WordPosition(1, 0, 0, 0), "Ours")
    reviewed.wait(lambda: saved_text(reviewed, job_id) == "Ours meadow green\n\fTheirs river meadow\n")
    reviewed.wait(lambda: "Theirs river" in reviewed.driver.shown_text)


@pytest.mark.parametrize(("choice", "first"), [("keep_mine", "Ours"), ("take_theirs", "Theirs")])
def test_user_decides_about_conflicting_changes(reviewed: Desktop, choice: str, first: str) -> None:
    pane, job_id = reviewed.driver.open_review(), reviewed.driver.open_review().document.job_id
    rewrite(reviewed, WordPosition(1, 0, 0, 0), "Ours")
    change_elsewhere(client_of(reviewed), job_id, 1, "Theirs")
    reviewed.wait(lambda: pane.is_shown("conflict_notice"))
    assert saved_text(reviewed, job_id).startswith("Theirs")
    assert shown(reviewed).startswith("Ours")
    pane.press(choice)
    reviewed.wait(lambda: not pane.is_shown("conflict_notice") and pane.corrections.state(job_id) is SaveState.SAVED)
    reviewed.wait(lambda: shown(reviewed).startswith(first))
    assert saved_text(reviewed, job_id).startswith(first)


def change_elsewhere(client: Client, job_id: str, number: int, text: str) -> None:
    """Correct the first word of a page, as another program would."""
    document = client.document(job_id)
    pages = list(document.pages)
    is_first = iter([True])
    block = pages[number - 1].blocks[0].with_words(lambda word: word.corrected(text) if next(is_first, False) else word)
    pages[number - 1] = pages[number - 1].model_copy(update={"blocks": (block, *pages[number - 1].blocks[1:])})
    client.correct(document.model_copy(update={"pages": tuple(pages)}))


def kill_backend_of(folder: Path) -> None:
    for process in _backend_of(folder):
        with contextlib.suppress(psutil.NoSuchProcess):  # its parent's end was also its end
            process.kill()


def _backend_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "ocrdesk.local.server.daemon" in command and str(folder / "data") in command:
            found += [process, *process.children(recursive=True)]
    return found
