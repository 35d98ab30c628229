"""Errors in the interface language: the window knows every template, and translates it with its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocrdesk.contract.error_messages import TEMPLATES, ErrorMessage, error_message
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.i18n import error_messages, interface_language
from ocrdesk.desktop.i18n.error_messages import translate_error, translate_message
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import RowState, row_of_view
from tests.helpers.fake_server import make_job

FOLDER_FULL = error_message("folder_disk_full", folder="/data", free="0.3")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    interface_language.install(app, "de")
    translators = app.findChildren(QTranslator)
    yield
    for translator in translators:
        app.removeTranslator(translator)


def test_window_has_the_templates_of_the_contract() -> None:
    assert error_messages.TEMPLATES == TEMPLATES


@pytest.mark.parametrize("message_id", TEMPLATES)
def test_template_is_translated_with_its_parameters(message_id: str) -> None:
    translator = QTranslator()
    assert translator.load(str(interface_language.FOLDER / "ocrdesk_de.qm"))
    german = translator.translate(error_messages.CONTEXT, TEMPLATES[message_id])
    assert german
    assert fields(german) == fields(TEMPLATES[message_id])


def test_message_is_shown_in_german_with_its_own_numbers(german: None) -> None:
    shown = translate_message(error_message("too_many_pages", count=900, limit=500))
    assert shown.startswith("Diese Datei hat 900 Seiten")
    assert re.findall(r"\d+", shown) == ["900", "500"]


def test_cause_is_translated_within_its_message(german: None) -> None:
    shown = translate_message(error_message("local_server_not_started", log="/data/backend.log", cause=FOLDER_FULL))
    assert shown.startswith("Der lokale Server konnte nicht starten: Auf dem Datenträger von /data")
    assert "kein Platz mehr (0.3 MB sind frei)" in shown
    assert shown.endswith("/data/backend.log)")


def test_english_interface_shows_the_sentence_of_the_server(qtbot: QtBot) -> None:
    message = ErrorMessage("This file has no pages at all.", "no_pages")
    assert translate_message(message) == "This file has no pages at all."


@pytest.mark.parametrize(
    "message",
    [
        ErrorMessage(""),
        ErrorMessage("An older server said this about {things}."),
        ErrorMessage("A newer server said this.", "an_id_of_a_later_version", {"count": 5}),
        ErrorMessage("This file has many pages.", "too_many_pages", {"pages": 900}),
    ],
    ids=["empty", "without an id", "with an unknown id", "with other parameters"],
)
def test_message_that_fits_no_template_is_shown_as_it_came(german: None, message: ErrorMessage) -> None:
    assert translate_message(message) == message.text


def test_record_of_an_older_server_shows_its_text(german: None) -> None:
    assert translate_error(None, "This file has no pages.") == "This file has no pages."
    assert translate_error(None, None) is None


def test_failed_job_is_shown_in_german(german: None) -> None:
    message = error_message("encrypted_pdf")
    view = make_job("1", "a.pdf", JobState.FAILED, error=message.text, error_message=message)
    row = row_of_view(view)
    assert row.state is RowState.FAILED
    assert row_text.state_line(row).startswith("Dieses PDF ist mit einem Passwort geschützt.")
