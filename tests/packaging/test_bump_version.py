"""`python packaging/bump_version.py` changes every file that repeats the version, or nothing at all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.packaging.repository import ROOT

_COPIED = ("api", "docs", "ocrdesk", "packaging", "worker")
_CHANGED = [
    "CHANGELOG.md",
    "CITATION.cff",
    "docs/openapi.json",
    "ocrdesk/__init__.py",
    "packaging/kubernetes/chart/Chart.yaml",
    "packaging/ocrdesk.metainfo.xml",
    "pyproject.toml",
]


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of this tree, with version 1.2.3, which is not released."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    copied = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__", "screenshots", "*.egg-info")
    for name in _COPIED:
        shutil.copytree(ROOT / name, copied / name, ignore=ignored)
    for file in [*ROOT.glob("*.md"), *(ROOT / name for name in ("CITATION.cff", "pyproject.toml", ".gitignore"))]:
        shutil.copy(file, copied)
    changelog = copied / "CHANGELOG.md"
    changelog.write_text(re.sub(r"^## .*$", "## 1.2.3 (unreleased)", changelog.read_text("utf-8"), count=1, flags=re.M))
    project = copied / "pyproject.toml"
    project.write_text(re.sub(r'^version = ".*"$', 'version = "1.2.3"', project.read_text("utf-8"), flags=re.M))
    subprocess.run([sys.executable, str(copied / "packaging" / "project_facts.py")], check=True)
    git(copied, "init", "--quiet")
    commit(copied)
    return copied


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Everything")


def bump(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "packaging" / "bump_version.py"), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=120)


def changed_files(root: Path) -> list[str]:
    return [line[3:] for line in git(root, "status", "--porcelain").splitlines()]


def headings(root: Path) -> list[str]:
    return re.findall(r"^## (.*)$", (root / "CHANGELOG.md").read_text("utf-8"), flags=re.M)


def test_every_file_gets_the_new_version(copy: Path) -> None:
    done = bump(copy, "1.3.0")
    assert done.returncode == 0, done.stderr
    assert changed_files(copy) == _CHANGED
    assert tomllib.loads((copy / "pyproject.toml").read_text("utf-8"))["project"]["version"] == "1.3.0"
    assert '__version__ = "1.3.0"' in (copy / "ocrdesk" / "__init__.py").read_text("utf-8")
    assert yaml.safe_load((copy / "CITATION.cff").read_text("utf-8"))["version"] == "1.3.0"
    assert "/raw/v1.3.0/docs/" in (copy / "packaging" / "ocrdesk.metainfo.xml").read_text("utf-8")
    assert json.loads((copy / "docs" / "openapi.json").read_text("utf-8"))["info"]["version"] == "1.3.0"
    assert headings(copy)[0] == "1.3.0 (unreleased)"
    assert not [line for line in headings(copy) if line.startswith("1.2.3")]


def test_release_is_dated_everywhere_and_stays_below_the_next_version(copy: Path) -> None:
    done = bump(copy, "--release")
    assert done.returncode == 0, done.stderr
    version, _, day = headings(copy)[0].partition(" ")
    released = day.strip("()")
    assert version == "1.2.3"
    assert date.fromisoformat(released)
    assert str(yaml.safe_load((copy / "CITATION.cff").read_text("utf-8"))["date-released"]) == released
    metainfo = (copy / "packaging" / "ocrdesk.metainfo.xml").read_text("utf-8")
    assert f'<release version="1.2.3" date="{released}"/>' in metainfo
    commit(copy)
    again = bump(copy, "--release")
    assert again.returncode == 1
    assert again.stderr == f"Version 1.2.3 has the release date {released} already.\n"
    assert bump(copy, "1.3.0rc1").returncode == 0
    assert headings(copy)[:2] == ["1.3.0rc1 (unreleased)", f"1.2.3 ({released})"]
    assert "date-released" not in (copy / "CITATION.cff").read_text("utf-8")


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("1.2.3", "1.2.3 is not higher than 1.2.3."),
        ("1.2.2", "1.2.2 is not higher than 1.2.3."),
        ("1.2.3rc1", "1.2.3rc1 is not higher than 1.2.3."),
        ("2.0", "2.0 is not a version such as 1.2.3 or 1.2.3rc1."),
        ("v2.0.0", "v2.0.0 is not a version such as 1.2.3 or 1.2.3rc1."),
        ("next", "next is not a version such as 1.2.3 or 1.2.3rc1."),
    ],
)
def test_version_that_is_not_higher_changes_nothing(copy: Path, version: str, reason: str) -> None:
    done = bump(copy, version)
    assert (done.returncode, done.stderr) == (1, f"{reason}\n")
    assert changed_files(copy) == []


def test_checkout_with_changes_is_refused(copy: Path) -> None:
    (copy / "notes.txt").write_text("not committed")
    done = bump(copy, "1.3.0")
    assert done.returncode == 1
    assert done.stderr == "Commit or stash these changes first:\n?? notes.txt\n"
    assert changed_files(copy) == ["notes.txt"]


def test_folder_without_git_is_refused(copy: Path) -> None:
    shutil.rmtree(copy / ".git")
    done = bump(copy, "1.3.0")
    assert done.returncode == 1
    assert done.stderr.startswith("This is not a git checkout: ")
