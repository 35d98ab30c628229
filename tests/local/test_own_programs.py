"""ocrdesk's other programs start from an environment and from a program folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.installation import RUN_MODULE
from ocrdesk.local.own_programs import own_program
from tests.helpers.processes import clean_env
from tests.packaging.repository import ROOT

_AS_FROZEN = """
import sys
sys.frozen = True
from ocrdesk.__main__ import main
main()
"""


def test_the_module_runs_in_this_python_and_not_one_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "ocrdesk_worker.py").write_text("print('not ours')")
    command = own_program("ocrdesk_worker", "--languages")
    done = subprocess.run(command, cwd=tmp_path, env=clean_env(), capture_output=True, text=True, check=True)
    assert "eng" in [found["name"] for found in json.loads(done.stdout)]


def test_in_a_program_folder_the_program_runs_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/ocrdesk/ocrdesk")
    command = own_program("ocrdesk_api", "--fd", "3")
    assert command == ["/opt/ocrdesk/ocrdesk", RUN_MODULE, "ocrdesk_api", "--fd", "3"]


def test_no_other_place_names_a_python_to_run_modules_with() -> None:
    files = [file for package in ("ocrdesk", "api", "worker") for file in (ROOT / package).rglob("*.py")]
    found = [file.name for file in files if '"-P", "-m"' in file.read_text("utf-8")]
    assert found == ["own_programs.py"]


def _as_frozen(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as the program of a program folder does: only the mark that it is one is made up."""
    command = [sys.executable, "-c", _AS_FROZEN, *arguments]
    return subprocess.run(command, env=clean_env(**variables), capture_output=True, text=True, check=False)


def test_the_program_runs_a_module_as_python_does() -> None:
    done = _as_frozen(RUN_MODULE, "ocrdesk_worker", "--languages")
    assert (done.returncode, done.stderr) == (0, "")
    assert "eng" in [found["name"] for found in json.loads(done.stdout)]


def test_the_exit_code_is_that_of_the_module() -> None:
    assert _as_frozen(RUN_MODULE, "ocrdesk_worker", "--no-such-option").returncode == 2


@pytest.mark.parametrize("arguments", [(), ("http.server",), ("ocrdesk",), ("ocrdesk_worker.tasks",)])
def test_the_program_runs_no_other_module(arguments: tuple[str, ...]) -> None:
    done = _as_frozen(RUN_MODULE, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("ocrdesk: --run-module starts ocrdesk's own programs: ")


def test_outside_a_program_folder_there_is_no_such_option() -> None:
    command = [sys.executable, "-m", "ocrdesk", RUN_MODULE, "ocrdesk_worker", "--languages"]
    assert subprocess.run(command, env=clean_env(), capture_output=True, check=False).returncode == 2


@pytest.mark.parametrize("before", ["", "/usr/local/lib/mine"])
def test_other_programs_do_not_get_the_program_folders_libraries(before: str) -> None:
    code = _AS_FROZEN.replace("main()\n", "").replace("import main", "import _free_children") + (
        "_free_children()\nimport os, subprocess\n"
        "print(subprocess.run(['printenv', 'LD_LIBRARY_PATH'], capture_output=True, text=True).stdout.strip())"
    )
    given = {"LD_LIBRARY_PATH": os.fspath(ROOT)} | ({"LD_LIBRARY_PATH_ORIG": before} if before else {})
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_env(**given), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == before
