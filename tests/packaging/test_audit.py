"""The audit: what a licence allows, what the installed packages state, and what pip-audit says."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from types import ModuleType

import pytest

from tests.helpers.processes import clean_env
from tests.packaging.repository import PACKAGING

SCRIPT = PACKAGING / "audit.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    sys.path.insert(0, str(PACKAGING))
    import audit

    sys.path.remove(str(PACKAGING))
    return audit


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
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "FTL OR GPL-2.0-or-later",
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
    if sys.platform == "linux":
        assert any(name.startswith("tesserocr.libs/libleptonica-") for name in named)


def test_package_under_another_licence_is_a_failure(tmp_path: Path) -> None:
    metadata = tmp_path / "shellingham-9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.4\nName: shellingham\nVersion: 9\nLicense-Expression: AGPL-3.0-only\n")
    done = run_licences(PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "shellingham: its licence (AGPL-3.0-only) forbids" in done.stdout


class Bundling(PathDistribution):
    """A package in a folder, with libraries."""

    def __init__(self, folder: Path, *names: str) -> None:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"\x7fELF" if ".so" in name else b"text")
        record = folder / "some-1.dist-info" / "RECORD"
        record.parent.mkdir()
        record.write_text("".join(f"{name},,\n" for name in names))
        super().__init__(record.parent)


def report_on(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, *packages: Distribution) -> int:
    monkeypatch.setattr(audit, "installed", lambda: dict(enumerate(packages)))
    return int(audit.report_native_licences())


def test_a_bundled_library_that_nobody_has_read_the_licence_of_is_a_problem(
    audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = Bundling(
        tmp_path, "some.libs/libzstd-1a.so.1", "some.libs/libother-2b.so", "some/module.so", "some/readme"
    )
    assert report_on(audit, monkeypatch, package) == 1
    printed = capsys.readouterr().out
    assert "2 libraries and programs" in printed
    assert "some.libs/libother-2b.so: its licence is not known here" in printed


def test_a_bundled_library_under_the_gpl_is_a_problem_unless_it_is_the_one_that_is_replaced(
    audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = Bundling(tmp_path, "other.libs/libjbig-1a.so.2", "tesserocr.libs/libjbig-1a.so.2")
    assert report_on(audit, monkeypatch, package) == 1
    printed = capsys.readouterr().out
    assert "other.libs/libjbig-1a.so.2: its licence (GPL-2.0-or-later) forbids distribution under MIT" in printed
    assert "GPL-2.0-or-later; our own packages replace it" in printed


def test_a_bundled_library_that_our_packages_leave_out_needs_no_licence(
    audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = Bundling(tmp_path, "PySide6/Qt/lib/libQt6Lottie.so.6", "PySide6/Qt/qml/QtQuick/libqtquick2plugin.so")
    assert report_on(audit, monkeypatch, package) == 0
    assert "leave out 2 more" in capsys.readouterr().out


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
