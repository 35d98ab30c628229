"""Why something failed, as the window's sentences have it: without the number and the path of a system's error."""

from __future__ import annotations

from ocrdesk.desktop.i18n.error_messages import translate_error


def short_reason(error: Exception) -> str:
    """The system's own words for what a disk or the like did; else what the exception says."""
    return translate_error(getattr(error, "strerror", None) or str(error)) or type(error).__name__
