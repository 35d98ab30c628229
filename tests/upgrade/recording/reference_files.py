"""Makes the input files of the reference outputs: the same bytes on every run, from Pillow and pikepdf alone."""

from __future__ import annotations

import io
import random
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_PAPER, _INK = 245, 25
_WIDTH, _HEIGHT, _DPI = 1000, 900, 120
_MARGIN = 90
_SEED = 11

_HARBOUR = (
    "The harbour was quiet when the ferry left at seven. Two boys sold bread and apples on the pier, and a woman in a "
    "red coat counted her change twice before she paid.",
    "By noon the wind had turned to the north. The captain ordered the crew to close every hatch, because the last "
    "storm had cost them 1,250 litres of fuel and a week of work.",
    "Nobody complained. They had seen worse winters, and the next port was only 38 miles away.",
)
_GARDEN = (
    "A garden needs water in the morning and shade in the afternoon. Most plants forgive a missed day, but few "
    "forgive a flooded root.",
    "Compost made from leaves takes about nine months. Turn it every second week, keep it damp, and cover it when "
    "heavy rain is expected.",
)
_GERMAN = (
    "Über den Dächern von Köln hingen schwere Wolken. Die Straßenbahn fuhr langsam über die Brücke, und niemand "
    "wusste, ob das Gewitter noch vor dem Abend käme.",
    "Frau Müller öffnete das Fenster, goss die Blumen und schrieb einen Brief an ihre Schwester in Österreich.",
)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _paper(width: int = _WIDTH, height: int = _HEIGHT, shade: int = _PAPER) -> Image.Image:
    return Image.new("L", (width, height), shade)


def _write(
    page: Image.Image,
    paragraphs: Sequence[str],
    *,
    left: int = _MARGIN,
    top: int = _MARGIN,
    columns: int = 66,
    size: int = 24,
    ink: int = _INK,
) -> int:
    """Write paragraphs below each other; return the row below the last one."""
    pen = ImageDraw.Draw(page)
    for paragraph in paragraphs:
        for line in textwrap.wrap(paragraph, columns):
            pen.text((left, top), line, fill=ink, font=_font(size))
            top += round(size * 1.45)
        top += round(size * 1.1)
    return top


def _with_specks(page: Image.Image, count: int = 120) -> Image.Image:
    dice = random.Random(_SEED)  # the same specks in each run
    pen = ImageDraw.Draw(page)
    for _ in range(count):
        pen.point((dice.randrange(page.width), dice.randrange(page.height)), fill=dice.randrange(_INK, _PAPER))
    return page


def _png(page: Image.Image) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "PNG", dpi=(_DPI, _DPI))
    return buffer.getvalue()


def _clean_scan() -> bytes:
    page = _paper()
    ImageDraw.Draw(page).text((_MARGIN, 50), "A day at the harbour", fill=_INK, font=_font(38))
    _write(page, _HARBOUR, top=130)
    return _png(_with_specks(page.filter(ImageFilter.GaussianBlur(0.5))))


def _two_columns() -> bytes:
    page = _paper(1240, 900)
    _write(page, _HARBOUR, left=70, columns=38, size=22)
    _write(page, (*_GARDEN, _HARBOUR[2]), left=660, columns=38, size=22)
    return _png(page)


_ROWS = (
    ("Article", "Number", "Price", "Total"),
    ("Paper, white", "12", "3.20", "38.40"),
    ("Ink cartridge", "4", "17.95", "71.80"),
    ("Stapler", "1", "9.50", "9.50"),
    ("Envelopes", "250", "0.04", "10.00"),
)
_COLUMN_LEFTS = (100, 420, 600, 760)


def _draw_table(page: Image.Image, top: int, *, ruled: bool) -> int:
    pen = ImageDraw.Draw(page)
    height = 54
    for row, cells in enumerate(_ROWS):
        for left, cell in zip(_COLUMN_LEFTS, cells, strict=True):
            pen.text((left, top + row * height + 12), cell, fill=_INK, font=_font(24))
    bottom = top + len(_ROWS) * height
    if ruled:
        for row in range(len(_ROWS) + 1):
            pen.line((80, top + row * height, 900, top + row * height), fill=_INK, width=2)
        for x in (80, 400, 580, 740, 900):
            pen.line((x, top, x, bottom), fill=_INK, width=2)
    return bottom


