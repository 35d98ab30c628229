"""What a PDF is beside its pages: signed, a portfolio, a carrier of attached files."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

_log = logging.getLogger(__name__)
_MAX_FIELDS = 10_000
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class PdfFeatures:
    """Whether a PDF is signed, and the names of its attached files."""

    is_signed: bool = False
    attachments: tuple[str, ...] = ()


def read_features(path: Path) -> PdfFeatures:
    """Return what the file is beside its pages; nothing if it cannot be opened, which its renderer then reports."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return PdfFeatures(is_signed(pdf), attachment_names(pdf))
    except (pikepdf.PdfError, pikepdf.PasswordError, RecursionError, ValueError, TypeError) as error:
        _log.info("the structure of this PDF cannot be read: %s", type(error).__name__)
        return PdfFeatures()


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Return whether the file has a signature. An empty field for one is none."""
    permissions = pdf.Root.get("/Perms")
    if isinstance(permissions, Dictionary) and any(isinstance(it, Dictionary) for it in permissions.values()):
        return True
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, Dictionary) else None
    if isinstance(fields, Array) and any(_is_signature(field) for field in _fields(fields)):
        return True
    return any(_is_signature(it) for page in pdf.pages for it in _widgets(page.obj)) if _may_be_signed(form) else False


def _may_be_signed(form: object) -> bool:
    """Return whether the form says that it has signatures: then a field may be on a page alone."""
    flags = form.get("/SigFlags") if isinstance(form, Dictionary) else None
    return isinstance(flags, int) and bool(flags & 1)


def _fields(fields: Iterable[object]) -> Iterator[Dictionary]:
    waiting = [(field, 0) for field in fields]
    seen = 0
    while waiting and seen < _MAX_FIELDS:
        field, depth = waiting.pop()
        seen += 1
        if not isinstance(field, Dictionary):
            continue
        yield field
        kids = field.get("/Kids")
        if isinstance(kids, Array) and depth < _MAX_DEPTH:
            waiting += [(kid, depth + 1) for kid in kids]


def _widgets(page: pikepdf.Object) -> Iterator[Dictionary]:
    annotations = page.get("/Annots")
    for item in annotations if isinstance(annotations, Array) else ():
        if isinstance(item, Dictionary) and item.get("/Subtype") == Name.Widget:
            yield item


def _is_signature(field: Dictionary) -> bool:
    """Return whether the field has a value with a signature's bytes; its type may be inherited."""
    value = field.get("/V")
    if not isinstance(value, Dictionary):
        return False
    return "/ByteRange" in value and "/Contents" in value


def attachment_names(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """Return the names of the attached files, sorted."""
    return tuple(sorted(_shown_name(name, pdf.attachments[name]) for name in pdf.attachments))


def attachments_of(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of the attached files, sorted by name. Damaged ones are empty."""
    found = [(_shown_name(key, pdf.attachments[key]), pdf.attachments[key]) for key in pdf.attachments]
    for name, attached in sorted(found, key=lambda it: it[0]):
        try:
            yield name, attached.get_file().read_bytes()
        except (pikepdf.PdfError, ValueError):
            yield name, b""


def _shown_name(key: str, attached: pikepdf.AttachedFileSpec) -> str:
    name = attached.filename or key
    return "".join(character for character in name if character.isprintable())[-100:]
