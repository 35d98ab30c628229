"""The benchmark command for the window: how fast it starts, how long it blocks, and how much memory it uses.

python tests/bench/desktop.py [--pages N] [--starts N] [--skip-job]
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from contenders import local_data
from load import Meter
from long_scan import light_scan

START_AIM, STALL_AIM_MS = 3.0, 50.0
_PAGES = 500
_TIMEOUT_S = 1800.0
_TICK_MS = 5
_LOADING = "Loading…"
_READY_MS = 300
"""The time after the server's response that is also measured."""
_FIRST_PAINT = "first paint"

_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("first paint", flush=True)
        QTimer.singleShot(0, QApplication.quit)
app = QApplication(sys.argv)
window = Window()
window.resize(1080, 720)
window.show()
app.exec()
"""
_OURS = """
from PySide6.QtCore import QTimer
from ocrdesk.desktop.window import main_window
from ocrdesk.desktop.app import run
def appeared(window):
    print("first paint", flush=True)
    QTimer.singleShot(0, window.close)
made = main_window.MainWindow.__init__
def making(self, *arguments, **named):
    made(self, *arguments, **named)
    self.appeared.connect(lambda: appeared(self))
main_window.MainWindow.__init__ = making
run([])
"""


_SETTLING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from desktop import settle
settle(Path(sys.argv[2]))
"""


@dataclass(slots=True)
class Stalls:
    """Milliseconds between two ticks in the event loop, in real time and in its thread's processor time."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def longest(self) -> tuple[float, float]:
        return max(self.clock), max(self.processor)


@dataclass(frozen=True, slots=True)
class Job:
    """The measurements while the window showed a job."""

    pages: int
    stalls: Stalls
    before_mb: float
    after_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if a window did not appear or the job was not read."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    meter = Meter()
    try:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-", ignore_cleanup_errors=True) as folder:
            starts = _starts(Path(folder), options.starts)
            settling, job = None, None
            if not options.skip_job:
                with local_data() as data:
                    settling = _settling(Path(folder), data)
                    job = _job(Path(folder), data, options.pages)
    except (RuntimeError, OSError) as failure:
        print(f"FAILED: {failure}")
        return 1
    _print_report(starts, settling, job, meter.read().others_share)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=_PAGES, help=f"pages of the job (default: {_PAGES})")
    parser.add_argument("--starts", type=int, default=10, help="starts of each kind of window, in turns (default: 10)")
    parser.add_argument("--skip-job", action="store_true", help="measure only the starts")
    return parser


# ── starting ─────────────────────────────────────────────────────────────────────────────────────


def _starts(folder: Path, count: int) -> dict[str, list[float]]:
    """Return the seconds from a process's start to its window's first paint, without each kind's first start."""
    home = _home(folder)
    taken: dict[str, list[float]] = {"bare": [], "ocrdesk": []}
    for number in range(count + 1):
        for side, code in (("bare", _BARE), ("ocrdesk", _OURS)):
            seconds = _first_paint(code, home)
            if number:
                taken[side].append(seconds)
    return taken


def _home(folder: Path) -> dict[str, str]:
    """Return an environment with a new home. The first start compiles modules into it, as in an installed program."""
    home = os.environ | _folders(folder) | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    home.pop("PYTHONDONTWRITEBYTECODE", None)
    return home


