"""Draws a corpus of pages with many numbers: tables, ruled forms, charts and statements, clean and degraded.

python tests/bench/number_pages.py DIR [--pages N]

Writes DIR/pages/image and DIR/pages/truth, which `accuracy.py --corpus DIR --sets pages` reads.
"""

from __future__ import annotations

import argparse
import html
import io
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scan import _WORDS as WORDS
from scoring import PlacedWord

_FONTS = (
    "dejavu/DejaVuSans.ttf",
    "dejavu/DejaVuSansMono.ttf",
    "liberation/LiberationSans-Regular.ttf",
    "liberation/LiberationSansNarrow-Regular.ttf",
    "liberation/LiberationSerif-Regular.ttf",
)
_FONT_FOLDER = Path("/usr/share/fonts/truetype")
_WIDTH_IN, _HEIGHT_IN = 7.0, 9.0
_DPIS = (150, 200, 300)
_POINTS = (7, 8, 9, 11)
_SMALLEST_PX = 18
"""The least size of a font in pixels: smaller commas and points look alike once they are blurred."""
_SEED = 20261130


@dataclass
class Sheet:
    """A page that is being drawn, and the words on it."""

    image: Image.Image
    font: ImageFont.FreeTypeFont
    rng: random.Random
    words: list[PlacedWord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.image)
        self.line = round(self.font.size * 1.4)

    def write(self, text: str, x: float, y: float, *, anchor: str = "la", ink: int = 20) -> float:
        """Write words; the anchor is `la` for the left edge at x, `ra` for the right edge. Return the right edge."""
        space = self.font.getlength(" ")
        if anchor == "ra":
            x -= self.font.getlength(text)
        for part in text.split():
            self.draw.text((x, y), part, font=self.font, fill=ink)
            self.words.append(PlacedWord(part, *self.draw.textbbox((x, y), part, font=self.font)))
            x += self.font.getlength(part) + space
        return x - space

    def label(self, words: int) -> str:
        return " ".join(self.rng.choice(WORDS) for _ in range(words)).capitalize()

    def number(self) -> str:
        """Return a number as tables have it: with thousands, decimals, per cent, brackets, or a dash."""
        rng, sign = self.rng, self.rng.random()
        value = rng.choice((rng.randint(0, 9), rng.randint(10, 999), rng.randint(1000, 99999), rng.random() * 100))
        text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
        return f"({text})" if sign < 0.12 else f"{text}%" if sign < 0.2 else f"-{text}" if sign < 0.26 else text


