"""The benchmark command for signs: fractions, bullets, arrows, raised and lowered digits, codes, coloured backgrounds.

python tests/bench/signs.py [--kinds KIND,…] [--fonts NAME,…] [--dpi N,…] [--keep DIR] [--engine auto]

Draws pages of each kind in several fonts, clean and as a scanner delivers them, reads them with all steps, and prints
for each kind how many of its signs were read, how many other words, and signs that the pages do not have.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ocrdesk.contract.document import Page
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source

_FONT_FOLDER = Path("/usr/share/fonts/truetype")
_FONTS = {
    "dejavu": "dejavu/DejaVuSans.ttf",
    "arial": "liberation/LiberationSans-Regular.ttf",
    "times": "liberation/LiberationSerif-Regular.ttf",
    "noto-serif": "noto/NotoSerif-Regular.ttf",
}
_FALLBACK = "dejavu/DejaVuSans.ttf"
"""Has the signs that other fonts lack, as on screens and in office programs."""
_SIGNS = frozenset("½¼¾⅓⅔⅛⅜⅝⅞•▪‣●■○►▶←→↑↓⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789−+", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_SEED = 20261130

Tone = int | tuple[int, int, int]


@dataclass
class Sheet:
    """A page that is being drawn, and what is on it: words to count, and those of them that its kind is about."""

    image: Image.Image
    font: ImageFont.FreeTypeFont
    fallback: ImageFont.FreeTypeFont
    rng: random.Random
    words: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.image)
        self.x = self.y = self.margin = self.line = round(self.font.size * 1.6)

    def write(self, text: str, *, set_digits: bool = False, ink: Tone = 20, mark: Tone | None = None) -> None:
        """Write a line. Words that begin with `@` are the kind's. `set_digits` draws raised digits from usual ones.

        `mark` is the colour behind them.
        """
        x = self.x
        for part in text.split():
            word = part.removeprefix("@")
            if x + self.font.getlength(word) > self.image.width - self.margin:
                x, self.y = self.x, self.y + self.line
            if mark and part != word:
                box = x - 4, self.y - self.line // 8, x + self.font.getlength(word) + 4, self.y + self.line * 3 // 4
                self.draw.rectangle(box, fill=mark)
            for character in word:
                x = self._put(character, x, ink, set_digits=set_digits)
            x += self.font.getlength(" ")
            self.words.append(word)
            if part != word:
                self.targets.append(word)
        self.y += self.line

    def _put(self, character: str, x: float, ink: Tone, *, set_digits: bool) -> float:
        """Draw a character and return where the next one begins."""
        if set_digits and character in _RAISED | _LOWERED:
            small = self.font.font_variant(size=round(self.font.size * 0.62))
            by = -0.06 if character in _RAISED else 0.52
            drawn = (_RAISED | _LOWERED)[character]
            self.draw.text((x, self.y + by * self.font.size), drawn, font=small, fill=ink)
            return x + small.getlength(drawn)
        font = self.font if _has(self.font, character) else self.fallback
        self.draw.text((x, self.y + self.font.getmetrics()[0]), character, font=font, fill=ink, anchor="ls")
        return x + font.getlength(character)


def _has(font: ImageFont.FreeTypeFont, character: str) -> bool:
    """Return whether the font has a glyph of its own for the character."""
    if character.isascii():
        return True
    missing = font.getmask("\U0010fffe")
    found = font.getmask(character)
    return found.size != missing.size or bytes(found) != bytes(missing)


def draw_fractions(sheet: Sheet) -> None:
    for text in (
        "Add @½ cup of milk and @¼ cup of oil, then stir in @¾ of the flour.",
        "Bake for @1½ hours; it takes @2¼ litres of water, or @3¾ pints.",
        "About @⅓ of the members came, @⅔ stayed at home.",
        "A pipe of @⅛ inch, a screw of @⅜ inch and a board of @⅝ inch.",
        "Only 50% of them paid, 25 % paid half and 5% nothing.",
        "The @½ is easy; @¼ of it is not.",
    ):
        sheet.write(text)


def draw_bullets(sheet: Sheet) -> None:
    for sign in "•▪‣–●■○":
        sheet.write("The following articles are in the box:")
        for item in ("one pair of scissors", "a ruler and two pencils", "Envelopes of any size", "glue for paper"):
            sheet.write(f"@{sign} {item}")


def draw_inner_bullets(sheet: Sheet) -> None:
    sheet.write("Breakfast @• Lunch @• Dinner @• Drinks")
    sheet.write("Open daily @• Monday to Sunday @• 9 to 5")
    sheet.write("Home @• Garden @• Kitchen @• Office")
    sheet.write("We have coffee @• one size @• tea @• two sizes")


def draw_arrows(sheet: Sheet) -> None:
    for text in (
        "Press @↓ to go down and @↑ to go up in the list.",
        "Choose File @→ Print @→ Options to set the paper size.",
        "The key @← takes you back; the key @→ takes you on.",
        "Open Settings @→ Network and switch it off.",
    ):
        sheet.write(text)


_RAISED_TEXTS = (
    "The hall has an area of 25 @m² and holds 300 @m³ of air.",
    "The sum @x² + @y² is never less than zero.",
    "It has about @10⁶ parts, or @10¹² in all.",
    "The treaty@¹ was signed by both states@² in the summer@³ of that year.",
    "A field of 120 @km² yields 4 tons; see the report.@⁴",
    "The second house@¹² was built later@¹³ than the first.",
)


def draw_raised(sheet: Sheet) -> None:
    for text in _RAISED_TEXTS:
        sheet.write(_whole_words(text))


def draw_set_raised(sheet: Sheet) -> None:
    for text in _RAISED_TEXTS:
        sheet.write(_whole_words(text), set_digits=True)


def _whole_words(text: str) -> str:
    """Return the text with the mark of a target at the beginning of its word."""
    return " ".join(f"@{part.replace('@', '')}" if "@" in part else part for part in text.split())


def draw_lowered(sheet: Sheet) -> None:
    for text in (
        "Water is @H₂O and the gas is @CO₂ or @SO₂ in most cases.",
        "Let @x₁ be the first and @x₂ the second value of the list.",
        "The acid @H₂SO₄ attacks iron, while @N₂O does not.",
        "Vitamin @B₁₂ is found in milk, and @K₂ in cheese.",
    ):
        sheet.write(text, set_digits=True)


def draw_codes(sheet: Sheet) -> None:
    for text in (
        "Seat @13A and seat @4B are in the coach, @12C is not.",
        "Print on @A4 paper, not on @B5 or @A3 paper.",
        "Take vitamin @B12 and @D3 on the @2nd and @3rd day.",
        "Room @13A is on the @1st floor, room @7F on the @21st.",
        "Gate @5A opens at nine, gate @8B at ten, gate @6S later.",
        "House @10B, flat @2A and garage @15D were sold.",
        "The form @W2 and the form @1099A were sent to unit @3C.",
    ):
        sheet.write(text)


def draw_code_cells(sheet: Sheet) -> None:
    """Draw a ruled seating plan: cells with a code each, and a column of amounts beside it."""
    rng = sheet.rng
    step = (sheet.image.width - 2 * sheet.x) // 6
    sheet.write("Seats and prices of this train")
    for row in range(1, 13):
        top = sheet.y - sheet.line // 4
        for column in range(7):
            x = sheet.x + column * step
            if column < 6:
                sheet.draw.rectangle((x, top, x + step, top + sheet.line), outline=60)
                code = (
                    f"{row * 3}{'ABCDEF'[column]}" if column < 4 else f"{rng.choice('ABDGHKLSZ')}{rng.randint(1, 99)}"
                )
                at, sheet.x = sheet.x, x + step // 3
                sheet.write(f"@{code}")
                sheet.x, sheet.y = at, sheet.y - sheet.line
        sheet.y += sheet.line


def draw_points(sheet: Sheet) -> None:
    for text in (
        "Values of @3.14 and @1,250.50 were found, @0.5 in one case.",
        "Dr. @J. @R. Smith and @A. @B. Jones met @P. @T. Miller.",
        "It weighs @4.2 kg and costs @12,500 dollars, or @1.1 per piece.",
        "Version @2.11.1 replaces version @2.1.0 of the tool.",
        "The @U.S. office and the @U.K. office opened at @9.30 in winter.",
    ):
        sheet.write(text)


def draw_bars(sheet: Sheet) -> None:
    for text in (
        "@I think @I will go, and @I know that all is well.",
        "All the little hills are still; @I like this village.",
        "Then @I said: @I am late. King John @I and Paul @II came.",
        "Section @1 of 11 and part @1 of 17 tell how @I did it.",
        "He and @I left. @I'll be back, @I'm sure, if @I can.",
    ):
        sheet.write(text)


_PLAIN = "The river runs through the old town and under seven stone bridges before it reaches the sea."


def draw_huge_and_tiny(sheet: Sheet) -> None:
    """Draw a headline of 72 points, usual text, and two notes of 6 points, for text of 11 points."""
    usual = sheet.font
    sheet.font = usual.font_variant(size=round(usual.size * 72 / 11))
    sheet.line = round(sheet.font.size * 1.2)
    sheet.write("@HARBOUR @NEWS")
    sheet.font, sheet.line = usual, round(usual.size * 1.6)
    for _ in range(4):
        sheet.write(_PLAIN)
    sheet.font = usual.font_variant(size=round(usual.size * 6 / 11))
    sheet.line = round(sheet.font.size * 1.5)
    sheet.y += 2 * sheet.line
    sheet.write("@Printed @by @the @harbour @press, @Mill @Lane @3, @and @sold @in @all @good @shops @of @the @county.")
    sheet.write("@Letters @to @the @editor @are @welcome @but @cannot @be @returned @after @they @were @read.")


def draw_marker(sheet: Sheet) -> None:
    """Draw words under yellow, pink, green, blue and orange markers."""
    for mark in ((255, 250, 80), (255, 150, 200), (130, 240, 120), (120, 200, 255), (255, 180, 70)):
        sheet.write(
            "The meeting was moved @to @Monday @at @nine and the room was changed to @number @seven again.", mark=mark
        )
        sheet.write(
            "Members @who @cannot @come should write @before @Friday so that others may take their place.", mark=mark
        )


def draw_bars_of_colour(sheet: Sheet) -> None:
    """Draw a table whose head, and every fourth row, are white on a dark colour."""
    width = sheet.image.width - 2 * sheet.x
    for number, row in enumerate(("Article Colour Weight Price", "Lamp green 250 18.50", "Chair brown 4200 75.00") * 4):
        dark = number % 3 == 0
        if dark:
            fill = sheet.rng.choice(((20, 60, 120), (130, 20, 30), (20, 90, 50), (60, 60, 60), (200, 90, 20)))
            sheet.draw.rectangle((sheet.x, sheet.y - 4, sheet.x + width, sheet.y + sheet.line - 5), fill=fill)
        for column, word in enumerate(row.split()):
            at, sheet.x = sheet.x, sheet.x + 10 + column * width // 4
            sheet.write(f"@{word}", ink=(255, 255, 255) if dark else 20)
            sheet.x, sheet.y = at, sheet.y - sheet.line
        sheet.y += sheet.line


def draw_boxes(sheet: Sheet) -> None:
    """Draw coloured boxes with dark and white text between plain text."""
    for fill, ink in (
        ((255, 235, 150), 20),
        ((190, 60, 60), (255, 255, 255)),
        ((180, 215, 240), (20, 20, 90)),
        ((70, 110, 160), (255, 255, 255)),
        ((90, 150, 90), (255, 240, 120)),
    ):
        sheet.write(_PLAIN)
        height = round(2.6 * sheet.line)
        top = sheet.y
        sheet.draw.rectangle((sheet.x - 10, top, sheet.image.width - sheet.x + 10, top + height), fill=fill)
        sheet.y = top + sheet.line // 2
        sheet.write("@Please @note @that @the @office @is @closed @on @all @public @holidays.", ink=ink)
        sheet.y = top + height + sheet.line // 2


def draw_text(sheet: Sheet) -> None:
    """Draw usual text with what may be taken for signs: nothing of it may change."""
    for text in (
        "@o @e @* @x @v are letters. Rates of 5% and 12 % fell; see § 4 and note * below.",
        "a) first point b) second point; 1) one 2) two; @R2 and @T4 are valves, @C3 is not.",
        "Call 020-7946 or write to info@example.org; the code is H2O2 or x2y2 in our files.",
        "In 1998 we sold 12 units; in 1999, 30. It is 20°C outside, 5° less than in May.",
        "Use “quotes” or ‘single’ ones. A 5' pole, a 3\" nail. It's John's. (See p. 7.)",
        "Total 1 2 3 4 5. v. 2; c. 1850; No. 7; 3 x 4 = 12; A > B; B < C; J. Smith; T. Jones",
    ):
        sheet.write(text.replace("info@", "info(at)"))


_KINDS: dict[str, Callable[[Sheet], None]] = {
    "fractions": draw_fractions,
    "bullets": draw_bullets,
    "inner bullets": draw_inner_bullets,
    "arrows": draw_arrows,
    "raised": draw_raised,
    "raised and set": draw_set_raised,
    "lowered and set": draw_lowered,
    "codes": draw_codes,
    "codes in cells": draw_code_cells,
    "points": draw_points,
    "I": draw_bars,
    "huge and tiny": draw_huge_and_tiny,
    "marker": draw_marker,
    "colour bars": draw_bars_of_colour,
    "colour boxes": draw_boxes,
    "usual text": draw_text,
}
_SINGLE = "single characters"


def _scanned(image: Image.Image, rng: random.Random) -> Image.Image:
    """Return the image as a scanner delivers it: a little soft and grainy."""
    soft = image.filter(ImageFilter.GaussianBlur(image.width / 2200))
    noise = Image.effect_noise(soft.size, rng.randint(14, 24)).convert(soft.mode)
    return Image.blend(soft, noise, 0.12)


@dataclass
class Case:
    """A drawn page and its text."""

    kind: str
    font: str
    dpi: int
    image: Image.Image
    words: list[str]
    targets: list[str]


def pages(kinds: Sequence[str], fonts: Sequence[str], dpis: Sequence[int]) -> Iterator[Case]:
    """Yield the pages, the same ones in every run."""
    for kind in kinds:
        for font in fonts:
            for dpi in dpis:
                rng = random.Random(f"{_SEED}{kind}{font}{dpi}")
                yield from _singles(font, dpi) if kind == _SINGLE else [_page(kind, font, dpi, rng)]


def _page(kind: str, font: str, dpi: int, rng: random.Random) -> Case:
    size = round(11 * dpi / 72)
    colour = kind in ("marker", "colour bars", "colour boxes")
    image = Image.new("RGB" if colour else "L", (round(6.5 * dpi), round(9 * dpi)), (255,) * 3 if colour else 255)
    face, fallback = (ImageFont.truetype(str(_FONT_FOLDER / name), size) for name in (_FONTS[font], _FALLBACK))
    sheet = Sheet(image, face, fallback, rng)
    _KINDS[kind](sheet)
    high = min(image.height, sheet.y + 2 * sheet.line)
    image = image.crop((0, 0, image.width, max(high, 2 * dpi)))
    return Case(kind, font, dpi, _scanned(image, rng) if dpi > 150 else image, sheet.words, sheet.targets)


def _singles(font: str, dpi: int) -> Iterator[Case]:
    """Yield images of one character as it is cut from a screen: with and without margins, light on dark."""
    for size in (20, 36, 60) if dpi <= 150 else (28, 48):
        for margin in (1, size // 2):
            for dark in (False, True):
                for character in "A7gB0K5tR3":
                    face = ImageFont.truetype(str(_FONT_FOLDER / _FONTS[font]), size)
                    left, top, right, bottom = (round(edge) for edge in face.getbbox(character))
                    image = Image.new("L", (right - left + 2 * margin, bottom - top + 2 * margin), 30 if dark else 255)
                    at = margin - left, margin - top
                    ImageDraw.Draw(image).text(at, character, font=face, fill=235 if dark else 0)
                    yield Case(_SINGLE, font, dpi, image, [character], [character])


@dataclass
class Tally:
    """How many words of a kind were read, and which were not."""

    found: int = 0
    wanted: int = 0
    others_found: int = 0
    others: int = 0
    invented: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)


def judge(tally: Tally, case: Case, page: Page) -> None:
    read = Counter(word.text for word in page.words())
    targets, others = Counter(case.targets), Counter(case.words) - Counter(case.targets)
    hits = read & targets
    tally.found += hits.total()
    tally.wanted += targets.total()
    tally.others_found += ((read - hits) & others).total()
    tally.others += others.total()
    has, had = Counter("".join(read.elements())), Counter("".join(case.words))
    tally.invented += Counter({sign: has[sign] - had[sign] for sign in _SIGNS if has[sign] > had[sign]})
    tally.missed += targets - hits


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    kinds = (*_KINDS, _SINGLE)
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=kinds, help=f"of {', '.join(kinds)}")
    parser.add_argument("--fonts", type=lambda text: text.split(","), default=tuple(_FONTS))
    parser.add_argument("--dpi", type=lambda text: [int(part) for part in text.split(",")], default=(150, 300))
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--keep", type=Path, help="keeps the pages and their texts in this folder")
    parser.add_argument("--verbose", action="store_true", help="prints what was not read")
    options = parser.parse_args(arguments)
    engines = Engines(collect())
    engines.preload(("eng",))
    tallies: dict[str, Tally] = {kind: Tally() for kind in options.kinds}
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        for number, case in enumerate(pages(options.kinds, options.fonts, options.dpi)):
            name = f"{case.kind} {case.font} {case.dpi}" + (f" {number}" if case.kind == _SINGLE else "")
            path = kept / f"{name}.png"
            case.image.save(path, dpi=(case.dpi, case.dpi))
            page = _read(path, engines, options.engine)
            path.with_suffix(".txt").write_text("\n".join(line.text for line in page.lines()), "utf-8")
            judge(tallies[case.kind], case, page)
    print("| kind | signs read | other words read | signs that the page does not have |\n|---|---|---|---|")
    for kind, tally in tallies.items():
        signs = " ".join(f"{sign} {count}" for sign, count in tally.invented.most_common())
        print(
            f"| {kind} | {_share(tally.found, tally.wanted)} | {_share(tally.others_found, tally.others)} | {signs} |"
        )
        if options.verbose:
            print(f"  not read: {dict(tally.missed.most_common(30))}")
    return 0


def _share(found: int, wanted: int) -> str:
    return f"{found / wanted:.3f} ({found} of {wanted})" if wanted else "–"


def _read(path: Path, engines: Engines, engine: str) -> Page:
    source = open_source(path, MediaType.PNG)
    try:
        return read_page(source, 1, lambda: engines.choose(engine, ("eng",)), ("eng",), mode=RecognitionMode.FORCE)
    finally:
        source.close()


if __name__ == "__main__":
    sys.exit(main())
