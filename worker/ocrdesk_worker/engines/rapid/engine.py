"""The engine `rapid`.

It finds and reads lines with neural networks (PP-OCR), for photos and receipts.
"""

from __future__ import annotations

from PIL import Image

from ocrdesk.contract.document import Block, Source
from ocrdesk.layout.row_order import order_rows
from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.rapid.rereading import Rereader
from ocrdesk_worker.engines.script_coverage import common_alphabet
from ocrdesk_worker.errors import language_unread
from ocrdesk_worker.preprocess.components import find_components, pixels_of


class RapidEngine:
    """Reads whole pages. Tesseract's language data is only used for the letters and words of a language."""

    source = Source.RAPID

    def __init__(self, data: TessData, rereader: Rereader) -> None:
        self._data = data
        self.rereader = rereader

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:  # noqa: ARG002
        pixels = pixels_of(image)
        alphabet = common_alphabet(self._data, languages, self.rereader.readable)
        if alphabet is None:
            raise language_unread(languages)
        is_word = word_lookup(self._data, languages)
        return order_rows(self.rereader.read_all(pixels, find_components(pixels), alphabet, is_word))
