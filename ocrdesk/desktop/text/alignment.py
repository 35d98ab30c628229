"""Sets text flush right if it is written from right to left.

Qt's plain text views have the direction of each paragraph right, but one alignment for all of them.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from ocrdesk.layout.text_direction import is_rtl

_BEGINNING = 4000
"""Characters."""


def align_text(view: QPlainTextEdit, text: str) -> None:
    """Align all of the view's text as most of the beginning of `text` is written."""
    option = view.document().defaultTextOption()
    wanted = Qt.AlignmentFlag.AlignRight if is_rtl([text[:_BEGINNING]]) else Qt.AlignmentFlag.AlignLeft
    if option.alignment() != wanted:
        option.setAlignment(wanted)
        view.document().setDefaultTextOption(option)
