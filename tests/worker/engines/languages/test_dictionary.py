"""The word list of a language."""

from __future__ import annotations

import struct
from pathlib import Path

from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.tessdata import TessData
from tests.helpers.changed_engine import ENGLISH


def test_trained_data_has_a_dictionary(data: TessData) -> None:
    knows = word_lookup(data, ENGLISH)
    assert all(map(knows, ("invoice", "Invoice", "INVOICE", "the", "Customer")))
    assert not any(map(knows, ("invo", "invoices!", "", "involce", "xqz", "∂")))


def test_trained_data_without_a_dictionary_knows_no_words(tmp_path: Path) -> None:
    for content in (b"", b"\x18", struct.pack("<i24q", 24, *[-1] * 24), struct.pack("<i24q", 24, *[4 + 8 * 24] * 24)):
        (tmp_path / "abc.traineddata").write_bytes(content)
        knows = word_lookup(TessData(tmp_path), ("abc",))
        assert not knows("invoice")
