"""The script of a language."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.languages.scripts import COMMON, script_of


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("deu", "Latin"),
        ("deu_latf", "Fraktur"),
        ("srp", "Cyrillic"),
        ("srp_latn", "Latin"),
        ("chi_tra_vert", "Han"),
        ("tlh", "Latin"),
    ],
)
def test_a_language_has_one_script_and_an_unknown_one_is_latin(language: str, script: str) -> None:
    assert script_of(language) == script


def test_common_languages_are_named_once_and_begin_with_english() -> None:
    assert COMMON[0] == "eng"
    assert len(set(COMMON)) == len(COMMON)
    assert {"Latin", "Cyrillic", "Han", "Japanese", "Korean", "Arabic"} <= {script_of(name) for name in COMMON}
