"""Language names, and the commands that install a missing language."""

from __future__ import annotations

import pytest

from ocrdesk.contract.languages import how_to_add, is_language_name, system_packages


@pytest.mark.parametrize("name", ["eng", "deu_latf", "chi_sim_vert", "my_model2", "Latin", "a" * 40])
def test_names_of_language_data_are_accepted(name: str) -> None:
    assert is_language_name(name)


@pytest.mark.parametrize(
    "name", ["", "auto", "osd", "equ", "snum", "2eng", "_eng", "deu-latf", "../eng", "eng\n", "eng deu", "a" * 41]
)
def test_other_names_are_refused(name: str) -> None:
    assert not is_language_name(name)


def test_debian_packages_have_dashes() -> None:
    assert system_packages(["eng", "chi_sim"]) == "tesseract-ocr-eng tesseract-ocr-chi-sim"


def test_both_commands_name_all_missing_languages() -> None:
    assert how_to_add(["fra", "chi_sim"]) == (
        "ocrdesk languages add fra chi_sim (or: apt-get install tesseract-ocr-fra tesseract-ocr-chi-sim)"
    )


def test_a_command_never_contains_invalid_languages() -> None:
    assert how_to_add(["; rm -rf", "fra", "osd"]) == how_to_add(["fra"])
    assert how_to_add(["; rm -rf", "osd"]) == ""
