"""Tests that hang in Qt's event loop end as failures, alone and with other tests beside them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.long_form import IN_LONG_FORM

ROOT = Path(__file__).resolve().parents[2]
RunTests = Callable[..., subprocess.CompletedProcess[str]]
_SETTINGS = ("timeout=10", "faulthandler_timeout=15")
"""Long enough for the tests that do not hang, and for the reports, on a busy machine."""
_HANGS = """
import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer


def hang() -> None:
    app = QCoreApplication.instance() or QCoreApplication([])
    timer = QTimer(interval=50)
    timer.timeout.connect(lambda: None)  # here Python gets the signal of the first limit
    timer.start()
    QEventLoop().exec()
"""
_TEST_FILES = {
    "test_in_test.py": """
def test_before(): pass
def test_in_the_test(): hang()
def test_after(): pass
""",
    "test_in_teardown.py": """
@pytest.fixture
def hangs_at_the_end():
    yield
    hang()

def test_failed(hangs_at_the_end): raise ValueError("first failure")
def test_next(): pass
""",
    "test_single.py": """
def test_single(): hang()
""",
    "test_long.py": """
import subprocess

@pytest.fixture(scope="module")
def takes_long():
    subprocess.run(["sleep", "2"], check=True)

@pytest.mark.timeout(100)
def test_long(takes_long): takes_long
""",
    "test_quick.py": """
@pytest.mark.parametrize("number", range(5))
def test_quick(number): pass
""",
}


@pytest.fixture
def run_tests(tmp_path: Path) -> RunTests:
    """Run pytest on the files above, with this repository's settings except the limits."""
    for name, tests in _TEST_FILES.items():
        (tmp_path / name).write_text(_HANGS + tests)
    options = [option for setting in _SETTINGS for option in ("-o", setting)]
    options += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.helpers.time_limits", *options, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=170,
        )

    return run


def test_this_run_has_both_limits(request: pytest.FixtureRequest) -> None:
    config = request.config
    assert config.pluginmanager.has_plugin("tests.helpers.time_limits")
    assert config.getini("faulthandler_exit_on_timeout") is True
    assert float(config.getini("faulthandler_timeout")) > float(config.getini("timeout")) > 0


def test_run_ends_with_the_stack_of_the_test_that_hangs(run_tests: RunTests) -> None:
    result = run_tests("test_in_test.py")
    assert result.returncode == 1
    assert "Timeout (0:00:15)!" in result.stdout
    assert re.search(r'test_in_test\.py", line \d+ in test_in_the_test', result.stdout), result.stdout


@IN_LONG_FORM
def test_a_longer_limit_of_a_test_moves_both(run_tests: RunTests) -> None:
    result = run_tests("-o", "timeout=0.5", "-o", "faulthandler_timeout=1", "test_long.py")
    assert result.returncode == 0, result.stdout


@IN_LONG_FORM
def test_other_tests_run_on_beside_tests_that_hang(run_tests: RunTests) -> None:
    result = run_tests("-n", "2", "--dist", "loadfile", "-v", ".")
    passed = {line.split("::")[-1].strip() for line in result.stdout.splitlines() if " PASSED " in line}
    wanted = {"test_before", "test_after", "test_next", "test_long", *(f"test_quick[{number}]" for number in range(5))}
    assert passed == wanted, result.stdout
    for test in (
        "test_in_test.py::test_in_the_test",
        "test_in_teardown.py::test_failed",
        "test_single.py::test_single",
    ):
        assert result.stdout.count(f"crashed while running '{test}'") >= 1, test
    for place in ("in test_in_the_test", "in hangs_at_the_end", "in test_single"):
        assert result.stdout.count(place) >= 1, place
    assert result.stdout.count("Timeout (0:00:15)!") == 3
    assert "first failure" in result.stdout
    assert result.returncode == 1
