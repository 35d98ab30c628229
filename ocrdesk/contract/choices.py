"""What a job or a result can be asked for: modes of recognition, formats and the time of a local page."""

# Imports quickly: the command line needs it at every start.
from __future__ import annotations

from enum import StrEnum

LOCAL_PAGE_TIMEOUT_S = 300.0
"""The least time limit for a page of this machine's own desktop and commands, in seconds of processor time."""


class RecognitionMode(StrEnum):
    """What happens to the text that a PDF page already contains.

    `auto` keeps good text and recognises the other pages, and images on a page that its text leaves out. `force`
    recognises every page, `text-layer-only` none: a page without good text, or with text that leaves much out, fails
    as `no_text_layer`.
    """

    AUTO = "auto"
    FORCE = "force"
    TEXT_LAYER_ONLY = "text-layer-only"

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        return _MODES[self]


_MODES = {
    RecognitionMode.AUTO: "keep the text of PDF pages that contain good text, and recognise the rest",
    RecognitionMode.FORCE: "recognise every page",
    RecognitionMode.TEXT_LAYER_ONLY: "recognise nothing; pages without good text fail",
}


class ResultFormat(StrEnum):
    """The formats of a result."""

    TEXT = "text"
    JSON = "json"
    HOCR = "hocr"
    ALTO = "alto"
    TSV = "tsv"
    MD = "md"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"
    EPUB = "epub"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


CAN_OMIT_HEADERS_FOOTERS = (
    ResultFormat.TEXT,
    ResultFormat.MD,
    ResultFormat.HTML,
    ResultFormat.DOCX,
    ResultFormat.ODT,
    ResultFormat.EPUB,
)
"""The formats for continuous reading, which headers, footers and page numbers interrupt."""


def describe_modes() -> str:
    """Return all modes with what they do, as a sentence for help texts."""
    return "; ".join(f"{mode}: {mode.summary}" for mode in RecognitionMode) + "."
