"""Rows and blocks while words are added."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Rows
from tests.helpers.changed_engine import lines_of


def test_a_new_block_is_placed_in_its_column() -> None:
    def block(text: str, box: Box) -> Block:
        word = Word(text=text, box=box, confidence=0.9, source=Source.TESSERACT)
        return Block(box=box, lines=(Line(box=box, words=(word,)),))

    rows = Rows(
        [
            block("left-top", Box(0, 0, 100, 20)),
            block("left-end", Box(0, 300, 100, 320)),
            block("right-top", Box(200, 0, 300, 20)),
            block("right-end", Box(200, 300, 300, 320)),
        ]
    )
    for column, left in (("left", 0), ("right", 200)):
        rows.add(
            [
                Word(text=f"{column}-{part}", box=Box(x, 150, x + 20, 170), confidence=0.9, source=Source.RAPID)
                for part, x in zip("abcd", range(left, left + 100, 25), strict=True)
            ]
        )
    assert [line.split()[0] for line in lines_of(rows.blocks())] == [
        "left-top",
        "left-a",
        "left-end",
        "right-top",
        "right-a",
        "right-end",
    ]


def hebrew_row() -> tuple[Rows, list[Word]]:
    """Return a row that is read from the right, but for its Latin name of two words."""
    places = {"התוכנה": 600, "Fire": 300, "Fox": 400, "מותקנת": 200, "כאן": 100}
    words = [
        Word(text=text, box=Box(left, 0, left + 80, 20), confidence=0.5, source=Source.TESSERACT)
        for text, left in places.items()
    ]
    box = Box.around([word.box for word in words])
    return Rows([Block(box=box, lines=(Line(box=box, words=tuple(words)),))]), words


def test_a_word_replaced_in_right_to_left_text_keeps_its_place() -> None:
    for number, old in enumerate(hebrew_row()[1]):
        rows, words = hebrew_row()
        new = old.model_copy(update={"text": "שלום"})
        rows.all()[0].replace([words[number]], [new])
        expected = [word.text for word in words]
        expected[number] = "שלום"
        assert [word.text for word in rows.all()[0].words] == expected


def test_a_word_added_to_right_to_left_text_is_placed_from_the_right() -> None:
    rows, words = hebrew_row()
    new = Word(text="חדש", box=Box(0, 0, 80, 20), confidence=0.9, source=Source.TESSERACT)
    rows.add([new])
    assert rows.all()[0].words == [*words, new]
