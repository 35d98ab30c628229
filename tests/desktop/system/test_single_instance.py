"""One window for each user and data folder: later starts pass their files to it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.system.single_instance import SingleInstance, StartRequest, instance_name, start_request
from tests.desktop.conftest import Desktop
from tests.helpers.processes import short_folder

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ocrdesk.desktop.system.single_instance import SingleInstance, start_request
app = QCoreApplication([])
instance = SingleInstance(sys.argv[1])
is_first = instance.claim(start_request([Path(file) for file in sys.argv[2:]]))
print("first" if is_first else "handed over", flush=True)
if is_first:
    app.exec()
"""


@pytest.fixture
def name() -> Iterator[str]:
    with short_folder() as folder:
        yield str(folder / "window.sock")


def start(name: str, *files: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    return subprocess.Popen(
        [sys.executable, "-c", START, name, *files], stdout=subprocess.PIPE, text=True, env=environment, cwd=cwd
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_second_start_hands_its_files_over_as_absolute_paths(name: str, qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(name)
    assert instance.claim(StartRequest())
    with qtbot.waitSignal(instance.received, timeout=20_000) as received:
        second = start(name, "a.png", "/b.png", cwd=tmp_path)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert said(second) == "handed over"
    assert received.args[0].files == (str(tmp_path / "a.png"), "/b.png")
    instance.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe has no mode")
def test_socket_is_for_this_user_alone(name: str) -> None:
    instance = SingleInstance(name)
    assert instance.claim(StartRequest())
    assert stat.S_IMODE(Path(name).stat().st_mode) & 0o077 == 0
    instance.close()


def test_leftovers_of_a_killed_window_do_no_harm(name: str) -> None:
    first = start(name)
    assert said(first) == "first"
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    assert Path(name).exists()
    instance = SingleInstance(name)
    assert instance.claim(StartRequest())
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected()
    instance.close()


def test_of_many_concurrent_starts_one_is_first(name: str) -> None:
    starts = [start(name) for _ in range(4)]
    try:
        assert sorted(said(process) for process in starts) == ["first", *["handed over"] * 3]
    finally:
        for process in starts:
            process.kill()
            process.wait(10)


def test_window_that_hangs_does_not_keep_another_from_opening(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocrdesk.desktop.system.single_instance._ANSWER_MS", 200)
    first = start(name)
    try:
        assert said(first) == "first"
        first.send_signal(signal.SIGSTOP)
        assert SingleInstance(name).claim(StartRequest())
    finally:
        first.kill()
        first.wait(10)


def test_each_data_folder_and_server_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_folder() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        named = {
            instance_name(folder / "a"),
            instance_name(folder / "b"),
            instance_name(folder / "a", "http://one"),
            instance_name(folder / "a", "http://two"),
        }
        assert len(named) == 4
        for socket in named:
            assert socket is not None
            assert stat.S_IMODE(Path(socket).parent.stat().st_mode) == 0o700
            assert len(socket) < 104


def test_nonsense_on_the_socket_is_no_errand(name: str, qtbot: QtBot) -> None:
    from PySide6.QtNetwork import QLocalSocket

    instance = SingleInstance(name)
    assert instance.claim(StartRequest())
    for nonsense in (b"hello\n", b"[]\n", b'{"files": 3}\n'):
        socket = QLocalSocket()
        socket.connectToServer(name)
        with qtbot.assertNotEmitted(instance.received, wait=50):
            socket.write(nonsense)
    instance.close()


def test_later_start_brings_the_window_to_the_front_with_its_files(staged: Desktop, tmp_path: Path) -> None:
    (tmp_path / "late.png").write_bytes(b"picture")
    staged.window.showMinimized()
    staged.input_sources.run_later_start(start_request([tmp_path / "late.png"]))
    assert not staged.window.isMinimized()
    assert staged.window.isVisible()
    staged.wait(lambda: staged.row("late.png"))
