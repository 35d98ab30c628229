"""Text with signs of a lost encoding or of a poor recognition is doubted; other text is trusted."""

from __future__ import annotations

import pytest

from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk_worker.render.pdf_text.doubts import doubtful_words


def doubted(text: str, *, hidden: bool) -> list[str]:
    words = [
        PositionedWord(word, n, True, 0, (n, 0, n + 1, 1), (n, 0, n + 1, 1)) for n, word in enumerate(text.split())
    ]
    found = doubtful_words(words, frozenset(range(len(words))) if hidden else frozenset())
    return [word.text for word in words if word.first in found]


@pytest.mark.parametrize(
    "text",
    [
        "The rnoon r0se above the s1eeping town and the l1ght was pale on the roofs",
        "Tbe moou rosc abovc tbe slccpiug towu aud tbc ligbt was palc ou tbe roofs",
        "Der M0nd g1ng über der schlafenden Stadt auf und das Licht war bleich auf den Dächern",
        "vvhen the moon rose the watch vvas asleep and the ship lay still in the bay",
    ],
    ids=["digits in words", "letters swapped", "German", "pairs of letters"],
)
def test_a_poor_recognition_is_doubted(text: str) -> None:
    assert doubted(text, hidden=True)


@pytest.mark.parametrize(
    "text",
    [
        "The moon rose above the sleeping town and the light was pale on the roofs of it",
        "Der Mond ging über der schlafenden Stadt auf und das Licht war bleich auf den Dächern",
        "La lune se leva sur la ville endormie et la lumière était pâle sur les toits de la place",
        "La luna salió sobre la ciudad dormida y la luz era pálida en los tejados de las casas",
        "The part A4711 of the set 3M and the valve DN25 go to the hall B12 at the gate of the yard",
        "Луна взошла над спящим городом и свет её был бледен на крышах домов",
    ],
    ids=["English", "German", "French", "Spanish", "codes", "Russian"],
)
@pytest.mark.parametrize("hidden", [True, False])
def test_good_text_is_trusted(text: str, hidden: bool) -> None:
    assert doubted(text, hidden=hidden) == []


def test_visible_text_is_doubted_for_a_lost_encoding_only() -> None:
    assert doubted("Used ••”• litres at •ž•.•” each in the quarter, to be paid by us", hidden=False) == [
        "••”•",
        "•ž•.•”",
    ]
    assert doubted("Die GrÃ¶ÃŸe der TÃ¼r und die HÃ¶he der Wand sind im Plan", hidden=False)
    assert doubted("Tbe moou rosc abovc tbe slccpiug towu aud tbc ligbt was palc", hidden=False) == []


def test_few_words_are_trusted() -> None:
    assert doubted("l0w w4ter h1gh", hidden=True) == []
