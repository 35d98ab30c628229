"""The retry policy: how long, and with which pauses."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ocrdesk.client.errors import ApiError, ServerBusyError, ServerUnavailableError

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 900.0
_LONGEST_BACK_OFF_S = 10.0

OnWait = Callable[[float, str], None]
"""Called before each wait with its seconds and a sentence that says why."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """For how many seconds a call is retried after its first failure; 0 means not at all.

    `busy_s` is for a server that responds "too many requests" or "queue full", `unavailable_s` for one that does
    not respond or has lost its Redis.
    """

    busy_s: float = 120.0
    unavailable_s: float = 120.0

    @classmethod
    def of(cls, seconds: float | RetryPolicy) -> RetryPolicy:
        """Return the policy, or one with these seconds for both cases."""
        return seconds if isinstance(seconds, RetryPolicy) else cls(seconds, seconds)


ENDLESS = RetryPolicy(math.inf, math.inf)


class Clock(Protocol):
    """Time, as a test may replace it."""

    def now(self) -> float: ...
    def wait(self, flag: threading.Event, seconds: float) -> bool:
        """Wait for the flag at most this long; return whether it is set."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, flag: threading.Event, seconds: float) -> bool:
        return flag.wait(seconds)


class RetryLoop:
    """The attempts of one call: `pause` waits after a failure, or raises it when the policy's time is over."""

    def __init__(self, policy: RetryPolicy, clock: Clock, stop: threading.Event, on_wait: OnWait | None) -> None:
        self._policy, self._clock, self._stop, self._on_wait = policy, clock, stop, on_wait
        self._since: float | None = None
        self._back_off_s = _FIRST_PAUSE_S

    def start(self) -> None:
        """Count the policy's time from now instead of from the first failure."""
        self._since = self._clock.now()

    def server_reached(self) -> None:
        """Count the policy's time again from the next failure; the pauses go on growing."""
        self._since = None

    def reset(self) -> None:
        """Treat the next failure as the first one."""
        self._since, self._back_off_s = None, _FIRST_PAUSE_S

    def pause_briefly(self) -> bool:
        """Wait before a step that is due anyway; return whether the loop was stopped meanwhile."""
        return self._clock.wait(self._stop, self._next_pause_s(None))

    def pause(self, failure: ServerUnavailableError | ApiError) -> bool:
        """Wait until the next attempt is due; return whether the loop was stopped meanwhile.

        Raises the failure when the policy's time is over, or when the server asks for a longer wait than is left.
        """
        now = self._clock.now()
        self._since = now if self._since is None else self._since
        is_unavailable = isinstance(failure, ServerUnavailableError) and not isinstance(failure, ServerBusyError)
        left = self._since + (self._policy.unavailable_s if is_unavailable else self._policy.busy_s) - now
        requested_s = failure.retry_after_s
        if left <= 0 or (requested_s is not None and requested_s > left):
            raise failure
        pause_s = min(left, self._next_pause_s(requested_s))
        if self._on_wait:
            self._on_wait(pause_s, str(failure))
        return self._clock.wait(self._stop, pause_s)

    def _next_pause_s(self, requested_s: float | None) -> float:
        """Never less than the server asked for; a little more, so that not all clients return at the same time."""
        if requested_s is not None:
            pause_s = min(_LONGEST_PAUSE_S, max(_FIRST_PAUSE_S, requested_s))
            return pause_s * random.uniform(1.0, 1.25)  # noqa: S311  # no secret
        pause_s, self._back_off_s = self._back_off_s, min(_LONGEST_BACK_OFF_S, self._back_off_s * 2)
        return pause_s * random.uniform(0.75, 1.25)  # noqa: S311
