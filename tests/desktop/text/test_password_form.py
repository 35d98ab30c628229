"""The password of a locked PDF is asked for where its error is shown, and kept nowhere."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import JobView
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.folders import contents_below
from tests.helpers.locked_pdfs import locked_pdf
from tests.helpers.sample_files import text_pdf

SECRET = "a-very-secret-word"  # it protects nothing


def _locked(code: str) -> JobView:
    ended = datetime.now(UTC)
    return make_job("1", "locked.pdf", JobState.FAILED, error="The PDF is locked.", error_code=code, ended_at=ended)


def test_password_is_sent_once_and_asked_again_if_it_is_wrong(
    staged: Desktop, stage: FakeServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    driver = staged.driver
    stage.put(_locked(ErrorCode.ENCRYPTED_PDF))
    stage.tell("1")
    staged.wait(lambda: driver.is_shown("password_form"))
    assert driver.find("pdf_password", QLineEdit).echoMode() is QLineEdit.EchoMode.Password
    assert not driver.is_enabled("pdf_password_button")
    driver.fill("pdf_password", "wrong")
    driver.press("pdf_password_button")
    staged.wait(lambda: stage.passwords == ["wrong"])
    assert driver.text("pdf_password") == ""
    staged.wait(lambda: not driver.is_shown("password_form"))
    stage.put(_locked(ErrorCode.WRONG_PASSWORD))
    stage.tell("1")
    staged.wait(lambda: driver.is_shown("password_form"))
    driver.fill("pdf_password", SECRET)
    driver.submit("pdf_password")
    staged.wait(lambda: stage.passwords == ["wrong", SECRET])
    done = make_job("1", "locked.pdf", JobState.FINISHED, page_count=1, pages_done=1)
    stage.put(done, [make_page(1, "Opened")])
    stage.tell("1")
    staged.wait(lambda: driver.shown_text == "Opened")
    assert not driver.is_shown("password_form")
    staged.close()
    assert SECRET.encode() not in b"".join(contents_below(tmp_path).values())
    assert SECRET not in caplog.text


def test_other_errors_and_rows_ask_for_no_password(staged: Desktop, stage: FakeServer) -> None:
    driver = staged.driver
    stage.put(_locked(ErrorCode.ENCRYPTED_PDF))
    stage.put(make_job("2", "broken.pdf", JobState.FAILED, error="It is damaged.", error_code="invalid_file"))
    for job_id in ("1", "2"):
        stage.tell(job_id)
    staged.wait(lambda: len(driver.listed) == 2)
    driver.select("locked.pdf")
    driver.fill("pdf_password", "typed so far")
    driver.select("broken.pdf")
    assert not driver.is_shown("password_form")
    driver.select("locked.pdf")
    assert driver.is_shown("password_form")
    assert driver.text("pdf_password") == ""


def test_locked_pdf_is_read_by_the_local_server(local: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "statement.pdf"
    file.write_bytes(locked_pdf(text_pdf(["Account statement"]), "256-bit AES", user=SECRET))
    local.driver.drop(file)
    local.wait(lambda: local.driver.is_shown("password_form"), 60)
    local.driver.fill("pdf_password", SECRET)
    local.driver.submit("pdf_password")
    local.wait(lambda: local.row("statement.pdf").state is RowState.FINISHED, 90)
    local.wait(lambda: "Account" in local.driver.shown_text)
