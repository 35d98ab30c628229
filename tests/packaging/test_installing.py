"""How packaging/lib.sh installs into .venv, with a Python that only pretends to create environments and to run pip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.repository import PACKAGING, run_sh

# It records each call of venv and pip; with FAIL or KILL in its environment pip fails or is interrupted.
_PRETENDER = """#!/bin/sh
case "$*" in
"-m venv "*)
    echo venv >>"$CALLS"
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    ;;
"-m pip --version") ;;
"-m pip install "*)
    echo "pip $5" >>"$CALLS"
    [ -z "${SLOW:-}" ] || sleep 1
    [ -z "${FAIL:-}" ] || { echo "no such package"; exit 1; }
    [ -z "${KILL:-}" ] || kill -9 "$PPID"
    echo "pip's chatter"
    ;;
"-m ocrdesk.local.diagnostics.doctor "*" tests") [ -z "${LACKS_FOR_TESTS:-}" ] || echo "$LACKS_FOR_TESTS" ;;
"-m ocrdesk.local.diagnostics.doctor "*) [ -z "${LACKS:-}" ] || echo "$LACKS" ;;
"-c import ensurepip"*) [ -z "${NO_ENSUREPIP:-}" ] ;;
*) exec "$REAL" "$@" ;;
esac
"""
_SCRIPT = """
set -eu
root=$(pwd -P)
. packaging/lib.sh
ensure_installed "$1" "$2"
"""


class Checkout:
    """A folder with the installer and nothing to install."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venv = folder / ".venv"
        self._calls = folder / "calls"
        (folder / "packaging").mkdir(parents=True)
        for name in ("lib.sh", "constraints.txt"):
            (folder / "packaging" / name).write_bytes((PACKAGING / name).read_bytes())
        (folder / "pyproject.toml").write_text("[project]\n")
        (folder / "install.sh").write_text(_SCRIPT)
        python = folder / "a python"
        python.write_text(_PRETENDER)
        python.chmod(0o755)
        # A user's PATH without apt-get: missing packages can only be named.
        tools = folder / "tools"
        tools.mkdir()
        for name in ("sh", "cat", "cksum", "cp", "find", "id", "mkdir", "rm", "sleep", "tr"):
            (tools / name).symlink_to(next(p for p in map(Path, ("/usr/bin/" + name, "/bin/" + name)) if p.exists()))
        self.env = {
            "PATH": str(tools),
            "HOME": str(folder),
            "PYTHON": str(python),
            "REAL": sys.executable,
            "CALLS": str(self._calls),
        }

    def install(self, extra: str = "all", purpose: str = "recognition", **env: str) -> subprocess.CompletedProcess[str]:
        return run_sh(self.folder / "install.sh", extra, purpose, cwd=self.folder, env=self.env | env)

    def calls(self) -> list[str]:
        """Return the calls since the last call of this function."""
        calls = self._calls.read_text().splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return calls


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a check out")


def test_it_installs_once_and_keeps_stdout_clean(checkout: Checkout) -> None:
    first = checkout.install()
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "Installing" in first.stderr
    assert "chatter" not in first.stderr
    assert checkout.calls() == ["venv", "pip .[all]"]
    second = checkout.install()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert checkout.calls() == []


def test_the_tests_installation_serves_run_too_and_not_the_other_way_round(checkout: Checkout) -> None:
    checkout.install("all")
    checkout.install("dev")
    checkout.install("all")
    assert checkout.calls() == ["venv", "pip .[all]", "pip .[dev]"]


def test_a_change_of_the_project_or_the_pins_installs_again_and_keeps_the_extra(checkout: Checkout) -> None:
    checkout.install("dev")
    checkout.calls()
    for name in ("pyproject.toml", "packaging/constraints.txt"):
        with (checkout.folder / name).open("a") as changed:
            changed.write("# changed\n")
        checkout.install("all")
        assert checkout.calls() == ["pip .[dev]"]


