"""`auto`: each page's languages, detected among the installed ones, at little cost where the default is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from ocrdesk.contract.document import Box, Page
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.languages.detection import LineReading, detect_languages
from ocrdesk_worker.engines.languages.letters import LATIN, group_of
from ocrdesk_worker.engines.languages.scripts import COMMON, script_of
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_files import text_image, text_pdf
from tests.worker.conftest import Save
from tests.worker.engines.missing import engines_without

ENGLISH = (
    "The council met on Thursday to consider\nthe plans for the new library. Most of\nthose who spoke were in favour "
    "of it,\nalthough several neighbours asked whether\nenough thought had been given to the traffic."
)
GERMAN = (
    "Der Gemeinderat beriet am Donnerstag über\ndie Pläne für die neue Bücherei. Die meisten\nRedner waren für den "
    "Bau, obwohl mehrere\nAnwohner fragten, ob man genügend über\nden Verkehr in ihrer Straße nachgedacht habe."
)
FRENCH = (
    "Le conseil municipal s'est réuni jeudi pour\nexaminer les projets de la bibliothèque. La\nplupart des "
    "intervenants étaient favorables,\nmais plusieurs voisins ont demandé si l'on\n"
    "avait assez réfléchi à la circulation."
)

# ── on real pages ────────────────────────────────────────────────────────────────────────────────

Read = Callable[..., Page]


@pytest.fixture
def read(engines: Engines, save: Save, request: pytest.FixtureRequest) -> Read:
    """Read an image of a PDF page of this text with `auto`."""
    for name in ("eng", "deu"):
        if name not in engines.data.languages:
            pytest.skip(f"no data for {name} is installed")

    def page(text: str, languages: tuple[str, ...] = ("auto",)) -> Page:
        source = open_source(save(text_pdf([text])), MediaType.PDF)
        try:
            return read_page(
                source,
                1,
                lambda: engines.choose(EngineName.TESSERACT, languages),
                engines.picker(languages),
                RecognitionMode.FORCE,
            )
        finally:
            source.close()

    return page


def lines_of(page: Page) -> list[str]:
    return [line.text for line in page.lines()]


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "eng"), (GERMAN, "deu"), (FRENCH, "fra")])
def test_a_page_is_read_in_its_language_and_says_which(read: Read, engines: Engines, text: str, language: str) -> None:
    if language not in engines.data.languages:
        pytest.skip(f"no data for {language} is installed")
    page = read(text)
    assert page.languages == (language,)
    assert lines_of(page) == text.splitlines()


def test_a_page_of_two_languages_is_read_in_both(read: Read) -> None:
    page = read(f"{ENGLISH}\n\n{GERMAN}")
    assert "deu" in page.languages
    assert set(page.languages) <= {"eng", "deu"}
    assert lines_of(page)[:5] == ENGLISH.splitlines()
    assert "Bücherei" in lines_of(page)[6]


def test_the_choice_is_the_same_each_time(read: Read) -> None:
    pages = [read(f"{ENGLISH}\n\n{GERMAN}") for _ in range(2)]
    assert pages[0].languages == pages[1].languages
    assert pages[0].blocks == pages[1].blocks


def test_a_page_is_read_the_same_whether_its_language_was_found_or_named(read: Read) -> None:
    assert read(ENGLISH).blocks == read(ENGLISH, ("eng",)).blocks


@pytest.mark.parametrize("text", ["", "1234 5678", "12.03.2024\n17,50 EUR\n3 x 4"])
def test_a_page_without_a_clear_language_is_read_in_the_default(read: Read, text: str) -> None:
    assert read(text).languages == ("eng",)


SPANISH_WORDS = (
    "Las cartas y los paquetes deben enviarse a la\nnueva oficina de la calle mayor, porque la\nvieja casa junto al "
    "puente cierra este mes\nhasta que los obreros terminen sus trabajos\nen las ventanas y en las puertas de madera."
)
"""A text in a language for which data may be missing, in letters that English has too."""


def test_text_in_latin_letters_is_in_no_other_script_whatever_its_language(engines: Engines) -> None:
    installed = [name for name in engines.data.languages if name == "eng" or group_of(name) != LATIN]
    if len(installed) < 2:
        pytest.skip("language data of other scripts is missing")
    lines = engines._line_reader()
    assert lines is not None
    for size in ((1100, 420), (400, 153)):
        image = text_image(SPANISH_WORDS, (1100, 420)).convert("L").resize(size)
        assert detect_languages(lines, image, 300, installed, "eng") == ("eng",)


def test_auto_works_with_the_program_too(engines: Engines) -> None:
    if remedy := engines.installed()[EngineName.TESSERACT_CLI]:
        pytest.skip(f"there is no tesseract program: {remedy}")
    languages = engines.picker(("auto",))(text_image(ENGLISH, (1100, 420)).convert("L"), 300)
    engine = engines.choose(EngineName.TESSERACT_CLI, ("auto",))
    assert engine.recognise(text_image("Hello").convert("L"), 300, languages)


def test_where_nothing_can_be_tried_a_few_languages_are_read_together(data: TessData) -> None:
    picked = engines_without(data, EngineName.TESSERACT).picker(("auto",))(Image.new("L", (10, 10)), 0)
    assert picked[0] == "eng"
    assert len(picked) == min(3, len(data.languages))


def test_without_any_language_auto_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ProcessingError) as raised:
        Engines(TessData(tmp_path)).choose(EngineName.AUTO, ("auto",))
    assert raised.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
    assert "ocrdesk languages add eng" in raised.value.info.message


# ── the decision ─────────────────────────────────────────────────────────────────────────────────


class Lines:
    """A page with a given result for each line: its language, or None if it is unclear."""

    def __init__(self, languages: Sequence[str | None], script: str | None = None) -> None:
        self._languages = languages
        self._script = script
        self.read_in: list[str] = []
        self.asked_for_script = 0

    def lines(self, image: Image.Image, dpi: float) -> list[Box]:
        return [Box(0, 20 * number, 200, 20 * number + 10) for number in range(len(self._languages))]

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading:
        self.read_in.append(language)
        own = self._languages[line.getpixel((0, line.height // 2))]
        if own is None:
            return LineReading(letters=20, confidence=0.9, known=0.3, words=("name",))
        if language == own:
            return LineReading(letters=40, confidence=0.96, known=0.98)
        foreign = script_of(language) != script_of(own)
        return LineReading(
            letters=40, confidence=0.4 if foreign else 0.9, known=0.0 if foreign else 0.35, words=(f"in {own}",)
        )

    def known_letters(self, words: Sequence[str], language: str) -> int:
        return sum(len(word) for word in words if word == f"in {language}")

    def script(self, image: Image.Image, dpi: float) -> str | None:
        self.asked_for_script += 1
        return self._script

    def image(self) -> Image.Image:
        """Return an image whose pixel values are the lines' numbers."""
        image = Image.new("L", (220, 20 * len(self._languages) + 20))
        for number in range(len(self._languages)):
            image.paste(number, (0, 20 * number - 5, 220, 20 * number + 15))
        return image

    def choose(self, installed: Sequence[str], default: str = "eng") -> tuple[str, ...]:
        return detect_languages(self, self.image(), 300, installed, default)


