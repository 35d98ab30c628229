"""Pages with texts in languages of different scripts: in columns, below each other, line by line, within lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drawn import script_texts
from drawn.latin_texts import TEXTS
from drawn.script_texts import SCRIPTS, Script
from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.languages.scripts import script_of

_INK = 20
_HANGING = "\u3001\u3002\uff0c"
"""Punctuation that never begins a line."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page, its language, and its lines as they are written."""

    language: str
    box: Box
    lines: tuple[str, ...]


@dataclass
class ScriptSheet:
    """A page that is being drawn. `points` is the size of its Latin text."""

    image: Image.Image
    dpi: int
    points: float
    rng: random.Random
    latin_font: Path | None = None
    """The font of languages with Latin letters; None: one of the language's own."""
    regions: list[Region] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.image)
        self.margin = self.dpi * 3 // 4
        self._fonts: dict[str, Path] = {}

    def font(self, language: str) -> ImageFont.FreeTypeFont:
        """Return the page's font for a language."""
        script = TEXTS[language]
        path = self._fonts.setdefault(language, self.rng.choice(script.font_files()))
        if self.latin_font and script_of(language) == "Latin":
            path = self.latin_font
        size = round(self.points * script.factor * self.dpi / 72)
        return ImageFont.truetype(str(path), size, index=script.face)

    def text(self, language: str, sentences: int) -> str:
        """Return so many sentences of a language, not the same ones in each region."""
        return _joined(TEXTS[language], self.rng.sample(TEXTS[language].sentences(), sentences))

    def write(self, language: str, text: str, place: Box, leading: int = 0) -> int:
        """Write a text as one region, in lines as wide as the place. Return where the next line would be.

        `leading` is the distance of two lines in pixels; by default, the usual one of the language.
        """
        script, font = TEXTS[language], self.font(language)
        leading = leading or round(font.size * (1.75 if language in ("tha", "ara", "hin") else 1.45))
        lines, top = [], place.top
        for line in _wrapped(script, text, font, place.width):
            if top + leading > place.bottom:
                break
            self._write_line(script, line, place, top, font)
            lines.append(line)
            top += leading
        if lines:
            self.regions.append(Region(language, Box(place.left, place.top, place.right, top), tuple(lines)))
        return top

    def _write_line(self, script: Script, line: str, place: Box, top: int, font: ImageFont.FreeTypeFont) -> None:
        direction = "rtl" if script.is_rtl else "ltr"
        at = (place.right, top) if script.is_rtl else (place.left, top)
        anchor = "ra" if script.is_rtl else "la"
        self.draw.text(at, line, fill=_INK, font=font, anchor=anchor, direction=direction)

    def column(self, number: int, count: int) -> Box:
        """Return the place of a column."""
        gap = round(0.35 * self.dpi)
        width = (self.image.width - 2 * self.margin - (count - 1) * gap) // count
        left = self.margin + number * (width + gap)
        return Box(left, self.margin, left + width, self.image.height - self.margin)

    def whole(self, top: int | None = None) -> Box:
        """Return the place between the margins, from `top` down."""
        column = self.column(0, 1)
        return Box(column.left, column.top if top is None else top, column.right, column.bottom)


def _joined(script: Script, sentences: list[str]) -> str:
    return f"{'|' if script.breaks == '|' else ''} ".join(sentences) if script.breaks else "".join(sentences)


