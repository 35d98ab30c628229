"""Words of two engines for the same ink: one of the readings is used, never both, and words keep their order."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Rows

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.found_words import find_words
from ocrdesk_worker.engines.rapid.merging import Merger
from ocrdesk_worker.engines.rapid.quads import quad_of
from ocrdesk_worker.engines.rapid.regions import Region, choose_regions

Placed = tuple[str, int, int, float]
"""A word's text, left and right edge, and confidence."""


def words(placed: list[Placed], source: str, top: int = 100) -> list[Word]:
    return [
        Word(text=text, box=Box(left, top, right, top + 30), confidence=confidence, source=source)
        for text, left, right, confidence in placed
    ]


def rows_of(*lines: list[Placed]) -> Rows:
    built = []
    for number, placed in enumerate(lines):
        made = tuple(words(placed, Source.TESSERACT, 100 + 50 * number))
        built.append(Line(box=Box.around([word.box for word in made]), words=made))
    return Rows([Block(box=Box.around([line.box for line in built]), lines=tuple(built))])


def merged(rows: Rows, read: list[Placed], *, whole_line: bool = False) -> list[str]:
    found = find_words(rows)
    lines = [quad_of((0, 95, 900, 135))] if whole_line else []
    regions = choose_regions(found, lines, poor=False)
    Merger(rows, regions, poor=False).merge(regions[0], words(read, Source.RAPID))
    return [line.text for block in rows.blocks() for line in block.lines]


def test_a_doubtful_word_is_replaced_at_its_place() -> None:
    rows = rows_of([("the", 0, 50, 0.97), ("1azy", 60, 130, 0.4), ("dog", 140, 200, 0.97)])
    assert merged(rows, [("lazy", 58, 131, 0.99)]) == ["the lazy dog"]


def test_words_beside_a_doubtful_one_are_not_read_twice() -> None:
    rows = rows_of([("rible", 0, 80, 0.6), ("in", 90, 120, 0.97), ("history.", 130, 250, 0.97)])
    read = [("rible", 0, 80, 0.99), ("in", 91, 121, 0.99), ("history.", 131, 250, 0.99)]
    assert merged(rows, read) == ["rible in history."]


def test_a_word_that_tesseract_is_sure_of_stays_in_a_line_that_is_read_whole() -> None:
    rows = rows_of([("Total", 0, 80, 0.97), ("l2", 200, 240, 0.4)])
    assert merged(rows, [("Tota1", 0, 80, 0.95), ("12", 200, 240, 0.99)], whole_line=True) == ["Total 12"]


@pytest.mark.parametrize(
    ("read", "line"),
    [
        (("15:16", 88, 140, 0.95), "at 15:16"),
        (("15:16", 88, 140, 0.8), "at 5:16"),
        (("l5:1b", 88, 140, 0.99), "at 5:16"),
    ],
)
def test_a_word_without_its_first_letter_gives_way_to_the_whole_word(read: Placed, line: str) -> None:
    rows = rows_of([("at", 0, 30, 0.97), ("5:16", 100, 140, 0.97)])
    found = find_words(rows)
    found[1].is_doubtful = found[1].is_cut = True
    regions = choose_regions(found, [], poor=False)
    Merger(rows, regions, poor=False).merge(regions[0], words([read], Source.RAPID))
    assert [row.text for block in rows.blocks() for row in block.lines] == [line]


def test_a_sure_piece_gives_way_to_the_whole_word() -> None:
    rows = rows_of([("x", 0, 10, 0.4), ("18", 240, 270, 0.95)])
    assert merged(rows, [("17.18", 190, 270, 0.99)], whole_line=True) == ["17.18"]


def test_specks_beside_a_sure_piece_do_not_keep_the_whole_word_out() -> None:
    rows = rows_of([("»", 195, 205, 0.1), ("45", 240, 270, 0.95)])
    assert merged(rows, [("17.45", 190, 270, 0.99)], whole_line=True) == ["17.45"]


@pytest.mark.parametrize(
    ("before", "read", "after"),
    [
        ([("ck", 30, 60, 0.4), ("&", 70, 90, 0.95)], "Merck&", "Merck &"),
        ([("&", 0, 20, 0.95), ("S0n", 30, 90, 0.4)], "&Son", "& Son"),
        ([("har", 0, 40, 0.4), ("bour", 42, 90, 0.95)], "harbour", "harbour"),  # no gap
    ],
)
def test_a_gap_beside_a_sure_word_divides_what_was_read_as_one(before: list[Placed], read: str, after: str) -> None:
    assert merged(rows_of(before), [(read, 0, 90, 0.99)], whole_line=True) == [after]


