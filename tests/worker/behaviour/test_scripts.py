"""Pages in scripts other than Latin, drawn and read; skipped without a language's data or a font for it."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, features

from ocrdesk.contract.engines import EngineName
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines

_NOTO = Path("/usr/share/fonts/truetype/noto")
_CJK = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
_AMIRI = Path("/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf")
_DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

PAGES = {
    "heb": (_DEJAVU, 0, ["החנות פתוחה מהבוקר עד הערב", "הילדים משחקים בגינה ליד הבית"]),
    "ara": (_AMIRI, 0, ["الكتاب على الطاولة بجانب النافذة", "يلعب الأطفال في الحديقة بعد الظهر"]),
    "fas": (
        _NOTO / "NotoNaskhArabic-Regular.ttf",
        0,
        ["کتاب روی میز کنار پنجره است", "دوست من در شهر بزرگ زندگی می کند"],
    ),
    "chi_sim": (_CJK, 2, ["他的姐姐在医院工作，每天坐公共汽车上班。", "昨天下午我们在河边看见了几只白色的鸟。"]),
    "jpn": (_CJK, 0, ["彼は毎日電車で会社へ通っています。", "昨日の夜、友達と映画を見ました。"]),
    "kor": (_CJK, 1, ["어제 저녁에 친구와 함께 영화를 보았습니다.", "우리 집 앞에는 작은 강이 흐르고 있습니다."]),
    "tha": (_NOTO / "NotoSerifThai-Regular.ttf", 0, ["ร้านกาแฟเปิดทุกวัน", "เด็กเล่นในสวนหลังบ้าน"]),
}
RIGHT_TO_LEFT = ("heb", "ara", "fas")


def drawn(language: str, lines: list[str], size: int = 52) -> Image.Image:
    """Return a page with these lines. Skips the test if the page cannot be drawn here."""
    file, index, _ = PAGES[language]
    if not file.is_file():
        pytest.skip(f"there is no font for the language {language}: {file.name}")
    rtl = language in RIGHT_TO_LEFT
    if rtl and not features.check("raqm"):
        pytest.skip("Pillow cannot draw text from right to left here")
    font = ImageFont.truetype(file, size, index=index)
    image = Image.new("L", (1500, 200 + 90 * len(lines)), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        at = (1400 if rtl else 100, 100 + 90 * number)
        draw.text(at, line, 0, font, anchor="ra" if rtl else "la", direction="rtl" if rtl else None)
    return image


def read(engines: Engines, data: TessData, name: str, image: Image.Image, *languages: str) -> list[str]:
    if missing := set(languages) - set(data.languages):
        pytest.skip(f"language data is missing: {', '.join(sorted(missing))}")
    if (reason := engines.installed().get(name)) and name != EngineName.AUTO:
        pytest.skip(reason)
    blocks = engines.choose(name, languages).recognise(image, 0, languages)
    return [line.text for block in blocks for line in block.lines]


@pytest.mark.parametrize("name", [EngineName.TESSERACT, EngineName.TESSERACT_CLI, EngineName.AUTO])
@pytest.mark.parametrize("language", sorted({*PAGES} - {"kor"}))
def test_lines_are_read_as_they_are_written(engines: Engines, data: TessData, language: str, name: str) -> None:
    lines = PAGES[language][2]
    found = "\n".join(read(engines, data, name, drawn(language, lines), language))
    assert SequenceMatcher(None, found, "\n".join(lines), autojunk=False).ratio() > 0.95


def test_korean_lines_whose_layout_tesseract_does_not_find_are_read(engines: Engines, data: TessData) -> None:
    lines = PAGES["kor"][2]
    assert read(engines, data, EngineName.AUTO, drawn("kor", lines), "kor") == lines


def test_an_arabic_line_that_tesseract_skips_is_read(engines: Engines, data: TessData) -> None:
    lines = [
        "تقع المكتبة الجديدة بجانب الحديقة العامة",
        "يفتح المتحف أبوابه كل يوم في الصباح",
        "وصل القطار السريع إلى المدينة قبل الظهر",
    ]
    page = drawn("ara", lines, size=44)
    if len(read(engines, data, EngineName.TESSERACT, page, "ara")) == len(lines):
        pytest.skip("this Tesseract skips no line of the page")
    found = read(engines, data, EngineName.AUTO, page, "ara")
    assert len(found) == len(lines)
    assert SequenceMatcher(None, "\n".join(found), "\n".join(lines), autojunk=False).ratio() > 0.95


@pytest.mark.parametrize("name", [EngineName.TESSERACT, EngineName.TESSERACT_CLI, EngineName.AUTO])
def test_latin_words_and_numbers_keep_their_place_in_hebrew(engines: Engines, data: TessData, name: str) -> None:
    lines = ["החברה Mozilla נוסדה בשנת 2003", "מחיר הספר הוא 45 שקלים"]
    assert read(engines, data, name, drawn("heb", lines), "heb", "eng") == lines


@pytest.mark.parametrize("name", [EngineName.TESSERACT, EngineName.AUTO])
def test_spaces_beside_latin_words_in_chinese_are_those_on_the_page(
    engines: Engines, data: TessData, name: str
) -> None:
    (line,) = read(engines, data, name, drawn("chi_sim", ["他在用 Linux 写程序，每天写 120 行。"]), "chi_sim", "eng")
    assert line == "他在用 Linux 写程序，每天写 120 行。"
