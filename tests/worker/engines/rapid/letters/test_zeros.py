"""A round letter alone in a column of numbers is a zero; beside words, or smaller than the numbers, it is a letter."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Box, Source, Word
from ocrdesk_worker.engines.rapid.letters.zeros import settle_zeros


def word(text: str, left: int, top: int, *, height: int = 20, confidence: float = 0.9) -> Word:
    box = Box(left, top, left + 12 * len(text), top + height)
    return Word(text=text, box=box, confidence=confidence, source=Source.RAPID)


def column(*texts: str) -> list[Word]:
    """Return words below each other with their right edges at 100."""
    return [word(text, 100 - 12 * len(text), 50 * number) for number, text in enumerate(texts)]


@pytest.mark.parametrize("text", ["0", "O", "o"])
def test_a_round_letter_in_a_column_of_numbers_is_a_zero(text: str) -> None:
    alone = word(text, 88, 200, confidence=0.3)
    [result] = settle_zeros([[alone]], column("40", "1,030", "20%"))
    assert result is not None
    assert (result[0].text, result[0].confidence > 0.9) == ("0", True)


@pytest.mark.parametrize(
    ("alone", "others"),
    [
        (word("O", 88, 200), column("up", "and", "down")),
        (word("O", 88, 200), column("40", "20")),
        (word("O", 30, 200), column("40", "20", "10")),
        (word("o", 88, 200, height=13), column("40", "20", "10")),
        (word("O", 88, 200, confidence=0.1), column("40", "20", "10")),
        (word("l", 88, 200), column("40", "20", "10")),
    ],
    ids=["words", "too few", "beside them", "smaller", "noise", "another letter"],
)
def test_other_letters_stay(alone: Word, others: list[Word]) -> None:
    assert settle_zeros([None, [alone]], others) == [None, [alone]]
