"""Marks of odd images: none, and no error."""

from __future__ import annotations

import pytest

from ocrdesk.layout.page_marks import NO_MARKS
from ocrdesk_worker.marks import finder
from ocrdesk_worker.preprocess.pixels import np


@pytest.mark.parametrize("shape", [(1, 1), (1, 20_000), (20_000, 1), (7, 7)])
@pytest.mark.parametrize("tone", [0, 255])
def test_tiny_and_narrow_images_have_no_parts(shape: tuple[int, int], tone: int) -> None:
    marks = finder.find_marks(np.full(shape, tone, np.uint8), ())
    assert (marks.pictures, marks.form_fields, marks.unread) == ((), (), ())


def test_noise_has_no_boxes_and_few_lines() -> None:
    grain = np.random.default_rng(1).integers(0, 256, (1600, 1200), dtype=np.uint8)
    marks = finder.find_marks(grain, ())
    assert not marks.form_fields
    assert len(marks.rules) < 5


def test_an_error_costs_the_marks_and_not_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "find_rules", lambda *_: 1 / 0)
    assert finder.find_marks(np.full((300, 300), 255, np.uint8), ()) is NO_MARKS
