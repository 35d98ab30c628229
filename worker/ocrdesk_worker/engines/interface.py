"""What every engine offers, and how it says that it cannot be had."""

from __future__ import annotations

from typing import Protocol

from PIL import Image

from ocrdesk.contract.document import Block, Source


class Engine(Protocol):
    """Reads one page image. Not for use by two threads at once."""

    source: Source

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """The blocks of an 8-bit grey image in reading order, boxes in its pixels.

        `dpi` is 0 when not known. `languages` are all installed. Raises Fault.
        """
        ...


class SparseEngine(Engine, Protocol):
    """An engine that can read a page in a second way too."""

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """As `recognise`, but looks for words anywhere: no columns, no paragraphs."""
        ...


class EngineUnavailableError(Exception):
    """The engine is not installed; the message is the command that mends it."""