def _wrapped(script: Script, text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Yield lines that are at most so wide."""
    parts = text.split(script.breaks) if script.breaks else list(text)
    between = " " if script.breaks == " " else ""
    line = ""
    for part in parts:
        longer = f"{line}{between}{part}" if line else part.lstrip()
        if line and font.getlength(longer) > width and part not in _HANGING:
            yield line.strip()
            longer = part.lstrip()
        line = longer
    if line:
        yield line.strip()


def draw_columns(sheet: ScriptSheet, languages: tuple[str, ...]) -> None:
    """Draw a column in each language."""
    for number, language in enumerate(languages):
        sheet.write(language, sheet.text(language, 7), sheet.column(number, len(languages)))


def draw_parallel(sheet: ScriptSheet, languages: tuple[str, ...]) -> None:
    """Draw a column in each language, whose lines are at the same heights."""
    leading = round(1.9 * sheet.points * sheet.dpi / 72)
    for number, language in enumerate(languages):
        sheet.write(language, sheet.text(language, 6), sheet.column(number, len(languages)), leading)


def draw_stacked(sheet: ScriptSheet, languages: tuple[str, ...]) -> None:
    """Draw paragraphs of three or four sentences below each other, in turns."""
    top = sheet.margin
    for number in range(6):
        language = languages[number % len(languages)]
        top = sheet.write(language, sheet.text(language, sheet.rng.randint(3, 4)), sheet.whole(top))
        top += round(sheet.points * sheet.dpi / 72)


def draw_titles(sheet: ScriptSheet, languages: tuple[str, ...]) -> None:
    """Draw a text in the last language with a line in the others above each paragraph, without space between."""
    top = sheet.margin
    for number in range(4):
        title = languages[number % (len(languages) - 1)]
        top = sheet.write(title, sheet.text(title, 1), sheet.whole(top))
        top = sheet.write(languages[-1], sheet.text(languages[-1], 3), sheet.whole(top))
        top += round(sheet.points * sheet.dpi / 72)


def draw_alternating(sheet: ScriptSheet, languages: tuple[str, ...]) -> None:
    """Draw one line in each language in turns, as bilingual forms and subtitles have them."""
    top = sheet.margin
    leading = round(sheet.points * sheet.dpi / 72 * 2)
    for number in range(16):
        language = languages[number % len(languages)]
        place = sheet.whole(top)
        text = sheet.text(language, 1)
        line = next(_wrapped(TEXTS[language], text, sheet.font(language), place.width))
        sheet.write(language, line.replace(" ", "|") if TEXTS[language].breaks == "|" else line, place)
        top += leading


def draw_mixed(sheet: ScriptSheet, languages: tuple[str, ...]) -> None:
    """Draw lines of the last language with English words in them, below a paragraph of English."""
    language = languages[-1]
    top = sheet.write("eng", sheet.text("eng", 3), sheet.whole()) + sheet.dpi // 4
    sentences = script_texts.MIXED_LINES[language].strip().splitlines()
    for _ in range(2):
        place = sheet.whole(top)
        sheet.rng.shuffle(sentences)
        top = sheet.write(language, _joined(TEXTS[language], sentences), place) + sheet.dpi // 4


@dataclass(frozen=True, slots=True)
class Kind:
    """How pages of a kind are drawn, and the languages of its pages: English and others."""

    draw: Callable[[ScriptSheet, tuple[str, ...]], None]
    languages: tuple[tuple[str, ...], ...]
    points: tuple[float, ...] = (9, 10, 11, 12)
    dpis: tuple[int, ...] = (150, 200, 300)


_PAIRS = tuple(("eng", language) for language in SCRIPTS if language not in ("eng", "deu"))
_SWAPPED = tuple((other, english) for english, other in _PAIRS)
_MIXED = tuple(("eng", language) for language in script_texts.MIXED_LINES)
_THREE = (
    ("eng", "chi_sim", "rus"),
    ("eng", "ara", "jpn"),
    ("eng", "kor", "ell"),
    ("deu", "rus", "heb"),
    ("eng", "tha", "chi_sim"),
)
_GERMAN = (("deu", "rus"), ("deu", "chi_sim"))

KINDS: dict[str, Kind] = {
    "columns": Kind(draw_columns, (*_PAIRS, *_GERMAN)),
    "columns-swapped": Kind(draw_columns, _SWAPPED),
    "parallel": Kind(draw_parallel, _PAIRS),
    "stacked": Kind(draw_stacked, (*_PAIRS, *_GERMAN)),
    "titles": Kind(draw_titles, _PAIRS),
    "alternating": Kind(draw_alternating, _PAIRS),
    "three": Kind(draw_stacked, _THREE),
    "three-columns": Kind(draw_columns, _THREE, (8, 9, 10), (200, 300)),
    "mixed": Kind(draw_mixed, _MIXED),
    "one-script": Kind(draw_columns, (("eng", "eng"), ("rus", "rus"), ("chi_sim", "chi_sim"))),
    "latin": Kind(draw_stacked, (("eng", "deu"),)),
}
