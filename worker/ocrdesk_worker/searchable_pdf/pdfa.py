"""Makes a PDF a PDF/A-2b, or says why that is impossible.

What PDF/A forbids and nobody sees is removed or corrected. What a reader would miss, or what cannot be added, is an
error. No validator is part of ocrdesk: `docs/user-guide/searchable-pdf.md` lists what is checked, and what is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ImageCms

from ocrdesk.contract.error_messages import error_message
from ocrdesk_worker.errors import pdfa_impossible
from ocrdesk_worker.searchable_pdf.streams import compressed_stream

_FORBIDDEN_ANNOTATIONS = frozenset({"/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment"})
_FORBIDDEN_ACTIONS = frozenset(
    {
        "/Launch",
        "/Sound",
        "/Movie",
        "/ResetForm",
        "/ImportData",
        "/Hide",
        "/SetOCGState",
        "/Rendition",
        "/Trans",
        "/GoTo3DView",
        "/JavaScript",
    }
)
_NEEDS_NO_APPEARANCE = frozenset({"/Popup", "/Link"})
_HIDDEN, _PRINTED = 1 | 2 | 32 | 256, 4
"""Flags of annotations."""
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_PROFILE_TIME = slice(24, 36)
_PROFILE_MADE = b"".join(it.to_bytes(2) for it in (2026, 1, 1, 0, 0, 0))
"""A profile's header has year, month, day, hour, minute and second."""
_CMYK_OPERATORS = re.compile(rb"(?:[\d.]\s+){4}[kK]\s|/DeviceCMYK")


def make_pdfa(pdf: pikepdf.Pdf) -> None:
    """Change the open PDF. Raises ProcessingError if it cannot become PDF/A."""
    _clean_catalog(pdf)
    for page in pdf.pages:
        _drop(page.obj, "/AA")
        _clean_annotations(page.obj)
    has_profile = _has_output_profile(pdf)
    missing: set[str] = set()
    for item in pdf.objects:
        if isinstance(item, Stream):
            _check_stream(item, may_have_cmyk=has_profile)
        if isinstance(item, Dictionary | Stream):
            _clean_object(item)
        if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and not _is_embedded(item):
            missing.add(str(item.get("/BaseFont", "/?"))[1:])
    if missing and (names := sorted(missing & _shown_fonts(pdf))):
        raise pdfa_impossible(error_message("pdfa_reason_fonts", names=", ".join(names[:5])))
    if not has_profile:
        _add_output_profile(pdf)
    _mark_as_pdfa(pdf)


def _drop(item: Any, *keys: str) -> None:
    for key in keys:
        if key in item:
            del item[key]


def _clean_catalog(pdf: pikepdf.Pdf) -> None:
    """Remove scripts, actions, attached files and forms that only one program shows."""
    root = pdf.Root
    _drop(root, "/AA", "/Requirements", "/AF", "/Collection")
    action = root.get("/OpenAction")
    if isinstance(action, Dictionary) and str(action.get("/S")) in _FORBIDDEN_ACTIONS:
        del root.OpenAction
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        _drop(names, "/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions")
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary):
        _drop(form, "/XFA", "/NeedAppearances")
    layers = root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        configurations = [layers.get("/D"), *(layers.get("/Configs") or [])]
        for number, it in enumerate(it for it in configurations if isinstance(it, Dictionary)):
            _drop(it, "/AS")
            if "/Name" not in it:
                it.Name = String(f"Layers {number + 1}")


def _clean_annotations(page: pikepdf.Object) -> None:
    annotations = page.get("/Annots")
    for item in annotations if isinstance(annotations, Array) else ():
        if not isinstance(item, Dictionary):
            continue
        kind = str(item.get("/Subtype", "/?"))
        has_appearance = isinstance(item.get("/AP"), Dictionary) or kind in _NEEDS_NO_APPEARANCE
        if kind in _FORBIDDEN_ANNOTATIONS or not (has_appearance or _has_no_size(item)):
            raise pdfa_impossible(error_message("pdfa_reason_annotation", kind=kind[1:]))
        _drop(item, "/AA")
        action = item.get("/A")
        if isinstance(action, Dictionary) and str(action.get("/S")) in _FORBIDDEN_ACTIONS:
            del item["/A"]
        if kind != "/Popup":
            item.F = (int(item.get("/F", 0)) | _PRINTED) & ~_HIDDEN


