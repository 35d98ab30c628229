"""The scenarios on several hosts in their short form; check.sh --long runs the command as it is documented."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.long_form import LONG_TESTS
from tests.helpers.network_hosts import why_impossible
from tests.helpers.processes import end
from tests.hosts.scenarios import SCENARIOS

SHORT = ("cut worker", "cut api", "bad line")
NAMES = tuple(SCENARIOS) if LONG_TESTS else SHORT
SHORT_FORM = ("--jobs", "1", "--pages", "3")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if why := why_impossible():
        pytest.skip(why)
    out = tmp_path_factory.mktemp("hosts") / "results.json"
    only = [word for name in NAMES for word in ("--only", name)]
    command = [sys.executable, "-m", "tests.hosts", *(() if LONG_TESTS else SHORT_FORM), *only, "--out", str(out)]
    said = out.with_name("said.txt")
    with said.open("wb") as text:
        program = subprocess.Popen(command, cwd=_root(), stdin=subprocess.DEVNULL, stdout=text, stderr=text)
    try:
        program.wait()
    finally:
        end(program, 60)  # if the test's time is up
    print(said.read_text())
    assert out.exists(), said.read_text()
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def _root() -> Path:
    return Path(__file__).resolve().parents[2]


@pytest.mark.timeout(1800 if LONG_TESTS else 180)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_committed_once(results: dict[str, Any], name: str) -> None:
    figures = results[name]
    if "skipped" in figures:
        pytest.skip(figures["skipped"])
    assert "broken" not in figures, figures["broken"]