def _table(*, ruled: bool) -> bytes:
    page = _paper(1000, 620)
    _write(page, ("The order of the third week, with prices in euros.",), top=60)
    bottom = _draw_table(page, 140, ruled=ruled)
    _write(page, ("Payable within thirty days.",), top=bottom + 50)
    return _png(page)


def _skewed() -> bytes:
    page = _paper()
    _write(page, _GARDEN)
    return _png(page.rotate(4.0, Image.Resampling.BICUBIC, fillcolor=_PAPER))


def _rotated() -> bytes:
    page = _paper()
    _write(page, _HARBOUR)
    return _png(page.transpose(Image.Transpose.ROTATE_90))


def _dark() -> bytes:
    page = _paper(shade=30)
    _write(page, _GARDEN, ink=225)
    return _png(page)


def _badly_lit() -> bytes:
    """Return a page as a camera sees it: the light falls off from the left to the right."""
    page = _paper()
    _write(page, _HARBOUR[:2])
    light = Image.linear_gradient("L").rotate(90).resize(page.size)
    shaded = Image.blend(page, Image.composite(page, Image.new("L", page.size, 20), light), 0.75)
    return _png(shaded.filter(ImageFilter.GaussianBlur(0.8)))


def _faint_and_small() -> bytes:
    page = _paper(620, 320, shade=250)
    _write(page, _GARDEN, left=30, top=30, columns=72, size=15, ink=150)
    return _png(page)


def _code(text: str, form: zxingcpp.BarcodeFormat, size: int) -> Image.Image:
    made = zxingcpp.create_barcode(text, form).to_image(scale=1)
    picture = Image.fromarray(made).convert("L")
    factor = max(1, size // max(picture.size))
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


def _codes() -> bytes:
    page = _paper(1000, 760)
    _write(page, ("Scan the code to open the timetable of the ferry.",))
    page.paste(_code("https://example.org/ferry?line=7", zxingcpp.BarcodeFormat.QRCode, 300), (120, 220))
    page.paste(_code("FERRY-000417", zxingcpp.BarcodeFormat.Code128, 420), (500, 260))
    _write(page, ("Line 7, every twenty minutes.",), top=640)
    return _png(page)


def _numbered_pages() -> list[Image.Image]:
    """Return pages with a header, a footer and a page number."""
    pages = []
    bodies = (_HARBOUR[:2], _GARDEN, (_HARBOUR[2], _GARDEN[1]))
    for number, body in enumerate(bodies, 1):
        page = _paper(1000, 1100)
        pen = ImageDraw.Draw(page)
        pen.text((_MARGIN, 40), "Annual report of the harbour office", fill=_INK, font=_font(20))
        pen.text((_MARGIN, 1030), "Confidential draft", fill=_INK, font=_font(20))
        pen.text((850, 1030), f"Page {number}", fill=_INK, font=_font(20))
        _write(page, body, top=150)
        pages.append(page)
    return pages


def _blank_page() -> Image.Image:
    return _paper(1000, 700)


class _Pdf:
    """Builds a PDF page by page, without dates and with an id that depends on its content alone."""

    def __init__(self) -> None:
        self._pdf = pikepdf.new()

    def add(
        self,
        content: str,
        *,
        pictures: dict[str, Image.Image] | None = None,
        size: tuple[int, int] = (595, 842),
        rotate: int = 0,
    ) -> None:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=self._pdf.make_indirect(font)))
        if pictures:
            found = {f"/{name}": self._picture(picture) for name, picture in pictures.items()}
            resources.XObject = pikepdf.Dictionary(found)
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, *size],
            Rotate=rotate,
            Resources=resources,
            Contents=self._pdf.make_stream(content.encode("cp1252")),
        )
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))

    def _picture(self, picture: Image.Image) -> pikepdf.Object:
        stream = self._pdf.make_stream(picture.convert("L").tobytes())
        stream.Type = pikepdf.Name.XObject
        stream.Subtype = pikepdf.Name.Image
        stream.Width, stream.Height = picture.size
        stream.ColorSpace = pikepdf.Name.DeviceGray
        stream.BitsPerComponent = 8
        return stream

    def data(self) -> bytes:
        buffer = io.BytesIO()
        self._pdf.save(buffer, deterministic_id=True)
        return buffer.getvalue()


