"""Page attributes and resources.

They may be inherited. Fonts and content streams are added to them.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from ocrdesk.contract.box import Rotation
from ocrdesk_worker.render.page_frame import PdfRectangle

_LETTER: PdfRectangle = (0.0, 0.0, 612.0, 792.0)
_MAX_DEPTH = 50
"""A deeper page tree is treated as endless."""


def visible_part(page: pikepdf.Object) -> PdfRectangle:
    """Return the part of the page that viewers show: its CropBox within its MediaBox, by the rules of PDFium."""
    media = _rectangle(inherited(page, "/MediaBox")) or _LETTER
    crop = _rectangle(inherited(page, "/CropBox"))
    if crop is None:
        return media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


def inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Return an attribute of the page, or of the nearest node above it in the page tree that has it."""
    node: object = page
    for _ in range(_MAX_DEPTH):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            found: pikepdf.Object = node[key]
            return found
        node = node.get("/Parent")
    return None


def _rectangle(value: object) -> PdfRectangle | None:
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        one, two, three, four = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    box = min(one, three), min(two, four), max(one, three), max(two, four)
    return box if box[0] < box[2] and box[1] < box[3] else None


def resources_of(page: pikepdf.Object) -> pikepdf.Object:
    """Return the page's resources, which other pages may share. Create them if there are none."""
    found = inherited(page, "/Resources")
    if isinstance(found, Dictionary):
        return found
    page.Resources = Dictionary()
    created: pikepdf.Object = page.Resources
    return created


def add_font(page: pikepdf.Object, font: pikepdf.Object) -> str:
    """Add the font to the page's resources. Return its name there."""
    resources = resources_of(page)
    fonts = resources.get("/Font")
    if not isinstance(fonts, Dictionary):
        resources.Font = Dictionary()
        fonts = resources.Font
    number = 0
    while True:
        name = f"/Ocrdesk{number or ''}"
        if name not in fonts:
            fonts[name] = font
        if fonts[name].objgen == font.objgen:
            return name
        number += 1


def has_fonts(page: pikepdf.Object, *, but: pikepdf.Object | None = None) -> bool:
    """Return whether the page or a form that it can draw may have text. `but` is our own font."""
    resources = inherited(page, "/Resources")
    if not isinstance(resources, Dictionary):
        return False
    fonts = resources.get("/Font")
    if isinstance(fonts, Dictionary) and any(but is None or font.objgen != but.objgen for _, font in fonts.items()):
        return True
    return bool(forms_of(resources))


def forms_of(resources: pikepdf.Object) -> list[tuple[str, pikepdf.Object]]:
    """Return the form XObjects in these resources, with their names."""
    named = resources.get("/XObject")
    if not isinstance(named, Dictionary):
        return []
    return [
        (name, form)
        for name, form in named.items()
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == Name.Form
    ]


def prepend_stream(page: pikepdf.Object, stream: pikepdf.Object) -> None:
    """Make the page draw the stream before its own content, which is not changed.

    It comes before because content that leaves a changed graphics state would move it.
    """
    old = page.get("/Contents")
    streams = list(old) if isinstance(old, Array) else [old] if isinstance(old, pikepdf.Stream) else []
    page.Contents = Array([stream, *streams])


def rotation_of(page: pikepdf.Object) -> Rotation:
    """Return the clockwise rotation with which the page is shown."""
    value = inherited(page, "/Rotate")
    turns: dict[int, Rotation] = {0: 0, 90: 90, 180: 180, 270: 270}
    return turns.get(int(value) % 360, 0) if isinstance(value, int) else 0
