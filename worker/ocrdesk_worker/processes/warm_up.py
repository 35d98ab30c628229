"""Loads engines before forking.

It reads a small page. Pillow's decoders, parts of NumPy and compiled patterns load on first use; without this, every
task process would need about 40 ms for them.
"""

from __future__ import annotations

import logging
import tempfile
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
_MEDIA = (MediaType.PNG, MediaType.PDF)


def warm_up(engines: Engines) -> None:
    """Read a small page as PNG and PDF. An error does no harm here: a real page that meets it will report it."""
    try:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-") as folder:
            for media in _MEDIA:
                _read(engines, _written(Path(folder) / "page", media), media)
    except (ProcessingError, OSError) as error:
        _log.debug("the warm-up ended early: %s", error)


def _written(path: Path, media: MediaType) -> Path:
    page = Image.new("L", _SIZE, 255)
    for line in range(_LINES):
        ImageDraw.Draw(page).text((20, 20 + 55 * line), "read before any other", fill=0, font_size=_LETTER_PX)
    page.save(path, media.name)
    return path


def _read(engines: Engines, path: Path, media: MediaType) -> None:
    source = open_source(path, media)
    try:
        page = read_page(source, 1, lambda: engines.choose(EngineName.AUTO, DEFAULT_LANGUAGES), DEFAULT_LANGUAGES)
    finally:
        source.close()
    page_text(page)
    page.model_dump_json()
