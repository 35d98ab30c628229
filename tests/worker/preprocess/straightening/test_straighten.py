"""A page is straightened once: its bend, or its skew, or nothing."""

from __future__ import annotations

from ocrdesk_worker.preprocess.straightening.deskew import DeskewedImage
from ocrdesk_worker.preprocess.straightening.dewarp import DewarpedImage
from ocrdesk_worker.preprocess.straightening.straighten import straightened
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import bent, clean_page, full_page, skewed


def test_each_page_gets_what_it_needs() -> None:
    straight, turned, curved = clean_page(), skewed(3), bent(skewed(3, full_page()), 60)
    assert straightened(straight, make_thumbnail(straight)) is None
    assert isinstance(straightened(turned, make_thumbnail(turned)), DeskewedImage)
    assert isinstance(straightened(curved, make_thumbnail(curved)), DewarpedImage)
