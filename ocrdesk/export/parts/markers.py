"""The markers of list items and footnotes, as the beginnings of their texts; also after corrections."""

from __future__ import annotations

from typing import Any

from ocrdesk.contract.document import Block, Line
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.parts.list_numbers import is_bullet, readings
from ocrdesk.export.parts.note_references import mark_of

_TICKED = {
    **dict.fromkeys(("\u2611", "\u2612", "\u2714", "\u2713", "[x]", "[X]", "(x)", "(X)"), True),
    **dict.fromkeys(("\u2610", "\u25a1", "\u25a2", "\u25fb", "\u274f", "\u2751", "[]", "[ ]", "( )"), False),
}
_WITH_MARKERS = (BlockRole.LIST_ITEM, BlockRole.FOOTNOTE)


def split_marker(marker: str | None, text: str) -> tuple[str, str]:
    """Return the marker at the beginning of a text, and the rest.

    If the text begins with another one than `marker`, because it was corrected, that one counts.
    """
    if not marker:
        return "", text
    if text.startswith(marker):
        return marker, text[len(marker) :].lstrip()
    first, _, rest = text.partition(" ")
    return (first, rest.lstrip()) if rest and _is_marker(first) else ("", text)


def corrected_block(block: Block, lines: tuple[Line, ...]) -> Block:
    """Return the block with corrected lines, and with the marker that they begin with."""
    corrected = block.model_copy(update={"lines": lines})
    if block.role not in _WITH_MARKERS:
        return corrected
    before, after = _first_words(block), _first_words(corrected)
    marker = _corrected_marker(block.marker, before, after)
    if marker == block.marker:
        return corrected
    changes: dict[str, Any] = {"marker": marker}
    if block.role is BlockRole.LIST_ITEM:
        changes["ticked"] = _TICKED.get(marker or "")
    return corrected.model_copy(update=changes)


def _corrected_marker(marker: str | None, before: tuple[str, ...], after: tuple[str, ...]) -> str | None:
    """Return the marker of a line whose words were corrected; None if it has none any more."""
    if marker and " ".join(after).startswith(marker):
        return marker
    count = next((n for n in range(1, len(before) + 1) if marker and " ".join(before[:n]) == marker), 0)
    if count and len(before) == len(after) and before[count:] == after[count:]:
        return " ".join(after[:count])  # its own words were corrected, to whatever it is
    return after[0] if len(after) > 1 and _is_marker(after[0]) else None


def _first_words(block: Block) -> tuple[str, ...]:
    return next((tuple(word.text for word in line.words) for line in block.lines if line.words), ())


def _is_marker(text: str) -> bool:
    return bool(readings(text)) or is_bullet(text) or mark_of(text) is not None or text in _TICKED
