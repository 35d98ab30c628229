"""The second opinion: what Tesseract missed or doubts is read again, and both become one page in one order."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest
from PIL import Image, ImageDraw

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.calibration import ALONE, CONFIRMED, on_curve
from ocrdesk_worker.engines.interface import EngineUnavailableError, SparseEngine
from ocrdesk_worker.engines.languages.alphabets import alphabet_of
from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError, engine_failed
from ocrdesk_worker.preprocess.components import marks_on, pixels_of, unread
from ocrdesk_worker.preprocess.opencv import np
from ocrdesk_worker.render.pdfium import PdfiumSource
from tests.helpers.sample_files import text_image, text_pdf

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")

from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.rapid.recognizer import Glyph, LineReader
from ocrdesk_worker.engines.rapid.rereading import Rereader
from ocrdesk_worker.engines.rapid.spelling import spelled
from ocrdesk_worker.engines.rapid.word_split import words_of

LINES = ["The quick brown fox", "jumps over the lazy dog", "and runs into the wood"]
ENGLISH = ("eng",)


class Pretender:
    """A first reader that changes what the real one read."""

    source = Source.TESSERACT

    def __init__(self, engines: Engines, change: Callable[[Line], Line | None]) -> None:
        self._real = cast("SparseEngine", engines._get(EngineName.TESSERACT))
        self._change = change
        self.sizes: list[tuple[int, int]] = []

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.sizes.append(image.size)
        return self._changed(self._real.recognise(image, dpi, languages))

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._changed(self._real.recognise_sparse(image, dpi, languages))

    def _changed(self, read: tuple[Block, ...]) -> tuple[Block, ...]:
        blocks = []
        for block in read:
            lines = tuple(changed for line in block.lines if (changed := self._change(line)))
            if lines:
                blocks.append(Block(box=Box.around([line.box for line in lines]), lines=lines))
        return tuple(blocks)


def auto(engines: Engines, data: TessData, change: Callable[[Line], Line | None] = lambda line: line) -> AutoEngine:
    return AutoEngine(data, Pretender(engines, change), engines.second_opinion)


def page(lines: Sequence[str] = LINES) -> Image.Image:
    return text_image("\n".join(lines), (900, 100 + 60 * len(lines))).convert("L")


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


def words_in(blocks: tuple[Block, ...]) -> list[Word]:
    return [word for block in blocks for line in block.lines for word in line.words]


def with_word(line: Line, old: str, new: str, confidence: float) -> Line:
    words = tuple(
        word.model_copy(update={"text": new, "confidence": confidence}) if word.text == old else word
        for word in line.words
    )
    return line.model_copy(update={"words": words})


@pytest.fixture(scope="module")
def opinion() -> Rereader:
    return Rereader()


# ── one page of two readers ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("missed", range(3))
def test_a_line_that_was_missed_is_read_and_stands_in_its_place(engines: Engines, data: TessData, missed: int) -> None:
    blocks = auto(engines, data, lambda line: None if line.text == LINES[missed] else line).recognise(
        page(), 300, ENGLISH
    )
    assert lines_of(blocks) == LINES
    sources = {line.text: {word.source for word in line.words} for block in blocks for line in block.lines}
    assert sources[LINES[missed]] == {Source.RAPID}
    assert sources[LINES[(missed + 1) % 3]] == {Source.TESSERACT}


def test_a_page_where_nothing_was_found_is_read_whole(engines: Engines, data: TessData) -> None:
    assert lines_of(auto(engines, data, lambda line: None).recognise(page(), 300, ENGLISH)) == LINES


def test_a_doubtful_word_is_put_right_where_it_stands(engines: Engines, data: TessData) -> None:
    right = next(word for word in words_in(auto(engines, data).recognise(page(), 300, ENGLISH)) if word.text == "lazy")
    blocks = auto(engines, data, lambda line: with_word(line, "lazy", "1azv", 0.4)).recognise(page(), 300, ENGLISH)
    assert lines_of(blocks) == LINES
    word = next(word for word in words_in(blocks) if word.text == "lazy")
    assert word.source == Source.RAPID
    for ours, theirs in zip(word.box, right.box, strict=True):
        assert abs(ours - theirs) <= 8


def test_a_word_that_tesseract_is_sure_of_stays(engines: Engines, data: TessData) -> None:
    blocks = auto(engines, data, lambda line: with_word(line, "lazy", "hazy", 0.97)).recognise(page(), 300, ENGLISH)
    assert lines_of(blocks)[1] == "jumps over the hazy dog"


def test_two_that_agree_are_surer_than_one(engines: Engines, data: TessData) -> None:
    blocks = auto(engines, data, lambda line: with_word(line, "lazy", "lazy", 0.7)).recognise(page(), 300, ENGLISH)
    assert next(word for word in words_in(blocks) if word.text == "lazy").confidence > 0.9


def test_when_the_pages_time_is_short_the_first_reading_stays(engines: Engines, data: TessData) -> None:
    first = Pretender(engines, lambda line: with_word(line, "lazy", "1azv", 0.4))
    engine = AutoEngine(data, first, engines.second_opinion, within_s=0.0)
    assert lines_of(engine.recognise(page(), 300, ENGLISH))[1] == "jumps over the 1azv dog"


def test_what_is_clear_costs_no_second_look(engines: Engines, data: TessData, monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = engines.second_opinion()
    asked: list[int] = []
    monkeypatch.setattr(opinion._detector, "lines", lambda *_: asked.append(1) or [])
    monkeypatch.setattr(opinion._reader, "read", lambda pictures, *_: asked.append(len(pictures)) or [])
    sure = lambda line: line.model_copy(  # noqa: E731
        update={"words": tuple(word.model_copy(update={"confidence": 0.95}) for word in line.words)}
    )
    assert lines_of(auto(engines, data, sure).recognise(page(), 300, ENGLISH)) == LINES
    assert asked == []


def test_on_a_poor_page_every_line_is_read_again(engines: Engines, data: TessData) -> None:
    def garbled(line: Line) -> Line:
        words = tuple(word.model_copy(update={"text": "x" + word.text[1:], "confidence": 0.5}) for word in line.words)
        return line.model_copy(update={"words": words})

    blocks = auto(engines, data, garbled).recognise(page(), 300, ENGLISH)
    assert lines_of(blocks) == LINES
    assert {word.source for word in words_in(blocks)} == {Source.RAPID}


def test_cells_that_were_missed_go_on_with_their_row(engines: Engines, data: TessData) -> None:
    table = Image.new("L", (1100, 330), 255)
    for row, (name, amount) in enumerate([("Apples", "12.50"), ("Pears", "7.25"), ("Plums", "19.00")]):
        table.paste(text_image(name, (300, 100)).convert("L"), (0, row * 100))
        table.paste(text_image(amount, (300, 100)).convert("L"), (210, row * 100))

    def without_amounts(line: Line) -> Line | None:
        words = tuple(word for word in line.words if word.text.isalpha())
        return Line(box=Box.around([word.box for word in words]), words=words) if words else None

    blocks = auto(engines, data, without_amounts).recognise(table, 300, ENGLISH)
    assert lines_of(blocks) == ["Apples 12.50", "Pears 7.25", "Plums 19.00"]


def test_every_box_is_on_the_page_and_inside_what_holds_it(engines: Engines, data: TessData) -> None:
    image = page()
    for block in auto(engines, data, lambda line: None).recognise(image, 300, ENGLISH):
        for line in block.lines:
            for word in line.words:
                assert 0 <= block.box.left <= line.box.left <= word.box.left < word.box.right <= line.box.right
                assert line.box.right <= block.box.right <= image.width
                assert 0 <= block.box.top <= line.box.top <= word.box.top < word.box.bottom <= line.box.bottom
                assert line.box.bottom <= block.box.bottom <= image.height
                dark = image.crop(word.box).getextrema()[0]
                assert dark < 100, word


# ── scale, alphabets, what is missing ────────────────────────────────────────────────────────────


def test_tall_letters_are_read_smaller_and_placed_on_the_page(engines: Engines, data: TessData) -> None:
    large = text_image("\n".join(LINES), (2400, 800), font_size=110).convert("L")
    engine = auto(engines, data)
    blocks = engine.recognise(large, 0, ENGLISH)
    assert isinstance(engine._first, Pretender)
    assert engine._first.sizes[0][0] < large.width
    assert lines_of(blocks) == LINES
    assert max(word.box.right for word in words_in(blocks)) > 1000


def test_letters_of_other_languages_are_not_considered(engines: Engines, data: TessData) -> None:
    picture = pixels_of(text_image("Müller café").convert("L").crop((0, 0, 400, 100)))
    english = engines.second_opinion().alphabet(alphabet_of(data, ENGLISH))
    assert english is not None
    glyphs = engines.second_opinion()._reader.read([picture], english)[0]
    assert glyphs
    read = "".join(glyph.text for glyph in glyphs)
    assert "ü" not in read
    assert read.startswith("M")


def test_german_has_its_own_letters(engines: Engines, data: TessData, tmp_path: Path) -> None:
    if "deu" not in data.languages:
        pytest.skip("no German data is installed")
    path = tmp_path / "german.pdf"
    path.write_bytes(text_pdf(["Die Straße über den Fluß\nist schön und völlig leer"]))
    image = PdfiumSource(path).render(0).image
    blocks = engines.choose(EngineName.RAPID, ("deu",)).recognise(image, 300, ("deu",))
    assert "über" in " ".join(lines_of(blocks))
    assert "schön" in " ".join(lines_of(blocks))


def test_a_script_that_cannot_be_read_is_left_to_tesseract(engines: Engines, opinion: Rereader) -> None:
    georgian = frozenset("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ")
    assert opinion.alphabet(georgian) is None
    assert opinion.alphabet(frozenset("abc123")) == frozenset("abc123")


def test_the_engine_rapid_says_which_languages_it_cannot_read(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engines.choose(EngineName.RAPID, ENGLISH)
    monkeypatch.setattr(Rereader, "alphabet", lambda *_: None)
    with pytest.raises(ProcessingError) as caught:
        engine.recognise(page(), 300, ENGLISH)
    assert caught.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
    assert "auto or tesseract" in caught.value.info.message


def test_trained_data_lists_its_characters(data: TessData) -> None:
    english = alphabet_of(data, ENGLISH)
    assert set("abcxyzABCXYZ0123456789.,:;-!?") <= english
    assert all(len(character) == 1 for character in english)


def test_without_the_extra_auto_is_tesseract_alone(engines: Engines, data: TessData) -> None:
    def missing() -> Rereader:
        raise EngineUnavailableError("get it")

    engine = AutoEngine(data, Pretender(engines, lambda line: line), missing)
    blocks = engine.recognise(page(), 300, ENGLISH)
    assert lines_of(blocks) == LINES
    assert {word.source for word in words_in(blocks)} == {Source.TESSERACT}


@pytest.mark.parametrize("failure", [MemoryError(), engine_failed()])
def test_a_page_is_not_lost_to_a_second_opinion_that_fails(
    engines: Engines, data: TessData, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(LineReader, "read", fail)
    engine = auto(engines, data, lambda line: with_word(line, line.words[0].text, line.words[0].text, 0.4))
    assert lines_of(engine.recognise(page(), 300, ENGLISH)) == LINES


def test_what_the_models_cannot_do_is_an_engines_failure(opinion: Rereader) -> None:
    with pytest.raises(ProcessingError) as caught:
        opinion._reader._model(np.zeros((1, 2, 3), np.float32))
    assert caught.value.info.code is ErrorCode.ENGINE_FAILED


def test_text_that_runs_upwards_or_downwards_is_read(engines: Engines) -> None:
    line = text_image("Revenue in millions", (700, 90)).convert("L")
    for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
        chart = Image.new("L", (800, 900), 255)
        chart.paste(line.transpose(turn), (40, 100))
        blocks = engines.choose(EngineName.RAPID, ENGLISH).recognise(chart, 300, ENGLISH)
        assert sorted(word.text for word in words_in(blocks)) == ["Revenue", "in", "millions"]


def test_models_and_their_use_leave_no_threads_in_a_process_that_forks() -> None:
    code = (
        "import os, numpy as np\n"
        "from ocrdesk_worker.engines.rapid.rereading import Rereader\n"
        "opinion = Rereader()\n"
        "page = np.full((400, 900), 255, np.uint8)\n"
        "opinion._detector.lines(page, 640)\n"
        "opinion._reader.read([page[:60]], frozenset('abc'))\n"
        "print(len(os.listdir('/proc/self/task')))\n"
    )
    if sys.platform != "linux":
        pytest.skip("threads are counted in /proc")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "1", done.stderr


# ── the parts ────────────────────────────────────────────────────────────────────────────────────


def test_unread_marks_are_letters_beside_letters_outside_all_words() -> None:
    image = page()
    pixels, marks = pixels_of(image), marks_on(pixels_of(image))
    assert unread(marks, pixels, []) > 20
    assert unread(marks, pixels, [Box(0, 0, image.width, image.height)]) == 0


def test_specks_are_no_unread_marks() -> None:
    image = Image.new("L", (1000, 1000), 255)
    draw = ImageDraw.Draw(image)
    for place in range(5):
        draw.ellipse((place * 180 + 50, place * 170 + 60, place * 180 + 64, place * 170 + 74), fill=0)
    pixels = pixels_of(image)
    assert unread(marks_on(pixels), pixels, []) == 0


def nothing_known(_word: str) -> bool:
    return False


def test_words_are_parted_at_spaces_and_wide_gaps() -> None:
    image = Image.new("L", (400, 40), 255)
    draw = ImageDraw.Draw(image)
    for left in (10, 40, 100, 130, 240, 270):
        draw.rectangle((left, 8, left + 20, 32), fill=0)
    places = [(0.025, 0.075), (0.1, 0.15), (0.25, 0.3), (0.325, 0.375), (0.6, 0.65), (0.675, 0.725)]
    glyphs = [Glyph(text, 0.9, *place) for text, place in zip("abcdef", places, strict=True)]
    spaced = [*glyphs[:2], Glyph(" ", 0.9, 0.16, 0.2), *glyphs[2:]]
    assert [word.text for word in words_of(spaced, pixels_of(image), nothing_known)] == ["ab", "cd", "ef"]
    assert [word.text for word in words_of(glyphs, pixels_of(image), nothing_known)] == ["ab", "cd", "ef"]
    first = words_of(spaced, pixels_of(image), nothing_known)[0]
    assert (round(first.top * 40), round(first.bottom * 40)) == (8, 33)


def glyphs_of(word: str, **others: tuple[str, float]) -> list[Glyph]:
    """A word's glyphs; `at3=("o", 0.2)` is what the fourth may be too."""
    return [
        Glyph(letter, 0.9, place / 100, place / 100 + 0.01, (others[f"at{place}"],) if f"at{place}" in others else ())
        for place, letter in enumerate(word)
    ]


