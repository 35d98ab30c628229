"""Limits of page images."""

from __future__ import annotations

import pytest

from ocrdesk_worker.render.page_source import MAX_PAGE_PIXELS, capped_dpi


@pytest.mark.parametrize(
    ("width_in", "height_in", "dpi", "expected"),
    [
        (8.5, 11, 300, 300),
        (0, 0, 300, 300),
        (100, 100, 100, 100),
        (100, 100, 200, 100),
        (1000, 1, 1000, 32),
        (20, 1, 3000, 1600),
    ],
)
def test_a_capped_resolution_keeps_a_page_within_its_pixels_and_sides(
    width_in: float, height_in: float, dpi: float, expected: float
) -> None:
    capped = capped_dpi(width_in, height_in, dpi)
    assert capped == pytest.approx(expected, rel=0.001)
    assert width_in * height_in * capped**2 <= MAX_PAGE_PIXELS * 1.001
