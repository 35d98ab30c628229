"""Finds lines of text on an image, turned or not."""

from __future__ import annotations

from ocrdesk_worker.engines.rapid.models import Floats, Model, model_path
from ocrdesk_worker.engines.rapid.quads import Quad, ordered
from ocrdesk_worker.preprocess.components import Image
from ocrdesk_worker.preprocess.opencv import cv2, np

_MULTIPLE = 32
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_LIKELY = 0.3
_LIKELY_ON_THE_WHOLE = 0.5
_THINNEST = 3.0
_UNSHRINK = 1.6
"""The model marks the core of each line, shrunk by this rule; the same rule widens it again."""


class LineDetector:
    """Raises EngineMissing where there is no model."""

    def __init__(self) -> None:
        self._model = Model(model_path("det"))

    def lines(self, image: Image, longest_side: float) -> list[Quad]:
        """The lines on a grey image, which is looked at no larger than that many pixels a side."""
        high, wide = image.shape
        scale = min(1.0, longest_side / max(high, wide))
        size = _rounded(wide * scale), _rounded(high * scale)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        planes = (small[None].astype(np.float32) / 255 - _MEAN[:, None, None]) / _SPREAD[:, None, None]
        likely = self._model(np.ascontiguousarray(planes[None], np.float32))[0, 0]
        return [_scaled(quad, wide / size[0], high / size[1]) for quad in _outlined(likely)]


def _rounded(side: float) -> int:
    return max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE)


def _outlined(likely: Floats) -> list[Quad]:
    """A rectangle, turned as it lies, around each stretch of likely text."""
    contours, _ = cv2.findContours((likely > _LIKELY).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        centre, (one, other), angle = cv2.minAreaRect(contour)
        if min(one, other) < _THINNEST or _mean_within(likely, contour) < _LIKELY_ON_THE_WHOLE:
            continue
        margin = one * other * _UNSHRINK / (one + other)
        quads.append(ordered(cv2.boxPoints((centre, (one + margin, other + margin), angle))))
    return quads


def _mean_within(likely: Floats, contour: Quad) -> float:
    left, top, wide, high = cv2.boundingRect(contour)
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([left, top], np.int32)], (1,))
    return float(cv2.mean(likely[top : top + high, left : left + wide], mask)[0])


def _scaled(quad: Quad, across: float, down: float) -> Quad:
    return quad * np.array([across, down], np.float32)
