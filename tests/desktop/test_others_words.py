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
from ocrdesk.desktop import interface_language, job_words
from ocrdesk.desktop.error_words import why
from ocrdesk.desktop.job_row import RowState, row_of_view
from ocrdesk.desktop.library import store
from ocrdesk.desktop.others_words import PATTERNS, in_our_words
from ocrdesk_api import problems
from ocrdesk_worker import faults
from tests.desktop.staged_server import make_job

FAULTS = [
    faults.encrypted_pdf(),
    faults.corrupt("PDF"),
    faults.no_pages(),
    faults.no_such_pages("5-6", 1),
    faults.no_such_pages("5-6", 3),
    faults.too_many_pages(900, 500),
    faults.image_too_large(90000, 80000, 100),
    faults.out_of_memory(900),
    faults.unknown_language(["fra"], ["deu", "eng"]),
    faults.unknown_language(["x/y"], []),
    faults.language_unusable(("fra",)),
    faults.language_unread(("heb",)),
    faults.page_timeout(30),
    faults.file_timeout(30),
    faults.upload_lost(),
    faults.no_text_layer(None),
    faults.no_text_layer("most of it is hidden"),
    faults.engine_missing("rapid", "Get it with: pip install 'ocrdesk[photo]'"),
    faults.engine_failed(),
    faults.storage_full(),
    faults.export_timeout(60),
    faults.not_rewritable(),
    faults.internal(),
]
REFUSALS = [
    problems.scope_missing("submit", ["read"]),
    problems.queue_full(30),
    problems.storage_full(),
    problems.redis_away(),
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
    made = {name for name, value in vars(faults).items() if callable(value) and not isinstance(value, type)}
    made -= {"how_to_add"}
    source = Path(__file__).read_text("utf-8")
    assert not [name for name in made if f"faults.{name}(" not in source]


@pytest.mark.parametrize("sentence", [fault.info.message for fault in FAULTS] + [one.body.detail for one in REFUSALS])
def test_sentence_is_said_in_german_with_its_own_numbers(german: None, sentence: str) -> None:
    ours = in_our_words(sentence)
    assert ours != sentence
    assert "{" not in ours
    assert re.findall(r"\d+", ours) == re.findall(r"\d+", sentence)


@pytest.mark.parametrize("sentence", ["", "Something new that nobody has translated yet: 5 {things}."])
def test_what_is_not_known_stays_as_it_came(german: None, sentence: str) -> None:
    assert in_our_words(sentence) == sentence


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.info.code)
def test_english_stays_the_server_s_own(qtbot: QtBot, fault: faults.Fault) -> None:
    assert in_our_words(fault.info.message) == fault.info.message


def test_a_reason_within_a_sentence_is_said_too(german: None) -> None:
    inner = "There is no room left on the device that holds /data (0.3 MB are free). "
    inner += "Make room there, or choose another folder with --data-dir."
    said = in_our_words(f"The local engine could not start: {inner} (its log: /data/backend.log)")
    assert "kein Platz mehr (0.3 MB sind frei)" in said
    assert said.endswith("/data/backend.log)")


def test_rows_and_failures_are_worded_so(german: None) -> None:
    row = row_of_view(make_job("1", "a.pdf", JobState.FAILED, error=faults.encrypted_pdf().info.message))
    assert row.state is RowState.FAILED
    assert job_words.state_line(row).startswith("Diese PDF ist mit einem Passwort geschützt.")
    assert why(store.LibraryError("Another window is busy with the library. Try again in a moment.")).startswith(
        "Ein anderes"
    )


def test_every_pattern_is_translated_with_its_fields() -> None:
    translator = QTranslator()
    assert translator.load(str(interface_language.FOLDER / "ocrdesk_de.qm"))
    for pattern in PATTERNS:
        ours = translator.translate("OthersWords", pattern)
        assert ours, pattern
        assert sorted(re.findall(r"\{\w+\}", ours)) == sorted(re.findall(r"\{\w+\}", pattern))
