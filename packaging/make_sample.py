"""Makes sample.png, a page as a scanner produces it, which run.sh reads if no file is given."""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

DPI = 150
SIZE = (1240, 1240)
MARGIN = 130
TITLE = "How to get good text from paper"
PARAGRAPHS = (
    "Most mistakes in recognised text are made before any program has seen the page. Put the sheet flat on the glass, "
    "close the lid, and choose 300 dots per inch. For print smaller than this, 400 is better; beyond that only the "
    "files grow.",
    "Grey is enough for black text. It keeps the soft edges of the letters, which pure black and white throws away, "
    "and it costs a third of colour.",
    "With a camera, stand right above the page and let the light come from one side. A shadow of your hand does more "
    "harm than a slight blur. Crooked lines, on the other hand, need no care: a few degrees are put right afterwards.",
    "When the page is done, look first at what the program was unsure of. A letter of 400 words may have three or "
    "four such places, most of them names, numbers and hyphens. They take less than a minute to check.",
)
PARAGRAPH_GAP = 30
LINE_HEIGHT = 38
CHARACTERS_A_LINE = 78
PAPER, INK = 238, 38
TILT_DEGREES = 0.5
SPECKS = 160
GREYS = 4
SEED = 5


def draw_page() -> Image.Image:
    """Return the page as printed."""
    page = Image.new("L", SIZE, PAPER)
    pen = ImageDraw.Draw(page)
    # This font is included in Pillow: Aileron, which is in the public domain.
    pen.text((MARGIN, MARGIN), TITLE, fill=INK, font=ImageFont.load_default(40))
    font = ImageFont.load_default(26)
    y = MARGIN + 100
    for paragraph in PARAGRAPHS:
        for line in textwrap.wrap(paragraph, CHARACTERS_A_LINE):
            pen.text((MARGIN, y), line, fill=INK, font=font)
            y += LINE_HEIGHT
        y += PARAGRAPH_GAP
    return page


def scan(page: Image.Image) -> Image.Image:
    """Return the page as scanned: slightly skewed and blurred, with specks, in a few greys."""
    dice = random.Random(SEED)  # noqa: S311  # the same specks in each run
    crooked = page.rotate(TILT_DEGREES, Image.Resampling.BICUBIC, fillcolor=PAPER)
    soft = crooked.filter(ImageFilter.GaussianBlur(0.6))
    pen = ImageDraw.Draw(soft)
    for _ in range(SPECKS):
        x, y = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
        pen.point((x, y), fill=dice.randrange(INK, PAPER))
    return soft.quantize(GREYS)


if __name__ == "__main__":
    target = Path(__file__).with_name("sample.png")
    scan(draw_page()).save(target, optimize=True, bits=GREYS.bit_length() - 1, dpi=(DPI, DPI))