MANY = tuple(sorted(COMMON))


def test_if_the_default_is_convincing_no_other_language_is_tried() -> None:
    page = Lines(["eng"] * 60)
    assert page.choose(MANY) == ("eng",)
    assert page.read_in == ["eng"] * 5
    assert page.asked_for_script == 0


def test_a_single_line_that_says_little_starts_no_search() -> None:
    lines: list[str | None] = ["eng"] * 60
    lines[6] = None
    page = Lines(lines)
    assert page.choose(MANY) == ("eng",)
    assert set(page.read_in) == {"eng"}


def test_a_page_of_names_and_numbers_stays_with_the_default() -> None:
    assert Lines([None] * 20).choose(MANY) == ("eng",)


class Signs(Lines):
    """A page in Korean, which English reads as signs and figures with this certainty."""

    def __init__(self, certainty: float, korean: float = 0.9) -> None:
        super().__init__(["kor"] * 12)
        self._certainty, self._korean = certainty, korean

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading:
        self.read_in.append(language)
        if language == "kor":
            return LineReading(letters=12, confidence=self._korean, known=1.0)
        return LineReading(letters=0, confidence=0.0, known=0.0, certainty=self._certainty)


def test_a_script_that_the_default_reads_as_signs_is_found() -> None:
    assert "kor" in Signs(certainty=0.3).choose(("eng", "kor", "tha"))


