"""A page that is being drawn, with the words on it and the fonts for it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from scan import _WORDS as WORDS
from scoring import PlacedWord

_FONT_FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype"))
SANS = ("liberation/LiberationSans-Regular.ttf", "dejavu/DejaVuSans.ttf", "urw-base35/NimbusSans-Regular.otf")
NARROW = ("liberation/LiberationSansNarrow-Regular.ttf", "urw-base35/NimbusSansNarrow-Regular.otf", *SANS)
SERIF = ("liberation/LiberationSerif-Regular.ttf", "urw-base35/C059-Roman.otf", "urw-base35/P052-Roman.otf")
TYPEWRITER = ("liberation/LiberationMono-Regular.ttf", "urw-base35/NimbusMonoPS-Regular.otf")
_STYLES = {
    "bold": {"-Regular": "-Bold", "-Roman": "-Bold", "DejaVuSans.": "DejaVuSans-Bold."},
    "italic": {"-Regular": "-Italic", "-Roman": "-Italic", "DejaVuSans.": "DejaVuSans-Oblique."},
}
_INK = 20
_NAMES = """
Abbott Alvarez Barnes Brennan Calloway Chandra Dalton Donnelly Eriksen Fitzgerald Garland Hollis Ibarra Jacobsen
Kessler Langford Marchetti Novak Okafor Pemberton Quinlan Reyes Sandoval Thornton Underwood Vance Whitfield Yamada
Zimmerman Anderson Butler Crawford Duncan Ellison Foster Griffin Harper Iverson Jennings Kendall Lambert Morrison
""".split()  # noqa: SIM905  # more readable than a list of literals
_FIRMS = ("Inc.", "Corp", "Ltd", "LLC", "& Co.", "Holdings", "Group", "Pharmaceuticals", "Industries", "Partners")


def fonts_of(names: tuple[str, ...]) -> list[Path]:
    """Return those of the fonts that are installed."""
    paths = (folder / name for name in names for folder in _FONT_FOLDERS)
    return [path for path in paths if path.exists()]


def _styled(path: Path, style: str) -> Path:
    """Return the bold or italic font of a family, or the same font if it has none."""
    for plain, changed in _STYLES.get(style, {}).items():
        other = path.with_name(path.name.replace(plain, changed))
        if other != path and other.exists():
            return other
    narrow = path.with_name(path.name.replace("-Italic", "-Oblique"))
    return narrow if narrow.exists() else path


@dataclass
class Sheet:
    """A page that is being drawn, and the words on it. `points` is the size of its usual text."""

    image: Image.Image
    path: Path
    dpi: int
    points: float
    rng: random.Random
    smallest_px: int = 0
    words: list[PlacedWord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.image)
        self._fonts: dict[tuple[float, str], ImageFont.FreeTypeFont] = {}
        self.font = self.sized(1.0)
        self.line = round(self.font.size * 1.4)

    def sized(self, factor: float, style: str = "") -> ImageFont.FreeTypeFont:
        """Return the page's font at so many times its usual size; the style is bold, italic or nothing."""
        if (factor, style) not in self._fonts:
            size = max(self.smallest_px, round(self.points * factor * self.dpi / 72))
            self._fonts[factor, style] = ImageFont.truetype(str(_styled(self.path, style)), size)
        return self._fonts[factor, style]

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        anchor: str = "la",
        ink: int = _INK,
        font: ImageFont.FreeTypeFont | None = None,
        spread: float = 0.0,
    ) -> float:
        """Write words; `la` has the left edge at x, `ra` the right edge, `ma` the middle. Return the right edge.

        `spread` is the additional space between letters, in pixels.
        """
        font = font or self.font
        space = font.getlength(" ") + 2 * spread
        parts = text.split()
        width = sum(self._width(part, font, spread) for part in parts) + space * (len(parts) - 1)
        x -= {"l": 0.0, "m": width / 2, "r": width}[anchor[0]]
        for part in parts:
            self._put(part, x, y, font, ink, spread)
            x += self._width(part, font, spread) + space
        return x - space

    def _width(self, part: str, font: ImageFont.FreeTypeFont, spread: float) -> float:
        return font.getlength(part) if not spread else sum(font.getlength(letter) + spread for letter in part) - spread

    def _put(self, part: str, x: float, y: float, font: ImageFont.FreeTypeFont, ink: int, spread: float) -> None:
        boxes = []
        for piece in part if spread else (part,):
            self.draw.text((x, y), piece, font=font, fill=ink)
            boxes.append(self.draw.textbbox((x, y), piece, font=font))
            x += font.getlength(piece) + spread
        edges = zip(*boxes, strict=True)
        left, top, right, bottom = (pick(edge) for pick, edge in zip((min, min, max, max), edges, strict=True))
        self.words.append(PlacedWord(part, left, top, right, bottom))

    def write_upright(self, text: str, x: float, y: float, *, font: ImageFont.FreeTypeFont | None = None) -> None:
        """Write a text that is read from the bottom to the top; x and y are its left lower corner."""
        font = font or self.font
        space = font.getlength(" ")
        for part in text.split():
            left, top, right, bottom = (round(edge) for edge in font.getbbox(part))
            stamp = Image.new("L", (right, bottom), 255)
            ImageDraw.Draw(stamp).text((0, 0), part, font=font, fill=_INK)
            stamp = stamp.crop((left, top, right, bottom)).transpose(Image.Transpose.ROTATE_90)
            place = round(x + top), round(y - right)
            self.image.paste(stamp, place)
            self.words.append(PlacedWord(part, *place, place[0] + stamp.width, place[1] + stamp.height))
            y -= font.getlength(part) + space

    def label(self, words: int) -> str:
        return " ".join(self.rng.choice(WORDS) for _ in range(words)).capitalize()

    def name(self) -> str:
        return self.rng.choice(_NAMES)

    def firm(self) -> str:
        return f"{self.name()} {self.rng.choice(_FIRMS)}"

    def sentence(self) -> str:
        """Return a sentence with names, figures and punctuation, as reports have them."""
        rng = self.rng
        words = [rng.choice(WORDS) for _ in range(rng.randint(8, 18))]
        words[0] = words[0].capitalize()
        for _ in range(rng.randint(0, 3)):
            words[rng.randrange(1, len(words))] = rng.choice(
                (self.name(), f"{rng.randint(1, 99)}%", f"${rng.randint(1, 900)}.{rng.randint(0, 9)}", "I", "U.S.", "a")
            )
        if rng.random() < 0.6:
            words[rng.randrange(1, len(words) - 1)] += rng.choice((",", ";", ":", ","))
        if rng.random() < 0.2:
            words[-2] = f"({words[-2]})"
        return " ".join(words) + rng.choice((".", ".", ".", "?"))

    def number(self) -> str:
        """Return a number as tables have it: with thousands, decimals, per cent, brackets, or a dash."""
        rng, sign = self.rng, self.rng.random()
        value = rng.choice((rng.randint(0, 9), rng.randint(10, 999), rng.randint(1000, 99999), rng.random() * 100))
        text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
        return f"({text})" if sign < 0.12 else f"{text}%" if sign < 0.2 else f"-{text}" if sign < 0.26 else text

    def paragraph(
        self, text: str, left: float, top: float, width: float, *, factor: float = 1.0, style: str = "", ink: int = _INK
    ) -> float:
        """Write a text in lines of that width. Return the top of the next line."""
        font = self.sized(factor, style)
        leading = round(font.size * 1.25)
        line: list[str] = []
        for word in text.split():
            if line and font.getlength(" ".join([*line, word])) > width:
                self.write(" ".join(line), left, top, font=font, ink=ink)
                line, top = [], top + leading
            line.append(word)
        if line:
            self.write(" ".join(line), left, top, font=font, ink=ink)
            top += leading
        return top
