"""`sh packaging/prove_roots.sh` says what is missing before it changes anything. Its real work takes half an hour."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.packaging.repository import PACKAGING, run_sh

_SCRIPT = PACKAGING / "prove_roots.sh"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which the script finds its first tools, but not debootstrap."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "sed", "id"):
        found = shutil.which(name)
        assert found, name
        (tools / name).symlink_to(found)
    return {"PATH": str(tools), "ROOTS": str(tmp_path / "roots")}


def test_unknown_release_gets_the_usage(env: dict[str, str], tmp_path: Path) -> None:
    done = run_sh(_SCRIPT, "11", cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert done.stderr == "Usage: sh packaging/prove_roots.sh [--bare] [12 | 13]… [-- PYTEST ARGUMENT…]\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is asked for root first")
def test_missing_tool_is_named_with_its_package(env: dict[str, str], tmp_path: Path) -> None:
    done = run_sh(_SCRIPT, "13", cwd=tmp_path, env=env)
    assert done.returncode == 69
    assert done.stderr.startswith("prove_roots.sh: debootstrap is missing. Get it with: apt-get install debootstrap ")
    assert not (tmp_path / "roots").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="this is root")
def test_ordinary_user_is_told_to_be_root(env: dict[str, str], tmp_path: Path) -> None:
    done = run_sh(_SCRIPT, "13", cwd=tmp_path, env=env)
    assert done.returncode == 69
    assert "needs root" in done.stderr
