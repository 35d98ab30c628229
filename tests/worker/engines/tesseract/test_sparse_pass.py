"""Without the rereader `auto` is Tesseract twice: ruling lines are removed, and missed words read as sparse text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.interface import EngineUnavailableError, SparseEngine
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.engines.tesseract import sparse_pass
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render.pdfium import PdfiumSource
from tests.helpers.sample_files import text_image, text_pdf
from tests.helpers.sparse_pages import PROSE, prose

if TYPE_CHECKING:
    from ocrdesk_worker.engines.rapid.rereading import Rereader

ENGLISH = ("eng",)
CELLS = [f"{kind} {number}" for number in range(1, 9) for kind in ("Apples", "Pears", "Plums", "Grapes")]


class Watched:
    """The real Tesseract with recorded passes; its first pass can be made to miss words."""

    source = Source.TESSERACT

    def __init__(self, engines: Engines, missed: frozenset[str] = frozenset()) -> None:
        self._real = cast("SparseEngine", engines.get(EngineName.TESSERACT))
        self._missed = missed
        self.passes: list[str] = []

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.passes.append("first")
        blocks = []
        for block in self._real.recognise(image, dpi, languages):
            lines = tuple(line for line in block.lines if line.text not in self._missed)
            if lines:
                blocks.append(Block(box=Box.around([line.box for line in lines]), lines=lines))
        return tuple(blocks)

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.passes.append("second")
        return self._real.recognise_sparse(image, dpi, languages)


def alone(data: TessData, first: SparseEngine, within_s: float = 60.0) -> AutoEngine:
    def missing() -> Rereader:
        raise EngineUnavailableError

    return AutoEngine(data, first, missing, within_s)


def table() -> Image.Image:
    """Return a table of thirty-two cells with tight frames."""
    image = Image.new("L", (1300, 500), 255)
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(CELLS):
        left, top = 50 + number % 4 * 300, 50 + number // 4 * 48
        draw.rectangle((left, top, left + 300, top + 48), outline=0, width=3)
        draw.text((left + 12, top + 6), text, fill=0, font=ImageFont.load_default(32))
    return image


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


def words_of(blocks: tuple[Block, ...]) -> list[str]:
    return [word for line in lines_of(blocks) for word in line.split()]


def right(blocks: tuple[Block, ...]) -> int:
    found = words_of(blocks)
    return sum(found.count(word) for word in {cell.split()[0] for cell in CELLS})


def word(text: str, box: Box, confidence: float) -> Word:
    return Word(text=text, box=box, confidence=confidence, source=Source.TESSERACT)


def block(*words: Word) -> Block:
    box = Box.around([one.box for one in words])
    return Block(box=box, lines=(Line(box=box, words=words),))


def test_words_in_a_tables_frames_are_read(engines: Engines, data: TessData) -> None:
    plain = engines.get(EngineName.TESSERACT).recognise(table(), 0, ENGLISH)
    better = alone(data, Watched(engines)).recognise(table(), 0, ENGLISH)
    assert right(plain) < 0.9 * len(CELLS)
    assert right(better) == len(CELLS)


def test_a_clean_page_is_read_once_and_as_before(engines: Engines, data: TessData) -> None:
    first = Watched(engines)
    blocks = alone(data, first).recognise(prose(), 0, ENGLISH)
    assert first.passes == ["first"]
    assert lines_of(blocks) == PROSE


@pytest.mark.parametrize("missed", range(3))
def test_a_missed_line_is_inserted_in_its_place(engines: Engines, data: TessData, missed: int) -> None:
    lines = [
        "This line has many letters in it",
        "and one more line with as many of them",
        "here it all comes to an end at last",
    ]
    image = text_image("\n".join(lines), (1000, 300)).convert("L")
    first = Watched(engines, frozenset({lines[missed]}))
    assert lines_of(alone(data, first).recognise(image, 0, ENGLISH)) == lines
    assert first.passes == ["first", "second"]


def test_when_the_pages_time_is_short_the_first_reading_stays(engines: Engines, data: TessData) -> None:
    first = Watched(engines, frozenset(PROSE))
    assert alone(data, first, within_s=0.0).recognise(prose(), 0, ENGLISH) == ()
    assert first.passes == ["first"]


def test_several_languages_are_read_in_both_passes(engines: Engines, data: TessData, tmp_path: Path) -> None:
    if "deu" not in data.languages:
        pytest.skip("no German data is installed")
    lines = ["The house is red and large", "Die Reise war schön und lang"]
    path = tmp_path / "two.pdf"
    path.write_bytes(text_pdf(["\n".join(lines)]))
    image = PdfiumSource(path).render(0).image
    first = Watched(engines, frozenset(lines))
    blocks = alone(data, first).recognise(image, 300, ("eng", "deu"))
    assert first.passes == ["first", "second"]
    assert sorted(lines_of(blocks)) == sorted(lines)


@pytest.mark.parametrize("name", [EngineName.TESSERACT, EngineName.TESSERACT_CLI])
def test_scattered_reading_leaves_the_next_page_alone(engines: Engines, name: str) -> None:
    try:
        engine = cast("SparseEngine", engines.get(name))
    except ProcessingError as error:
        pytest.skip(str(error))
    before = engine.recognise(prose(), 0, ENGLISH)
    assert sorted(words_of(engine.recognise_sparse(prose(), 0, ENGLISH))) == sorted(words_of(before))
    assert engine.recognise(prose(), 0, ENGLISH) == before


def test_a_sure_word_is_kept_and_a_doubtful_one_gives_way_to_a_surer() -> None:
    place, other = Box(0, 0, 50, 20), Box(60, 0, 110, 20)
    first = [block(word("sure", place, 0.95), word("d0ubt", other, 0.4))]
    second = [block(word("surc", place, 0.99), word("doubt", other, 0.8))]
    assert lines_of(sparse_pass.merge_passes(first, second)) == ["sure doubt"]
    less = [block(word("dqubt", other, 0.3))]
    assert lines_of(sparse_pass.merge_passes(first, less)) == ["sure d0ubt"]


def test_two_words_are_not_joined_by_the_second_pass() -> None:
    first = [block(word("0", Box(0, 0, 20, 20), 0.5), word("(2015)", Box(30, 0, 110, 20), 0.6))]
    second = [block(word("0(2015)", Box(0, 0, 110, 20), 0.8))]
    assert lines_of(sparse_pass.merge_passes(first, second)) == ["0 (2015)"]


def test_a_doubtful_mark_where_nothing_was_read_is_no_word() -> None:
    first = [block(word("text", Box(0, 0, 50, 20), 0.95))]
    second = [block(word("~", Box(300, 300, 310, 310), 0.5))]
    assert lines_of(sparse_pass.merge_passes(first, second)) == ["text"]
