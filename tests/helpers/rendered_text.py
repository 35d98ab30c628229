"""Recognises the image of a page from a renderer."""

from __future__ import annotations

import pytest

from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render import poppler
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.render.poppler import PopplerSource

needs_poppler = pytest.mark.skipif(not poppler.is_installed(), reason="Poppler (poppler-utils) is not installed")


def words_of(engines: Engines, source: PdfiumSource | PopplerSource, number: int = 1) -> str:
    engine = engines.choose(EngineName.AUTO, ("eng",))
    return " ".join(
        word.text for word in read_page(source, number, lambda: engine, ("eng",), RecognitionMode.FORCE).words()
    )
