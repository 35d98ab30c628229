"""Many files through one server: order, failures, and nothing left behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ocrdesk.cli.app import app
from ocrdesk.client import Client, ServerBusyError
from ocrdesk.contract.errors import ErrorCode
from tests.cli.conftest import Ocr
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png


def test_several_files_come_in_the_order_given_under_their_names(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "two.png", folder / "book.pdf", folder / "one.png")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line] == [
        f"==> {folder / 'two.png'} <==",
        "Second file",
        f"==> {folder / 'book.pdf'} <==",
        "Page one",
        "Page two",
        f"==> {folder / 'one.png'} <==",
        "First file",
    ]


def test_a_missing_or_damaged_file_is_reported_and_the_others_continue(ocr: Ocr, folder: Path) -> None:
    (folder / "notes.txt").write_text("no picture")
    done = ocr(folder / "gone.png", folder / "one.png", folder / "secret.pdf", folder / "notes.txt", folder / "two.png")
    assert done.returncode == 1
    assert "First file" in done.stdout
    assert "Second file" in done.stdout
    complaints = done.stderr.splitlines()
    assert complaints[0] == f"ocrdesk: {folder / 'gone.png'}: there is no such file"
    assert complaints[1].startswith(f"ocrdesk: {folder / 'secret.pdf'}: This PDF is protected with a password.")
    assert complaints[2].startswith(f"ocrdesk: {folder / 'notes.txt'}: notes.txt is not a supported file")
    assert complaints[3].startswith("ocrdesk: 2 files done, 3 failed; 2 pages in ")
    assert len(complaints) == 4


def test_pages_that_a_file_does_not_have_are_a_warning_and_no_failure(ocr: Ocr, folder: Path) -> None:
    done = ocr("--pages", "2,7", folder / "book.pdf")
    assert (done.returncode, done.stdout) == (0, "Page two\n")
    path = folder / "book.pdf"
    assert done.stderr == f"ocrdesk: {path}: warning: This file has 2 pages, so these were left out: 7.\n"


def test_a_folder_is_the_files_in_it(ocr: Ocr, folder: Path) -> None:
    below = folder / "below" / "deeper"
    below.mkdir(parents=True)
    (below / "three.PNG").write_bytes(text_png("Third file"))
    (below / "notes.txt").write_text("not read")
    done = ocr(folder / "below")
    assert (done.returncode, done.stdout) == (0, "Third file\n")


def test_an_empty_folder_is_reported(ocr: Ocr, tmp_path: Path) -> None:
    done = ocr(tmp_path)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr


def test_a_file_that_cannot_be_read_is_named(ocr: Ocr, folder: Path) -> None:
    (folder / "loop.png").symlink_to("loop.png")
    done = ocr(folder / "loop.png", folder / "one.png")
    assert done.returncode == 1
    assert "loop.png: it cannot be read" in done.stderr
    assert "First file" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_reported_and_the_others_continue(ocr: Ocr, folder: Path) -> None:
    (folder / "two.png").chmod(0)
    done = ocr(folder / "two.png", folder / "one.png")
    assert done.returncode == 1
    assert "two.png: it cannot be read: Permission denied" in done.stderr
    assert "First file" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_an_unreadable_folder_is_reported(ocr: Ocr, folder: Path) -> None:
    (folder / "locked").mkdir(mode=0)
    done = ocr(folder / "locked", folder / "one.png")
    assert done.returncode == 1
    assert "locked: it cannot be read: Permission denied" in done.stderr
    assert "First file" in done.stdout


def test_a_file_without_room_on_the_server_is_reported_and_smaller_ones_continue(
    backend: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = Client.submit

    def full(client: Client, source: Path, *rest: Any, **options: Any) -> str:
        if source.name == "book.pdf":
            raise ServerBusyError("The server has no room for more files.", code=ErrorCode.STORAGE_FULL)
        return submit(client, source, *rest, **options)

    monkeypatch.setenv("OCRDESK_DATA_DIR", str(backend.data_dir))
    monkeypatch.setattr(Client, "submit", full)
    done = CliRunner().invoke(app, ["ocr", *(str(folder / name) for name in ("one.png", "book.pdf", "two.png"))])
    assert done.exit_code == 1
    assert "book.pdf: The server has no room" in done.stderr
    assert "First file" in done.stdout
    assert "Second file" in done.stdout


def test_files_are_tried_and_not_judged_by_their_permissions(
    backend: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCRDESK_DATA_DIR", str(backend.data_dir))
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    done = CliRunner().invoke(app, ["ocr", str(folder / "one.png")])
    assert (done.exit_code, done.stdout) == (0, "First file\n")


def test_a_finished_call_leaves_no_jobs_on_the_server(ocr: Ocr, backend: Backend, folder: Path) -> None:
    before = set(backend.redis().keys("ocrdesk:job:*"))
    ocr(folder / "one.png", folder / "secret.pdf", folder / "book.pdf")
    assert set(backend.redis().keys("ocrdesk:job:*")) <= before
