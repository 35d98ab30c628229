"""Tries a language's data before it is installed: Tesseract loads it and reads with it, in this limited process."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from ocrdesk_worker import sandbox

_MEMORY_MB = 2048
_PROCESSOR_S = 60.0
_NAME = "tried"


def try_language(file: Path) -> int:
    """The exit code: 0 when it can be used, or when there is no library here to try it with.

    Data that is bad enough ends this process with a signal, which says the same.
    """
    sandbox.limit_memory(_MEMORY_MB)
    sandbox.limit_cpu(_PROCESSOR_S)
    try:
        import tesserocr
        from PIL import Image, ImageDraw
    except ImportError:
        return 0
    with tempfile.TemporaryDirectory(prefix="ocrdesk-") as folder:
        (Path(folder) / f"{_NAME}.traineddata").symlink_to(file.absolute())
        try:
            with tesserocr.PyTessBaseAPI(path=folder + os.sep, lang=_NAME, oem=tesserocr.OEM.LSTM_ONLY) as api:
                picture = Image.new("L", (200, 60), 255)
                ImageDraw.Draw(picture).text((20, 20), "Hamburg 1234", fill=0)
                api.SetImage(picture)
                api.Recognize()
        except RuntimeError as error:
            print(error, file=sys.stderr)  # noqa: T201  # to who asked
            return 1
    return 0
