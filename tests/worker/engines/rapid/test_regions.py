"""Which parts of a page are read a second time."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Source, Word
from ocrdesk.layout.row_builder import Row
from ocrdesk_worker.engines.rapid.found_words import FoundWord
from ocrdesk_worker.engines.rapid.quads import Quad, quad_of
from ocrdesk_worker.engines.rapid.regions import choose_regions

SURE, LIKELY, DOUBTFUL = 0.96, 0.85, 0.6


def found(*texts: tuple[str, float]) -> list[FoundWord]:
    """Return the words of one row, 100 pixels wide each, with these confidences."""
    words = [
        Word(text=text, box=Box(120 * place, 0, 120 * place + 100, 30), confidence=confidence, source=Source.TESSERACT)
        for place, (text, confidence) in enumerate(texts)
    ]
    row = Row(words)
    return [FoundWord(word, row, word.box, word.confidence < 0.9) for word in words]


def whole_line(words: list[FoundWord]) -> Quad:
    left, top, right, bottom = Box.around([one.word.box for one in words])
    return quad_of((left - 5, top - 5, right + 5, bottom + 5))


def read_again(words: list[FoundWord], *, poor: bool = False) -> list[str]:
    return [one.word.text for region in choose_regions(words, [], poor=poor) for one in region.inside]


@pytest.mark.parametrize("text", ["sector:", "v.", "(don’t", "Basaglar", "well-known"])
def test_a_likely_word_of_letters_stays(text: str) -> None:
    assert read_again(found((text, LIKELY), ("rn0re", DOUBTFUL))) == ["rn0re"]


@pytest.mark.parametrize("text", ["1,234.50", "F.3d", "tchiang@example.com", "''former", "System,’’", "©", "_"])
def test_figures_codes_signs_and_torn_quotation_marks_are_read_again(text: str) -> None:
    assert read_again(found((text, LIKELY))) == [text]


def test_a_likely_word_that_lacks_a_letter_is_read_again() -> None:
    words = found(("sector", LIKELY))
    words[0].is_cut = True
    assert read_again(words) == ["sector"]


def test_all_is_read_again_on_a_poor_page() -> None:
    assert read_again(found(("sector", LIKELY), ("is", SURE)), poor=True) == ["sector", "is"]


def test_likely_words_do_not_make_a_line_be_read_whole() -> None:
    words = found(("net", SURE), ("prices", LIKELY), ("to", LIKELY), ("Califomia", DOUBTFUL))
    [region] = choose_regions(words, [whole_line(words)], poor=False)
    assert (region.is_line, [one.word.text for one in region.inside]) == (False, ["Califomia"])
    for one in words[1:3]:
        one.word = one.word.model_copy(update={"confidence": DOUBTFUL})
    [region] = choose_regions(words, [whole_line(words)], poor=False)
    assert region.is_line
