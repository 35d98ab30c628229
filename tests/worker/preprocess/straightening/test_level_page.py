"""What was found on a straightened page image is where it was on the page."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.structure import Figure
from ocrdesk_worker.preprocess.straightening.deskew import deskew
from ocrdesk_worker.preprocess.straightening.level_page import LevelPage
from tests.helpers.degraded_pages import skewed
from tests.helpers.sample_pages import page


@pytest.mark.parametrize("degrees", [-3.0, 3.0])
def test_boxes_are_mapped_both_ways(degrees: float) -> None:
    image = skewed(degrees)
    straight = deskew(image, degrees)
    level = LevelPage(straight, ())
    found = page().model_copy(
        update={"width": straight.image.width, "height": straight.image.height, "unread": (Box(500, 400, 560, 430),)}
    )
    found = found.model_copy(update={"figures": (Figure(box=found.unread[0]),)})
    mapped = level.on_original(found)
    assert (mapped.width, mapped.height) == image.size
    (box,) = mapped.unread
    assert mapped.figures[0].box == box
    back = level.level_box(box)
    assert back.left <= 500 < 560 <= back.right
    assert back.top <= 400 < 430 <= back.bottom
    assert back.width < 120
    assert back.height < 90
