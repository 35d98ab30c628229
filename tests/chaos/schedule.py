"""Chooses faults from a seed and lets them happen, one after another, while jobs run."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from random import Random

import psutil

from tests.chaos.faults import FAULTS, Fault, Hit
from tests.chaos.lab import Lab, now
from tests.chaos.targets import NoTargetError

_EVERY_S = (0.8, 2.4)
_LATER_S = 0.2
"""When a fault that found no target, or must wait for one of its group, is tried again."""
_TRIES = 15
_MOST_WAITING = 20


def chosen_faults(seed: int, faults: Iterable[Fault] = FAULTS) -> Iterator[tuple[Fault, float, float, Random]]:
    """Yield without end: a fault, the pause before it, how long it lasts, and what chooses its target.

    Every fault occurs in each round, as often as its weight says, in an order of the seed.
    """
    rounds = Random(f"faults {seed}")
    once = [fault for fault in faults for _ in range(fault.weight)]
    number = 0
    while once:
        rounds.shuffle(once)
        for fault in once:
            number += 1
            own = Random(f"{seed} {number}")
            yield fault, own.uniform(*_EVERY_S), own.uniform(*fault.lasts_s), own


class Schedule:
    """Runs the faults in a thread, from `start` to `stop`; `hits` is what happened."""

    def __init__(self, lab: Lab, seed: int, faults: Iterable[Fault] = FAULTS) -> None:
        self._lab = lab
        self._faults = chosen_faults(seed, faults)
        self._lasting: list[tuple[Fault, Hit]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run_or_fail)
        self._failure: BaseException | None = None
        self.hits: list[Hit] = []
        self.missed: list[str] = []
        """Faults that found nothing to hit."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let no further fault happen, and undo those that last. Raises what ended the thread before."""
        self._stop.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run_or_fail(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self._failure = error
            self._undo(self._lasting)  # so that the load ends

    def _run(self) -> None:
        """Let one fault happen after each pause: the first of those that wait whose group is free."""
        waiting: list[tuple[Fault, float, Random]] = []
        for fault, pause_s, lasts_s, chosen in self._faults:
            if not self._wait(pause_s):
                break
            waiting.append((fault, lasts_s, chosen))
            lasting = {other.group for other, _ in self._lasting} - {""}
            for entry in waiting:
                if entry[0].group not in lasting:
                    waiting.remove(entry)
                    self._let_happen(*entry)
                    break
            del waiting[:-_MOST_WAITING]
        self._undo(self._lasting)

    def _let_happen(self, fault: Fault, lasts_s: float, chosen: Random) -> None:
        """Do it as soon as it finds a target; note it as missed if it finds none for a while."""
        reason = ""
        for _ in range(_TRIES):
            try:
                hit = fault.act(self._lab, chosen)
            except (NoTargetError, psutil.Error) as error:  # the process is just ending or starting
                reason = str(error)
                if not self._wait(_LATER_S):
                    break
                continue
            hit.fault, hit.lasts_s = fault.name, round(lasts_s, 1)
            self.hits.append(hit)
            if hit.undo is not None:
                self._lasting.append((fault, hit))
            return
        self.missed.append(f"{fault.name}: {reason}")

    def _wait(self, seconds: float) -> bool:
        """Wait, and undo meanwhile what is due; False once the schedule stops."""
        deadline = now() + seconds
        while (left := deadline - now()) > 0:
            if self._stop.wait(min(left, 0.1)):
                return False
            self._undo([(fault, hit) for fault, hit in self._lasting if hit.at + hit.lasts_s < now()])
        return True

    def _undo(self, lasting: Iterable[tuple[Fault, Hit]]) -> None:
        for fault, hit in list(lasting):
            if hit.undo is not None:
                hit.undo()
            hit.until = now()
            self._lasting.remove((fault, hit))
