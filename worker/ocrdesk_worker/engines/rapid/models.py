"""The two neural models, as they come in RapidOCR's wheel: one finds lines of text, one reads them."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Before it loads: some of its versions tell their maker of each use, over the network and from a thread of their own.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.errors import engine_failed
from ocrdesk_worker.preprocess.opencv import np

INSTALL = "pip install 'ocrdesk[photo]'"

Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


class Model:
    """An ONNX model with one input and one output.

    It has no threads of its own: a worker process has a core, and task processes are forked from a process that
    has the models loaded.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # what a large page took is given back
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.metadata: dict[str, str] = self._session.get_modelmeta().custom_metadata_map

    def __call__(self, batch: Floats) -> Floats:
        """What the model makes of a batch. Raises Fault when it cannot, for want of memory most likely."""
        try:
            output: Floats = self._session.run(None, {self._input: batch})[0]
        except Exception as error:  # its errors have no type in common
            raise engine_failed() from error
        return output


def model_path(kind: str) -> Path:
    """The model of that kind, `det` or `rec`, in RapidOCR's wheel, which is not imported. Raises EngineMissing."""
    wheel = find_spec("rapidocr")
    found = sorted((Path(wheel.origin).parent / "models").glob(f"*_{kind}_*.onnx")) if wheel and wheel.origin else []
    if not found:
        raise EngineUnavailableError(INSTALL)
    return found[-1]
