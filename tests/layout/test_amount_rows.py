"""An amount joins the text on its left; prose beside a column of amounts stays as it is."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.amount_rows import join_amounts


def line(text: str, left: int, top: int, *, height: int = 20) -> Line:
    words, x = [], left
    for part in text.split():
        words.append(
            Word(text=part, box=Box(x, top, x + 10 * len(part), top + height), confidence=0.9, source=Source.RAPID)
        )
        x += 10 * len(part) + 8
    return Line(box=Box.around([word.box for word in words]), words=tuple(words))


def block(*lines: Line) -> Block:
    return Block(box=Box.around([it.box for it in lines]), lines=lines)


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [it.text for one in blocks for it in one.lines]


def test_a_column_of_amounts_joins_its_articles() -> None:
    articles = block(line("RYE BREAD", 30, 100), line("MILK", 30, 130), line("TAX 6%", 30, 160))
    amounts = block(line("2.66", 400, 101), line("1,09", 400, 131), line("$ 1.03", 380, 161))
    assert texts(join_amounts([amounts, articles])) == ["RYE BREAD 2.66", "MILK 1,09", "TAX 6% $ 1.03"]


def test_an_amount_joins_the_nearest_text_on_its_row() -> None:
    blocks = [block(line("Pens", 30, 100)), block(line("3 x 0.50", 200, 100)), block(line("1.50", 400, 100))]
    assert texts(join_amounts(blocks)) == ["Pens", "3 x 0.50 1.50"]


def test_several_amounts_of_a_row_stay_in_order() -> None:
    blocks = [block(line("17.00", 500, 100)), block(line("Chair", 30, 100)), block(line("8.50", 300, 100))]
    assert texts(join_amounts(blocks)) == ["Chair 8.50 17.00"]


def test_amounts_beside_prose_and_numbers_without_decimals_stay() -> None:
    prose = block(line("it was the best of times it was the worst", 30, 100))
    blocks = (prose, block(line("12.50", 700, 100)), block(line("Mill Street", 30, 300)), block(line("1995", 300, 300)))
    assert join_amounts(blocks) == blocks


def test_an_amount_on_another_row_stays() -> None:
    blocks = (block(line("Total", 30, 100)), block(line("12.50", 300, 140)))
    assert join_amounts(blocks) == blocks


def test_an_amount_joins_a_line_whose_box_is_twice_as_high() -> None:
    blocks = [block(line("TEA 2 POTS", 30, 96, height=40)), block(line("5.10", 300, 100))]
    assert texts(join_amounts(blocks)) == ["TEA 2 POTS 5.10"]
