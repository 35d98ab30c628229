"""A page that is reduced until its letters are too small ends in an error instead of wrong text."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.legibility import is_illegible
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from ocrdesk_worker.render import image_file
from ocrdesk_worker.render.image_file import ImageSource
from tests.helpers.degraded_pages import clean_page
from tests.helpers.sample_files import image_bytes
from tests.worker.conftest import Save


def read_reduced(
    engines: Engines, save: Save, monkeypatch: pytest.MonkeyPatch, image: Image.Image, pixels: int
) -> None:
    monkeypatch.setattr(image_file, "MAX_PAGE_PIXELS", pixels)
    source = ImageSource(save(image_bytes(image)), MediaType.PNG)
    read_page(source, 1, lambda: engines.choose(EngineName.TESSERACT, ("eng",)), ("eng",))


def test_a_page_that_is_reduced_until_its_text_vanishes_is_refused(
    engines: Engines, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProcessingError, match="Cut it into parts and submit each of them") as raised:
        read_reduced(engines, save, monkeypatch, clean_page(), 35_000)
    assert raised.value.info.code is ErrorCode.IMAGE_TOO_LARGE


def test_a_page_that_is_reduced_a_little_or_is_empty_is_read(
    engines: Engines, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_reduced(engines, save, monkeypatch, clean_page(), 400_000)
    read_reduced(engines, save, monkeypatch, Image.new("L", (900, 640), 255), 35_000)


def test_a_page_that_was_read_well_is_not_measured() -> None:
    page = clean_page().resize((225, 160), Image.Resampling.BOX)
    assert is_illegible(page, make_thumbnail(page), 0.2)
    assert not is_illegible(page, make_thumbnail(page), 0.9)
