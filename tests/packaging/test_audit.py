"""The audit: what a licence allows, what the installed packages state, and what pip-audit says."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.helpers.processes import clean_env
from tests.packaging.repository import PACKAGING

SCRIPT = PACKAGING / "audit.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_licences(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--licences"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean_env(**environment))


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "MIT-CMU",
        "Apache License 2.0",
        "BSD-3-Clause, Apache-2.0, dependency licenses",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        "MPL-2.0 AND MIT",
        "GPL-3.0-or-later OR MIT",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "The Unlicense (Unlicense)",
    ],
)
def test_licence_that_allows_distribution(audit: ModuleType, licence: str) -> None:
    assert audit.problem_with(licence) is None


@pytest.mark.parametrize(
    "licence",
    [
        "AGPL-3.0-only",
        "GPL-3.0-or-later",
        "MIT AND GPL-2.0-only",
        "LGPL-3.0-only AND GPL-3.0-only",
        "GNU General Public License v3 (GPLv3)",
        "GNU Affero General Public License v3",
    ],
)
def test_licence_that_forbids_distribution(audit: ModuleType, licence: str) -> None:
    assert "forbids" in audit.problem_with(licence)


@pytest.mark.parametrize("licence", ["", "Proprietary", "SSPL-1.0"])
def test_licence_that_nobody_has_read(audit: ModuleType, licence: str) -> None:
    assert "not known" in audit.problem_with(licence)


def test_all_that_is_installed_may_be_distributed() -> None:
    done = run_licences()
    assert done.returncode == 0, done.stdout
    named = {line.split()[0] for line in done.stdout.splitlines() if "  " in line}
    assert {"httpx2", "fastapi", "pyside6-essentials", "pydantic-core", "starlette"} <= named


def test_package_under_another_licence_is_a_failure(tmp_path: Path) -> None:
    metadata = tmp_path / "shellingham-9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.4\nName: shellingham\nVersion: 9\nLicense-Expression: AGPL-3.0-only\n")
    done = run_licences(PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "shellingham: its licence (AGPL-3.0-only) forbids" in done.stdout


def test_vulnerable_packages_are_named_with_the_version_that_is_not(audit: ModuleType) -> None:
    found = {
        "dependencies": [
            {"name": "one", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": []}]},
            {"name": "two", "version": "2.0", "vulns": []},
            {"name": "three", "skip_reason": "Dependency not found"},
        ],
        "fixes": [],
    }
    lines, vulnerable = audit.vulnerabilities(json.dumps(found))
    assert vulnerable == 1
    assert lines == ["Vulnerabilities: 1 of 2 packages, 1 without data.", "one 1.0: PYSEC-1; fixed in 1.1"]


@pytest.mark.parametrize(
    "output",
    ["", "no JSON", "{}", '{"dependencies": [{"name": "one", "skip_reason": "Dependency not found"}], "fixes": []}'],
)
def test_missing_data_is_said_and_is_no_failure(audit: ModuleType, output: str) -> None:
    """pip-audit itself says that there is no known vulnerability, also when it knows nothing about any package."""
    lines, vulnerable = audit.vulnerabilities(output)
    assert vulnerable == 0
    assert "not checked" in lines[0]