def _has_no_size(item: Dictionary) -> bool:
    box = item.get("/Rect")
    return isinstance(box, Array) and len(box) == 4 and box[0] == box[2] and box[1] == box[3]


def _check_stream(stream: Stream, *, may_have_cmyk: bool) -> None:
    """Raise ProcessingError for content that PDF/A does not allow."""
    if "/F" in stream or "/Ref" in stream:
        raise pdfa_impossible(error_message("pdfa_reason_external"))
    if may_have_cmyk:
        return
    space = stream.get("/ColorSpace")
    is_cmyk = space == Name.DeviceCMYK or (isinstance(space, Array) and Name.DeviceCMYK in list(space)[:2])
    if is_cmyk:
        raise pdfa_impossible(error_message("pdfa_reason_cmyk"))


def _clean_object(item: Any) -> None:
    """Correct what nobody sees in images and graphics states."""
    if item.get("/Subtype") == Name.Image:
        _drop(item, "/Alternates", "/OPI")
        if item.get("/Interpolate") is True:
            item.Interpolate = False
    if item.get("/Type") == Name.ExtGState:
        _drop(item, "/TR", "/TR2", "/HTP")


def _is_embedded(font: Dictionary) -> bool:
    """Return whether a font's glyphs are in the file; those of composite fonts are in the fonts below them."""
    if font.get("/Subtype") in (Name.Type0, Name.Type3):
        return True
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(key in descriptor for key in _FONT_FILES)


def _shown_fonts(pdf: pikepdf.Pdf) -> set[str]:
    """Return the names of the fonts that pages and forms select: a font that none selects needs no glyphs."""
    found: set[str] = set()
    for page in pdf.pages:
        found |= _selected_fonts(page.obj, page.obj.get("/Resources"))
    for item in pdf.objects:
        if isinstance(item, Stream) and item.get("/Subtype") == Name.Form:
            found |= _selected_fonts(item, item.get("/Resources"))
    return found


def _selected_fonts(page_or_form: pikepdf.Object, resources: object) -> set[str]:
    fonts = resources.get("/Font") if isinstance(resources, Dictionary) else None
    if not isinstance(fonts, Dictionary):
        return set()
    try:
        instructions = pikepdf.parse_content_stream(page_or_form, "Tf")
        names = {str(instruction.operands[0]) for instruction in instructions}
    except (pikepdf.PdfError, ValueError, TypeError, IndexError):
        names = set(fonts.keys())
    return {base for name in names if name in fonts for base in _base_names(fonts[name])}


def _base_names(font: pikepdf.Object) -> Iterator[str]:
    yield str(font.get("/BaseFont", "/?"))[1:]
    below = font.get("/DescendantFonts")
    for it in below if isinstance(below, Array) else ():
        yield str(it.get("/BaseFont", "/?"))[1:]


def _has_output_profile(pdf: pikepdf.Pdf) -> bool:
    intents = pdf.Root.get("/OutputIntents")
    return isinstance(intents, Array) and any(
        isinstance(it, Dictionary) and it.get("/S") == Name("/GTS_PDFA1") and "/DestOutputProfile" in it
        for it in intents
    )


def _add_output_profile(pdf: pikepdf.Pdf) -> None:
    """Say that device colours are sRGB."""
    for item in list(pdf.pages):
        content = item.obj.get("/Contents")
        parts = list(content) if isinstance(content, Array) else [content]
        if any(isinstance(it, Stream) and _CMYK_OPERATORS.search(it.read_bytes()) for it in parts):
            raise pdfa_impossible(error_message("pdfa_reason_cmyk"))
    profile = _srgb_profile()
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        RegistryName=String("http://www.color.org"),
        DestOutputProfile=compressed_stream(pdf, profile, N=3),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _srgb_profile() -> bytes:
    """Return an ICC profile without the time at which it was made, so that equal inputs give equal files."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_PROFILE_TIME] = _PROFILE_MADE
    return bytes(profile)


def _mark_as_pdfa(pdf: pikepdf.Pdf) -> None:
    """Write the metadata, which repeat the document's information."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo, delete_missing=False, raise_failure=False)
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
