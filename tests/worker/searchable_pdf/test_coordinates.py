"""Page-image pixels to PDF coordinates."""

from __future__ import annotations

from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform


def test_pixels_are_placed_for_every_turn() -> None:
    for rotation, corner in {0: (10, 220), 90: (10, 20), 180: (110, 20), 270: (110, 220)}.items():
        size = (100, 200) if rotation in (0, 180) else (200, 100)
        placing = CoordinateTransform(*size, (10, 20, 110, 220), rotation)  # type: ignore[arg-type]
        assert placing.point(0, 0) == corner
