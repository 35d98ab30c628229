"""Each region of a page with several scripts is read in its own languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocrdesk.contract.document import Block, Box, Line
from ocrdesk_worker.engines.script_regions import have_several_scripts, read_regions
from ocrdesk_worker.preprocess.pixels import Pixels, np
from tests.helpers.sample_pages import PITCH, block_of, line_of, word

Languages = tuple[str, ...]
Known = tuple[Block, ...] | None

ENGLISH = ["The council met on Thursday", "and the library is open"]
RUSSIAN = ["Городской совет собрался", "чтобы обсудить план"]
CHINESE = ["市议会星期四开会讨论", "在市中心建设新图书馆"]
HEBREW = ["מועצת העיר התכנסה ביום"]


class Page:
    """A page of blocks below each other, with ink where its words are, and what was read of it."""

    def __init__(self, *blocks: list[str], confidence: float = 0.95) -> None:
        self.blocks: list[Block] = []
        self.image = np.full((PITCH * (2 + sum(map(len, blocks)) + 12 * len(blocks)), 1000), 255, np.uint8)
        self.read: list[tuple[Languages, Known, list[int]]] = []
        """The languages, known blocks and shown blocks of each part that was read."""
        top = PITCH
        for texts in blocks:
            lines = [self.line(text, top + PITCH * number, confidence) for number, text in enumerate(texts)]
            self.blocks.append(block_of(lines))
            top += PITCH * (len(texts) + 12)

    def line(self, text: str, top: int, confidence: float) -> Line:
        left, words = 100, []
        for part in text.split():
            words.append(word(part.rstrip("?"), left, top, 0.2 if part.endswith("?") else confidence))
            left = words[-1].box.right + 20
        for one in words:
            self.image[one.box.top : one.box.bottom, one.box.left : one.box.right] = 0
        return line_of(words)

    def shown(self, image: Pixels) -> list[int]:
        """Return the numbers of the blocks whose ink is on an image."""
        return [number for number, block in enumerate(self.blocks) if self._is_shown(block.box, image)]

    def _is_shown(self, box: Box, image: Pixels) -> bool:
        return bool((image[box.top : box.bottom, box.left : box.right] == 0).any())

    def regions(
        self,
        *languages: str,
        again: Callable[[Block], Block] = lambda block: block,
        recognise: Callable[[Pixels, Languages], tuple[Block, ...]] = lambda *_: pytest.fail("nothing is unclear"),
    ) -> list[str] | None:
        """Return the lines of the page whose regions were read; `again` says what a second reading returns."""

        def read_part(image: Pixels, names: Languages, known: Known) -> tuple[Block, ...]:
            numbers = self.shown(image)
            self.read.append((names, known, numbers))
            return known or tuple(again(self.blocks[number]) for number in numbers)

        blocks = read_regions(self.image, self.blocks, languages, recognise, read_part)
        return None if blocks is None else [line.text for block in blocks for line in block.lines]

    def parts(self) -> list[tuple[Languages, list[int]]]:
        return [(names, numbers) for names, _, numbers in self.read]


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, CHINESE])
def test_a_page_in_one_script_is_not_read_again(text: list[str]) -> None:
    page = Page(text, text)
    assert page.regions("eng", "rus", "chi_sim") is None
    assert page.read == []


def test_a_few_characters_of_another_script_are_no_region() -> None:
    assert Page(ENGLISH, ["一 一"], ENGLISH, ["Дом"]).regions("eng", "chi_sim", "rus") is None


def test_each_region_is_read_in_its_own_language_without_the_others() -> None:
    page = Page(ENGLISH, CHINESE, ENGLISH, RUSSIAN)
    assert page.regions("eng", "chi_sim", "rus") == [*ENGLISH, *CHINESE, *ENGLISH, *RUSSIAN]
    assert page.parts() == [(("eng",), [0, 2]), (("chi_sim",), [1]), (("rus",), [3])]


def test_latin_regions_stay_as_they_were_read() -> None:
    page = Page(CHINESE, ENGLISH)
    page.regions("chi_sim", "eng", "deu")
    assert [(names, known) for names, known, _ in page.read] == [
        (("eng", "deu"), (page.blocks[1],)),
        (("chi_sim",), None),
    ]


def test_a_second_reading_takes_the_place_of_the_first() -> None:
    page = Page(ENGLISH, ["市议令星期四开会讨论"], ENGLISH)
    right = Page(["市议会星期四开会讨论"]).blocks[0].lines[0].words
    place = page.blocks[1].lines[0]
    fixed = place.model_copy(update={"words": (right[0].model_copy(update={"box": place.words[0].box}),)})
    lines = page.regions("eng", "chi_sim", again=lambda block: block_of([fixed]) if block is page.blocks[1] else block)
    assert lines == [*ENGLISH, "市议会星期四开会讨论", *ENGLISH]


def test_a_block_of_lines_in_two_scripts_is_two_regions() -> None:
    page = Page([*ENGLISH, *CHINESE])
    page.blocks[0] = block_of([page.blocks[0].lines[number] for number in (0, 2, 1, 3)])
    ordered = [line.text for line in page.blocks[0].lines]
    assert page.regions("eng", "chi_sim", again=lambda _: block_of(page.blocks[0].lines[1::2])) == ordered


def test_lines_across_columns_of_two_scripts_are_taken_apart() -> None:
    page = Page([*ENGLISH], [*RUSSIAN])
    left, right = (block.lines for block in page.blocks)
    moved = [
        line_of([one.model_copy(update={"box": one.box.moved(900, to.box.top - line.box.top)}) for one in line.words])
        for line, to in zip(right, left, strict=True)
    ]
    page.blocks = [block_of([line_of([*one.words, *other.words]) for one, other in zip(left, moved, strict=True)])]
    page.image = np.full((1000, 2000), 255, np.uint8)
    assert page.regions("eng", "rus", again=lambda block: block) == [*ENGLISH, *RUSSIAN]
    ((_, known, _), (names, _, _)) = page.read[:2]
    assert [line.text for block in known or () for line in block.lines] == ENGLISH
    assert names == ("rus",)


def test_lines_that_mix_scripts_stay_as_they_were_read_in_all_languages() -> None:
    page = Page(ENGLISH, ["他在用 Windows 写程序"], CHINESE)
    page.regions("eng", "chi_sim")
    assert [(names, bool(known), numbers) for names, known, numbers in page.read] == [
        (("eng",), True, [0]),
        (("eng", "chi_sim"), True, [1]),
        (("chi_sim",), False, [2]),
    ]


def test_lines_from_right_to_left_that_mix_scripts_are_read_in_their_own_language_first() -> None:
    page = Page(ENGLISH, ["החברה Mozilla נוסדה בעיר"])
    page.regions("eng", "heb")
    assert page.parts() == [(("eng",), [0]), (("heb", "eng"), [1])]


def test_words_in_another_order_than_on_the_page_are_not_taken_for_columns() -> None:
    page = Page(ENGLISH, ["החברה Mozilla נוסדה בעיר גדולה מאוד"])
    line = page.blocks[1].lines[0]
    page.blocks[1] = block_of([line.model_copy(update={"words": (line.words[0], *line.words[2:], line.words[1])})])
    page.regions("eng", "heb")
    assert page.parts() == [(("eng",), [0]), (("heb", "eng"), [1])]


def test_a_doubtful_latin_word_does_not_make_a_region_mixed() -> None:
    page = Page(ENGLISH, [*HEBREW, "הבית הישן ליד Abfg?"])
    page.regions("eng", "heb")
    assert page.parts() == [(("eng",), [0]), (("heb",), [1])]


def test_latin_letters_that_look_like_cyrillic_ones_do_not_make_a_region_mixed() -> None:
    page = Page(ENGLISH, [*RUSSIAN, "PECTOPAH"])
    page.regions("eng", "rus")
    assert page.parts() == [(("eng",), [0]), (("rus",), [1])]


def test_a_word_of_another_script_in_latin_text_is_in_doubt() -> None:
    page = Page(["The house has a room תס the second floor"], HEBREW)
    page.regions("eng", "heb")
    known = page.read[0][1]
    assert known is not None
    doubted = [one.text for one in known[0].lines[0].words if one.confidence < 0.6]
    assert doubted == ["תס"]


def test_an_unclear_line_is_tried_in_each_language() -> None:
    page = Page(ENGLISH, ["fSt? MARi? SAHH?"], CHINESE)
    tried: list[Languages] = []

    def recognise(image: Pixels, names: Languages) -> tuple[Block, ...]:
        assert page.shown(image) == [1]
        tried.append(names)
        return (block_of([page.line("天气寒冷", page.blocks[1].box.top, 0.95 if names == ("chi_sim",) else 0.3)]),)

    page.regions("eng", "chi_sim", recognise=recognise)
    assert tried == [("eng",), ("chi_sim",)]
    assert page.parts() == [(("eng",), [0]), (("chi_sim",), [1, 2])]


def test_an_unclear_line_that_no_language_reads_well_stays() -> None:
    page = Page(ENGLISH, ["fSt? MARi? SAHH?"], CHINESE)
    page.regions("eng", "chi_sim", recognise=lambda *_: ())
    assert page.parts() == [(("eng",), [0, 1]), (("chi_sim",), [2])]


def test_lines_that_were_not_found_are_shown_with_the_region_beside_them() -> None:
    page = Page(ENGLISH, CHINESE)
    first = page.blocks[1].box
    missed = Box(first.left, first.top - PITCH, first.right, first.top - PITCH // 2)
    page.image[missed.top : missed.bottom, missed.left : missed.right] = 0
    seen: list[bool] = []

    def read_part(image: Pixels, _names: Languages, known: Known) -> tuple[Block, ...]:
        seen.append(bool((image[missed.top : missed.bottom, missed.left : missed.right] == 0).all()))
        return known or (page.blocks[1],)

    read_regions(page.image, page.blocks, ("eng", "chi_sim"), lambda *_: (), read_part)
    assert seen == [False, True]


def test_a_second_reading_that_lost_lines_is_not_used() -> None:
    page = Page(ENGLISH, CHINESE)
    lines = page.regions("eng", "chi_sim", again=lambda block: block_of(block.lines[:1]))
    assert lines == [*ENGLISH, *CHINESE]
    assert page.parts()[-1] == (("eng", "chi_sim"), [1])


def test_languages_of_one_script_or_for_upright_lines_have_no_regions() -> None:
    assert have_several_scripts(("eng", "rus"))
    assert not have_several_scripts(("eng", "deu", "frk"))
    assert not have_several_scripts(("jpn", "chi_sim"))
    assert not have_several_scripts(("jpn", "jpn_vert", "eng"))