def test_output_of_pip_is_shown_if_it_fails(checkout: Checkout) -> None:
    failed = checkout.install(FAIL="1")
    assert (failed.returncode, failed.stdout) == (69, "")
    assert "no such package" in failed.stderr
    assert failed.stderr.endswith("Installing with pip failed. Its output is above.\n")


@pytest.mark.parametrize("how", ["FAIL", "KILL"])
def test_an_interrupted_installation_is_repeated(checkout: Checkout, how: str) -> None:
    assert checkout.install(**{how: "1"}).returncode != 0
    (checkout.venv / "half.py").touch()
    checkout.calls()
    assert checkout.install().returncode == 0
    assert checkout.calls() == ["venv", "pip .[all]"]
    assert not (checkout.venv / "half.py").exists()


def test_an_environment_made_by_hand_is_completed_not_replaced(checkout: Checkout) -> None:
    subprocess.run(
        [checkout.env["PYTHON"], "-m", "venv", str(checkout.venv)], env=checkout.env, check=True, capture_output=True
    )
    (checkout.venv / "mine.py").touch()
    checkout.calls()
    assert checkout.install().returncode == 0
    assert checkout.calls() == ["pip .[all]"]
    assert (checkout.venv / "mine.py").exists()


def test_a_moved_environment_is_created_again(checkout: Checkout) -> None:
    checkout.install()
    checkout.calls()
    moved = checkout.folder.with_name("elsewhere")
    checkout.folder.rename(moved)
    done = run_sh(
        moved / "install.sh",
        "all",
        "recognition",
        cwd=moved,
        env=checkout.env | {"PYTHON": str(moved / "a python"), "PATH": str(moved / "tools"), "CALLS": str(moved / "c")},
    )
    assert done.returncode == 0, done.stderr
    assert (moved / "c").read_text().splitlines() == ["venv", "pip .[all]"]


def test_of_two_concurrent_runs_one_installs_and_the_other_waits(checkout: Checkout) -> None:
    command = ["sh", str(checkout.folder / "install.sh"), "all", "recognition"]
    both = [
        subprocess.Popen(command, cwd=checkout.folder, env=checkout.env | {"SLOW": "1"}, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [one.wait(60) for one in both] == [0, 0]
    assert checkout.calls() == ["venv", "pip .[all]"]


def test_without_pythons_own_installer_the_package_is_named_in_one_line(checkout: Checkout) -> None:
    done = checkout.install(NO_ENSUREPIP="1")
    assert done.returncode == 69
    assert len(done.stderr.splitlines()) == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt-get install python{version}-venv" in done.stderr


def test_missing_desktop_packages_stop_the_desktop_but_not_recognition(checkout: Checkout) -> None:
    desktop = checkout.install("all", "desktop", LACKS="libegl1")
    assert desktop.returncode == 69
    assert len(desktop.stderr.splitlines()) == 1
    assert "apt-get install libegl1" in desktop.stderr
    assert checkout.calls() == []


def test_with_the_installation_everything_that_is_lacking_is_named_for_any_purpose(checkout: Checkout) -> None:
    done = checkout.install("dev", "tests", LACKS="libegl1\npoppler-utils", LACKS_FOR_TESTS="poppler-utils\nqpdf")
    assert done.returncode == 69
    assert "apt-get install poppler-utils qpdf libegl1\n" in done.stderr


def test_an_old_python_is_named_with_its_version(checkout: Checkout) -> None:
    old = checkout.folder / "old"
    old.write_text("#!/bin/sh\ncase $2 in *print*) echo 3.9 ;; *) exit 1 ;; esac\n")
    old.chmod(0o755)
    done = checkout.install(PYTHON=str(old))
    assert done.returncode == 69
    assert f"Python 3.11 or newer is needed ({old} is 3.9)" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_checkout_of_another_user_is_reported(checkout: Checkout) -> None:
    checkout.folder.chmod(0o555)
    try:
        done = checkout.install()
    finally:
        checkout.folder.chmod(0o755)
    assert done.returncode == 69
    assert "cannot be written" in done.stderr
