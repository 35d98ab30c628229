"""Chooses the format from the Accept header."""

from __future__ import annotations

from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.export.formats import FORMATS

OCTET_STREAM = "application/octet-stream"
"""The type of files whose content does not matter to the caller."""

_DEFAULT_TYPES = ("application/json", "application/*", "*/*")
"""These get the default JSON response."""
_HTML = "text/html"
_FORMATS_BY_TYPE = {
    found.media_type.partition(";")[0]: form for form, found in FORMATS.items() if form is not ResultFormat.JSON
}


def accepted_format(header: str) -> ResultFormat | None:
    """Return the preferred format; None for the default JSON response, which browsers get too.

    Browsers prefer HTML and accept everything. They should see a job's state before it has a result.
    """
    best: tuple[float, ResultFormat | None] = (0.0, None)
    is_browser = "*/*" in header
    for part in header.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = _quality(parameters)
        if quality > best[0] and (kind in _FORMATS_BY_TYPE or kind in _DEFAULT_TYPES):
            best = (quality, None if is_browser and kind == _HTML else _FORMATS_BY_TYPE.get(kind))
    return best[1]


def wants_octet_stream(header: str) -> bool:
    """Return whether the caller accepts a file only as bytes of no particular type, as some generated clients do."""
    return header.partition(";")[0].strip().lower() == OCTET_STREAM


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
