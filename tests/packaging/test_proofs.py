"""The scripts that prove packages in a minimal Debian: they are valid, and make that Debian once. They take minutes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.repository import PACKAGING

_MINIMAL_DEBIAN = PACKAGING / "proofs" / "minimal_debian.sh"
_FAKE = '#!/bin/sh\nprintf "%s\\n" "$@" >>"$(dirname "$0")/called"\n[ ! -e "$(dirname "$0")/broken" ]\n'


@pytest.mark.parametrize(
    "script",
    [
        "deb/prove.sh",
        "bundle/prove.sh",
        "container/prove.sh",
        "prove_roots.sh",
        "proofs/minimal_debian.sh",
        "proofs/drive_window.sh",
    ],
)
def test_scripts_are_valid(script: str) -> None:
    shell = "bash" if script.startswith("container") else "sh"
    subprocess.run([shell, "-n", str(PACKAGING / script)], check=True)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with a program in the place of debootstrap, which notes what it is asked for."""
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "debootstrap").write_text(_FAKE)
    (folder / "debootstrap").chmod(0o755)
    return folder


def source(tools: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell after sourcing the file, with our debootstrap and a mirror."""
    path = f"{tools}:{Path(shutil.which('sh') or '/bin/sh').parent}:/usr/bin:/bin"
    return subprocess.run(
        ["sh", "-ec", f'. "{_MINIMAL_DEBIAN}"; release=mine; {line}; echo "$release"'],
        env={"PATH": path, "MIRROR": "http://mirror.example.org/debian"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_debian_is_made_once_and_the_callers_variables_stay(tools: Path, tmp_path: Path) -> None:
    root = tmp_path / "a root"
    for _ in range(2):
        done = source(tools, f'make_debian trixie "{root}" python3 git')
        assert (done.returncode, done.stdout) == (0, "mine\n"), done.stderr
    assert (tools / "called").read_text().splitlines() == [
        "--variant=minbase",
        "--include=python3,git",
        "trixie",
        str(root),
        "http://mirror.example.org/debian",
    ]


def test_a_debian_without_further_packages(tools: Path, tmp_path: Path) -> None:
    assert source(tools, f'make_debian trixie "{tmp_path / "root"}"').returncode == 0
    assert "--include" not in (tools / "called").read_text()


def test_a_debian_that_was_not_finished_is_an_error_and_is_made_again(tools: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (tools / "broken").touch()
    assert source(tools, f'make_debian trixie "{root}"').returncode == 1
    (tools / "broken").unlink()
    assert source(tools, f'make_debian trixie "{root}"').returncode == 0
    assert (tools / "called").read_text().count("trixie") == 2
