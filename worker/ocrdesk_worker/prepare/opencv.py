"""OpenCV and NumPy, each told before its first use to keep to one thread: there is a process a core already."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np

cv2.setNumThreads(1)

__all__ = ["cv2", "np"]
