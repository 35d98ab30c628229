"""Pages with texts in different scripts, drawn and read; skipped without a language's data or a font for it."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, features

from ocrdesk.contract.document import Block, Source
from ocrdesk.contract.engines import EngineName
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import engine_failed
from tests.helpers.changed_engine import Pretender, with_word

_NOTO = Path("/usr/share/fonts/truetype/noto")
_CJK = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
_AMIRI = Path("/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf")
_DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
_SIZE, _LEADING = 44, 80

TEXTS = {
    "eng": (
        _DEJAVU,
        0,
        ["The council met on Thursday to consider", "the plans for the new library in the", "centre of the old town."],
    ),
    "rus": (
        _DEJAVU,
        0,
        ["Городской совет собрался в четверг, чтобы", "обсудить план новой библиотеки", "в центре города."],
    ),
    "ell": (
        _DEJAVU,
        0,
        ["Το κτίριο θα έχει τρεις ορόφους και", "έναν κήπο πίσω από την αίθουσα", "κοντά στη γέφυρα."],
    ),
    "heb": (
        _DEJAVU,
        0,
        ["מועצת העיר התכנסה ביום חמישי כדי לדון", "בתוכנית להקמת ספרייה חדשה במרכז העיר", "ליד הנהר הגדול."],
    ),
    "ara": (
        _AMIRI,
        0,
        ["اجتمع مجلس المدينة يوم الخميس لمناقشة", "خطة المكتبة الجديدة في وسط المدينة", "بجانب النهر الكبير"],
    ),
    "chi_sim": (
        _CJK,
        2,
        ["市议会星期四开会讨论在市中心建设新图书馆", "的计划，会议持续了三个多小时，大多数发言", "的人都表示支持。"],
    ),
    "jpn": (
        _CJK,
        0,
        [
            "発言した人の多くは賛成でしたが、近所の住",
            "民の中には交通の問題を心配する人もいまし",
            "た。建物は三階建てです。",
        ],
    ),
    "kor": (
        _CJK,
        1,
        [
            "시의회는 목요일에 회의를 열어 시내 중심에",
            "새 도서관을 짓는 계획을 논의했습니다.",
            "발언한 사람들은 대부분 찬성했습니다.",
        ],
    ),
    "tha": (
        _NOTO / "NotoSerifThai-Regular.ttf",
        0,
        ["ร้านกาแฟเปิดทุกวันตั้งแต่เช้า", "เด็กเล่นในสวนหลังบ้าน", "นักเรียนอ่านหนังสือในห้องสมุด"],
    ),
}
RIGHT_TO_LEFT = ("heb", "ara")


def drawn(data: TessData, *languages: str) -> Image.Image:
    """Return a page with a text in each language, below each other. Skips the test if that cannot be done here."""
    if missing := set(languages) - set(data.languages):
        pytest.skip(f"language data is missing: {', '.join(sorted(missing))}")
    image = Image.new("L", (1300, 120 + 320 * len(languages)), 255)
    draw = ImageDraw.Draw(image)
    for block, language in enumerate(languages):
        file, index, lines = TEXTS[language]
        if not file.is_file():
            pytest.skip(f"there is no font for the language {language}: {file.name}")
        if (rtl := language in RIGHT_TO_LEFT) and not features.check("raqm"):
            pytest.skip("Pillow cannot draw text from right to left here")
        font = ImageFont.truetype(file, _SIZE, index=index)
        for number, line in enumerate(lines):
            at = (1200 if rtl else 100, 80 + 320 * block + _LEADING * number)
            draw.text(at, line, 0, font, anchor="ra" if rtl else "la", direction="rtl" if rtl else None)
    return image


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


def likeness(found: list[str], languages: tuple[str, ...]) -> float:
    wanted = [line for language in languages for line in TEXTS[language][2]]
    return SequenceMatcher(None, "\n".join(found), "\n".join(wanted), autojunk=False).ratio()


@pytest.mark.parametrize("languages", [("eng", language) for language in TEXTS if language != "eng"], ids="+".join)
def test_a_text_below_an_english_one_is_read_in_its_own_language(
    engines: Engines, data: TessData, languages: tuple[str, str]
) -> None:
    image = drawn(data, *languages)
    found = lines_of(engines.choose(EngineName.AUTO, languages).recognise(image, 200, languages))
    other = languages[1:]
    alone = lines_of(engines.choose(EngineName.AUTO, other).recognise(drawn(data, *other), 200, other))
    assert found[:3] == TEXTS["eng"][2]
    assert likeness(found[3:], other) >= min(0.98, likeness(alone, other))


@pytest.mark.parametrize("languages", [("eng", "chi_sim", "rus"), ("heb", "eng", "jpn")], ids="+".join)
def test_a_page_in_three_scripts_is_read_in_all_of_them(
    engines: Engines, data: TessData, languages: tuple[str, ...]
) -> None:
    image = drawn(data, *languages)
    found = lines_of(engines.choose(EngineName.AUTO, languages).recognise(image, 200, languages))
    assert likeness(found, languages) > 0.98


def test_the_languages_of_the_regions_are_detected(engines: Engines, data: TessData) -> None:
    image = drawn(data, "eng", "heb", "chi_sim")
    languages = engines.picker(("auto",))(image, 200)
    assert set(languages) == {"eng", "heb", "chi_sim"}
    found = lines_of(engines.choose(EngineName.AUTO, languages).recognise(image, 200, languages))
    assert likeness(found, ("eng", "heb", "chi_sim")) > 0.97


def test_latin_words_are_read_twice_beside_a_language_that_the_second_engine_does_not_know(
    engines: Engines, data: TessData
) -> None:
    pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
    languages = ("eng", "heb")
    first = Pretender(engines, lambda line: with_word(line, "plans", "p1ans", 0.4))
    blocks = AutoEngine(data, first, engines.rereader).recognise(drawn(data, *languages), 200, languages)
    assert lines_of(blocks)[:3] == TEXTS["eng"][2]
    sources = {word.text: word.source for block in blocks for line in block.lines for word in line.words}
    assert sources["plans"] == Source.RAPID
    assert sources["העיר"] == Source.TESSERACT


def test_a_page_in_one_script_is_read_once_in_several_languages(engines: Engines, data: TessData) -> None:
    image = drawn(data, "eng", "eng")
    read: list[tuple[str, ...]] = []

    class Counted(Pretender):
        def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
            read.append(languages)
            return super().recognise(image, dpi, languages)

    languages = tuple(name for name in ("eng", "rus", "heb", "chi_sim") if name in data.languages)
    if len(languages) < 2:
        pytest.skip("language data of other scripts is missing")
    engine = AutoEngine(data, Counted(engines, lambda line: line), engines.rereader)
    assert lines_of(engine.recognise(image, 200, languages)) == 2 * TEXTS["eng"][2]
    assert read == [languages]


def test_if_a_region_cannot_be_read_the_page_stays_as_it_was_read_together(engines: Engines, data: TessData) -> None:
    class Failing(Pretender):
        def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
            if languages == ("rus",):
                raise engine_failed()
            return super().recognise(image, dpi, languages)

    languages = ("eng", "rus")
    engine = AutoEngine(data, Failing(engines, lambda line: line), engines.rereader)
    found = lines_of(engine.recognise(drawn(data, *languages), 200, languages))
    assert likeness(found, languages) > 0.9
