"""The warm-up reads a generated page, so that task processes find everything loaded; it never stops a worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.processes.warm_up import warm_up
from tests.helpers.processes import clean_env


def test_everything_that_each_page_needs_is_loaded_after_it() -> None:
    code = """
import sys
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.processes.warm_up import warm_up
warm_up(Engines(collect()))
print(*sorted({"PIL.PngImagePlugin", "pypdfium2", "numpy"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    assert done.stdout == "PIL.PngImagePlugin numpy pypdfium2\n"


def test_a_machine_without_languages_can_start(tmp_path: Path) -> None:
    warm_up(Engines(TessData(tmp_path)))
