"""What the server, the engine and the library say, in the window's language: all that users meet is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.i18n import interface_language
from ocrdesk.desktop.i18n.error_messages import PATTERNS, translate_error
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import RowState, row_of_view
from ocrdesk.desktop.library import store
from ocrdesk_api import errors as api_errors
from ocrdesk_worker import errors
from tests.helpers.fake_server import make_job

FAULTS = [
    errors.encrypted_pdf(),
    errors.corrupt("PDF"),
    errors.no_pages(),
    errors.no_such_pages("5-6", 1),
    errors.no_such_pages("5-6", 3),
    errors.too_many_pages(900, 500),
    errors.image_too_large(90000, 80000, 100),
    errors.out_of_memory(900),
    errors.unknown_language(["fra"], ["deu", "eng"]),
    errors.unknown_language(["x/y"], []),
    errors.language_unusable(("fra",)),
    errors.language_unread(("heb",)),
    errors.page_timeout(30),
    errors.file_timeout(30),
    errors.upload_lost(),
    errors.no_text_layer(None),
    errors.no_text_layer("most of it is hidden"),
    errors.engine_missing("rapid", "Get it with: pip install 'ocrdesk[photo]'"),
    errors.engine_failed(),
    errors.storage_full(),
    errors.export_timeout(60),
    errors.not_rewritable(),
    errors.internal(),
]
REFUSALS = [
    api_errors.scope_missing("submit", ["read"]),
    api_errors.queue_full(30),
    api_errors.storage_full(),
    api_errors.redis_away(),
]


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before, locale = set(app.findChildren(QTranslator)), QLocale()
    assert interface_language.install(app, "de") == "de"
    yield
    for translator in set(app.findChildren(QTranslator)) - before:
        app.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(locale)


def test_every_fault_has_an_example_here() -> None:
    made = {name for name, value in vars(errors).items() if callable(value) and not isinstance(value, type)}
    made -= {"how_to_add"}
    source = Path(__file__).read_text("utf-8")
    assert not [name for name in made if f"errors.{name}(" not in source]


@pytest.mark.parametrize("sentence", [fault.info.message for fault in FAULTS] + [one.body.detail for one in REFUSALS])
def test_sentence_is_said_in_german_with_its_own_numbers(german: None, sentence: str) -> None:
    ours = translate_error(sentence)
    assert ours != sentence
    assert "{" not in ours
    assert re.findall(r"\d+", ours) == re.findall(r"\d+", sentence)


@pytest.mark.parametrize("sentence", ["", "Something new that nobody has translated yet: 5 {things}."])
def test_what_is_not_known_stays_as_it_came(german: None, sentence: str) -> None:
    assert translate_error(sentence) == sentence


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.info.code)
def test_english_stays_the_server_s_own(qtbot: QtBot, fault: errors.ProcessingError) -> None:
    assert translate_error(fault.info.message) == fault.info.message


def test_a_reason_within_a_sentence_is_said_too(german: None) -> None:
    inner = "There is no room left on the device that holds /data (0.3 MB are free). "
    inner += "Make room there, or choose another folder with --data-dir."
    said = translate_error(f"The local engine could not start: {inner} (its log: /data/backend.log)")
    assert "kein Platz mehr (0.3 MB sind frei)" in said
    assert said.endswith("/data/backend.log)")


def test_rows_and_failures_are_worded_so(german: None) -> None:
    row = row_of_view(make_job("1", "a.pdf", JobState.FAILED, error=errors.encrypted_pdf().info.message))
    assert row.state is RowState.FAILED
    assert row_text.state_line(row).startswith("Diese PDF ist mit einem Passwort geschützt.")
    assert short_reason(
        store.LibraryError("Another window is busy with the library. Try again in a moment.")
    ).startswith("Ein anderes")


def test_every_pattern_is_translated_with_its_fields() -> None:
    translator = QTranslator()
    assert translator.load(str(interface_language.FOLDER / "ocrdesk_de.qm"))
    for pattern in PATTERNS:
        ours = translator.translate("OthersWords", pattern)
        assert ours, pattern
        assert sorted(re.findall(r"\{\w+\}", ours)) == sorted(re.findall(r"\{\w+\}", pattern))
