"""The neural models."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.pixels import np

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.rereading import Rereader


def test_a_failure_of_the_models_is_an_engine_failure(rereader: Rereader) -> None:
    with pytest.raises(ProcessingError) as caught:
        rereader._recognizer._model(np.zeros((1, 2, 3), np.float32))
    assert caught.value.info.code is ErrorCode.ENGINE_FAILED


def test_models_and_their_use_leave_no_threads_in_a_process_that_forks() -> None:
    code = (
        "import os, numpy as np\n"
        "from ocrdesk_worker.engines.rapid.rereading import Rereader\n"
        "rereader = Rereader()\n"
        "page = np.full((400, 900), 255, np.uint8)\n"
        "rereader._detector.detect(page, 640)\n"
        "rereader._recognizer.read([page[:60]], frozenset('abc'))\n"
        "print(len(os.listdir('/proc/self/task')))\n"
    )
    if sys.platform != "linux":
        pytest.skip("threads are counted in /proc")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "1", done.stderr
