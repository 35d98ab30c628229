"""Corrections are stored until the server has them."""

from __future__ import annotations

from PySide6.QtTest import QTest

from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.journal_writer import journal_folder
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import JOB, open_review, page_with_lines, server_line


def test_corrections_are_on_disk_while_the_server_is_away(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo"])])
    kept = journal_folder(staged.session.server) / f"{JOB}.json"
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    assert pane.save_status == "Kept on this computer until the server is back"
    staged.wait(kept.exists)
    assert server_line(stage, 1) == "one tvo"
    stage.mend()
    staged.wait(lambda: server_line(stage, 1) == "one two")
    staged.wait(lambda: not kept.exists())


def test_text_typed_while_the_server_is_away_is_sent_after_a_restart(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop
) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo"])])
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    pane.go_to(WordPosition(1, 0, 0, 1))
    QTest.keyClick(pane.text_view, "t")
    QTest.keyClicks(pane.editor, "wo")  # without Enter: closing the window confirms it
    staged.close()
    assert server_line(stage, 1) == "one tvo"
    stage.mend()
    again = open_desktop(RemoteServer(stage.url))
    again.wait(lambda: server_line(stage, 1) == "one two")
    again.wait(lambda: not list(journal_folder(again.session.server).glob("*.json")))


def test_text_typed_before_the_window_is_hidden_is_sent_later(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo", "tree"])])
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.type_word("two")
    staged.window.close()
    stage.mend()
    staged.wait(lambda: server_line(stage, 1) == "one two")
    staged.window.show()
    pane.go_to(WordPosition(1, 0, 1, 0))
    pane.type_word("three")
    staged.window.close()  # while the server is available: it is saved immediately
    assert server_line(stage, 1, 1) == "three"
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.SAVED)


def test_refused_corrections_are_kept_and_reported(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo"])])
    stage.refusal = (403, {"error": "Forbidden", "detail": "This key may not submit.", "code": "forbidden"})
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.REFUSED)
    assert "This key may not submit." in staged.driver.note
    assert (journal_folder(staged.session.server) / f"{JOB}.json").exists()
    stage.refusal = None
    pane.corrections.save_now()
    staged.wait(lambda: server_line(stage, 1) == "one two")


def test_sending_is_retried_while_the_connection_is_up(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo"])])
    stage.refusal = (503, {"error": "Away", "detail": "Redis is away.", "code": "redis_unavailable"})
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    staged.wait(lambda: stage.refused_corrections and not pane.corrections.is_sending(JOB))
    assert pane.corrections.state(JOB) is SaveState.SAVING
    assert staged.session.state.connection is ConnectionState.READY
    stage.refusal = None
    staged.wait(lambda: server_line(stage, 1) == "one two")


def test_corrections_are_sent_when_the_window_returns_to_their_server(staged: Desktop, stage: FakeServer) -> None:
    here, other = staged.session.server, FakeServer()
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo tree"])])
    pane.go_to(WordPosition(1, 0, 0, 1))
    for text in ("two", "three"):
        pane.correct(text)
        pane.go_to(WordPosition(1, 0, 0, 2))
    staged.session.switch(RemoteServer(other.url))
    staged.wait_for(ConnectionState.READY)
    kept = journal_folder(here) / f"{JOB}.json"
    staged.wait(lambda: kept.exists() and "three" in kept.read_text())
    assert server_line(stage, 1) == "one tvo tree"
    staged.session.switch(here)
    staged.wait(lambda: server_line(stage, 1) == "one two three")
    staged.wait(lambda: not kept.exists())
    other.close()
