"""The faults as data: what each does, how often it is chosen, and how it ends."""

from __future__ import annotations

import contextlib
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psutil
from redis.exceptions import RedisError

from tests.chaos.lab import Lab, now
from tests.chaos.targets import NoTargetError, one_worker, units_of

VALKEY, DISK = "valkey", "disk"

_OLDEST_COPY_S = 15.0
"""An older copy of Valkey's data is not used: no system loses more at once, and what was replaced since is deleted."""


@dataclass(slots=True)
class Hit:
    """A fault that happened: what it hit, and the units that were in work there. Times are Unix seconds."""

    fault: str
    target: str
    units: list[str] = field(default_factory=list)
    at: float = field(default_factory=now)
    lasts_s: float = 0.0
    until: float = 0.0
    """When it was over; 0.0 while it lasts or if it was over at once."""
    undo: Callable[[], None] | None = None

    def hits_any(self, units: set[str]) -> bool:
        """Return whether it hit one of these units, or workers of which nobody knows what they worked on."""
        is_of_workers = self.target and not self.target.startswith(("api", "valkey", "disk"))
        return not units.isdisjoint(self.units) or (bool(is_of_workers) and not self.units)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault. Of those with the same `group` only one lasts at a time."""

    name: str
    weight: int
    act: Callable[[Lab, Random], Hit]
    group: str = ""
    lasts_s: tuple[float, float] = (0.0, 0.0)
    """The shortest and the longest time until it is undone."""
    needs_disk: bool = False


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(number)


def _all(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        _signal(process, number)


# ── processes ────────────────────────────────────────────────────────────────────────────────────


def kill_task(lab: Lab, chosen: Random) -> Hit:
    worker = one_worker(lab, chosen, busy=True)
    tasks = worker.tasks
    if not tasks:
        raise NoTargetError("the task process has just ended")
    _signal(chosen.choice(tasks), signal.SIGKILL)
    return Hit("", worker.name, list(worker.units))


def kill_worker(lab: Lab, chosen: Random) -> Hit:
    worker = one_worker(lab, chosen)
    _signal(worker.process, signal.SIGKILL)
    return Hit("", worker.name, list(worker.units))


def kill_helper(lab: Lab, chosen: Random) -> Hit:
    worker = one_worker(lab, chosen, helpers=True)
    _signal(worker.process, signal.SIGKILL)
    return Hit("", worker.name, list(worker.units))


def kill_pool(lab: Lab, chosen: Random) -> Hit:
    pool = chosen.choice(lab.pools)
    units = units_of(lab, pool)
    pool.send(signal.SIGKILL)
    return Hit("", pool.name, units)


def kill_api(lab: Lab, chosen: Random) -> Hit:
    api = chosen.choice(lab.apis)
    api.send(signal.SIGKILL)
    return Hit("", api.name)


def stop_task(lab: Lab, chosen: Random) -> Hit:
    worker = one_worker(lab, chosen, busy=True)
    return _stopped(worker.tasks, worker.name, list(worker.units))


def stop_worker(lab: Lab, chosen: Random) -> Hit:
    worker = one_worker(lab, chosen, busy=True)
    return _stopped([worker.process, *worker.tasks], worker.name, list(worker.units))


def stop_pool(lab: Lab, chosen: Random) -> Hit:
    pool = chosen.choice(lab.pools)
    units = units_of(lab, pool)
    try:
        process = psutil.Process(pool.pid)
        return _stopped([process, *process.children(recursive=True)], pool.name, units)
    except psutil.Error:
        raise NoTargetError("the pool is just being started") from None


def stop_api(lab: Lab, chosen: Random) -> Hit:
    api = chosen.choice(lab.apis)
    with contextlib.suppress(psutil.Error):
        return _stopped([psutil.Process(api.pid)], api.name, [])
    raise NoTargetError("the api is just being started")


def _stopped(processes: list[psutil.Process], target: str, units: list[str]) -> Hit:
    _all(processes, signal.SIGSTOP)
    return Hit("", target, units, undo=lambda: _all(processes, signal.SIGCONT))


# ── Valkey ───────────────────────────────────────────────────────────────────────────────────────


def kill_valkey(lab: Lab, chosen: Random) -> Hit:
    lab.valkey.send(signal.SIGKILL)
    return Hit("", "valkey")


def stop_valkey(lab: Lab, chosen: Random) -> Hit:
    pid = lab.valkey.pid
    return _stopped([psutil.Process(pid)], "valkey", [])


def roll_back_valkey(lab: Lab, chosen: Random) -> Hit:
    """Copy Valkey's data now; when the fault is over, Valkey starts again with that copy."""
    copy = lab.root / "older"
    try:
        lab.copy_data(copy)
    except (shutil.Error, OSError):
        raise NoTargetError("Valkey is just rewriting its file") from None
    copied_at = now()

    def undo() -> None:
        if now() - copied_at > _OLDEST_COPY_S:  # on a machine that is too busy; replaced results are gone by now
            lab.valkey.send(signal.SIGKILL)
        else:
            lab.replace_data(copy)

    return Hit("", "valkey", undo=undo)


