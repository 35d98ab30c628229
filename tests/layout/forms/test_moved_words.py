"""Words that are moved into other blocks are on the page once."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk.layout.forms.moved_words import with_words_moved


def block_of(*lines: tuple[Word, ...]) -> Block:
    made = tuple(Line(box=Box.around([word.box for word in words]), words=words) for words in lines)
    return Block(box=Box.around([line.box for line in made]), lines=made)


def texts(blocks: tuple[Block, ...]) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in blocks]


def test_words_are_moved_from_lines_that_keep_others_and_from_whole_lines() -> None:
    a, b, c, d, e = (
        Word(text=text, box=Box(60 * place, 0, 60 * place + 50, 20), confidence=0.9, source=Source.TESSERACT)
        for place, text in enumerate("abcde")
    )
    untouched = block_of((e,))
    blocks = block_of((a,), (b, c), (d,)), untouched
    moved = [[block_of((c,)), block_of((d,))]]
    made = with_words_moved(blocks, moved)
    assert texts(made) == [["a"], ["c"], ["d"], ["b"], ["e"]]
    assert made[-1] is untouched
    assert texts(with_words_moved([block_of((b, c))], [[block_of((c,))]])) == [["c"], ["b"]]
    assert with_words_moved(blocks, []) == blocks
