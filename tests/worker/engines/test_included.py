"""The factories of the included engines say what is missing, and import an engine only to use it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrdesk.installation import this_installation
from ocrdesk_worker.engines.included import INCLUDED_TARGETS, RAPID, TESSERACT, TESSERACT_CLI
from ocrdesk_worker.engines.interface import EngineFactory, TessData
from tests.helpers.processes import clean_env

FACTORIES: list[EngineFactory] = [TESSERACT, TESSERACT_CLI, RAPID]


def test_there_is_a_factory_for_each_entry_point() -> None:
    assert [factory.name for factory in FACTORIES] == list(INCLUDED_TARGETS)


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.name)
def test_an_available_engine_is_created_under_its_name(factory: EngineFactory, data: TessData) -> None:
    if reason := factory.unavailable_because():
        pytest.skip(reason)
    assert factory.create(data).source == factory.name


@pytest.mark.parametrize(
    ("name", "package", "fix"),
    [
        ("TESSERACT", "tesserocr", this_installation().add_package("tesserocr")),
        ("TESSERACT_CLI", "pytesseract", this_installation().add_package("pytesseract")),
        ("RAPID", "onnxruntime", this_installation().add_extra("photo")),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(name: str, package: str, fix: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from ocrdesk_worker.engines.included import {name}; "
    code += f"print({name}.unavailable_because())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    assert done.stdout.endswith(f"Get it with: {fix}\n")


def test_the_factories_alone_load_no_engine() -> None:
    code = "import sys; import ocrdesk_worker.engines.included; "
    code += "print(*sorted({'tesserocr', 'pytesseract', 'onnxruntime', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    assert done.stdout == "\n"
