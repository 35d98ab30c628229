"""The engine protocol; all that a plug-in imports.

A package adds an engine by naming an `EngineFactory` in the entry point group `ocrdesk.engines`:

    [project.entry-points."ocrdesk.engines"]
    my-engine = "my_package:FACTORY"

`docs/how-to/add-an-engine.md` shows the steps with an example.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ocrdesk.contract.document import Block, Box, Line, Word
from ocrdesk_worker.engines.languages.tessdata import TessData

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Block", "Box", "Engine", "EngineFactory", "EngineUnavailableError", "Line", "TessData", "Word"]


class Engine(Protocol):
    """Recognises the text of one page image at a time. It is never called by two threads at once.

    An engine is created before task processes are forked, and each of them uses its own copy: it must start no thread
    and open no connection in its constructor.

    A page is read in a confined process: it has no network, and it reads no files but the page's, language data and
    what is installed. If the engine has an attribute `runs_programs` that is True, it may start programs, which are
    confined like it.
    """

    source: str
    """The engine's name. Each of its words has the same `source`."""

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """Return the text blocks of a page image in reading order; an empty tuple for a page without text.

        `image` is upright, 8-bit grey (mode "L"), dark on light, at most a few thousand pixels wide. `dpi` is its
        resolution in pixels per inch, or 0 if unknown. `languages` are Tesseract names, most important first; all of
        them are installed.

        Boxes are (left, top, right, bottom) in whole pixels of `image`, origin top left, right and bottom exclusive.
        A box contains those of its lines, a line's those of its words. A word's confidence is its probability of being
        correct, from 0 to 1.

        Any exception fails the page, and the others of the job continue.
        """
        ...


class EngineFactory(Protocol):
    """Says whether an engine can be used on this machine, and creates it. Its module should import quickly."""

    @property
    def name(self) -> str:
        """The name of the engine: as its entry point, in lower case, as `--engine` and the API take it."""
        ...

    def unavailable_because(self) -> str | None:
        """Return why the engine cannot be used on this machine, as a sentence with the fix; None if it can be used."""
        ...

    def create(self, data: TessData) -> Engine:
        """Create the engine. Called once in a worker pool. Raises EngineUnavailableError.

        `data` is the installed Tesseract language data: `data.languages` are the names, and `data.folder` has a
        NAME.traineddata for each.
        """
        ...


class SparseEngine(Engine, Protocol):
    """An engine that can also read a page as scattered words. Only `auto` uses this."""

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """Do the same as `recognise`, but find words anywhere: without columns and paragraphs."""
        ...

    def recognise_block(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """Do the same as `recognise`, but take the page for one block of lines: upright ones for `jpn_vert`."""
        ...


@runtime_checkable
class StagedEngine(Engine, Protocol):
    """An engine with two stages, of which the second would cost most on a page that is not upright. Only `auto` is."""

    def recognise_first(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """Return what the first stage alone reads."""
        ...

    def recognise_checked(
        self,
        image: Image.Image,
        dpi: float,
        languages: tuple[str, ...],
        check: Callable[[tuple[Block, ...]], None],
    ) -> tuple[Block, ...]:
        """Do the same as `recognise`, but show `check` what the first stage read: its exception ends the reading."""
        ...


class EngineUnavailableError(Exception):
    """The engine cannot be used on this machine. The message says why and how to fix it."""
