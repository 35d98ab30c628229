"""Removes an earlier invisible text layer.

Else the new layer would duplicate it. Only the operators that show invisible text (text rendering mode 3) are removed.
A page without any keeps its content streams byte for byte. Visible text stays, and so does text that an image covers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Operator

from ocrdesk_worker.searchable_pdf.resources import forms_of, inherited
from ocrdesk_worker.searchable_pdf.streams import compressed_stream

_log = logging.getLogger(__name__)

_INVISIBLE = 3
_MAX_DEPTH = 5
"""Forms within forms."""
_SHOW_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_BEGIN, _END, _MODE, _SAVE, _RESTORE = "BT", "ET", "Tr", "q", "Q"

_Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


def remove_invisible_text(pdf: pikepdf.Pdf, page: pikepdf.Object) -> bool:
    """Remove the invisible text of a page. Return whether there was any. Content that cannot be parsed stays."""
    kept = _without_invisible_text(page)
    if kept is not None:
        page.Contents = compressed_stream(pdf, kept)
    resources = inherited(page, "/Resources")
    found = kept is not None
    if isinstance(resources, pikepdf.Dictionary):
        found |= _clean_forms(resources, _MAX_DEPTH, set())
    return found


def _clean_forms(resources: pikepdf.Object, depth: int, seen: set[tuple[int, int]]) -> bool:
    found = False
    for _, form in forms_of(resources):
        if form.objgen in seen:
            continue
        seen.add(form.objgen)
        kept = _without_invisible_text(form)
        if kept is not None:
            form.write(kept)
            found = True
        inner = form.get("/Resources")
        if depth > 1 and isinstance(inner, pikepdf.Dictionary):
            found |= _clean_forms(inner, depth - 1, seen)
    return found


def _without_invisible_text(page_or_form: pikepdf.Object) -> bytes | None:
    """Return the content without invisible text; None if it has none."""
    try:
        if not _may_hide_text(page_or_form):
            return None
        cleaner = _Cleaner()
        cleaner.read(pikepdf.parse_content_stream(page_or_form))
        return pikepdf.unparse_content_stream(cleaner.kept) if cleaner.found else None
    except (pikepdf.PdfError, ValueError, TypeError, IndexError):
        _log.info("a content stream cannot be parsed: its text is not changed")
        return None


def _may_hide_text(page_or_form: pikepdf.Object) -> bool:
    if isinstance(page_or_form, pikepdf.Stream):
        return b"Tr" in page_or_form.read_bytes()
    contents = page_or_form.get("/Contents")
    streams = list(contents) if isinstance(contents, Array) else [contents]
    return any(isinstance(it, pikepdf.Stream) and b"Tr" in it.read_bytes() for it in streams)


@dataclass(slots=True)
class _Cleaner:
    """Copies instructions. Text objects that only show invisible text are emptied."""

    kept: list[_Instruction] = field(default_factory=list)
    found: bool = False
    _mode: int = 0
    _saved: list[int] = field(default_factory=list)
    _block: list[_Instruction] | None = None
    _shown_modes: set[int] = field(default_factory=set)

    def read(self, instructions: Iterable[_Instruction]) -> None:
        for instruction in instructions:
            self._read_one(instruction)
        if self._block is not None:
            self._end_block()

    def _read_one(self, instruction: _Instruction) -> None:
        name = str(instruction.operator)
        if name == _SAVE:
            self._saved.append(self._mode)
        elif name == _RESTORE and self._saved:
            self._mode = self._saved.pop()
        elif name == _MODE:
            self._mode = int(instruction.operands[0])
        elif name == _BEGIN and self._block is None:
            self._block, self._shown_modes = [], set()
        elif name in _SHOW_TEXT:
            self._shown_modes.add(self._mode)
        (self.kept if self._block is None else self._block).append(instruction)
        if name == _END and self._block is not None:
            self._end_block()

    def _end_block(self) -> None:
        block = self._block or []
        if self._shown_modes == {_INVISIBLE}:
            block = [kept for instruction in block for kept in _emptied(instruction)]
            self.found = True
        self.kept += block
        self._block = None


def _emptied(instruction: _Instruction) -> list[_Instruction]:
    """Return what remains of an instruction that shows text: the spacing that it sets for the next ones."""
    name = str(instruction.operator)
    if name not in _SHOW_TEXT:
        return [instruction]
    if name != '"':
        return []
    word_space, character_space, _ = instruction.operands
    return [
        ContentStreamInstruction([word_space], Operator("Tw")),
        ContentStreamInstruction([character_space], Operator("Tc")),
    ]
