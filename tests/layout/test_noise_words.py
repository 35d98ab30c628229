"""Words read in lines, pictures and specks, and words read twice, are dropped; others stay."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk.layout.noise_words import drop_noise
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks, Rule


def _word(text: str, box: tuple[int, int, int, int], confidence: float = 0.95) -> Word:
    return Word(text=text, box=Box(*box), confidence=confidence, source=Source.TESSERACT)


def _block(*words: Word) -> Block:
    box = Box.around([word.box for word in words])
    return Block(box=box, lines=(Line(box=box, words=words),))


def _texts(*blocks: Block, marks: PageMarks = NO_MARKS) -> list[str]:
    return [word.text for block in drop_noise(blocks, marks) for line in block.lines for word in line.words]


_LINE = PageMarks(rules=(Rule(Box(300, 100, 304, 900), "vertical"), Rule(Box(300, 500, 900, 503), "horizontal")))


@pytest.mark.parametrize(
    ("text", "box"), [("|", (299, 200, 305, 240)), (":", (301, 600, 303, 640)), ("—", (500, 497, 560, 506))]
)
def test_a_line_read_as_signs_is_dropped(text: str, box: tuple[int, int, int, int]) -> None:
    assert _texts(_block(_word("Harbour", (100, 200, 250, 240)), _word(text, box)), marks=_LINE) == ["Harbour"]


def test_signs_and_figures_beside_a_line_stay() -> None:
    words = _word("1", (310, 200, 330, 240)), _word("—", (500, 420, 560, 430)), _word("Il", (296, 700, 320, 740))
    assert _texts(_block(*words), marks=_LINE) == ["1", "—", "Il"]


def test_a_guess_in_a_picture_is_dropped_and_its_labels_stay() -> None:
    marks = PageMarks(pictures=(Box(0, 0, 500, 500),))
    words = _word("oN", (100, 100, 140, 130), 0.3), _word("Sales", (200, 200, 280, 230), 0.9)
    assert _texts(_block(*words), marks=marks) == ["Sales"]


def test_a_guess_beside_the_text_is_dropped() -> None:
    line = _block(_word("Harbour", (100, 200, 250, 240)), _word("e", (600, 215, 612, 240), 0.06))
    alone = _block(_word("¢", (100, 600, 110, 615), 0.1))
    assert _texts(line, alone) == ["Harbour"]


def test_doubtful_signs_within_the_text_stay() -> None:
    line = _block(_word("Smith", (100, 200, 250, 240)), _word("v.", (260, 205, 285, 240), 0.1))
    assert _texts(line, _block(_word("6", (400, 900, 420, 930), 0.4))) == ["Smith", "v.", "6"]


def test_a_dash_in_a_cell_stays() -> None:
    assert _texts(_block(_word("-", (600, 215, 612, 219), 0.07))) == ["-"]


def test_the_same_word_twice_is_there_once_with_the_tighter_box() -> None:
    loose = _word("4.826", (90, 180, 260, 300), 0.96)
    tight = _word("4,826", (100, 200, 200, 240), 0.9)
    assert _texts(_block(loose), _block(tight)) == ["4,826"]


def test_a_doubtful_reading_gives_way_to_a_certain_one() -> None:
    words = _word("48911", (90, 190, 210, 250), 0.39), _word("4,911", (100, 200, 200, 240), 0.96)
    assert _texts(_block(words[0]), _block(words[1])) == ["4,911"]


def test_different_words_with_overlapping_boxes_stay() -> None:
    words = _word("(96)", (100, 200, 200, 240)), _word("bps", (140, 205, 230, 245))
    small = _word("II", (500, 100, 600, 180), 0.47), _word("Chapter", (200, 90, 620, 200), 0.9)
    assert _texts(_block(*words), _block(*small)) == ["(96)", "bps", "II", "Chapter"]


def test_equal_figures_in_neighbouring_rows_stay() -> None:
    words = _word("0", (100, 200, 120, 228)), _word("0", (98, 190, 122, 320), 0.9)
    assert _texts(_block(words[0]), _block(words[1])) == ["0", "0"]


def test_words_over_several_bands_are_compared_once() -> None:
    tall = _word("Total", (100, 100, 300, 420), 0.9), _word("total", (100, 110, 300, 430), 0.8)
    assert _texts(_block(tall[0]), _block(tall[1])) == ["Total"]
    assert _texts(_block(tall[1]), _block(tall[0])) == ["Total"]


def test_a_page_without_noise_keeps_its_blocks() -> None:
    blocks = (_block(_word("Harbour", (100, 200, 250, 240))),)
    assert drop_noise(blocks, NO_MARKS) == blocks


def test_a_page_of_noise_has_no_blocks() -> None:
    assert drop_noise((_block(_word("|", (299, 200, 305, 240), 0.1)),), _LINE) == ()


def test_a_heap_of_words_at_one_place_ends() -> None:
    words = [_word(f"word{number}", (100, 200, 180, 240)) for number in range(3_000)]
    assert len(_texts(_block(*words))) == 3_000
