"""Detects text lines, skewed or not."""

from __future__ import annotations

from collections.abc import Iterator

from ocrdesk_worker.engines.rapid.models import Floats, Model, model_path
from ocrdesk_worker.engines.rapid.quads import Quad, as_quad
from ocrdesk_worker.engines.rapid.rectangles import smallest_rectangle
from ocrdesk_worker.preprocess.connected_areas import ConnectedAreas, Numbers, find_connected_areas
from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.resizing import resize

_MULTIPLE = 32
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_LIKELY = 0.3
_LIKELY_ON_AVERAGE = 0.5
_MIN_HEIGHT = 3.0
_UNSHRINK = 1.6
"""The model marks the core of each line, shrunk by this rule; the same rule enlarges it again."""


class LineDetector:
    """Detects lines with a neural network. Raises EngineUnavailableError if the model is missing."""

    def __init__(self) -> None:
        self._model = Model(model_path("det"))

    def detect(self, image: Pixels, longest_side: float) -> list[Quad]:
        """Return the lines on a grey image, which is first reduced to that many pixels on its longer side."""
        height, width = image.shape
        scale = min(1.0, longest_side / max(height, width))
        size = _rounded(width * scale), _rounded(height * scale)
        small = resize(image, *size)
        grey = small.astype(np.float32) / 255
        planes = np.empty((1, 3, *grey.shape), np.float32)
        for plane, mean, spread in zip(planes[0], _MEAN, _SPREAD, strict=True):
            np.subtract(grey, mean, out=plane)
            plane /= spread
        likely = self._model(planes)[0, 0]
        return [_scaled(quad, width / size[0], height / size[1]) for quad in _outlines(likely)]


def _rounded(side: float) -> int:
    return max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE)


def _outlines(likely: Floats) -> list[Quad]:
    """Return a rectangle, turned as the text is, around each area of likely text."""
    spans = _spans(find_connected_areas(likely > _LIKELY))
    sums = np.zeros((likely.shape[0], likely.shape[1] + 1))
    np.cumsum(likely, axis=1, out=sums[:, 1:])
    quads = []
    for rows, starts, ends in spans:
        if float((sums[rows, ends] - sums[rows, starts]).sum()) < _LIKELY_ON_AVERAGE * int((ends - starts).sum()):
            continue
        rectangle = smallest_rectangle(rows, starts, ends - 1)
        one, other = rectangle.side, rectangle.other_side
        if min(one, other) >= _MIN_HEIGHT:
            quads.append(as_quad(rectangle.corners(one * other * _UNSHRINK / (one + other))))
    return quads


def _spans(areas: ConnectedAreas) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Yield each area that is large enough: its rows, and in each the first column and the one after the last.

    The lowest area is first: where a line of text may join two blocks, the order of lines decides.
    """
    if not areas.count:
        return
    order = np.argsort(areas.owners, kind="stable")  # by row and column within an area
    owners, rows, starts, ends = (values[order] for values in (areas.owners, areas.rows, areas.starts, areas.ends))
    begins = np.flatnonzero(np.diff(owners, prepend=-1) | np.diff(rows, prepend=-1))
    last = np.append(begins[1:], len(owners)) - 1
    owners, rows, starts, ends = owners[begins], rows[begins], starts[begins], ends[last]
    edges = np.searchsorted(owners, np.arange(areas.count + 1))
    for number in np.flatnonzero(areas.boxes[:, 2:].min(axis=1) > _MIN_HEIGHT)[::-1]:
        area = slice(edges[number], edges[number + 1])
        yield rows[area], starts[area], ends[area]


def _scaled(quad: Quad, across: float, down: float) -> Quad:
    return quad * np.array([across, down], np.float32)