def _folders(folder: Path) -> dict[str, str]:
    return {name: str(folder / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}


def _first_paint(code: str, environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline().strip()
        seconds = time.perf_counter() - begun
        _, errors = process.communicate(timeout=60)
    if said != _FIRST_PAINT:
        raise RuntimeError(f"a window did not appear: {errors.strip()[-300:]}")
    return seconds


def _settling(folder: Path, data: Path) -> tuple[float, float]:
    """Return the longest gap from the first paint until the local server responds, in real and in processor time.

    The second start counts: the first one starts the server and compiles modules that no window has needed yet.
    """
    command = [sys.executable, "-c", _SETTLING, str(Path(__file__).parent), str(data)]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, env=_home(folder), timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(f"a window did not become ready: {done.stderr.strip()[-300:]}")
    clock, processor = done.stdout.split()
    return float(clock), float(processor)


def settle(data: Path) -> None:
    """Open a window, print the longest gap and close the window. Runs in a separate process."""
    from PySide6.QtCore import QTimer

    from ocrdesk.desktop.app import run
    from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState
    from ocrdesk.desktop.window import main_window

    made = main_window.MainWindow.__init__

    def making(self: main_window.MainWindow, session: Session, *arguments: Any) -> None:
        made(self, session, *arguments)
        watch = contextlib.ExitStack()
        stalls: list[Stalls] = []

        def on_state(state: SessionState) -> None:
            if state.connection is ConnectionState.READY:
                QTimer.singleShot(_READY_MS, self, finish)

        def finish() -> None:
            watch.close()
            print(*stalls[0].longest(), flush=True)
            self.close()

        self.appeared.connect(lambda: stalls.append(watch.enter_context(_watched())))
        session.state_changed.connect(on_state)

    main_window.MainWindow.__init__ = making  # type: ignore[method-assign,assignment]
    run([], data)


# ── a long job ───────────────────────────────────────────────────────────────────────────────────


def _job(folder: Path, data: Path, pages: int) -> Job:
    """Open a window on a separate local server, let it show a scan of light pages as it is read, and measure."""
    from PySide6.QtCore import QEventLoop, QTimer

    from ocrdesk.desktop.background.tasks import Tasks
    from ocrdesk.desktop.jobs.row import RowState
    from ocrdesk.desktop.servers.servers import LocalServer
    from ocrdesk.desktop.session.session import ConnectionState, Session
    from ocrdesk.desktop.startup.application import make_application
    from ocrdesk.desktop.window.main_window import MainWindow
    from ocrdesk.desktop.window.saved_state import WindowState
    from tests.helpers.parts import Part

    os.environ |= _folders(folder)  # the user's own settings are neither read nor written
    file = light_scan(folder / "scan.pdf", pages)
    app = make_application()
    tasks = Tasks()
    session = Session(LocalServer(data), tasks)
    window = MainWindow(session, tasks, WindowState(folder / "desktop.ini"))
    window.show()
    session.start()

    def until(holds: Callable[[], bool]) -> None:
        loop, watch = QEventLoop(), QTimer(interval=20)
        ends = time.monotonic() + _TIMEOUT_S
        watch.timeout.connect(lambda: loop.quit() if time.monotonic() > ends or holds() else None)
        watch.start()
        loop.exec()
        watch.stop()
        if not holds():
            raise RuntimeError("the window did not reach the expected state in time")

    try:
        until(lambda: session.state.connection in (ConnectionState.READY, ConnectionState.FAILED))
        if session.state.connection is ConnectionState.FAILED:
            raise RuntimeError(session.state.detail)
        app.processEvents()
        before = _resident_mb()
        with _watched() as stalls:
            window.open_paths([file])
            until(lambda: any(row.state.is_over for row in session.model.rows()))
            shown = Part(window)
            until(lambda: shown.text("page_text") not in ("", _LOADING) or session.model.rows()[0].pages_failed > 0)
        row = session.model.rows()[0]
        if row.state is not RowState.FINISHED or row.pages_failed:
            raise RuntimeError(f"the job was not read: {row.error}")
        return Job(pages, stalls, before, _resident_mb())
    finally:
        window.close()
        session.close()


@contextlib.contextmanager
def _watched() -> Iterator[Stalls]:
    """Measure the time between two ticks of a timer: while the window is busy, there are none."""
    from PySide6.QtCore import QTimer

    stalls = Stalls()
    last = time.perf_counter(), time.thread_time()

    def on_pulse() -> None:
        nonlocal last
        now = time.perf_counter(), time.thread_time()
        stalls.clock.append((now[0] - last[0]) * 1000)
        stalls.processor.append((now[1] - last[1]) * 1000)
        last = now

    pulse = QTimer(interval=_TICK_MS)
    pulse.timeout.connect(on_pulse)
    pulse.start()
    try:
        yield stalls
    finally:
        pulse.stop()


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss) / (1 << 20)


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def _print_report(
    starts: dict[str, list[float]], settling: tuple[float, float] | None, job: Job | None, others_share: float
) -> None:
    bare, ours = (median(starts[side]) * 1000 for side in ("bare", "ocrdesk"))
    print(f"\n{'what':<46}{'measured':>20}   {'aim':<10}met")
    print(f"{'start to first paint: a bare PySide6 window':<46}{f'{bare:.0f} ms':>20}")
    print(f"{'start to first paint: ocrdesk':<46}{f'{ours:.0f} ms':>20}")
    print(_row("ocrdesk over bare", f"{ours / bare:.2f}x", f"< {START_AIM:g}x", met=ours / bare < START_AIM))
    if settling:
        _print_gap("longest gap from the first paint to ready", settling)
    if job:
        clock = sorted(job.stalls.clock)
        _print_gap(f"longest gap in the event loop, {job.pages} pages", job.stalls.longest())
        print(f"{'  99.9 % of the gaps within':<46}{f'{clock[int(len(clock) * 0.999) - 1]:.1f} ms':>20}")
        print(f"{'memory before and after the job':<46}{f'{job.before_mb:.0f} and {job.after_mb:.0f} MB':>20}")
    print(
        f"\nWhole processes are started in turns, {len(starts['bare'])} of each kind. A local server on the same cores"
        "\nreads the job while the window shows its pages. A gap is the time between two ticks of a 5 ms timer."
        f"\nOther programs took {others_share:.0%} of the processor time used."
    )


def _print_gap(what: str, longest: tuple[float, float]) -> None:
    clock, processor = longest
    print(_row(what, f"{clock:.0f} ms", f"< {STALL_AIM_MS:g} ms", met=clock < STALL_AIM_MS))
    print(f"{'  processor time within, at most':<46}{f'{processor:.0f} ms':>20}")


def _row(what: str, measured: str, aim: str, *, met: bool) -> str:
    return f"{what:<46}{measured:>20}   {aim:<10}{'yes' if met else 'NO'}"


if __name__ == "__main__":
    sys.exit(main())
