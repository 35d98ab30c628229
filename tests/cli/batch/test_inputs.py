"""What the FILE arguments become."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from ocrdesk.cli.batch.inputs import InputError, expand
from tests.helpers.sample_files import text_png


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of two images of one name, in the working folder."""
    for name in ("tree/one/page.png", "tree/two/page.png", "tree/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def places(*arguments: str) -> list[str]:
    return [file.place.as_posix() for file in expand(arguments)]


@pytest.mark.usefixtures("tree")
def test_a_folder_keeps_its_tree() -> None:
    assert places("tree") == places("tree/") == places("./tree/.") == ["one/page.png", "two/page.png"]
    assert places(".") == ["tree/one/page.png", "tree/two/page.png"]


@pytest.mark.usefixtures("tree")
def test_several_folders_keep_their_names() -> None:
    assert places("tree/one", "tree/two") == ["one/page.png", "two/page.png"]
    assert places("tree", "tree/notes.txt") == ["tree/one/page.png", "tree/two/page.png", "notes.txt"]


@pytest.mark.usefixtures("tree")
def test_a_file_given_twice_is_read_once() -> None:
    twice = ["tree", "./tree", "tree/one/page.png", "tree/../tree/one/page.png"]
    assert len(expand(twice)) == 2
    assert len(expand(twice, with_repeats=True)) == 6


def test_the_output_folder_is_skipped_in_an_input_folder(tree: Path) -> None:
    assert [file.label for file in expand(["tree"], skip=tree / "tree" / "one")] == ["tree/two/page.png"]
    assert len(expand(["tree"], skip=Path("tree"))) == len(expand(["tree"], skip=tree)) == 2


@pytest.mark.usefixtures("tree")
def test_an_empty_folder_and_an_unreadable_one_are_problems() -> None:
    Path("empty").mkdir()
    assert [file.problem for file in expand(["empty"])] == ["this folder contains no supported files"]


def test_a_named_file_is_read_whatever_its_name(tree: Path) -> None:
    assert places("tree/notes.txt", "gone") == ["notes.txt", "gone"]
    (tree / "scan0001").write_bytes(text_png("Hello"))
    assert places(".")[0] == "scan0001"


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(InputError, match="empty name"):
        expand([""])


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert [(file.path, file.label) for file in expand(["-"])] == [(None, "stdin")]
    assert [file.path for file in expand(["./-"])] == [Path("-")]
    with pytest.raises(InputError, match="only once"):
        expand(["-", "-"])


def test_a_terminal_and_a_closed_stream_are_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="closed"):
        expand(["-"])
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    with pytest.raises(InputError, match="terminal"):
        expand(["-"])
