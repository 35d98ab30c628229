"""Light that falls off over a page, as in photos of paper, is made even. Dark areas with edges are left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk_worker.preprocess.opencv import cv2, np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELLS = 16
_STEP = 3
_LIGHTEST = 85
"""The percentile of a cell's tones, every third of them, that is its paper."""
_UNEVEN = 1.4
"""The lightest paper is so many times as light as the darkest."""
_FITS = 0.1
"""A cell's paper is as light as the smooth surface says, give or take this part."""
_MOST_FIT = 0.8
"""The share of cells that must do so."""
_ROUNDS = 4
_DARKEST = 8.0
_PAPER = 245.0
_BAND = 256


def correct_illumination(image: Image.Image, glance: Thumbnail) -> Image.Image:
    """The 8-bit grey image with its paper equally light all over; the same one when the light is even enough."""
    light = _surface(_paper(glance))
    if light is None:
        return image
    pixels = np.asarray(image)
    across = cv2.resize(light, (image.width, _CELLS), interpolation=cv2.INTER_LINEAR)
    places = ((np.arange(image.height) + 0.5) * (_CELLS / image.height) - 0.5).clip(0, _CELLS - 1)
    lit = np.empty_like(pixels)
    for top in range(0, image.height, _BAND):  # in bands, for the numbers between take eight times the page's memory
        band = slice(top, top + _BAND)
        above = np.minimum(places[band].astype(np.intp), _CELLS - 2)
        part = (places[band] - above).astype(np.float32)[:, None]
        over_band = across[above] * (1 - part) + across[above + 1] * part
        lit[band] = np.minimum(pixels[band] * (_PAPER / over_band), 255)
    return Image.fromarray(lit)


def _paper(glance: Thumbnail) -> NDArray[np.float32]:
    """How light the paper is in each cell of a grid."""
    sample = glance.grey[::_STEP, ::_STEP]
    high, wide = sample.shape[0] // _CELLS, sample.shape[1] // _CELLS
    if not high or not wide:
        return np.zeros((_CELLS, _CELLS), np.float32)
    cells = sample[: high * _CELLS, : wide * _CELLS].reshape(_CELLS, high, _CELLS, wide).swapaxes(1, 2)
    return np.percentile(cells.reshape(_CELLS, _CELLS, -1), _LIGHTEST, axis=-1).astype(np.float32)


def _surface(paper: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The curved surface that the cells' lightness lies on; None when it lies on none, or is much the same all over."""
    if paper.max() < _UNEVEN * max(1.0, float(paper.min())):
        return None
    across, down = np.meshgrid(np.linspace(-1, 1, _CELLS), np.linspace(-1, 1, _CELLS))
    terms = np.stack([across**i * down**j for i in range(4) for j in range(4 - i)], axis=-1).reshape(-1, 10)
    values = paper.reshape(-1).astype(np.float64)
    fits = values > np.median(values) / 4
    surface = values
    for _ in range(_ROUNDS):
        if np.count_nonzero(fits) < _MOST_FIT * len(values):
            return None
        factors, *_ = np.linalg.lstsq(terms[fits], values[fits], rcond=None)
        surface = terms @ factors
        fits = np.abs(values - surface) <= _FITS * np.maximum(surface, 1)
    is_smooth = np.count_nonzero(fits) >= _MOST_FIT * len(values)
    if not is_smooth or surface.min() < _DARKEST or surface.max() < _UNEVEN * surface.min():
        return None
    return surface.reshape(_CELLS, _CELLS).astype(np.float32)
