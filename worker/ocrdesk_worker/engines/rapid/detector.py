"""Detects text lines, skewed or not."""

from __future__ import annotations

from ocrdesk_worker.engines.rapid.models import Floats, Model, model_path
from ocrdesk_worker.engines.rapid.quads import Quad, as_quad
from ocrdesk_worker.preprocess.opencv import Pixels, cv2, np

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
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        planes = (small[None].astype(np.float32) / 255 - _MEAN[:, None, None]) / _SPREAD[:, None, None]
        likely = self._model(np.ascontiguousarray(planes[None], np.float32))[0, 0]
        return [_scaled(quad, width / size[0], height / size[1]) for quad in _outlines(likely)]


def _rounded(side: float) -> int:
    return max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE)


def _outlines(likely: Floats) -> list[Quad]:
    """Return a rectangle, turned as the text is, around each area of likely text."""
    contours, _ = cv2.findContours((likely > _LIKELY).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        centre, (one, other), angle = cv2.minAreaRect(contour)
        if min(one, other) < _MIN_HEIGHT or _mean_within(likely, contour) < _LIKELY_ON_AVERAGE:
            continue
        margin = one * other * _UNSHRINK / (one + other)
        quads.append(as_quad(cv2.boxPoints((centre, (one + margin, other + margin), angle))))
    return quads


def _mean_within(likely: Floats, contour: Quad) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([left, top], np.int32)], (1,))
    return float(cv2.mean(likely[top : top + height, left : left + width], mask)[0])


def _scaled(quad: Quad, across: float, down: float) -> Quad:
    return quad * np.array([across, down], np.float32)
