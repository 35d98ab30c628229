"""The font without glyphs.

It gives invisible text its widths, and maps codes to characters for searching and copying. It is a composite font:
codes are assigned as characters are used, so that every script works and the tables are as small as the file's
alphabet.
"""

from __future__ import annotations

import struct

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ocrdesk_worker.searchable_pdf.streams import compressed_stream

ADVANCE = 0.5
"""Every character's width, in font sizes."""

_UNITS_PER_EM = 1000
_ADVANCE_UNITS = 500
_BASE_NAME = Name("/OcrdeskGlyphless")
_MAX_CODES = 0xFFFF
_BLOCK = 100
"""The maximum of mappings in a block of a CMap."""


class GlyphlessFont:
    """The only font of a file's text layer. `complete` must be called after the last `encode`."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._codes: dict[str, int] = {"\ufffd": 1}
        self.object = pdf.make_indirect(Dictionary())

    def encode(self, text: str) -> str:
        """Return the text as the hexadecimal digits of a string in this font."""
        return "".join(f"{self._code(character):04X}" for character in text)

    def _code(self, character: str) -> int:
        code = self._codes.get(character)
        if code is None:
            if len(self._codes) == _MAX_CODES:
                return self._codes["\ufffd"]
            code = self._codes[character] = len(self._codes) + 1
        return code

    def complete(self) -> None:
        """Write the font's dictionaries."""
        pdf = self._pdf
        file = _font_file()
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=_BASE_NAME,
            Flags=5,  # fixed pitch, symbolic
            FontBBox=Array([0, 0, _ADVANCE_UNITS, _UNITS_PER_EM]),
            ItalicAngle=0,
            Ascent=_UNITS_PER_EM,
            Descent=-1,  # some readers take 0 for "unknown", and guess
            CapHeight=_UNITS_PER_EM,
            StemV=80,
            FontFile2=compressed_stream(pdf, file, Length1=len(file)),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=_BASE_NAME,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_ADVANCE_UNITS,
            CIDToGIDMap=compressed_stream(pdf, b"\0\0" + b"\0\1" * len(self._codes)),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=_BASE_NAME,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=compressed_stream(pdf, self._to_unicode()),
        )
        for key, value in font.items():
            self.object[key] = value

    def _to_unicode(self) -> bytes:
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
        ]
        codes = list(self._codes.items())
        for start in range(0, len(codes), _BLOCK):
            block = codes[start : start + _BLOCK]
            lines.append(f"{len(block)} beginbfchar")
            lines += [f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in block]
            lines.append("endbfchar")
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", ""]
        return "\n".join(lines).encode()


def _font_file() -> bytes:
    """Return a TrueType file of two glyphs (OpenType specification, the six tables that a PDF needs).

    The second glyph is a line without area from corner to corner: it paints nothing even if it is filled, but has an
    extent. PDFium drops a string of a single character without extent.
    """
    corner = (_ADVANCE_UNITS, _UNITS_PER_EM)
    glyph = struct.pack(">5hHHBB4h", 1, 0, 0, *corner, 1, 0, 1, 1, 0, corner[0], 0, corner[1])
    glyph += bytes(-len(glyph) % 4)
    version = 0x10000
    head = struct.pack(
        ">IIIIHHqq4hHHhhh", version, version, 0, 0x5F0F3CF5, 0, _UNITS_PER_EM, 0, 0, 0, 0, *corner, 0, 8, 2, 0, 0
    )
    tables = {
        b"glyf": glyph,
        b"head": head,
        b"hhea": struct.pack(">I3hH11hH", version, _UNITS_PER_EM, -1, 0, _ADVANCE_UNITS, 0, 0, 0, 1, *[0] * 7, 1),
        b"hmtx": struct.pack(">Hhh", _ADVANCE_UNITS, 0, 0),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">I14H", version, 2, 2, 1, 0, 0, 2, *[0] * 8),
    }
    directory = struct.pack(">I4H", version, len(tables), 64, 2, len(tables) * 16 - 64)
    offset = len(directory) + 16 * len(tables)
    body = b""
    for tag, table in tables.items():
        directory += struct.pack(">4sIII", tag, _checksum(table), offset + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return directory + body


def _checksum(table: bytes) -> int:
    padded = table + bytes(-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