def cut_connections(lab: Lab, chosen: Random) -> Hit:
    _command(lab, "CLIENT", "KILL", "TYPE", "normal")
    return Hit("", "valkey")


def fill_memory(lab: Lab, chosen: Random) -> Hit:
    """Let Valkey refuse all writes that need memory."""
    return _configured(lab, ("CONFIG", "SET", "maxmemory", "1mb"), ("CONFIG", "SET", "maxmemory", "0"))


def make_read_only(lab: Lab, chosen: Random) -> Hit:
    """Make Valkey a replica of a server that does not exist, as after a failover to the wrong side."""
    return _configured(lab, ("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"))


def _configured(lab: Lab, begin: tuple[str, ...], end: tuple[str, ...]) -> Hit:
    _command(lab, *begin)

    def undo() -> None:
        with contextlib.suppress(NoTargetError):  # Valkey was killed meanwhile, and has forgotten it
            _command(lab, *end)

    return Hit("", "valkey", undo=undo)


def _command(lab: Lab, *words: str) -> Any:
    try:
        with lab.redis(timeout_s=2) as redis:
            return redis.execute_command(*words)
    except RedisError as error:
        raise NoTargetError(f"Valkey does not answer: {type(error).__name__}") from None


# ── disks ────────────────────────────────────────────────────────────────────────────────────────


def fill_files_disk(lab: Lab, chosen: Random) -> Hit:
    lab.files.fill()
    return Hit("", "disk of files", undo=lab.files.free)


def fill_data_disk(lab: Lab, chosen: Random) -> Hit:
    lab.data.fill()
    return Hit("", "disk of Valkey", undo=lab.data.free)


FAULTS = (
    Fault("a task process is killed", 4, kill_task),
    Fault("a worker is killed", 3, kill_worker),
    Fault("an image or webhook worker is killed", 1, kill_helper),
    Fault("a pool is killed", 2, kill_pool),
    Fault("an api is killed", 2, kill_api),
    Fault("a task process is stopped", 1, stop_task, "", (6, 12)),
    Fault("a worker and its task process are stopped", 1, stop_worker, "stop", (17, 20)),
    Fault("a pool is stopped past its lease", 1, stop_pool, "stop", (17, 20)),
    Fault("an api is stopped", 1, stop_api, "", (3, 8)),
    Fault("Valkey is killed", 2, kill_valkey, VALKEY),
    Fault("Valkey is stopped", 1, stop_valkey, VALKEY, (3, 8)),
    Fault("Valkey is rolled back", 2, roll_back_valkey, VALKEY, (0.5, 3)),
    Fault("all connections to Valkey are cut", 2, cut_connections),
    Fault("Valkey has no memory left", 1, fill_memory, VALKEY, (2, 5)),
    Fault("Valkey is read-only", 1, make_read_only, VALKEY, (2, 5)),
    Fault("the disk of files is full", 1, fill_files_disk, DISK, (2, 5), needs_disk=True),
    Fault("the disk of Valkey is full", 1, fill_data_disk, VALKEY, (2, 5), needs_disk=True),
)
