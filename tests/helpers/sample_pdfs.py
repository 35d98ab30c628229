"""Makes PDFs whose pages have their own text, good and bad: any content, fonts of any encoding, images, rotations."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

PROSE = (
    "The committee met in the town hall and heard the report of the treasurer",
    "who explained how the money had been spent during the last two seasons",
    "and what remained for the repair of the old bridge across the river",
    "Nobody asked a question until the mayor rose and thanked all those present",
)
"""Four lines of running text."""


@dataclass(frozen=True, slots=True)
class Cid:
    """A composite font: the meaning of each of its two-byte codes. A code without an entry has no meaning."""

    meaning: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page: its content stream, fonts beside F1 (Helvetica), and images by name."""

    content: str
    size: tuple[float, float] = (595, 842)
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None
    fonts: Mapping[str, Cid] = field(default_factory=dict)
    pictures: Mapping[str, Image.Image] = field(default_factory=dict)


def layered_pdf(*pages: PdfPage, finish: Callable[[Pdf], None] = lambda pdf: None) -> bytes:
    """Return a PDF of these pages; `finish` may add to it."""
    pdf = pikepdf.new()
    for pdf_page in pages:
        _add(pdf, pdf_page)
    finish(pdf)
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def lines(texts: Sequence[str], *, left: float = 72, top: float = 760, size: float = 12, leading: float = 16) -> str:
    """Return content that shows lines of text below each other; the first has its baseline at `top`."""
    shown = " ".join(f"({text}) Tj T*" for text in texts)
    return f"BT /F1 {size} Tf {leading} TL {left} {top} Td {shown} ET\n"


def pdf_with_header_and_footer() -> bytes:
    """Return a page with a header, `PROSE` four times, and a page number."""
    head, foot = lines(["The Old Bridge"], top=800, size=9), lines(["Page 4 of 12"], top=40, size=9)
    return layered_pdf(PdfPage(head + lines(PROSE * 4) + foot))


def shown(text: str, font: Cid) -> str:
    """Return the hexadecimal string that shows a text in a composite font."""
    codes = {meaning: code for code, meaning in font.meaning.items()}
    return "<" + "".join(f"{codes[character]:04x}" for character in text) + ">"


def alphabet(text: str) -> Cid:
    """Return a font with a code for each character of a text."""
    return Cid(dict(enumerate(dict.fromkeys(text), 1)))


def _add(pdf: Pdf, pdf_page: PdfPage) -> None:
    page = pdf.add_blank_page(page_size=pdf_page.size)
    fonts = {"/F1": pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))}
    fonts |= {f"/{name}": pdf.make_indirect(_composite(pdf, cid)) for name, cid in pdf_page.fonts.items()}
    pictures = {f"/{name}": _picture(pdf, image) for name, image in pdf_page.pictures.items()}
    page.Resources = Dictionary(Font=Dictionary(fonts), XObject=Dictionary(pictures))
    page.Contents = pdf.make_stream(pdf_page.content.encode("latin-1"))
    page.Rotate = pdf_page.rotate
    if pdf_page.crop:
        page.CropBox = Array(pdf_page.crop)


def _picture(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
    grey = image.convert("L")
    return pdf.make_stream(
        grey.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=grey.width,
        Height=grey.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )


def _composite(pdf: Pdf, cid: Cid) -> Dictionary:
    base = Name("/Nameless")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=base,
        Flags=4,
        FontBBox=Array([0, -200, 1000, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=base,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        DW=600,
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=base,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
    )
    if cid.meaning:
        font.ToUnicode = pdf.make_stream(_to_unicode(cid.meaning))
    return font


def _to_unicode(meaning: Mapping[int, str]) -> bytes:
    rows = "\n".join(f"<{code:04x}> <{text.encode('utf-16-be').hex()}>" for code, text in meaning.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(meaning)} beginbfchar\n{rows}\nendbfchar endcmap end end"
    ).encode()
