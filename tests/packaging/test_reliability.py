"""docs/reliability.md is current and names tests that exist."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.record import figures_of, record
from tests.packaging.repository import ROOT

SCRIPT = ROOT / "packaging" / "reliability.py"
CONTENT = tomllib.loads((ROOT / "packaging" / "reliability.toml").read_text("utf-8"))


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    import reliability  # type: ignore[import-not-found]  # a script

    return reliability


def test_the_page_is_current() -> None:
    checked = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_every_promise_and_every_fault_has_a_test() -> None:
    assert CONTENT["promise"]
    assert [row for row in (*CONTENT["promise"], *CONTENT["fault"]) if not row["tests"]] == []


def test_a_test_that_does_not_exist_is_named(generator: Any) -> None:
    assert generator.missing_tests(CONTENT) == []
    wrong = {"promise": [{"tests": ["tests/test_docs.py::test_nothing", "tests/none.py::test_x"]}], "fault": []}
    assert generator.missing_tests(wrong) == ["tests/none.py::test_x", "tests/test_docs.py::test_nothing"]


def test_recorded_figures_are_on_the_page(generator: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    run = {
        **{"command": "python -m tests.chaos", "version": "1", "seed": 41, "storage": "redis", "jobs": 90},
        **{"accepted": 89, "pages": 170, "seconds": 61.4, "drain_seconds": 2.5, "taken_back_by_rollbacks": 1},
        **{"skipped": ["the disk of files is full: no disk may be mounted here"], "faults": {"a worker is killed": 3}},
        **{"answers": {"200": 5, "500": 2}, "violations": [{}], "schedule": ["left out"]},
    }
    record("chaos", [figures_of(run)], file)
    record("rerun", {"command": "x", "seconds": {"pool killed": [8.25, 9.0]}, "limits_s": {"pool killed": 15}}, file)
    assert "schedule" not in json.dumps(json.loads(file.read_text("utf-8")))
    monkeypatch.setattr(generator, "FIGURES", file)
    page = generator.page()
    assert "| 41 | redis | 89 | 170 | 3 | 61 | 2 s | 1 | 2 | 1 |" in page
    assert "Skipped: the disk of files is full" in page
    assert "| pool killed | 2 | 9.0 s | 15 s |" in page
