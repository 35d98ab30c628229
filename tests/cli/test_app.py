"""The commands: help, version, wrong calls, damaged installations."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrdesk import __version__
from tests.helpers.processes import clean_env, run_ocrdesk


@pytest.mark.parametrize(
    "arguments",
    [
        ["ocr"],
        ["ocr", "-f", "papyrus", "x.png"],
        ["ocr", "--engine", "abacus", "x.png"],
        ["ocr", "--mode", "guess", "x.png"],
        ["ocr", "-l", "", "x.png"],
        ["ocr", "-l", "++", "x.png"],
        ["ocr", "--nonsense", "x.png"],
        ["ocr", "-f", "json", "--omit-headers-footers", "x.png"],
        ["serve", "--port", "99999"],
        ["serve", "--workers", "-1"],
        ["api", "--nonsense"],
        ["api", "--port", "99999"],
        ["worker", "--workers", "-1"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_a_usage_error(arguments: list[str]) -> None:
    done = run_ocrdesk(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_of_any_bytes_can_be_printed() -> None:
    code = "import sys; from ocrdesk.cli import app; app.app = lambda: print('caf\\udce9'); app.main()"
    env = clean_env(PYTHONIOENCODING="utf-8:strict")  # as in a terminal with UTF-8
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout) == (0, "caf\\udce9\n"), done.stderr


def test_the_version_is_printed() -> None:
    done = run_ocrdesk("--version")
    assert (done.returncode, done.stdout) == (0, f"ocrdesk {__version__}\n")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["ocr", "-h"], ["serve", "--help"], ["api", "-h"], ["worker", "--help"]]
)
def test_help_is_printed(arguments: list[str]) -> None:
    done = run_ocrdesk(*arguments)
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


@pytest.mark.parametrize("package", ["typer", "pydantic"])
def test_a_damaged_installation_says_how_to_fix_it(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from ocrdesk.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "doctor"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith(f"pip install --force-reinstall --no-deps {package}\n")
    assert len(done.stderr.splitlines()) == 1
