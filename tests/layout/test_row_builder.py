"""Rows and blocks while words are added."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Row, Rows
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


def placed(text: str, left: int, right: int) -> Word:
    return Word(text=text, box=Box(left, 0, right, 20), confidence=0.9, source=Source.TESSERACT)


def test_words_that_stay_keep_their_order_whatever_their_boxes() -> None:
    invoice, number, year = placed("Invoice", 50, 330), placed("No", 145, 175), placed("47l1", 184, 220)
    row = Row([invoice, number, year])
    row.replace([year], [placed("4711", 184, 220)])
    assert [word.text for word in row.words] == ["Invoice", "No", "4711"]


def test_new_words_take_the_place_of_the_old_one() -> None:
    row = Row([placed("a", 0, 10), placed("bc", 20, 60), placed("d", 70, 80)])
    row.replace([row.words[1]], [placed("c", 45, 60), placed("b", 20, 35)])
    assert [word.text for word in row.words] == ["a", "b", "c", "d"]


def test_a_word_without_an_old_one_is_inserted_by_its_place() -> None:
    row = Row([placed("a", 0, 10), placed("c", 70, 80)])
    row.replace((), [placed("b", 30, 40)])
    assert [word.text for word in row.words] == ["a", "b", "c"]
