"""Measures the peak memory of a process: as the kernel reports it, and by samples."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_SAMPLE_S = 0.005
_GROUP_SAMPLE_S = 0.2
_RESET_PEAK = "5"
"""The value to write to the kernel's clear_refs to reset the peak."""
MB = 1 << 20


@dataclass(slots=True)
class Growth:
    """How many bytes a process grew: the peak of its resident memory, and of its unshared memory (USS).

    `hwm` is the kernel's own high-water mark, which misses no peak; None if it cannot be reset.
    """

    rss: int = 0
    uss: int = 0
    hwm: int | None = None

    @property
    def peak(self) -> int:
        return self.rss if self.hwm is None else self.hwm


class Watch:
    """Measure one process from outside."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._status, self._clear = Path(f"/proc/{pid}/status"), Path(f"/proc/{pid}/clear_refs")

    def rss(self) -> int:
        return int(self._process.memory_info().rss)

    @contextlib.contextmanager
    def growth(self) -> Iterator[Growth]:
        """Measure during the block; the yielded growth is filled in when the block ends."""
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
    """The total memory of some processes, in bytes, without the highest 5 % of the samples.

    The highest samples are unreliable: processes are measured one after the other, and one that starts or ends
    meanwhile is partly counted twice. `pss` divides shared memory among the processes that share it, and excludes
    files; it is resident memory on systems that do not report it.
    """

    pss: int = 0
    rss: int = 0

    @classmethod
    def together(cls, peaks: Iterable[Peak]) -> Peak:
        """Return the sum, which is an upper bound of their total at any one moment."""
        whole = cls()
        for peak in peaks:
            whole.pss, whole.rss = whole.pss + peak.pss, whole.rss + peak.rss
        return whole


class GroupWatch:
    """Sample groups of processes during the block. A group is its top processes and their descendants."""

    def __init__(self, groups: dict[str, tuple[int, ...]]) -> None:
        self._groups = groups
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._run, daemon=True)
        self._samples: dict[str, list[tuple[int, int]]] = {name: [] for name in groups}
        self.processor_s = 0.0
        """What the samples themselves needed, after the block."""

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
                self.processor_s = time.thread_time()
                return

    @staticmethod
    def _sample(heads: tuple[int, ...]) -> tuple[int, int]:
        """Return proportional and resident bytes."""
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
    """Return a process's proportional memory without files, from `smaps_rollup`: no need to read all mappings.

    Files are excluded because their share depends on which other programs use the same libraries.
    """
    with contextlib.suppress(OSError):
        sizes = [line.split()[:2] for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
        counted = [int(size) * 1024 for name, size in sizes if name in ("Pss_Anon:", "Pss_Shmem:")]
        if counted:
            return sum(counted)
    return otherwise
