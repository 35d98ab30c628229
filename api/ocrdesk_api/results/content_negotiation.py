"""Which format an Accept header asks for."""

from __future__ import annotations

from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.export.formats import FORMATS

# JSON is what the answer is without any wish, and `*/*` is none.
_ENVELOPE = ("application/json", "application/*", "*/*", "text/html")
_FORMS = {found.media_type.partition(";")[0]: form for form, found in FORMATS.items() if form is not ResultFormat.JSON}


def accepted_format(header: str) -> ResultFormat | None:
    """The format that is liked best, or None where the usual JSON answer is (or nothing known is asked for)."""
    best: tuple[float, ResultFormat | None] = (0.0, None)
    for part in header.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = _quality(parameters)
        if quality > best[0] and (kind in _FORMS or kind in _ENVELOPE):
            best = (quality, _FORMS.get(kind))
    return best[1]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
