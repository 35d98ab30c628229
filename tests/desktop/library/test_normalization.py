"""Text is normalised for searches."""

from __future__ import annotations

from ocrdesk.desktop.library.normalization import index_text, normalize, words


def test_case_accents_and_ligatures_are_normalised() -> None:
    assert normalize("ÄÖÜ ẞ é ﬁ") == "aou ss e fi"


def test_each_character_of_a_script_without_spaces_is_a_word() -> None:
    assert [word for _, _, word in words("在PDF里，找 公园")] == ["在", "pdf", "里", "找", "公", "园"]
    assert index_text("公园 PDF").split() == ["公", "园", "pdf"]
    assert index_text("Fuß") == "fuss"
