"""The wheel in empty environments, by pip, pipx and uv: each command that lacks a part names the command that adds it.

These tests install from a package index, and skip where none is reached.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import clean_env, short_folder
from tests.packaging.repository import PACKAGING, ROOT

SAMPLE = PACKAGING / "sample.png"
WORDS = "Most mistakes in recognised text"
NOWHERE = "redis://127.0.0.1:9/0"
pytestmark = [pytest.mark.timeout(1200), IN_LONG_FORM]

Line = Callable[..., subprocess.CompletedProcess[str]]


def run(*command: str | Path, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=900, check=False)


def checked(*command: str | Path, env: dict[str, str], cwd: Path) -> str:
    done = run(*command, env=env, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pipx and uv."""
    folder = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--retries", "1", "pipx", "uv"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"no package index is reached: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


class Machine:
    """A user without anything installed: an own home, data folder and PATH."""

    def __init__(self, home: Path, tools: Path) -> None:
        self.home = home
        bin_dir = home / "bin"
        bin_dir.mkdir()
        for name in ("pipx", "uv"):
            (bin_dir / name).symlink_to(tools / name)
        self.env = clean_env(
            HOME=str(home),
            PATH=f"{bin_dir}{os.pathsep}/usr/bin{os.pathsep}/bin",
            PIPX_HOME=str(home / "pipx"),
            PIPX_BIN_DIR=str(bin_dir),
            PIPX_DEFAULT_PYTHON=sys.executable,
            UV_TOOL_DIR=str(home / "uv"),
            UV_TOOL_BIN_DIR=str(bin_dir),
            UV_PYTHON=sys.executable,
            PIP_CONSTRAINT=str(PACKAGING / "constraints.txt"),
            UV_CONSTRAINT=str(PACKAGING / "constraints.txt"),
            OCRDESK_DATA_DIR=str(home / "data"),
            QT_QPA_PLATFORM="offscreen",
        )
        for name in ("PYTHONPATH", "VIRTUAL_ENV", "DISPLAY", "WAYLAND_DISPLAY"):
            self.env.pop(name, None)
        self.program = bin_dir / "ocrdesk"

    def ocrdesk(self, *arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        done = run(self.program, *arguments, env=self.env | env, cwd=self.home)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def sh(self, line: str) -> None:
        checked("sh", "-c", line, env=self.env, cwd=self.home)

    def install(self, how: str, wheel: Path) -> None:
        """Install the wheel alone, without extras."""
        match how:
            case "pip":
                checked(sys.executable, "-m", "venv", "venv", env=self.env, cwd=self.home)
                python = self.home / "venv" / "bin" / "python"
                checked(python, "-m", "pip", "install", "--quiet", wheel, env=self.env, cwd=self.home)
                self.program.symlink_to(self.home / "venv" / "bin" / "ocrdesk")
            case "pipx":
                checked("pipx", "install", wheel, env=self.env, cwd=self.home)
            case "uv tool":
                checked("uv", "tool", "install", "--quiet", wheel, env=self.env, cwd=self.home)


def remedy_in(text: str) -> str:
    """The command that a message ends with."""
    found = re.search(r"(?:[Gg]et it with|fix it with|on this machine): (.*)$", text.strip(), re.MULTILINE)
    assert found, text
    return found[1]


@pytest.mark.parametrize("how", ["pip", "pipx", "uv tool"])
def test_recognition_works_after_the_command_that_the_message_names(how: str, tools: Path, wheel: Path) -> None:
    with short_folder() as home:
        machine = Machine(home, tools)
        machine.install(how, wheel)
        assert machine.ocrdesk("--version").stdout == f"ocrdesk {wheel.name.split('-')[1]}\n"
        lacking = machine.ocrdesk("ocr", SAMPLE)
        assert lacking.returncode == 3
        remedy = remedy_in(lacking.stderr)
        assert shlex.quote(f"{wheel}[server]") in remedy
        named = {
            name: remedy_in(done.stdout + done.stderr)
            for name, done in {
                "api": machine.ocrdesk("api", REDIS_URL=NOWHERE),
                "worker": machine.ocrdesk("worker", REDIS_URL=NOWHERE),
                "serve": machine.ocrdesk("serve", "--port", "0"),
                "keys": machine.ocrdesk("keys", "list", REDIS_URL=NOWHERE),
                "languages": machine.ocrdesk("languages", "list"),
                "doctor": machine.ocrdesk("doctor"),
            }.items()
        }
        assert named == dict.fromkeys(named, remedy)
        machine.sh(remedy)
        done = machine.ocrdesk("ocr", SAMPLE)
        assert WORDS in done.stdout, done.stderr
        assert machine.ocrdesk("doctor").returncode == 0


def test_the_window_and_the_neural_reader_come_with_the_commands_that_are_named(tools: Path, wheel: Path) -> None:
    with short_folder() as home:
        machine = Machine(home, tools)
        machine.install("pip", wheel)
        window = machine.ocrdesk("desktop")
        assert window.returncode == 1
        assert window.stderr.startswith("ocrdesk: the desktop is not installed (missing: PySide6, keyring).")
        machine.sh(remedy_in(window.stderr))
        # It is there: without a display it says so now.
        assert "no display" in machine.ocrdesk("desktop", QT_QPA_PLATFORM="").stderr
        machine.sh(remedy_in(machine.ocrdesk("ocr", SAMPLE).stderr))
        report = machine.ocrdesk("doctor").stdout
        machine.sh(remedy_in(report[report.index("engine rapid") :]))
        done = machine.ocrdesk("ocr", "--engine", "rapid", SAMPLE)
        assert WORDS in done.stdout, done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_an_editable_checkout_is_named_as_one(tools: Path, tmp_path: Path) -> None:
    assert tools  # an index is reached
    checkout = tmp_path / "a checkout"
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", "*_cache", "tests", "screenshots", "dist")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    with short_folder() as home:
        machine = Machine(home, tools)
        checked(sys.executable, "-m", "venv", "venv", env=machine.env, cwd=home)
        python = home / "venv" / "bin" / "python"
        checked(python, "-m", "pip", "install", "--quiet", "-e", checkout, env=machine.env, cwd=home)
        machine.program.symlink_to(home / "venv" / "bin" / "ocrdesk")
        remedy = remedy_in(machine.ocrdesk("api", REDIS_URL=NOWHERE).stderr)
        assert remedy == f"{python} -m pip install -e '{checkout}[server]'"
