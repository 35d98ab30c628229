"""The benchmark command for paragraphs: how many are wrongly split or joined, before and after correction.

python tests/bench/paragraphs.py [--pages N] [--first N]

The pages are generated: prose, lists, headings and addresses in one or two columns, with or without indents, space
between paragraphs and even right edges. Their words are random, so that a line identifies its paragraph.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.document import Block
from ocrdesk.contract.jobs import EngineName
from ocrdesk.layout.paragraphs import fix_paragraphs
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines

_SIZE = (1700, 2200)
_BOTTOM = 2050
_DPI = 200
_WORDS = (
    "water bridge river house letter garden window market summer winter people morning evening number table paper "
    "teacher doctor captain village mountain valley harbour island forest meadow before after under over between "
    "with without about again always never often seldom early late small large green yellow narrow open quiet sudden "
    "carry follow answer measure gather remember believe consider return build the of and to in is that for it as was"
)


@dataclass(slots=True)
class Style:
    """The typographic style of a page. Lengths are in pixels."""

    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    size: int
    leading: float
    space: float
    indent: float
    is_even: bool
    columns: int


@dataclass(slots=True)
class Sample:
    """A page and its paragraphs. The lines of an address may be one paragraph or several."""

    image: Image.Image
    paragraphs: list[str] = field(default_factory=list)
    addresses: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Count:
    """The number of pairs of lines in reading order, and of those that are wrongly split or joined."""

    pairs: int = 0
    parted: int = 0
    joined: int = 0

    def add(self, sample: Sample, blocks: Sequence[Block]) -> None:
        signs = [_signs(text) for text in sample.paragraphs]
        found = [(at, _place(_signs(line.text), signs)) for at, block in enumerate(blocks) for line in block.lines]
        for (block, upper), (next_block, lower) in pairwise(found):
            if upper is None or lower is None or (upper == lower and upper in sample.addresses):
                continue
            self.pairs += 1
            self.parted += upper == lower and block != next_block
            self.joined += upper != lower and block == next_block


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=24, metavar="N", help="pages to generate")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the seed of the first page")
    options = parser.parse_args(arguments)
    engine = Engines(collect()).choose(EngineName.AUTO, ("eng",))
    before, after = Count(), Count()
    for seed in range(options.first, options.first + options.pages):
        sample = make_sample(random.Random(seed))
        blocks = engine.recognise(sample.image, _DPI, ("eng",))
        before.add(sample, blocks)
        after.add(sample, fix_paragraphs(blocks))
    print(f"{options.pages} pages, {before.pairs} pairs of lines")
    print("| paragraphs | wrongly split | wrongly joined |\n|---|---:|---:|")
    for name, count in (("as the engine returns them", before), ("corrected", after)):
        print(f"| {name} | {count.parted} | {count.joined} |")
    return 0


def make_sample(chance: random.Random) -> Sample:
    """Return a page with random style and content."""
    size = chance.choice((22, 26, 30, 36))
    indented = chance.random() < 0.5
    style = Style(
        font=ImageFont.load_default(size=size),
        size=size,
        leading=size * chance.uniform(1.2, 1.7),
        space=0 if indented and chance.random() < 0.7 else size * chance.uniform(0.6, 1.2),
        indent=size * 1.5 if indented else 0,
        is_even=chance.random() < 0.4,
        columns=chance.choice((1, 1, 2)),
    )
    sample = Sample(Image.new("L", _SIZE, 255))
    margin = chance.randint(120, 260)
    width = (_SIZE[0] - 2 * margin - (style.columns - 1) * 80) / style.columns
    for column in range(style.columns):
        _fill(sample, style, margin + column * (width + 80), width, chance)
    return sample


def _fill(sample: Sample, style: Style, left: float, width: float, chance: random.Random) -> None:
    """Draw texts of all kinds from the top to the bottom of a column."""
    top = 150.0
    while True:
        kind = chance.choices(("prose", "list", "heading", "address"), (8, 2, 1.5, 1))[0]
        prose = _texts(kind, chance) if kind in ("prose", "list") else []
        short = [_phrase(chance) for _ in range(1 if kind == "heading" else chance.randint(2, 4))]
        for text in prose or ["\n".join(short)]:
            indent = style.indent if kind == "prose" else 0
            hang = _length(sample, f"{text.split()[0]} ", style) if kind == "list" else 0
            lines = text.split("\n") if not prose else _broken(sample, style, text, width, indent, hang)
            if top + style.leading * (len(lines) + 1) > _BOTTOM:
                return
            for at, line in enumerate(lines):
                inset = indent if at == 0 else hang
                is_last = at == len(lines) - 1 or not prose
                _draw(sample, style, line, left + inset, top, None if is_last else width - inset)
                top += style.leading
            if kind == "address":
                sample.addresses.add(len(sample.paragraphs))
            sample.paragraphs.append(text)
        top += style.space if kind == "prose" else style.space or style.leading * 0.6


def _texts(kind: str, chance: random.Random) -> list[str]:
    if kind == "prose":
        return [" ".join(_sentence(chance) for _ in range(chance.randint(1, 5)))]
    mark = chance.choice(("\u2022", "-", "1."))
    count = chance.randint(2, 4)
    return [f"{f'{at + 1}.' if mark == '1.' else mark} {_sentence(chance)}" for at in range(count)]


def _sentence(chance: random.Random) -> str:
    words = [chance.choice(_WORDS.split()) for _ in range(chance.randint(5, 22))]
    return " ".join(words).capitalize() + chance.choice("....?!")


def _phrase(chance: random.Random) -> str:
    return " ".join(chance.choice(_WORDS.split()) for _ in range(chance.randint(2, 4))).title()


def _broken(sample: Sample, style: Style, text: str, width: float, indent: float, hang: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        room = width - (indent if len(lines) <= 1 else hang)
        if lines and _length(sample, f"{lines[-1]} {word}", style) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _draw(sample: Sample, style: Style, line: str, left: float, top: float, width: float | None) -> None:
    """Draw one line, justified to `width` if one is given and the style has even right edges."""
    draw, words = ImageDraw.Draw(sample.image), line.split()
    space = _length(sample, " ", style)
    if style.is_even and width is not None and len(words) > 1:
        space = (width - sum(_length(sample, word, style) for word in words)) / (len(words) - 1)
    for word in words:
        draw.text((left, top), word, font=style.font, fill=0)
        left += _length(sample, word, style) + space


def _length(sample: Sample, text: str, style: Style) -> float:
    return ImageDraw.Draw(sample.image).textlength(text, font=style.font)


def _signs(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _place(line: str, paragraphs: Sequence[str]) -> int | None:
    """Return the index of a line's paragraph; None if the line is too short or read too badly to tell."""
    places = [at for at, text in enumerate(paragraphs) if line and line in text]
    return places[0] if len(places) == 1 else None


if __name__ == "__main__":
    sys.exit(main())
