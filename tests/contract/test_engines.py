"""Engine names: what a name may look like, and which are installed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.contract.engines import (
    INCLUDED_ENGINES,
    RESERVED_NAMES,
    EngineName,
    engine_name_problem,
    installed_engine_names,
)


@pytest.mark.parametrize("name", [*INCLUDED_ENGINES, "a", "my-engine_2", "x" * 40])
def test_a_safe_name_is_accepted(name: str) -> None:
    assert engine_name_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "A", "-a", "1a", "a.b", "a/b", "a b", "a\n", "ä", "x" * 41, "page:engine", *sorted(RESERVED_NAMES)]
)
def test_a_name_that_is_unsafe_or_means_something_else_is_not(name: str) -> None:
    assert engine_name_problem(name)


def test_the_included_engines_are_always_named() -> None:
    assert installed_engine_names()[:4] == (EngineName.AUTO, *INCLUDED_ENGINES)


def test_engines_of_other_packages_are_named_without_importing_them(tmp_path: Path) -> None:
    announced = tmp_path / "other-1.0.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (announced / "entry_points.txt").write_text(
        "[ocrdesk.engines]\nother = no_such_module:FACTORY\nUnsafe Name = x:y\nauto = x:y\nrapid = x:y\n"
    )
    code = f"import sys; sys.path.append({str(tmp_path)!r}); "
    code += "from ocrdesk.contract.engines import installed_engine_names; print(*installed_engine_names())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "other" in done.stdout.split()[4:]
    assert done.stdout.split().count("rapid") == done.stdout.split().count("auto") == 1
    assert "Unsafe" not in done.stdout
