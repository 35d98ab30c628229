"""The readers of the accuracy benchmark: an engine with the pipeline's own steps, and plain Tesseract."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpus import Case
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scoring import PlacedWord, fold

from ocrdesk.contract.document import Page, Rotation
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import sniff
from ocrdesk.export.text import page_text
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source

if TYPE_CHECKING:
    from ocrdesk_worker.engines.rapid.rereading import Rereader

PLAIN = "plain"
AUTO_ALONE = "auto-alone"
_PLAIN_DPI = 300


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a page: words with their confidence, the text, and the processor seconds."""

    words: tuple[PlacedWord, ...]
    """In pixels of the file's image turned clockwise by `rotation`."""
    confidences: tuple[float, ...]
    text: str
    cpu_s: float
    rotation: Rotation = 0
    codes: tuple[str, ...] = ()
    """The content of QR codes and barcodes."""


class Reader(Protocol):
    """Read the first page of files, one after the other. Raises ProcessingError."""

    name: str

    def read(self, case: Case) -> Reading: ...


class Alone(Engines):
    """The engines of an installation without the models for rereading."""

    def rereader(self) -> Rereader:
        raise EngineUnavailableError


class EngineReader:
    """Use an engine as a worker does: open the file, render, prepare, recognise."""

    def __init__(self, engines: Engines, name: str, warm_up: Path, said: str = "") -> None:
        self.name = said or name
        self._engines, self._engine, self._warm_up = engines, name, warm_up
        self._warm_for: tuple[str, ...] = ()

    def read(self, case: Case) -> Reading:
        if self._warm_for != case.languages:
            self._engines.preload(case.languages)
            self._page(self._warm_up, case.languages)
            self._warm_for = case.languages
        begun = cpu_seconds()
        page = self._page(case.path, case.languages)
        words = tuple(page.words())
        text = page_text(page)
        taken = cpu_seconds() - begun
        scale = _scale(case.path, page)
        placed = tuple(PlacedWord(fold(word.text), *(edge * scale for edge in word.box)) for word in words)
        codes = tuple(code.text for code in page.codes)
        return Reading(placed, tuple(word.confidence for word in words), text, taken, page.rotation, codes)

    def _page(self, path: Path, languages: tuple[str, ...]) -> Page:
        with path.open("rb") as file:
            media = sniff(file.read(1024))
        assert media is not None, path
        source = open_source(path, media)
        try:
            choose = self._engines.choose
            return read_page(source, 1, lambda: choose(self._engine, languages), languages, mode=RecognitionMode.FORCE)
        finally:
            source.close()


def _scale(path: Path, page: Page) -> float:
    """Return the factor from pixels of the page as read to pixels of the image file. Only images have true boxes."""
    if path.suffix == ".pdf":
        return 1.0
    with Image.open(path) as image:
        return max(image.size) / max(page.width, page.height)


class PlainReader:
    """libtesseract with the unchanged image file and automatic layout; a PDF's page is rendered at 300 dpi."""

    name = PLAIN

    def __init__(self, data: TessData) -> None:
        self._data = data
        self._languages: tuple[str, ...] = ()
        self._api: Any = None

    def read(self, case: Case) -> Reading:
        import tesserocr

        self._load(case.languages)
        begun = cpu_seconds()
        if case.path.suffix == ".pdf":
            self._api.SetImage(_drawn(case.path))
            self._api.SetSourceResolution(_PLAIN_DPI)
        else:
            self._api.SetImageFile(str(case.path))
        self._api.Recognize()
        words, confidences = [], []
        if iterator := self._api.GetIterator():
            level = tesserocr.RIL.WORD
            for item in tesserocr.iterate_level(iterator, level):
                if not item.Empty(level) and (box := item.BoundingBox(level)):
                    words.append((item.GetUTF8Text(level), box))
                    confidences.append(item.Confidence(level) / 100)
        text = self._api.GetUTF8Text()
        self._api.Clear()
        taken = cpu_seconds() - begun
        return Reading(tuple(PlacedWord(fold(word), *box) for word, box in words), tuple(confidences), text, taken)

    def _load(self, languages: tuple[str, ...]) -> None:
        import tesserocr

        if languages == self._languages:
            return
        if self._api is not None:
            self._api.End()
        self._api = tesserocr.PyTessBaseAPI(
            path=f"{self._data.folder}{os.sep}",
            lang="+".join(languages),
            psm=tesserocr.PSM.AUTO,
            oem=tesserocr.OEM.LSTM_ONLY,
        )
        self._api.SetVariable("debug_file", os.devnull)
        self._languages = languages


def _drawn(path: Path) -> Image.Image:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(path) as document:
        return document[0].render(scale=_PLAIN_DPI / 72, grayscale=True).to_pil()


def cpu_seconds() -> float:
    """Return the processor time of this process, all its threads, and its finished child processes."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def write_warm_up(path: Path) -> Path:
    """Write a small image that makes an engine load all its models: a clear line, and one that is hard to read."""
    font = ImageFont.load_default(36)
    clear, faint = (Image.new("L", (900, 70), 255) for _ in range(2))
    ImageDraw.Draw(clear).text((20, 10), "This line is easy to read.", font=font, fill=0)
    ImageDraw.Draw(faint).text((20, 10), "Qjx7 8B0O 1lI| rnm vvw 5S6", font=font, fill=90)
    image = Image.new("L", (900, 200), 255)
    image.paste(clear, (0, 20))
    image.paste(faint.filter(ImageFilter.GaussianBlur(4)), (0, 110))
    image.save(path)
    return path
