"""The reason of a failure, as a sentence or a part of one in the interface language."""

from __future__ import annotations

from ocrdesk.contract.error_messages import DescribedError, os_reason
from ocrdesk.desktop.i18n.error_messages import translate_message


def short_reason(error: Exception) -> str:
    """Return what an exception says: its message, or an operating system error's reason without its path."""
    if isinstance(error, DescribedError):
        return translate_message(error.error_message)
    if isinstance(error, OSError):
        return translate_message(os_reason(error)) or type(error).__name__
    return str(error) or type(error).__name__
