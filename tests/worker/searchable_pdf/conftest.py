"""Makes searchable PDFs and checks them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.contract.document import Page
from ocrdesk.contract.media_types import sniff
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.pdf_reading import (
    assert_sound,
)
from tests.worker.conftest import Save


@pytest.fixture
def made(tmp_path: Path, save: Save) -> Callable[..., Path]:
    """Return a function that makes a searchable PDF from a file's bytes and pages, and checks it."""

    def make(content: bytes, *pages: Page) -> Path:
        media = sniff(content[:1024])
        assert media
        out = tmp_path / f"searchable{len(list(tmp_path.iterdir()))}.pdf"
        write_searchable_pdf(save(content), media, iter(pages), out)
        assert_sound(out)
        return out

    return make
