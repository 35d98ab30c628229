"""How long a call goes on trying, and the waits between its tries."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ocrdesk.client.errors import ApiError, ServerBusyError, ServerUnavailableError

_SHORTEST_S = 0.2
_LONGEST_S = 60.0
_LONGEST_BACK_OFF_S = 10.0

OnWait = Callable[[float, str], None]
"""Told how many seconds are waited now, and a sentence on why."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds that a call goes on trying after its first failure; 0 means never.

    `busy_s` is for a server that answers "too many requests" or "queue full", `away_s` for one that gives no
    answer or has lost its Redis.
    """

    busy_s: float = 120.0
    away_s: float = 120.0

    @classmethod
    def of(cls, seconds: float | RetryPolicy) -> RetryPolicy:
        return seconds if isinstance(seconds, RetryPolicy) else cls(seconds, seconds)


ENDLESS = RetryPolicy(math.inf, math.inf)


class Clock(Protocol):
    """Time, as a test may replace it."""

    def now(self) -> float: ...
    def wait(self, flag: threading.Event, seconds: float) -> bool:
        """Waits for the flag at most so long; whether it is set."""
        ...


class SystemClock:
    """The time that passes."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, flag: threading.Event, seconds: float) -> bool:
        return flag.wait(seconds)


class RetryLoop:
    """The tries of one call: after each that failed, `pause` waits, or raises the failure when patience is over."""

    def __init__(self, patience: RetryPolicy, clock: Clock, stop: threading.Event, on_wait: OnWait | None) -> None:
        self._patience, self._clock, self._stop, self._on_wait = patience, clock, stop, on_wait
        self._since: float | None = None
        self._back_off_s = _SHORTEST_S

    def begin(self) -> None:
        """Patience begins to run out now, not with the first failure."""
        self._since = self._clock.now()

    def reached(self) -> None:
        """The server answers: patience begins anew with the next failure, the waits go on growing."""
        self._since = None

    def renew(self) -> None:
        """Something went well: what fails next is a first failure."""
        self._since, self._back_off_s = None, _SHORTEST_S

    def pause_briefly(self) -> bool:
        """Waits before something that is due anyway; True when it was stopped meanwhile."""
        return self._clock.wait(self._stop, self._next_s(None))

    def pause(self, failure: ServerUnavailableError | ApiError) -> bool:
        """Waits until the next try is due; True when it was stopped meanwhile.

        Raises the failure when patience is over, and at once when the server says that it will take longer
        than patience lasts.
        """
        now = self._clock.now()
        self._since = now if self._since is None else self._since
        is_away = isinstance(failure, ServerUnavailableError) and not isinstance(failure, ServerBusyError)
        left = self._since + (self._patience.away_s if is_away else self._patience.busy_s) - now
        said = failure.retry_after_s
        if left <= 0 or (said is not None and said > left):
            raise failure
        wait_s = min(left, self._next_s(said))
        if self._on_wait:
            self._on_wait(wait_s, str(failure))
        return self._clock.wait(self._stop, wait_s)

    def _next_s(self, said: float | None) -> float:
        """Never before the time that the server said; a little later, so that not all who wait come at once."""
        if said is not None:
            return min(_LONGEST_S, max(_SHORTEST_S, said)) * random.uniform(1.0, 1.1)  # noqa: S311  # no secret
        wait_s, self._back_off_s = self._back_off_s, min(_LONGEST_BACK_OFF_S, self._back_off_s * 2)
        return wait_s * random.uniform(0.75, 1.25)  # noqa: S311
