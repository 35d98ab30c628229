"""The characters of a language."""

from __future__ import annotations

from ocrdesk_worker.engines.languages.alphabets import alphabet_of
from ocrdesk_worker.engines.languages.tessdata import TessData
from tests.helpers.changed_engine import ENGLISH


def test_trained_data_lists_its_characters(data: TessData) -> None:
    english = alphabet_of(data, ENGLISH)
    assert set("abcxyzABCXYZ0123456789.,:;-!?") <= english
    assert all(len(character) == 1 for character in english)
