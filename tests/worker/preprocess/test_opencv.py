"""OpenCV's errors."""

from __future__ import annotations

import pytest

from ocrdesk_worker.preprocess.opencv import cv2, np, raising_memory_error


def test_too_little_memory_raises_a_memory_error() -> None:
    with pytest.raises(MemoryError), raising_memory_error():
        cv2.resize(np.zeros((9, 9), np.float64), (2**30, 2**30))
