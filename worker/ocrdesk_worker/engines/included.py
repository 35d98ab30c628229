"""The factories of the included engines. Each imports its engine only when it is used."""

from __future__ import annotations

from ocrdesk.contract.engines import EngineName
from ocrdesk.installation import this_installation
from ocrdesk_worker.engines.interface import Engine, EngineUnavailableError, TessData

INCLUDED_TARGETS = {
    EngineName.TESSERACT: "ocrdesk_worker.engines.included:TESSERACT",
    EngineName.TESSERACT_CLI: "ocrdesk_worker.engines.included:TESSERACT_CLI",
    EngineName.RAPID: "ocrdesk_worker.engines.included:RAPID",
}
"""The entry points of pyproject.toml. They count too if the installed metadata is older than this code."""


class TesseractFactory:
    """Tesseract in the worker's own process."""

    name = EngineName.TESSERACT

    def unavailable_because(self) -> str | None:
        try:
            import tesserocr  # noqa: F401
        except ImportError:
            return _not_installed("package tesserocr", this_installation().add_package("tesserocr"))
        return None

    def create(self, data: TessData) -> Engine:
        from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine

        return TesseractEngine(data)


class TesseractCliFactory:
    """The tesseract program."""

    name = EngineName.TESSERACT_CLI

    def unavailable_because(self) -> str | None:
        try:
            from ocrdesk_worker.engines.tesseract import command
        except ImportError:
            return _not_installed("package pytesseract", this_installation().add_package("pytesseract"))
        if command.find_binary() is None:
            return "There is no tesseract program. Get it with: apt-get install tesseract-ocr"
        return None

    def create(self, data: TessData) -> Engine:
        from ocrdesk_worker.engines.tesseract.command import TesseractCliEngine

        return TesseractCliEngine(data)


class RapidFactory:
    """The PP-OCR models on ONNX Runtime."""

    name = EngineName.RAPID

    def unavailable_because(self) -> str | None:
        try:
            from ocrdesk_worker.engines.rapid import models

            for kind in models.MODELS:
                try:
                    models.model_path(kind)
                except models.ModelDiffersError as error:
                    return str(error)
        except (ImportError, EngineUnavailableError):
            return _not_installed("extra `photo`", this_installation().add_extra("photo"))
        return None

    def create(self, data: TessData) -> Engine:
        from ocrdesk_worker.engines.rapid.engine import RapidEngine
        from ocrdesk_worker.engines.rapid.rereading import Rereader

        return RapidEngine(data, Rereader())


def _not_installed(part: str, command: str) -> str:
    return f"The {part} is not installed. Get it with: {command}"


TESSERACT = TesseractFactory()
TESSERACT_CLI = TesseractCliFactory()
RAPID = RapidFactory()
