"""Checkboxes become words before their labels and replace what was read there."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk.contract.structure import FieldKind, FormField
from ocrdesk.layout.structure.checkbox_words import insert_checkboxes, is_other_sign


def _word(text: str, left: int, right: int, top: int = 100) -> Word:
    return Word(text=text, box=Box(left, top, right, top + 30), confidence=0.9, source=Source.TESSERACT)


def _block(*words: Word) -> Block:
    box = Box.around([word.box for word in words])
    return Block(box=box, lines=(Line(box=box, words=words),))


def _field(left: int, top: int = 100, *, ticked: bool = False) -> FormField:
    return FormField(kind=FieldKind.CHECKBOX, box=Box(left, top, left + 30, top + 30), ticked=ticked)


def _texts(blocks: tuple[Block, ...]) -> list[list[str]]:
    return [[word.text for word in line.words] for block in blocks for line in block.lines]


def test_a_box_comes_before_its_label() -> None:
    blocks = (_block(_word("By", 150, 180), _word("train", 190, 250)),)
    (block,) = insert_checkboxes(blocks, [_field(100, ticked=True)], Source.RAPID)
    assert _texts((block,)) == [["☒", "By", "train"]]
    assert block.box == Box(100, 100, 250, 130)
    assert block.lines[0].words[0].source == Source.RAPID


def test_boxes_of_one_line_stay_apart() -> None:
    blocks = (_block(_word("Sex", 10, 60), _word("female", 150, 240), _word("male", 350, 420)),)
    changed = insert_checkboxes(blocks, [_field(100), _field(300, ticked=True)], Source.TESSERACT)
    assert _texts(changed) == [["Sex", "☐", "female", "☒", "male"]]


@pytest.mark.parametrize("read", ["O", "[]", "X", "L]", "D"])
def test_what_was_read_in_a_box_is_replaced(read: str) -> None:
    blocks = (_block(_word(read, 102, 128), _word("By", 150, 180)),)
    assert _texts(insert_checkboxes(blocks, [_field(100)], Source.TESSERACT)) == [["☐", "By"]]


@pytest.mark.parametrize("read", ["OBy", "[]By", "XBy", "[XBy", "By"])
def test_a_sign_joined_to_the_label_is_removed(read: str) -> None:
    blocks = (_block(_word(read, 102, 250)),)
    assert _texts(insert_checkboxes(blocks, [_field(100)], Source.TESSERACT)) == [["☐", "By"]]


def test_words_beside_a_box_stay_as_they_are() -> None:
    blocks = (_block(_word("Ovid", 150, 180)), _block(_word("Oslo", 10, 90, 400)))
    assert _texts(insert_checkboxes(blocks, [_field(100)], Source.TESSERACT)) == [["☐", "Ovid"], ["Oslo"]]


def test_a_box_far_from_words_is_a_block() -> None:
    blocks = (_block(_word("By", 150, 180)), _block(_word("train", 150, 250, 900)))
    assert _texts(insert_checkboxes(blocks, [_field(150, 500)], Source.TESSERACT)) == [["By"], ["☐"], ["train"]]


def test_a_box_is_right_of_a_label_in_hebrew() -> None:
    blocks = (_block(_word("ברכבת", 100, 200)),)
    assert _texts(insert_checkboxes(blocks, [_field(230)], Source.TESSERACT)) == [["☐", "ברכבת"]]


def test_a_page_without_boxes_keeps_its_blocks() -> None:
    blocks = (_block(_word("O", 102, 128), _word("By", 150, 180)),)
    assert insert_checkboxes(blocks, [], Source.TESSERACT) == blocks


def test_a_page_of_one_box_has_one_word() -> None:
    assert _texts(insert_checkboxes((), [_field(100)], Source.TESSERACT)) == [["☐"]]


def test_text_in_a_frame_says_something() -> None:
    box = Box(100, 100, 140, 140)
    assert is_other_sign(_word("7", 110, 130), box)
    assert is_other_sign(_word("Esc", 105, 135), box)
    assert not is_other_sign(_word("O", 102, 138), box)
    assert not is_other_sign(_word("7", 150, 170), box)


def test_the_round_letter_of_a_word_is_no_radio_button() -> None:
    letter, button = Box(102, 108, 122, 129), Box(100, 101, 129, 130)
    assert is_other_sign(_word("of", 102, 140), letter)
    assert is_other_sign(_word("to", 82, 122), letter)
    assert not is_other_sign(_word("oMale", 100, 200), button)
    assert not is_other_sign(_word("O", 102, 122), letter)
