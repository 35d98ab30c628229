"""How long a caller who is refused should wait: longer with each refusal in a row, and not all until the same moment.

Each api process counts the refusals that it made itself, in memory: they must work when Redis does not.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

MAX_RETRY_AFTER_S = 600
"""The longest wait that is asked for. Clients of ours wait as long as they are told."""
_MAX_FACTOR = 8
_FORGET_AFTER_S = 60.0
"""A caller who stays away for this long after the time that was asked for begins again."""
_MAX_CALLERS = 10_000


@dataclass(slots=True)
class _Row:
    count: int = 0
    until: float = 0.0


class Rejections:
    """The refusals of each caller. May be used by several threads."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, _Row] = OrderedDict()
        self._lock = threading.Lock()

    def retry_after_s(self, caller: str, needed_s: float) -> int:
        """Count a refusal, and return the seconds to wait: `needed_s`, doubled with each refusal, and up to half more.

        The doubling ends at 8 times, the sum at MAX_RETRY_AFTER_S.
        """
        now = time.monotonic()
        with self._lock:
            row = self._rows.setdefault(caller, _Row())
            self._rows.move_to_end(caller)
            if now > row.until + _FORGET_AFTER_S:
                row.count = 0
            wait_s = max(1.0, needed_s) * min(_MAX_FACTOR, 2**row.count)
            row.count = min(row.count + 1, 30)
            row.until = max(row.until, now + wait_s)
            if len(self._rows) > _MAX_CALLERS:
                self._rows.popitem(last=False)
        return min(MAX_RETRY_AFTER_S, math.ceil(with_jitter(wait_s)))

    def accepted(self, caller: str) -> None:
        """Forget a caller's refusals."""
        with self._lock:
            self._rows.pop(caller, None)


def with_jitter(seconds: float) -> float:
    """Return up to half more, at random, so that callers who were refused together do not return together."""
    return seconds * random.uniform(1.0, 1.5)  # noqa: S311  # no secret
