"""Uneven light is corrected; dark areas with sharp edges stay."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ocrdesk_worker.preprocess.illumination import correct_illumination
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import badly_lit, between, clean_page


def corrected(image: Image.Image) -> Image.Image:
    return correct_illumination(image, make_thumbnail(image))


def paper_tones(image: Image.Image) -> list[int]:
    """Return how light the paper is in the middle of eight vertical stripes."""
    stripes = [image.crop((at * image.width // 8, 0, (at + 1) * image.width // 8, image.height)) for at in range(8)]
    return [sorted(stripe.tobytes())[stripe.width * stripe.height * 9 // 10] for stripe in stripes]


def test_paper_becomes_equally_light() -> None:
    degraded = badly_lit(clean_page())
    assert max(paper_tones(degraded)) > 2 * min(paper_tones(degraded))
    lit = corrected(degraded)
    assert lit.size == degraded.size
    assert max(paper_tones(lit)) < 1.2 * min(paper_tones(lit))


def test_even_light_is_left_as_it_is() -> None:
    for page in (clean_page(), between(clean_page(), 20, 160)):
        assert corrected(page) is page


def test_a_dark_area_with_edges_is_no_shadow() -> None:
    page = clean_page()
    ImageDraw.Draw(page).rectangle((0, 0, page.width // 3, page.height), fill=120)
    assert corrected(page) is page


def test_an_image_smaller_than_the_grid_is_left_as_it_is() -> None:
    image = Image.new("L", (12, 12), 255)
    image.paste(10, (0, 0, 6, 12))
    assert corrected(image) is image
