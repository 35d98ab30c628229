"""Pixels as NumPy arrays.

NumPy is limited to one thread, before its first use: there is already one process per core.
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

__all__ = ["Mask", "Pixels", "np"]

Pixels = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""Rows of 8-bit pixels: a grey image."""
Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
"""Rows of pixels that are in (True) or out."""
