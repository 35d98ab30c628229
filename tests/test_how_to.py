"""The how-to pages work: their steps are applied to a copy of the tree, and the tests that they add pass there.

A page's steps are its code blocks. A `diff` block changes the file that the heading, or the line before the block,
names: its lines without `+` are in the file exactly once. A block of `+` lines is added at the end. A `python` block
is a whole new file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.long_form import IN_LONG_FORM

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "how-to"
_COPIED = ("api", "ocrdesk", "packaging", "tests", "worker")
_BLOCK = re.compile(r"^```(?P<kind>diff|python)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TARGET = re.compile(r"^(?:## \d+\. .*: `([\w./]+)`|.*`([\w./]+)`:)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One code block of a page, and the file that it is about."""

    path: str
    kind: str
    text: str

    def apply(self, root: Path) -> None:
        file = root / self.path
        if self.kind == "python":
            assert not file.exists(), f"{self.path} exists already"
            for folder in reversed(file.relative_to(root).parents[:-1]):
                (root / folder).mkdir(exist_ok=True)
                (root / folder / "__init__.py").touch()
            file.write_text(self.text, "utf-8")
            return
        lines = self.text.splitlines(keepends=True)
        assert all(line[0] in " +-\n" for line in lines), self.text
        before = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
        after = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
        old = file.read_text("utf-8")
        if not before:
            file.write_text(old + after, "utf-8")
            return
        assert old.count(before) == 1, f"{self.path} has these lines {old.count(before)} times:\n{before}"
        file.write_text(old.replace(before, after), "utf-8")


def steps_of(page: str) -> Iterator[Step]:
    text = (PAGES / page).read_text("utf-8")
    for block in _BLOCK.finditer(text):
        *_, target = _TARGET.finditer(text, 0, block.start())
        yield Step(target[1] or target[2], block["kind"], block["text"])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the code and its tests."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(tree: Path, *arguments: str) -> str:
    """Run Python on the copy, and return what it prints."""
    paths = os.pathsep.join(str(tree / part) for part in (".", "api", "worker"))
    environment = os.environ | {"PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen", "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=environment, capture_output=True, text=True, timeout=170
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def follow(tree: Path, page: str) -> list[str]:
    """Follow a page's steps on the copy, check the files for style, and return the tests that it changes or adds."""
    steps = list(steps_of(page))
    for step in steps:
        step.apply(tree)
    changed = sorted({step.path for step in steps})
    run(tree, "-m", "ruff", "format", "--check", "--no-cache", *changed)
    run(tree, "-m", "ruff", "check", "--no-cache", *changed)
    tests = [path for path in changed if path.startswith("tests/")]
    assert tests
    return tests


def run_tests(tree: Path, tests: list[str], *options: str) -> None:
    assert " passed" in run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *tests)


@IN_LONG_FORM
def test_an_export_format_is_added_as_its_page_says(tree: Path) -> None:
    slow = ("-k", "not real")  # tests of real scans, which do not need the new format
    run_tests(tree, follow(tree, "add-an-export-format.md"), *slow)
    described = "from tests.helpers.openapi import described; print([found.spec for found in described()])"
    assert "application/jsonl" in run(tree, "-c", described)
    assert "|jsonl>" in run(tree, "-m", "ocrdesk", "ocr", "--help")


def test_a_route_is_added_as_its_page_says(tree: Path) -> None:
    run_tests(tree, follow(tree, "add-a-route.md"))


def test_a_settings_pane_is_added_as_its_page_says(tree: Path) -> None:
    run_tests(tree, follow(tree, "add-a-settings-pane.md"))