def _text(lines: Sequence[str], *, left: int = 72, top: int = 742, size: int = 12, leading: int = 17) -> str:
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    shown = " ".join(f"({line}) Tj T*" for line in escaped)
    return f"BT /F1 {size} Tf {leading} TL {left} {top} Td {shown} ET\n"


def _wrapped(paragraphs: Sequence[str], columns: int = 76) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [*textwrap.wrap(paragraph, columns), ""]
    return lines[:-1]


def _german() -> bytes:
    """Return an image rendered by PDFium, whose Helvetica has umlauts; Pillow's font has none."""
    pdf = _Pdf()
    pdf.add(_text(_wrapped(_GERMAN, 60), left=50, top=250), size=(480, 300))
    with pypdfium2.PdfDocument(pdf.data()) as document:
        return _png(document[0].render(scale=2.5).to_pil().convert("L"))


def _headers_pdf() -> bytes:
    """Write scanned pages of a report."""
    pdf = _Pdf()
    for page in _numbered_pages():
        pdf.add("q 595 0 0 655 0 90 cm /P Do Q", pictures={"P": page})
    return pdf.data()


def _born_digital_pdf() -> bytes:
    """Write real text: headers, footers, page numbers, two columns, a table; the last page is stored sideways."""
    pdf = _Pdf()
    bodies = (
        _text(_wrapped(_HARBOUR)),
        _text(_wrapped(_GARDEN, 36), size=11) + _text(_wrapped(_HARBOUR[:2], 36), left=320, size=11),
        "".join(
            _text([cell], left=72 + 120 * column, top=742 - 22 * row)
            for row, cells in enumerate(_ROWS)
            for column, cell in enumerate(cells)
        ),
    )
    for number, body in enumerate(bodies, 1):
        header = _text(["Annual report of the harbour office"], top=800, size=9)
        footer = _text(["Confidential draft"], top=40, size=9) + _text([f"{number} / 3"], left=500, top=40, size=9)
        pdf.add(header + body + footer)
    turned = "0 1 -1 0 595 0 cm " + _text(_wrapped(_GARDEN), left=72, top=500)
    pdf.add(turned, rotate=90)
    return pdf.data()


def _mixed_pdf() -> bytes:
    """Write a page with text and an image of text, a scanned page, and a page with only its own text."""
    picture = _paper(900, 330)
    _write(picture, _GARDEN[:1], left=40, top=40, columns=60)
    scanned = _paper(1000, 900)
    _write(scanned, _HARBOUR)
    pdf = _Pdf()
    body = _text(_wrapped(_HARBOUR[:2]))
    pdf.add(
        body + "q 450 0 0 165 72 330 cm /P Do Q\n" + _text(["The picture above was scanned."], top=290),
        pictures={"P": picture},
    )
    pdf.add("q 595 0 0 535 0 200 cm /P Do Q", pictures={"P": scanned})
    pdf.add(_text(_wrapped(_GARDEN)))
    return pdf.data()


def _tiff() -> bytes:
    first, *rest = [*_numbered_pages()[:2], _blank_page()]
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=rest, dpi=(_DPI, _DPI), compression="tiff_adobe_deflate")
    return buffer.getvalue()


def _jpeg() -> bytes:
    page = _paper(1000, 520)
    _write(page, _GARDEN)
    buffer = io.BytesIO()
    page.convert("RGB").save(buffer, "JPEG", quality=70, dpi=(_DPI, _DPI))
    return buffer.getvalue()


def _broken_pdf() -> bytes:
    return _born_digital_pdf()[:300]


FILES: dict[str, Callable[[], bytes]] = {
    "scan.png": _clean_scan,
    "columns.png": _two_columns,
    "table-ruled.png": lambda: _table(ruled=True),
    "table-plain.png": lambda: _table(ruled=False),
    "skewed.png": _skewed,
    "rotated.png": _rotated,
    "dark.png": _dark,
    "badly-lit.png": _badly_lit,
    "faint.png": _faint_and_small,
    "codes.png": _codes,
    "german.png": _german,
    "photo.jpg": _jpeg,
    "headers.pdf": _headers_pdf,
    "born-digital.pdf": _born_digital_pdf,
    "mixed.pdf": _mixed_pdf,
    "pages.tiff": _tiff,
    "broken.pdf": _broken_pdf,
}


def make_files(folder: Path) -> None:
    """Write every input file into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
