"""What was made of an image is kept as long as the image."""

from __future__ import annotations

import weakref

from PIL import Image

from ocrdesk_worker.preprocess.components import find_components, pixels_of
from ocrdesk_worker.preprocess.kept_values import KeptValues
from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.resizing import reduce


def test_pixels_and_their_half_are_made_once() -> None:
    image = Image.effect_noise((40, 30), 50)
    pixels = pixels_of(image)
    assert pixels_of(image) is pixels
    assert pixels_of(image.copy()) is not pixels
    assert reduce(pixels, 2) is reduce(pixels, 2)


def test_half_of_what_may_change_is_made_again() -> None:
    pixels = np.zeros((20, 20), np.uint8)
    before = reduce(pixels, 2)
    pixels[:] = 200
    assert before.max() == 0
    assert reduce(pixels, 2).min() == 200


def test_nothing_is_kept_of_an_image_that_is_gone() -> None:
    image = Image.new("L", (40, 30))
    pixels = weakref.ref(pixels_of(image))
    half = weakref.ref(reduce(pixels_of(image), 2))
    assert all(kept() is not None for kept in (pixels, half))
    del image
    assert all(kept() is None for kept in (pixels, half))


def test_a_value_is_of_one_object_although_others_are_equal() -> None:
    values = KeptValues[int]()
    one, other = Image.new("L", (2, 2)), Image.new("L", (2, 2))
    assert (values.get(one, lambda: 1), values.get(other, lambda: 2), values.get(one, lambda: 3)) == (1, 2, 1)


def test_components_are_found_once_for_each_image() -> None:
    pixels = pixels_of(Image.effect_noise((400, 300), 50))
    assert find_components(pixels) is find_components(pixels)
    changing = pixels.copy()
    assert find_components(changing) is not find_components(changing)
