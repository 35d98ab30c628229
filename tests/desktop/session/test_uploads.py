"""Files are uploaded once the server responds; a refused file does not stop the others."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer


def test_files_dropped_while_disconnected_are_sent_later(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    (tmp_path / "a.png").write_bytes(b"picture")
    staged.driver.drop(tmp_path / "a.png")
    staged.wait(lambda: staged.row("a.png"))
    assert staged.row("a.png").state is RowState.WAITING
    stage.mend()
    staged.wait(lambda: staged.row("a.png").state is RowState.QUEUED)


def test_refused_file_stays_with_its_reason_and_others_continue(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    stage.refusal = (400, {"error": "Too large", "detail": "The file is larger than 10 MB.", "code": "file_too_large"})
    (tmp_path / "big.pdf").write_bytes(b"big")
    staged.driver.drop(tmp_path / "big.pdf")
    staged.wait(lambda: (row := staged.row("big.pdf")) and row.state is RowState.REFUSED)
    assert staged.row("big.pdf").error == "The file is larger than 10 MB."
    assert staged.driver.message == "The file is larger than 10 MB."
    stage.refusal = None
    (tmp_path / "small.pdf").write_bytes(b"small")
    staged.driver.drop(tmp_path / "small.pdf")
    staged.wait(lambda: (row := staged.row("small.pdf")) and row.state is RowState.QUEUED)
    assert staged.row("big.pdf").state is RowState.REFUSED


def test_file_is_sent_again_when_the_server_says_too_many(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    body = {"error": "Slow down", "detail": "Too many.", "code": "rate_limited", "retry_after": 0.05}
    stage.refusal = (429, body)
    (tmp_path / "a.pdf").write_bytes(b"a")
    staged.driver.drop(tmp_path / "a.pdf")
    staged.wait(lambda: stage.forms and staged.row("a.pdf").state is RowState.WAITING)  # refused once, it waits again
    stage.refusal = None
    staged.wait(lambda: staged.row("a.pdf").state is RowState.QUEUED)
