"""Skew is measured and corrected."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrdesk.contract.document import Block, Source, Word
from ocrdesk_worker.preprocess.straightening.deskew import deskew, measure_skew
from ocrdesk_worker.preprocess.thumbnail import Thumbnail, make_thumbnail
from tests.helpers.degraded_pages import (
    skewed,
)


@pytest.mark.parametrize("skew", [-11, -6.5, -2, -1.2, 1.2, 1.5, 4, 9])
def test_the_angle_of_a_page_is_found(skew: float) -> None:
    assert measure_skew(make_thumbnail(skewed(skew))) == pytest.approx(skew, abs=0.2)


@pytest.mark.parametrize("skew", [-0.5, 0.3, 0.6])
def test_a_slightly_skewed_page_is_not_turned(skew: float) -> None:
    assert measure_skew(make_thumbnail(skewed(skew))) == 0


def test_boxes_of_a_deskewed_page_can_be_mapped_to_the_original() -> None:
    image = Image.new("L", (400, 300), 255)
    image.paste(0, (250, 60, 290, 80))
    straight = deskew(image, 6)
    found = straight.image.point(lambda tone: 255 if tone < 128 else 0).getbbox()
    assert found is not None
    word = Word(text="x", box=found, confidence=1, source=Source.TESSERACT)  # type: ignore[arg-type]
    blocks = Block.model_validate({"box": found, "lines": [{"box": found, "words": [word]}]})
    box = straight.map_to_original((blocks,))[0].lines[0].words[0].box
    assert all(abs(edge - true) <= 1 for edge, true in zip(box, (250, 60, 290, 80), strict=True))


def test_a_page_too_long_to_be_turned_is_read_as_it_lies() -> None:
    assert measure_skew(Thumbnail(make_thumbnail(skewed(3)).grey, 1)) == pytest.approx(3, abs=0.2)
    assert measure_skew(Thumbnail(make_thumbnail(skewed(3)).grey, 40)) == 0
