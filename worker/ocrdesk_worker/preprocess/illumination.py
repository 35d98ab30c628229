"""Uneven light.

In photos of paper the light decreases across the page. It is made even; dark areas with edges stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELLS = 16
_STEP = 3
_PAPER_PERCENTILE = 85
"""The percentile of a cell's tones that is its paper, measured at every third pixel."""
_UNEVEN = 1.4
"""Light is uneven if the lightest paper is so many times as light as the darkest."""
_TOLERANCE = 0.1
"""A cell fits the smooth surface if its paper is as light as the surface, give or take this share."""
_MIN_FITTING = 0.8
"""The share of cells that must fit."""
_ROUNDS = 4
_DARKEST = 8.0
_PAPER = 245.0
_BAND = 256


def correct_illumination(image: Image.Image, thumbnail: Thumbnail) -> Image.Image:
    """Return the 8-bit grey image with equally light paper; the same image if the light is even enough."""
    light = _surface(_paper(thumbnail))
    if light is None:
        return image
    pixels = np.asarray(image)
    columns = _places(image.width)
    left = np.minimum(columns.astype(np.intp), _CELLS - 2)
    part = (columns - left).astype(np.float32)
    across = light[:, left] * (1 - part) + light[:, left + 1] * part
    places = _places(image.height)
    lit = np.empty_like(pixels)
    for top in range(0, image.height, _BAND):  # in bands: intermediate results take eight times the memory
        band = slice(top, top + _BAND)
        above = np.minimum(places[band].astype(np.intp), _CELLS - 2)
        part = (places[band] - above).astype(np.float32)[:, None]
        over_band = across[above] * (1 - part) + across[above + 1] * part
        lit[band] = np.minimum(pixels[band] * (_PAPER / over_band), 255)
    return Image.fromarray(lit)


def _places(pixels: int) -> NDArray[np.float64]:
    """Return each pixel's place between the centres of the cells."""
    return ((np.arange(pixels) + 0.5) * (_CELLS / pixels) - 0.5).clip(0, _CELLS - 1)


def _paper(thumbnail: Thumbnail) -> NDArray[np.float32]:
    """Return how light the paper is in each cell of a grid."""
    sample = thumbnail.grey[::_STEP, ::_STEP]
    high, wide = sample.shape[0] // _CELLS, sample.shape[1] // _CELLS
    if not high or not wide:
        return np.zeros((_CELLS, _CELLS), np.float32)
    cells = sample[: high * _CELLS, : wide * _CELLS].reshape(_CELLS, high, _CELLS, wide).swapaxes(1, 2)
    return np.percentile(cells.reshape(_CELLS, _CELLS, -1), _PAPER_PERCENTILE, axis=-1).astype(np.float32)


def _surface(paper: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Return the curved surface that fits the cells; None if none does, or if the light is even."""
    if paper.max() < _UNEVEN * max(1.0, float(paper.min())):
        return None
    across, down = np.meshgrid(np.linspace(-1, 1, _CELLS), np.linspace(-1, 1, _CELLS))
    terms = np.stack([across**i * down**j for i in range(4) for j in range(4 - i)], axis=-1).reshape(-1, 10)
    values = paper.reshape(-1).astype(np.float64)
    fits = values > np.median(values) / 4
    surface = values
    for _ in range(_ROUNDS):
        if np.count_nonzero(fits) < _MIN_FITTING * len(values):
            return None
        factors, *_ = np.linalg.lstsq(terms[fits], values[fits], rcond=None)
        surface = terms @ factors
        fits = np.abs(values - surface) <= _TOLERANCE * np.maximum(surface, 1)
    is_smooth = np.count_nonzero(fits) >= _MIN_FITTING * len(values)
    if not is_smooth or surface.min() < _DARKEST or surface.max() < _UNEVEN * surface.min():
        return None
    return surface.reshape(_CELLS, _CELLS).astype(np.float32)
