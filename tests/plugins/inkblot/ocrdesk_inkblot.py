"""An engine for ocrdesk that finds the dark area of a page and reads it as one word: "ink"."""

from __future__ import annotations

from PIL import Image, ImageOps

from ocrdesk_worker.engines.interface import Block, Box, Engine, Line, TessData, Word

NAME = "inkblot"
DARK = 128
"""Grey values below this count as ink."""


class InkblotEngine:
    source = NAME

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        ink = ImageOps.invert(image).point(lambda value: 255 if value > 255 - DARK else 0)
        area = ink.getbbox()
        if area is None:
            return ()
        box = Box(*area)
        word = Word(text="ink", box=box, confidence=0.5, source=NAME)
        return (Block(box=box, lines=(Line(box=box, words=(word,)),)),)


class InkblotFactory:
    name = NAME

    def unavailable_because(self) -> str | None:
        return None

    def create(self, data: TessData) -> Engine:
        return InkblotEngine()


FACTORY = InkblotFactory()