def draw_table(sheet: Sheet) -> None:
    """Draw a table of numbers, perhaps with rules, a shaded column, and a column of single digits."""
    rng, line = sheet.rng, sheet.line
    left, top = line * 2, line * 2
    width = sheet.image.width - 2 * left
    columns = rng.randint(3, 7)
    first = width * 0.3
    step = (width - first) / columns
    rows = min(rng.randint(12, 30), (sheet.image.height - 4 * line) // line)
    if rng.random() < 0.4:
        column = rng.randrange(columns)
        area = (left + first + column * step + 4, top, left + first + (column + 1) * step, top + rows * line)
        sheet.draw.rectangle(area, fill=rng.choice((232, 215, 200)))
    has_rules = rng.random() < 0.5
    for row in range(rows):
        y = top + row * line
        if has_rules:
            sheet.draw.line((left, y - 2, left + width, y - 2), fill=60)
        sheet.write(sheet.label(rng.randint(1, 3)), left, y)
        for column in range(columns):
            text = str(rng.randint(0, 9)) if column == columns - 1 else sheet.number()
            sheet.write(text, left + first + (column + 1) * step - 8, y, anchor="ra")


def draw_form(sheet: Sheet) -> None:
    """Draw a form: boxes with a small label and a number, and a column of line numbers at both margins."""
    rng, line = sheet.rng, sheet.line
    left, right = line * 2, sheet.image.width - line * 2
    height = round(line * 1.5)
    for row in range(min(24, (sheet.image.height - 4 * line) // height)):
        y = line * 2 + row * height
        sheet.draw.rectangle((left, y, right, y + height), outline=40)
        sheet.draw.line((right - line * 8, y, right - line * 8, y + height), fill=40)
        sheet.draw.line((right - line * 10, y, right - line * 10, y + height), fill=40)
        sheet.write(f"{row + 1} {sheet.label(4)}", left + 6, y + line // 5)
        sheet.write(str(row + 1), right - line * 8 - 10, y + line // 5, anchor="ra")
        if rng.random() < 0.8:
            sheet.write(f"{rng.randint(1, 999999):,}", right - 8, y + line // 5, anchor="ra")


def draw_chart(sheet: Sheet) -> None:
    """Draw two bar charts with numbers at both axes and above the bars."""
    rng, line = sheet.rng, sheet.line
    for top in (line * 2, sheet.image.height // 2 + line):
        left, right = line * 5, sheet.image.width - line * 5
        bottom = top + sheet.image.height // 2 - line * 6
        sheet.write(sheet.label(4), left, top)
        ticks, step = rng.randint(5, 10), rng.choice((1, 5, 10, 20, 250))
        for tick in range(ticks + 1):
            y = bottom - (bottom - top - 2 * line) * tick // ticks
            sheet.draw.line((left - 5, y, right, y), fill=170)
            sheet.write(f"{tick * step:,}", left - 10, y - line // 2, anchor="ra")
            sheet.write(f"{tick * 2}%", right + 10, y - line // 2)
        sheet.draw.line((left, top + line, left, bottom), fill=30)
        bars = rng.randint(4, 9)
        for bar in range(bars):
            x = left + (right - left) * (bar + 0.5) / bars
            tall = (bottom - top - 3 * line) * rng.random()
            sheet.draw.rectangle((x - line / 2, bottom - tall, x + line / 2, bottom), fill=rng.choice((90, 140, 190)))
            sheet.write(str(2001 + bar), x - line, bottom + line // 3)


def draw_statement(sheet: Sheet) -> None:
    """Draw a statement: labels with dots that lead to two columns of amounts."""
    rng, line = sheet.rng, sheet.line
    left, right = line * 2, sheet.image.width - line * 2
    dot = sheet.font.getlength(".")
    for row in range(min(32, (sheet.image.height - 4 * line) // line)):
        y = line * 2 + row * line
        if row % 8 == 0:
            sheet.write(sheet.label(2).upper(), left, y)
            continue
        end = sheet.write(sheet.label(rng.randint(2, 4)), left, y)
        x = end + 2 * dot
        while x < right - line * 12:
            sheet.draw.text((x, y), ".", font=sheet.font, fill=20)
            x += 2 * dot
        for column in (line * 6, 0):
            sign = "$ " if row % 8 == 1 else ""
            sheet.write(f"{sign}{rng.randint(100, 9999999):,}", right - column, y, anchor="ra")


def _blurred(image: Image.Image, _rng: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(image.width / 1400))


def _bilevel(image: Image.Image, rng: random.Random) -> Image.Image:
    threshold = rng.randint(120, 175)
    return _blurred(image, rng).point([255 if tone > threshold else 0 for tone in range(256)])


def _compressed(image: Image.Image, rng: random.Random) -> Image.Image:
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=rng.randint(25, 45))
    return Image.open(stored).convert("L")


def _grainy(image: Image.Image, rng: random.Random) -> Image.Image:
    noise = Image.effect_noise(image.size, rng.randint(20, 40))
    return Image.blend(image, noise, 0.3)


_KINDS: dict[str, Callable[[Sheet], None]] = {
    "table": draw_table,
    "form": draw_form,
    "chart": draw_chart,
    "statement": draw_statement,
}
_DEGRADATIONS: Sequence[Callable[[Image.Image, random.Random], Image.Image]] = (
    lambda image, _rng: image,
    _blurred,
    _bilevel,
    _compressed,
    _grainy,
)


def sheets(count: int) -> Iterator[tuple[str, Image.Image, list[PlacedWord]]]:
    """Yield the name, image and words of each page; the same ones in every run."""
    fonts = [path for name in _FONTS if (path := _FONT_FOLDER / name).exists()]
    for number in range(count):
        rng = random.Random(_SEED + number)
        kind = list(_KINDS)[number % len(_KINDS)]
        dpi, points = rng.choice(_DPIS), rng.choice(_POINTS)
        font = ImageFont.truetype(str(rng.choice(fonts)), max(_SMALLEST_PX, round(points * dpi / 72)))
        sheet = Sheet(Image.new("L", (round(_WIDTH_IN * dpi), round(_HEIGHT_IN * dpi)), 255), font, rng)
        _KINDS[kind](sheet)
        degraded = _DEGRADATIONS[number // len(_KINDS) % len(_DEGRADATIONS)](sheet.image, rng)
        yield f"{kind}_{number:02}", degraded, sheet.words


def _hocr(words: Sequence[PlacedWord]) -> str:
    spans = []
    for text, *edges in words:
        box = " ".join(str(round(edge)) for edge in edges)
        spans.append(f"<span class='ocrx_word' title='bbox {box}'>{html.escape(text)}</span>")
    return "<html><body>\n" + "\n".join(spans) + "\n</body></html>\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the corpus. Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    options = parser.parse_args(arguments)
    if not any((_FONT_FOLDER / name).exists() for name in _FONTS):
        parser.error("no fonts: install fonts-dejavu-core and fonts-liberation")
    for name in ("image", "truth"):
        (options.folder / "pages" / name).mkdir(parents=True, exist_ok=True)
    for name, image, words in sheets(options.pages):
        image.save(options.folder / "pages" / "image" / f"{name}.png")
        (options.folder / "pages" / "truth" / f"{name}.hocr").write_text(_hocr(words), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