def test_signs_that_are_read_well_start_no_search() -> None:
    page = Signs(certainty=0.9)
    assert page.choose(("eng", "kor", "tha")) == ("eng",)
    assert set(page.read_in) == {"eng"}


def test_a_guess_at_blurred_lines_adds_no_script() -> None:
    lines = _Blurred(["eng"] * 8 + [None] * 3)
    assert lines.choose(("eng", "tha")) == ("eng",)


class _Blurred(Lines):
    """A page whose unclear lines are read in Thai with some confidence."""

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading:
        reading = super().read(line, dpi, language)
        if self._languages[line.getpixel((0, line.height // 2))] is not None:
            return reading
        return LineReading(letters=9, confidence=0.66 if language == "tha" else 0.16, known=0.95)


class _Addresses(Lines):
    """A page with lines that English reads badly, and that Thai reads with much confidence, as it reads anything."""

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading:
        reading = super().read(line, dpi, language)
        own = self._languages[line.getpixel((0, line.height // 2))]
        if language == "tha" and own == "eng":
            return LineReading(letters=25, confidence=0.75, known=0.95)
        return LineReading(letters=25, confidence=0.84, known=0.9) if language == "tha" and own is None else reading


def test_one_line_makes_no_page_one_in_another_script() -> None:
    lines: list[str | None] = ["eng"] * 12
    lines[1] = None
    page = _Addresses(lines)
    assert page.choose(("eng", "tha")) == ("eng",)


def test_a_language_that_reads_lines_as_its_words_is_not_theirs_if_their_own_script_is_surer() -> None:
    assert _Addresses([None] * 12).choose(("eng", "tha")) == ("eng",)


def test_languages_are_tried_in_the_order_of_the_words_that_they_know() -> None:
    page = Lines(["slv"] * 12)
    assert page.choose(MANY) == ("slv",)
    assert set(page.read_in) == {"eng", "slv"}
    assert page.asked_for_script == 0


def test_a_line_that_is_not_read_at_all_counts_though_the_one_below_it_is_in_the_default() -> None:
    lines: list[str | None] = ["eng"] * 12
    lines[2:4] = ["rus", "rus"]
    assert set(Lines(lines, script="Cyrillic").choose(("eng", "rus"))) == {"eng", "rus"}


def test_one_language_alone_is_not_judged() -> None:
    page = Lines(["deu"] * 9)
    assert page.choose(("fra",)) == ("fra",)
    assert page.read_in == []


def test_a_default_that_is_not_installed_is_replaced() -> None:
    assert Lines(["fra"] * 9).choose(("deu", "fra")) == ("fra",)


def test_languages_of_a_page_come_by_how_much_is_in_them() -> None:
    assert Lines(["fra"] * 3 + ["deu"] * 9).choose(("deu", "eng", "fra")) == ("deu", "fra")


def test_of_many_languages_those_of_the_pages_script_are_tried() -> None:
    page = Lines(["bul"] * 12, script="Cyrillic")
    assert page.choose(MANY) == ("bul",)
    assert page.asked_for_script == 1
    assert "nld" not in page.read_in


def test_a_second_script_is_found_too() -> None:
    assert Lines(["eng"] * 6 + ["rus"] * 6, script="Latin").choose(MANY) == ("rus", "eng")


def test_the_cost_is_bounded_whatever_is_installed() -> None:
    page = Lines([None] * 500, script="Latin")
    page.choose(tuple(f"x{number:02}" for number in range(60)), "x00")
    assert len(set(page.read_in)) <= 20
    assert len(page.read_in) <= 120


def test_vertical_variants_are_not_tried_by_themselves() -> None:
    page = Lines(["jpn"] * 9)
    assert page.choose(("eng", "jpn", "jpn_vert")) == ("jpn",)
    assert "jpn_vert" not in page.read_in


def test_a_page_without_lines_is_in_the_default() -> None:
    assert Lines([]).choose(MANY) == ("eng",)
