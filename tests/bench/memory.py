"""Measures the peak memory of a process: as the kernel reports it, and by samples."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_SAMPLE_S = 0.005
_GROUP_SAMPLE_S = 0.2
_RESET_PEAK = "5"
"""What the kernel's clear_refs takes to forget the peak so far."""
MB = 1 << 20


@dataclass(slots=True)
class Growth:
    """Bytes over what the process had before: its resident memory's peak, and that of what it shares with no one.

    `hwm` is the kernel's own high-water mark, which misses nothing; None where it cannot be set back.
    """

    rss: int = 0
    uss: int = 0
    hwm: int | None = None

    @property
    def peak(self) -> int:
        return self.rss if self.hwm is None else self.hwm


class Watch:
    """One process, watched from outside."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._status, self._clear = Path(f"/proc/{pid}/status"), Path(f"/proc/{pid}/clear_refs")

    def rss(self) -> int:
        return int(self._process.memory_info().rss)

    @contextlib.contextmanager
    def growth(self) -> Iterator[Growth]:
        """Filled in when the block ends."""
        found, over = Growth(), threading.Event()
        before = self._process.memory_full_info()
        has_mark = self._reset_mark()
        sampler = threading.Thread(target=self._sample, args=(found, over), daemon=True)
        sampler.start()
        try:
            yield found
        finally:
            over.set()
            sampler.join()
            found.rss = max(0, found.rss - before.rss)
            found.uss = max(0, found.uss - before.uss)
            if has_mark:
                found.hwm = max(0, self._mark() - before.rss)

    def _sample(self, found: Growth, over: threading.Event) -> None:
        while True:
            now = self._process.memory_full_info()
            found.rss, found.uss = max(found.rss, now.rss), max(found.uss, now.uss)
            if over.wait(_SAMPLE_S):
                return

    def _reset_mark(self) -> bool:
        try:
            self._clear.write_text(_RESET_PEAK)
        except OSError:
            return False
        return True

    def _mark(self) -> int:
        for line in self._status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return 0


@dataclass(slots=True)
class Peak:
    """The memory, in bytes, that some processes had together in all but the highest twentieth of the samples.

    Not the very most: processes are looked at one after the other, and one that starts or ends meanwhile is counted
    twice in part. `pss` shares out what they have in common, and leaves files out; resident memory where the system
    does not tell.
    """

    pss: int = 0
    rss: int = 0

    @classmethod
    def together(cls, peaks: Iterable[Peak]) -> Peak:
        """Their sum: no less than what they had at any one moment."""
        whole = cls()
        for peak in peaks:
            whole.pss, whole.rss = whole.pss + peak.pss, whole.rss + peak.rss
        return whole


class GroupWatch:
    """Groups of processes, each with all that are below those it is named by, sampled while the block runs."""

    def __init__(self, groups: dict[str, tuple[int, ...]]) -> None:
        self._groups = groups
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._run, daemon=True)
        self._samples: dict[str, list[tuple[int, int]]] = {name: [] for name in groups}

    def __enter__(self) -> Self:
        self._sampler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._sampler.join()

    @property
    def peaks(self) -> dict[str, Peak]:
        return {
            name: Peak(*map(_high, zip(*samples, strict=True))) for name, samples in self._samples.items() if samples
        }

    def _run(self) -> None:
        while True:
            for name, heads in self._groups.items():
                self._samples[name].append(self._sample(heads))
            if self._over.wait(_GROUP_SAMPLE_S):
                return

    @staticmethod
    def _sample(heads: tuple[int, ...]) -> tuple[int, int]:
        """Proportional and resident bytes."""
        pss = rss = 0
        for head in heads:
            with contextlib.suppress(psutil.NoSuchProcess):
                parent = psutil.Process(head)
                for process in [parent, *parent.children(recursive=True)]:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        resident = int(process.memory_info().rss)
                        rss += resident
                        pss += _proportional(process.pid, otherwise=resident)
        return pss, rss


def _high(values: Sequence[int]) -> int:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _proportional(pid: int, otherwise: int) -> int:
    """A process's share of memory that is not a file's, which one file tells without walking through all mappings.

    Files are left out because their share hangs on who else on the machine has the same libraries open.
    """
    with contextlib.suppress(OSError):
        sizes = [line.split()[:2] for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
        counted = [int(size) * 1024 for name, size in sizes if name in ("Pss_Anon:", "Pss_Shmem:")]
        if counted:
            return sum(counted)
    return otherwise
