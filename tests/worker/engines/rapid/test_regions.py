"""Which parts of a page are read a second time."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Source, Word
from ocrdesk.layout.row_builder import Row
from ocrdesk_worker.engines.rapid.found_words import FoundWord, trust_probable_words
from ocrdesk_worker.engines.rapid.quads import Quad, quad_of
from ocrdesk_worker.engines.rapid.regions import choose_regions

SURE, LIKELY, DOUBTFUL = 0.96, 0.85, 0.6
KNOWN = frozenset({"sector", "prices", "to"})


def found(*texts: tuple[str, float], sure: int = 40) -> list[FoundWord]:
    """Return words of one row, 100 pixels wide each, with these confidences; then a row of sure words."""
    words = [
        Word(text=text, box=Box(120 * place, 0, 120 * place + 100, 30), confidence=confidence, source=Source.TESSERACT)
        for place, (text, confidence) in enumerate(texts)
    ]
    others = [Word(text="the", box=Box(0, 90, 50, 120), confidence=SURE, source=Source.TESSERACT)] * sure
    rows = Row(words), Row(others)
    return [FoundWord(word, row, word.box, word.confidence < 0.9) for row in rows for word in row.words]


def whole_line(words: list[FoundWord]) -> Quad:
    left, top, right, bottom = Box.around([one.word.box for one in words])
    return quad_of((left - 5, top - 5, right + 5, bottom + 5))


def read_again(words: list[FoundWord]) -> list[str]:
    trust_probable_words(words, KNOWN.__contains__)
    return [one.word.text for region in choose_regions(words, [], poor=False) for one in region.inside]


@pytest.mark.parametrize("text", ["sector:", "v.", "(don\u2019t", "Basaglar", "well-known"])
def test_on_a_clear_page_a_likely_word_of_letters_stays(text: str) -> None:
    assert read_again(found((text, LIKELY), ("rn0re", DOUBTFUL))) == ["rn0re"]


@pytest.mark.parametrize(
    "text", ["1,234.50", "F.3d", "tchiang@example.com", "''former", "System,\u2019\u2019", "©", "_"]
)
def test_figures_codes_signs_and_torn_quotation_marks_are_read_again(text: str) -> None:
    assert read_again(found((text, LIKELY))) == [text]


def test_on_a_fair_page_only_words_that_a_dictionary_has_stay() -> None:
    assert read_again(found(("sector:", LIKELY), ("Basaglar", LIKELY), ("rn0re", DOUBTFUL), sure=20)) == [
        "Basaglar",
        "rn0re",
    ]


def test_where_a_fifth_is_doubtful_all_doubtful_words_are_read_again() -> None:
    assert read_again(found(("sector:", LIKELY), ("rn0re", DOUBTFUL), sure=8)) == ["sector:", "rn0re"]


def test_a_likely_word_that_lacks_a_letter_is_read_again() -> None:
    words = found(("sector", LIKELY))
    words[0].is_cut = True
    assert read_again(words) == ["sector"]


def test_likely_words_do_not_make_a_line_be_read_whole() -> None:
    words = found(("net", SURE), ("prices", LIKELY), ("to", LIKELY), ("Califomia", DOUBTFUL))
    line = whole_line(words[:4])
    assert [region.is_line for region in choose_regions(words, [line], poor=False)] == [True]
    trust_probable_words(words, KNOWN.__contains__)
    [region] = choose_regions(words, [line], poor=False)
    assert (region.is_line, [one.word.text for one in region.inside]) == (False, ["Califomia"])
