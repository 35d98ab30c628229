"""How much a second reading of a page may cost.

The result must not depend on how busy the machine is, so the limit is counted work: the width of what is read. Far
behind it is the processor time, so that no page is lost to its second reading.
"""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass, field

_COLUMNS_PER_S = 5000
"""Columns of pixels, of lines as high as the recogniser reads them, for each second that the page may take.

A slow processor reads about so many in a second, so they take at most as long as the page may.
"""
_SHARE = 0.8
"""Share of the page's processor time after which nothing more is read a second time."""


@dataclass(frozen=True, slots=True)
class Effort:
    """The limits for one page, counted from now."""

    columns: float = math.inf
    """Width of all images to be read, in pixels after they were scaled for the recogniser."""
    processor_s: float = math.inf
    _started_s: float = field(default_factory=lambda: _processor_s())

    @classmethod
    def within(cls, seconds: float) -> Effort:
        """Return the limits for a page that may need so many seconds of processor time."""
        return cls(_COLUMNS_PER_S * seconds, _SHARE * seconds)

    def is_over(self) -> bool:
        """Return whether the page has used its processor time."""
        return _processor_s() - self._started_s >= self.processor_s


def _processor_s() -> float:
    """Return the processor time of this process and of the programs that it ran."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system
