"""The bend of a page's lines is measured where it is clear."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocrdesk_worker.preprocess.straightening.curvature import measure_curvature
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import badly_lit, bent, clean_page, full_page, grainy, skewed


@pytest.mark.parametrize("rise", [50, -50, 90])
@pytest.mark.parametrize("scale", [1, 2])
def test_the_bend_is_measured_in_pixels_of_the_page(rise: int, scale: int) -> None:
    page = bent(full_page(), rise)
    page = page.resize((page.width * scale, page.height * scale))
    found = measure_curvature(make_thumbnail(page))
    assert found is not None
    x = np.linspace(0.1, 0.8, 7) * page.width
    hill = -rise * scale * (1 - (2 * x / page.width - 1) ** 2)
    heights = found.heights_at(page.width / 2, np.full(7, page.height * 0.45), x)
    assert heights - page.height * 0.45 == pytest.approx(hill + rise * scale, abs=5 * scale)


def test_a_line_followed_there_and_back_is_the_same() -> None:
    found = measure_curvature(make_thumbnail(bent(full_page(), 60, fan=0.5)))
    assert found is not None
    x, y = np.array([80.0, 300, 820]), np.array([60.0, 300, 700])
    levels = found.levels_of(x, y)
    assert found.heights_at(500, levels, x) == pytest.approx(y, abs=1)


@pytest.mark.parametrize(
    "page",
    [
        clean_page(),
        full_page(),
        skewed(3),
        skewed(3, full_page()),
        skewed(-8),
        bent(full_page(), 5),
        badly_lit(clean_page()),
        grainy(clean_page(), 60),
        Image.new("L", (900, 640), 255),
        Image.effect_noise((900, 640), 90),
        clean_page().rotate(90, expand=True),
        clean_page().resize((90, 64)),
        clean_page().crop((0, 0, 900, 1)),
        Image.linear_gradient("L").resize((900, 640)),
    ],
)
def test_without_a_clear_bend_nothing_is_found(page: Image.Image) -> None:
    assert measure_curvature(make_thumbnail(page)) is None


def test_curves_that_are_drawn_do_not_bend_the_page() -> None:
    page = clean_page()
    draw = ImageDraw.Draw(page)
    for radius in range(20, 300, 40):
        draw.arc((450 - radius, 320 - radius, 450 + radius, 320 + radius), 180, 360, 0, 2)
    assert measure_curvature(make_thumbnail(page)) is None
