"""The characters of several languages."""

from __future__ import annotations

from pathlib import Path

from ocrdesk_worker.engines.languages.alphabets import alphabet_of
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.languages.traineddata import Part
from tests.worker.engines.languages.test_traineddata import file_of


def language(folder: Path, name: str, characters: str) -> None:
    rows = [f"{len(characters)}", *(f"{character} 3 0,0,0,0 Latin 1 0 1 {character}" for character in characters)]
    made = file_of(folder, {Part.CHARACTERS: "\n".join(rows).encode()})
    made.rename(folder / f"{name}.traineddata")


def test_an_alphabet_has_the_characters_of_all_languages(tmp_path: Path) -> None:
    language(tmp_path, "one", "abc")
    language(tmp_path, "two", "cdé")
    data = TessData(tmp_path)
    assert alphabet_of(data, ("one", "two")) == frozenset("abcdé")
    assert alphabet_of(data, ("two",)) == frozenset("cdé")


def test_a_language_without_data_adds_nothing(tmp_path: Path) -> None:
    language(tmp_path, "one", "abc")
    assert alphabet_of(TessData(tmp_path), ("one", "tlh")) == frozenset("abc")
    assert alphabet_of(TessData(tmp_path), ()) == frozenset()
