"""The program as it is started: a process of its own, from its first picture to its end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ocrdesk.desktop.app import run
from ocrdesk.desktop.startup import display_check
from ocrdesk.local.diagnostics import qt_libraries
from tests.helpers.fake_server import FakeServer
from tests.helpers.folders import everything_below
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until

RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ocrdesk.desktop.startup import application
from ocrdesk.desktop.window import main_window
from ocrdesk.desktop.app import run

class Window(main_window.MainWindow):
    def __init__(self, session, *rest):
        super().__init__(session, *rest)
        self.appeared.connect(lambda: print("APPEARED", "httpx" in sys.modules, flush=True))
        session.state_changed.connect(lambda state: print(state.connection.name, flush=True))

application.MainWindow = Window
sys.exit(run([], None, (sys.argv[1], None)))
"""


def test_window_module_loads_neither_http_nor_pydantic_nor_the_review() -> None:
    """The window is shown before these are imported: they take longer than Qt does to draw it."""
    later = {
        "httpx",
        "pydantic",
        "PIL",
        "uuid",
        "ocrdesk.local.diagnostics.doctor",
        "ocrdesk.desktop.review.review_pane",
    }
    code = f"import sys, ocrdesk.desktop.startup.application; print(*{later} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == ""


def test_second_start_gives_its_files_to_the_first_window_and_ends(stage: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "late.png").write_bytes(b"picture")
    with short_folder() as folder:
        environment = _environment() | {"OCRDESK_DATA_DIR": str(folder / "data"), "XDG_RUNTIME_DIR": str(folder)}
        first = subprocess.Popen([sys.executable, "-c", RUN, stage.url], stdout=subprocess.PIPE, env=environment)
        try:
            assert first.stdout is not None
            assert first.stdout.readline().strip() == b"APPEARED False"
            assert first.stdout.readline().strip() == b"READY"
            second = [sys.executable, "-m", "ocrdesk", "desktop", "--server", stage.url, "late.png"]
            done = subprocess.run(second, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            wait_until(lambda: stage.submitted == ["late.png"], "the file's arrival")
            first.send_signal(signal.SIGTERM)
            assert first.wait(30) == 0
        finally:
            first.kill()
            first.wait()
        assert not [path for path in everything_below(folder) if path.suffix == ".sock"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_in_order_and_without_a_word(stage: FakeServer, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, stage.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "APPEARED False"
        assert process.stdout.readline().strip() == "READY"
        process.send_signal(number)
        _, complaints = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert complaints == ""


def test_missing_display_is_said_and_not_an_abort(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(display_check.sys, "platform", "linux")
    assert run([]) == 1
    assert "There is no display" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "display", "package"),
    [
        ("xcb", "DISPLAY", "libxcb-cursor0"),
        ("", "WAYLAND_DISPLAY", "libwayland-cursor0"),
        ("wayland;xcb", "WAYLAND_DISPLAY", "libwayland-cursor0"),
        ("wayland;xcb", "DISPLAY", "libxcb-cursor0"),
        ("wayland-egl", "WAYLAND_DISPLAY", "libwayland-cursor0"),
        ("offscreen", "", "libglib2.0-0"),
    ],
)
def test_missing_library_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, package: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if display:
        monkeypatch.setenv(display, ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setattr(display_check.sys, "platform", "linux")
    missing = ("libxcb-cursor.so.0", "libwayland-cursor.so.0", "libglib-2.0.so.0")
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: library not in missing)
    said = display_check.display_problem() or ""
    assert "apt-get install" in said
    assert package in said.split()


@pytest.mark.parametrize(
    ("platform", "variable"),
    [("", "DISPLAY"), ("", "WAYLAND_DISPLAY"), ("wayland;xcb", "DISPLAY"), ("wayland-egl", "WAYLAND_DISPLAY")],
)
@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by variables on Linux only")
def test_display_that_does_not_answer_is_said_and_not_an_abort(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv(variable, ":63999")
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: True)
    assert f"cannot be reached ({variable}=:63999)" in (display_check.display_problem() or "")


@pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux's")
def test_display_that_answers_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":63999")
    monkeypatch.setenv("WAYLAND_DISPLAY", "here")
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: True)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as compositor:  # a short path
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        compositor.bind(f"{folder}/here")
        compositor.listen()
        assert display_check.display_problem() is None


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": root, "LC_ALL": "C.UTF-8"}
