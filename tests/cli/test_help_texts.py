"""The help names every engine, mode and format as they are defined."""

from __future__ import annotations

import subprocess
import sys

from ocrdesk.contract.choices import RecognitionMode, ResultFormat
from ocrdesk.contract.engines import INCLUDED_ENGINES
from tests.helpers.processes import clean_env, run_ocrdesk


def words(text: str) -> set[str]:
    """Return the words of a help text, which is wrapped in narrow columns."""
    return set(text.replace("│", " ").replace(",", " ").replace(":", " ").replace("|", " ").replace(".", " ").split())


def test_the_help_names_every_engine_mode_and_format() -> None:
    shown = run_ocrdesk("ocr", "--help", COLUMNS="400")
    assert shown.returncode == 0
    assert {"auto", *INCLUDED_ENGINES, *RecognitionMode} <= words(shown.stdout)
    assert "|".join(ResultFormat) in shown.stdout


def test_a_wrong_engine_is_answered_with_the_names_of_all() -> None:
    wrong = run_ocrdesk("ocr", "--engine", "abacus", "x.png", COLUMNS="400")
    assert wrong.returncode == 2
    assert {"auto", *INCLUDED_ENGINES} <= words(wrong.stderr)


def test_neither_help_nor_start_loads_an_engine_or_what_it_needs() -> None:
    code = """
import sys
from ocrdesk.cli import app
at_start = {"importlib.metadata", "pydantic", "ocrdesk_worker"} & set(sys.modules)
try:
    app.app(["ocr", "--help"])
except SystemExit:
    pass
heavy = {"numpy", "tesserocr", "onnxruntime", "PIL", "ocrdesk_worker", "redis"} & set(sys.modules)
print(sorted(at_start), sorted(heavy), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    assert done.stderr == "[] []\n"
