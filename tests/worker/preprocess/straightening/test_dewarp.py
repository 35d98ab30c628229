"""Bent lines are straightened, and boxes are mapped back."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.preprocess.straightening.curvature import measure_curvature
from ocrdesk_worker.preprocess.straightening.dewarp import DewarpedImage, dewarp
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import bent, full_page


def dewarped(page: Image.Image) -> DewarpedImage:
    curvature = measure_curvature(make_thumbnail(page))
    assert curvature is not None
    return dewarp(page, curvature)


def inked_rows(page: Image.Image) -> int:
    """Return how many rows have ink: straight lines of text have white rows between them."""
    column = page.point(lambda tone: 255 if tone < 128 else 0).resize((1, page.height), Image.Resampling.BOX)
    return sum(tone > 1 for tone in column.tobytes())


@pytest.mark.parametrize(("rise", "fan"), [(60, 0.0), (-60, 0.0), (60, 0.6)])
def test_the_lines_are_straight(rise: int, fan: float) -> None:
    page = bent(full_page(), rise, fan=fan)
    assert inked_rows(dewarped(page).image) < 1.1 * inked_rows(full_page()) < 0.95 * inked_rows(page)


def test_no_line_is_lost_at_the_edge() -> None:
    page = bent(full_page().crop((0, 20, 1000, 760)), 60)
    ink = [ImageStat.Stat(ImageChops.invert(image)).sum[0] for image in (page, dewarped(page).image)]
    assert ink[1] == pytest.approx(ink[0], rel=0.02)


def test_words_get_boxes_around_their_ink_on_the_original() -> None:
    page = bent(full_page(), 60)
    straight = dewarped(page)
    ink = straight.image.point(lambda tone: 255 if tone < 128 else 0)
    left, top, right, bottom = ink.crop((0, 0, straight.image.width, 70)).getbbox() or (0, 0, 0, 0)
    word = Word(text="line", box=Box(left, top, right, bottom), confidence=1, source=Source.TESSERACT)
    block = Block(box=word.box, lines=(Line(box=word.box, words=(word,)),))
    (mapped,) = straight.map_to_original((block,))
    box = mapped.lines[0].words[0].box
    assert mapped.box == box
    around = page.point(lambda tone: 255 if tone < 128 else 0).crop(box).getbbox()
    assert around is not None
    assert max(around[0], around[1], box.width - around[2], box.height - around[3]) <= 4
    assert box.height > word.box.height + 10
