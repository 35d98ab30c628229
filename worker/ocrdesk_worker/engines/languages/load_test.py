"""Tests new language data in a limited process.

Tesseract loads the data and reads a line with it before it is installed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from ocrdesk_worker.sandbox import process_limits

_MEMORY_MB = 2048
_PROCESSOR_S = 60.0
_NAME = "tested"


def try_language(file: Path) -> int:
    """Return the exit code: 0 if the data can be used, or if this machine has no library to test it with.

    Very bad data ends this process with a signal, which means the same as exit code 1.
    """
    process_limits.limit_memory(_MEMORY_MB)
    process_limits.limit_cpu(_PROCESSOR_S)
    try:
        import tesserocr
        from PIL import Image, ImageDraw
    except ImportError:
        return 0
    with tempfile.TemporaryDirectory(prefix="ocrdesk-") as folder:
        (Path(folder) / f"{_NAME}.traineddata").symlink_to(file.absolute())
        try:
            with tesserocr.PyTessBaseAPI(path=folder + os.sep, lang=_NAME, oem=tesserocr.OEM.LSTM_ONLY) as api:
                image = Image.new("L", (200, 60), 255)
                ImageDraw.Draw(image).text((20, 20), "Hamburg 1234", fill=0)
                api.SetImage(image)
                api.Recognize()
        except RuntimeError as error:
            print(error, file=sys.stderr)  # noqa: T201  # for the caller
            return 1
    return 0
