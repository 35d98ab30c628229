"""`sh packaging/run.sh` on a machine on which it has run before. Skipped outside the .venv that it makes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.processes import clean_env, short_folder
from tests.packaging.repository import PACKAGING, ROOT, run_sh

_SAMPLE = PACKAGING / "sample.png"


@pytest.fixture(scope="module")
def env() -> Iterator[dict[str, str]]:
    """An environment with a separate data folder and no display."""
    installed = subprocess.run(
        ["sh", "-c", 'set -eu; root=$1; . "$1/packaging/lib.sh"; is_installed dev', "sh", str(ROOT)], check=False
    )
    if installed.returncode != 0 or not Path(sys.prefix).samefile(ROOT / ".venv"):
        pytest.skip("needs the .venv of packaging/test.sh")
    with short_folder() as folder:
        env = clean_env(OCRDESK_DATA_DIR=str(folder))
        yield {name: value for name, value in env.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


def test_a_relative_path_from_another_folder_gives_text_on_stdout_and_nothing_else(
    env: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "my scan.png").write_bytes(_SAMPLE.read_bytes())
    done = run_sh(PACKAGING / "run.sh", "my scan.png", cwd=tmp_path, env=env)
    assert done.returncode == 0
    assert done.stdout.startswith("How to get good text from paper")
    assert "most of them names, numbers" in " ".join(done.stdout.split())
    assert done.stderr == ""


def test_without_a_file_and_a_display_it_recognises_the_sample(env: dict[str, str], tmp_path: Path) -> None:
    done = run_sh(PACKAGING / "run.sh", cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("How to get good text from paper")


def test_options_and_exit_codes_are_those_of_ocrdesk_ocr(env: dict[str, str], tmp_path: Path) -> None:
    done = run_sh(PACKAGING / "run.sh", "-f", "json", str(_SAMPLE), cwd=tmp_path, env=env)
    assert json.loads(done.stdout)["file_name"] == "sample.png"
    assert run_sh(PACKAGING / "run.sh", "nothing.pdf", cwd=tmp_path, env=env).returncode == 1
    assert run_sh(PACKAGING / "run.sh", "--no-such-option", cwd=tmp_path, env=env).returncode == 2


@pytest.mark.parametrize("home", [None, "", "/nowhere"])
def test_it_works_without_a_home_folder(env: dict[str, str], tmp_path: Path, home: str | None) -> None:
    env = {name: value for name, value in env.items() if name != "HOME"}
    if home is not None:
        env["HOME"] = home
    done = run_sh(PACKAGING / "run.sh", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
