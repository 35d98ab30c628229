"""The script of letters and languages."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.languages.letters import languages_by_script, look_like_others, script_of_letter


@pytest.mark.parametrize(
    ("letters", "script"),
    [
        ("aÄß", "Latin"),
        ("жЯ", "Cyrillic"),
        ("λΩ", "Greek"),
        ("אם", "Hebrew"),
        ("عي", "Arabic"),
        ("图かカー々", "Han"),
        ("새", "Korean"),
        ("ก", "Thai"),
        ("क", "Devanagari"),
        ("1.–%\N{MICRO SIGN}\N{THAI CHARACTER SARA I}", None),  # figures, signs and marks
    ],
)
def test_letters_have_a_script_and_signs_have_none(letters: str, script: str | None) -> None:
    assert {script_of_letter(letter) for letter in letters} == {script}


def test_languages_are_grouped_by_the_letters_they_are_written_with() -> None:
    assert languages_by_script(["eng", "jpn", "rus", "deu", "chi_sim", "frk"]) == {
        "Latin": ("eng", "deu", "frk"),
        "Han": ("jpn", "chi_sim"),
        "Cyrillic": ("rus",),
    }


def test_a_word_of_letters_that_other_scripts_have_too_is_in_no_script_for_certain() -> None:
    assert look_like_others("PECTOPAH")
    assert look_like_others("OH")
    assert not look_like_others("Windows")
