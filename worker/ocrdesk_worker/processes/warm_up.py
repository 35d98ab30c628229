"""Loads what task processes need before they are forked.

Engines and modules that not every page needs come second: a pool that nobody else can help begins to work before it has
them. The small page that is read last loads what is only loaded by use: Pillow's decoders, parts of NumPy, compiled
patterns. Without it, every task process would need about 25 ms for them.
"""

from __future__ import annotations

import logging
import tempfile
from importlib import import_module
from pathlib import Path

from PIL import Image, ImageDraw

from ocrdesk.contract.jobs import DEFAULT_LANGUAGES, EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk.export.text import page_text
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source

_log = logging.getLogger(__name__)
_SIZE, _LINES, _LETTER_PX = (480, 200), 3, 24
_OF_PDFS = (
    "ocrdesk_worker.render.locked_pdf",
    "ocrdesk_worker.render.pdf_features",
    "ocrdesk_worker.render.pdf_source",
    "ocrdesk_worker.searchable_pdf.attached_files",
    "ocrdesk_worker.searchable_pdf.protection",
    "ocrdesk_worker.searchable_pdf.writer",
)
"""What the modules of a task import only for PDFs."""


def load_rest(engines: Engines) -> None:
    """Load what an English image can be read without: the other engines, what PDFs need, and what use loads."""
    for module in _OF_PDFS:
        import_module(module)
    engines.preload_rest(DEFAULT_LANGUAGES)
    warm_up(engines)


def warm_up(engines: Engines) -> None:
    """Read a small page. An error does no harm here: a real page that meets it will report it."""
    try:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-") as folder:
            path = Path(folder) / "page.png"
            page = Image.new("L", _SIZE, 255)
            for line in range(_LINES):
                ImageDraw.Draw(page).text((20, 20 + 55 * line), "read before any other", fill=0, font_size=_LETTER_PX)
            page.save(path)
            _read(engines, path)
    except (ProcessingError, OSError) as error:
        _log.debug("the warm-up ended early: %s", error)


def _read(engines: Engines, path: Path) -> None:
    source = open_source(path, MediaType.PNG)
    try:
        page = read_page(source, 1, lambda: engines.choose(EngineName.AUTO, DEFAULT_LANGUAGES), DEFAULT_LANGUAGES)
    finally:
        source.close()
    page_text(page)
    page.model_dump_json()