@pytest.mark.parametrize(
    ("read", "others", "meant"),
    [
        ("lnvoice", {"at0": ("I", 0.2)}, "Invoice"),
        ("(Custcmer:", {"at5": ("o", 0.4)}, "(Customer:"),
        ("invoice", {"at0": ("I", 0.2)}, "invoice"),  # known as it is
        ("custcmer", {}, "custcmer"),  # nothing else is likely
        ("custcmer", {"at5": ("o", 0.001)}, "custcmer"),  # next to nothing
        ("Gtm", {"at1": ("e", 0.4)}, "Gtm"),  # too short to tell
        ("7897115", {"at2": ("a", 0.4)}, "7897115"),  # no word
    ],
)
def test_words_that_are_one_letter_off_are_spelled_as_the_dictionary_has_them(
    data: TessData, read: str, others: dict[str, tuple[str, float]], meant: str
) -> None:
    glyphs = spelled(glyphs_of(read, **others), word_lookup(data, ENGLISH))
    assert "".join(glyph.text for glyph in glyphs) == meant


def test_trained_data_has_a_dictionary(data: TessData) -> None:
    knows = word_lookup(data, ENGLISH)
    assert all(map(knows, ("invoice", "Invoice", "INVOICE", "the", "Customer")))
    assert not any(map(knows, ("invo", "invoices!", "", "involce", "xqz", "∂")))


def test_trained_data_without_a_dictionary_knows_no_words(tmp_path: Path) -> None:
    for content in (b"", b"\x18", struct.pack("<i24q", 24, *[-1] * 24), struct.pack("<i24q", 24, *[4 + 8 * 24] * 24)):
        (tmp_path / "abc.traineddata").write_bytes(content)
        knows = word_lookup(TessData(tmp_path), ("abc",))
        assert not knows("invoice")


def test_a_new_block_stands_in_its_column() -> None:
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


def test_confidences_are_shares_of_right_words() -> None:
    curve = ((0.0, 0.1), (0.5, 0.3), (1.0, 0.9))
    assert [round(on_curve(given, curve), 2) for given in (0.0, 0.25, 0.5, 0.75, 1.0)] == [0.1, 0.2, 0.3, 0.6, 0.9]
    for source in (*CONFIRMED.values(), *ALONE.values()):
        assert list(source) == sorted(source), "surer must never mean less likely"
        assert [share for _, share in source] == sorted(share for _, share in source)
        assert (source[0][0], source[-1][0]) == (0.0, 1.0)
