"""The page image that is shown beside the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.pipeline.page_image import write_page_image
from ocrdesk_worker.render.image_file import ImageSource
from tests.helpers.degraded_pages import (
    TURNS,
    clean_page,
)
from tests.helpers.sample_files import image_bytes
from tests.worker.conftest import Save


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_picture_of_a_turned_page_is_upright(turn: int, engines: Engines, save: Save, tmp_path: Path) -> None:
    source = ImageSource(save(image_bytes(clean_page().transpose(TURNS[turn]))), MediaType.PNG)
    engine = engines.choose(EngineName.TESSERACT, ("eng",))
    page = read_page(source, 1, lambda: engine, ("eng",))
    write_page_image(source, page, 1, None, tmp_path / "page")
    with Image.open(tmp_path / "page") as shown:
        assert ImageChops.difference(shown.convert("L"), clean_page()).getbbox() is None
