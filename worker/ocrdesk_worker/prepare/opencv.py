"""OpenCV and NumPy, each told before its first use to keep to one thread: there is a process a core already."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np

cv2.setNumThreads(1)

__all__ = ["cv2", "np", "short_memory_told"]


@contextmanager
def short_memory_told() -> Iterator[None]:
    """Raises MemoryError where OpenCV says in its own way that there is not enough memory."""
    try:
        yield
    except cv2.error as error:
        if getattr(error, "code", None) == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise
