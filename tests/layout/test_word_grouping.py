"""An engine's words become lines and blocks."""

from __future__ import annotations

from ocrdesk.contract.document import Box, Word
from ocrdesk.layout.word_grouping import PlacedWord, group_words
from tests.helpers.sample_pages import word


def test_words_become_lines_and_blocks_by_their_numbers() -> None:
    placed = [
        PlacedWord(0, 0, word("one")),
        PlacedWord(0, 0, word("two", 100)),
        PlacedWord(0, 1, word("three", 0, 60)),
        PlacedWord(1, 1, word("four", 0, 300)),
    ]
    blocks = group_words(placed)
    assert [[line.text for line in block.lines] for block in blocks] == [["one two", "three"], ["four"]]


def test_every_box_is_around_its_content() -> None:
    one, two, three = word("one", 50, 10), word("two", 200, 4), word("three", 10, 60)
    (block,) = group_words([PlacedWord(0, 0, one), PlacedWord(0, 0, two), PlacedWord(0, 1, three)])
    assert block.lines[0].box == Box.around([one.box, two.box])
    assert block.box == Box.around([one.box, two.box, three.box])
    assert block.lines[0].words == (one, two)


def test_without_words_there_are_no_blocks() -> None:
    assert group_words([]) == ()


def test_the_micro_sign_is_a_mu_in_greek_words_alone() -> None:
    texts = ["\N{MICRO SIGN}ουσική", "5\N{MICRO SIGN}m", "\N{MICRO SIGN}Ω"]
    (block,) = group_words([PlacedWord(0, 0, word(text, 300 * at)) for at, text in enumerate(texts)])
    assert [one.text for one in block.lines[0].words] == ["\N{GREEK SMALL LETTER MU}ουσική", *texts[1:]]


def in_a_line(*words: tuple[str, int, int, bool]) -> str:
    """Return the text of a line of words, each with its left and right edge and whether it touches the one before."""
    placed = [
        PlacedWord(0, 0, Word(text=text, box=Box(left, 116, right, 164), confidence=0.9, source="tesseract"), touches)
        for text, left, right, touches in words
    ]
    ((line,),) = [block.lines for block in group_words(placed)]
    return "|".join(word.text for word in line.words)


def test_syllables_of_a_korean_word_are_united() -> None:  # as Tesseract split a printed line
    assert (
        in_a_line(
            *(("새", 103, 144, True), ("도", 172, 213, False), ("서", 220, 260, True), ("관", 268, 317, True)),
            *(("은", 319, 354, True), ("공원", 384, 479, False), ("옆", 505, 545, False), ("에", 553, 585, True)),
        )
        == "새|도서관은|공원|옆에"
    )


def test_letters_of_a_thai_phrase_are_united() -> None:
    assert (
        in_a_line(
            *(("ห", 101, 127, True), ("้", 126, 157, True), ("อ", 156, 171, True), ("ง", 180, 199, True)),
            *(("ใหม่", 230, 300, False), ("ๆ", 320, 330, False)),
        )
        == "ห้อง|ใหม่|ๆ"
    )


def test_chinese_words_stay_apart_and_are_united_with_what_a_space_would_separate() -> None:
    assert (
        in_a_line(
            *(("用", 395, 427, True), ("Python", 428, 606, False), ("写", 639, 702, False), ("程", 727, 764, True)),
            *(("，", 803, 848, True), ("共有", 910, 982, True), ("250", 985, 1060, True), ("行", 1062, 1100, True)),
        )
        == "用|Python|写|程|，|共有250行"
    )


def test_latin_words_that_touch_stay_apart() -> None:
    assert in_a_line(("one", 0, 90, True), ("two", 92, 180, True)) == "one|two"


def test_a_united_word_is_as_sure_as_its_weakest_part() -> None:
    parts = [
        Word(text=text, box=Box(left, 0, left + 40, 40), confidence=confidence, source="tesseract")
        for text, left, confidence in (("도", 0, 0.95), ("서", 44, 0.4), ("관", 88, 0.9))
    ]
    ((line,),) = [block.lines for block in group_words(PlacedWord(0, 0, part, touches=True) for part in parts)]
    (word,) = line.words
    assert (word.text, word.confidence, word.box) == ("도서관", 0.4, Box(0, 0, 128, 40))