def test_a_longer_reading_is_not_hidden_by_the_word_that_it_replaces() -> None:
    rows = rows_of([("office", 0, 100, 0.95)], [("s", 300, 310, 0.4)])
    assert merged(rows, [("officers", 0, 140, 0.99)], whole_line=True)[0] == "officers"


def test_tall_boxes_of_the_lines_around_hide_no_word() -> None:
    rows = Rows(())
    for top, text, confidence in ((70, "above", 0.97), (100, "5%", 0.7), (130, "below", 0.97)):
        box = Box(0, top - 5, 60, top + 40)
        rows.add([Word(text=text, box=box, confidence=confidence, source=Source.TESSERACT)])
    regions = choose_regions(find_words(rows), [], poor=False)
    (region,) = regions
    Merger(rows, regions, poor=False).merge(region, words([("5%", 0, 60, 0.99)], Source.RAPID))
    assert {word.text for row in rows.all() for word in row.words} == {"above", "5%", "below"}


def test_two_readings_that_agree_keep_tesseracts_box() -> None:
    rows = rows_of([("lazy", 60, 130, 0.7)])
    assert merged(rows, [("lazy", 40, 150, 0.9)]) == ["lazy"]
    (word,) = (word for block in rows.blocks() for line in block.lines for word in line.words)
    assert (word.box.left, word.box.right) == (60, 130)
    assert word.confidence > 0.9


def test_words_of_another_row_are_not_read_twice() -> None:
    rows = rows_of([("a", 0, 10, 0.4)], [("below", 20, 120, 0.97)])
    regions = choose_regions(find_words(rows), [], poor=False)
    read = words([("a", 0, 10, 0.99)], Source.RAPID) + words([("below", 20, 120, 0.99)], Source.RAPID, 150)
    Merger(rows, regions, poor=False).merge(regions[0], read)
    assert [line.text for block in rows.blocks() for line in block.lines] == ["a", "below"]


def test_a_box_around_other_words_is_noise() -> None:
    rows = rows_of([("66", 50, 90, 0.5)])
    tall = Word(text="ewnern", box=Box(40, 90, 60, 140), confidence=0.5, source=Source.TESSERACT)
    rows.all()[0].words.append(tall)
    found = find_words(rows)
    first = Region(quad_of((30, 95, 100, 135)), [one for one in found if one.word is not tall], is_line=True)
    second = Region(quad_of((30, 80, 70, 150)), [one for one in found if one.word is tall], is_line=False)
    merger = Merger(rows, [first, second], poor=False)
    merger.merge(first, words([("2.66", 40, 90, 0.99)], Source.RAPID))
    merger.merge(second, [])
    assert [line.text for block in rows.blocks() for line in block.lines] == ["2.66"]


def test_the_surer_of_two_readings_is_used() -> None:
    assert merged(rows_of([("v.", 0, 30, 0.8)]), [("1.", 0, 30, 0.56)]) == ["v."]
    assert merged(rows_of([("1.", 0, 30, 0.4)]), [("v.", 0, 30, 0.9)]) == ["v."]


def test_a_point_of_a_code_is_not_lost() -> None:
    assert merged(rows_of([("F.3d", 0, 90, 0.6)]), [("F3d", 0, 90, 0.99)]) == ["F.3d"]
    assert merged(rows_of([("226", 0, 60, 0.6)]), [("2.26", 0, 60, 0.99)]) == ["2.26"]


def test_a_box_around_several_lines_hides_no_word() -> None:
    rows = rows_of([("x", 0, 10, 0.4)])
    tall = Word(text="0", box=Box(40, 90, 80, 250), confidence=0.95, source=Source.TESSERACT)
    rows.all()[0].words.append(tall)
    regions = choose_regions([one for one in find_words(rows) if one.word is not tall], [], poor=False)
    Merger(rows, regions, poor=False).merge(regions[0], words([("x", 0, 10, 0.9), ("0", 50, 70, 0.99)], Source.RAPID))
    assert {word.text for row in rows.all() for word in row.words} == {"x", "0"}
    assert sum(len(row.words) for row in rows.all()) == 3


def test_a_part_of_the_next_word_is_not_read_as_a_word() -> None:
    rows = rows_of([("655", 0, 60, 0.8), ("m", 66, 100, 0.95)])
    next_word = rows.all()[0].words[1]
    rows.all()[0].words[1] = next_word.model_copy(update={"box": Box(66, 95, 100, 142)})
    piece = Word(text="r", box=Box(64, 108, 74, 130), confidence=0.9, source=Source.RAPID)
    regions = choose_regions(find_words(rows), [], poor=False)
    Merger(rows, regions, poor=False).merge(regions[0], [*words([("655", 0, 60, 0.99)], Source.RAPID), piece])
    assert [word.text for word in rows.all()[0].words] == ["655", "m"]
