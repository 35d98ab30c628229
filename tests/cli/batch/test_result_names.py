"""Names of results: the tree of the inputs, distinct, and short enough."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePath

import pytest

from ocrdesk.cli.batch.inputs import Input
from ocrdesk.cli.batch.result_names import result_paths


def named(*paths: str) -> list[Input]:
    return [Input(Path(path), PurePath(Path(path).name)) for path in paths]


def names(inputs: list[Input], folder: Path, suffix: str = ".txt") -> list[str]:
    return [path.relative_to(folder).as_posix() for path in result_paths(inputs, folder, suffix)]


def test_a_result_has_its_sources_name_with_a_suffix(tmp_path: Path) -> None:
    assert names(named("a/one.png", "b/two.pdf"), tmp_path) == ["one.png.txt", "two.pdf.txt"]


def test_files_of_one_name_keep_the_folders_in_which_they_differ(tmp_path: Path) -> None:
    found = names(named("x/a/page.png", "x/b/page.png", "x/other.png", "x/page.png"), tmp_path)
    assert found == ["a/page.png.txt", "b/page.png.txt", "other.png.txt", "page.png.txt"]


def test_what_still_has_one_name_gets_a_number(tmp_path: Path) -> None:
    inputs = [Input(None, PurePath("stdin")), *named("stdin"), *named("x/stdin")]
    assert names(inputs, tmp_path) == ["stdin.txt", "stdin-2.txt", "stdin-3.txt"]


@pytest.mark.parametrize("letter", ["n", "ü", "文", "\U0001f600"])
def test_long_names_are_shortened_and_differ(tmp_path: Path, letter: str) -> None:
    long = letter * (251 // len(letter.encode()))
    found = result_paths(named(f"{long}.png", f"{long}.tif", f"{long}.pdf"), tmp_path, ".docx")
    assert len(set(found)) == 3
    for path in found:
        path.write_bytes(b"the file system accepts it")
        assert path.suffix == ".docx"
        assert path.name.startswith(letter * 40)
    again = result_paths(named(f"{long}.pdf"), tmp_path, ".docx")
    assert again == [found[2]], "the name depends on the run"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems require names in UTF-8")
def test_names_that_are_not_utf8_keep_their_bytes(tmp_path: Path) -> None:
    source = os.fsdecode(b"caf\xe9.png")
    (path,) = result_paths(named(source), tmp_path, ".txt")
    assert os.fsencode(path.name) == b"caf\xe9.png.txt"
    (long,) = result_paths(named(os.fsdecode(b"\xe9" * 251 + b".png")), tmp_path, ".txt")
    long.write_bytes(b"the file system accepts it")
