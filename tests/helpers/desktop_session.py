"""Real parts of a desktop (bus, display, panel, keyring…) in a separate session that ends with the test."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.wait import wait_until

ROOT = Path(__file__).resolve().parents[2]
WINDOW = Path(__file__).with_name("window_process.py")
_OUTSIDE = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS")
_NOBODY = 65534


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip the test if a program is not installed."""
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


class PrivateDesktop:
    """A private desktop. `folder` has a short path, because it contains sockets."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder, self._stack = folder, stack
        self.home, self.runtime = folder / "home", folder / "run"
        self.home.mkdir()
        self.runtime.mkdir(mode=0o700)
        self.environment = {name: value for name, value in os.environ.items() if name not in _OUTSIDE}
        self.environment |= {"HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime), "PYTHONPATH": str(ROOT)}
        for name in ("QT_QPA_PLATFORM", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            self.environment.pop(name, None)

    def start(self, *command: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start a process of this desktop; it ends with the desktop."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
        process = subprocess.Popen(command, env=self.environment, text=True, **quiet)
        self._stack.callback(end, process)
        return process

    def start_bus(self, *, with_services: bool = False) -> None:
        """Start a bus that starts no services automatically, except the system's services if the test asks for them."""
        config = self.folder / "bus.conf"
        config.write_text(
            f"<busconfig><type>session</type><listen>unix:path={self.runtime}/bus</listen>"
            f"{'<standard_session_servicedirs/>' if with_services else ''}<policy context='default'>"
            "<allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>"
        )
        self.start("dbus-daemon", f"--config-file={config}", "--nofork")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={self.runtime}/bus"
        wait_until((self.runtime / "bus").exists, "the bus")

    def start_x(self, size: str) -> None:
        """Start an X server without a window manager; the size is `WIDTHxHEIGHTxDEPTH`."""
        reading, writing = os.pipe()
        command = "Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-noreset", "-screen", "0", size
        self.start(*command, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.environment["DISPLAY"] = f":{answer.readline().strip()}"

    def start_weston(self) -> None:
        """Start a Wayland compositor that draws into memory."""
        self.start("weston", "--backend=headless-backend.so", "--socket=wayland-test", "--idle-time=0")
        self.environment["WAYLAND_DISPLAY"] = "wayland-test"
        wait_until((self.runtime / "wayland-test").exists, "weston", 30)

    def start_sway(self) -> None:
        """Start a Wayland compositor with clipboard and keyboard; not as root, because it refuses that."""
        config = self.runtime / "sway.conf"
        config.write_text("xwayland disable\n")
        drop: list[str] = []
        if os.geteuid() == 0:
            self.folder.chmod(0o711)
            os.chown(self.runtime, _NOBODY, _NOBODY)
            drop = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
        headless = ("WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman")
        self.start("env", *headless, *drop, "sway", "-c", config)
        wait_until(lambda: list(self.runtime.glob("wayland-?")), "sway", 30)
        self.environment["WAYLAND_DISPLAY"] = next(self.runtime.glob("wayland-?")).name

    def run(self, *command: str | Path) -> str:
        """Return the output of a command of this desktop, whether it succeeds or not."""
        return subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=False, timeout=30
        ).stdout

    def has_service(self, name: str) -> bool:
        """Return whether a program on the bus has this name."""
        bus = "org.freedesktop.DBus"
        ask = f"--dest={bus}", "/", f"{bus}.NameHasOwner", f"string:{name}"
        return "true" in self.run("dbus-send", "--session", "--print-reply=literal", *ask)

    def open_window(self, **environment: str) -> DrivenWindow:
        self.environment |= environment
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return DrivenWindow(self.start(sys.executable, WINDOW, self.home / "window.ini", **pipes))


class DrivenWindow:
    """The real window in a separate process, which executes commands and reports its state."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, command: str = "state") -> dict[str, Any]:
        """Execute a command; return the state of the window after it."""
        self.tell(command)
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self._process.stderr and self._process.stderr.read()
        return dict(json.loads(line))

    def tell(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def wait(self, timeout_s: float = 30, **wanted: Any) -> dict[str, Any]:
        """Wait until the window has the wanted state."""
        wait_until(lambda: wanted.items() <= self.ask().items(), f"{wanted}, but {self.ask()}", timeout_s)
        return self.ask()

    def quit(self) -> tuple[int, str]:
        """Close the window, then do what `end` does."""
        self.tell("quit")
        return self.end()

    def end(self) -> tuple[int, str]:
        """Wait until it ends; return its exit code and its error messages."""
        _, complaints = self._process.communicate(timeout=30)
        return self._process.returncode, complaints


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextlib.contextmanager
def private_desktop(folder: Path) -> Iterator[PrivateDesktop]:
    with contextlib.ExitStack() as stack:
        yield PrivateDesktop(folder, stack)
