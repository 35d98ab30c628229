"""The font without glyphs: codes for every character, and tables of their meanings."""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Name

from ocrdesk_worker.searchable_pdf.glyphless_font import GlyphlessFont

REPLACEMENT = "0001"


def meanings(font: GlyphlessFont) -> dict[str, str]:
    """Return what each code means by the font's own table."""
    table = font.object.ToUnicode.read_bytes().decode()
    return {code: bytes.fromhex(text).decode("utf-16-be") for code, text in re.findall("<(.{4})> <(.+)>\n", table)}


def codes(encoded: str) -> list[str]:
    return re.findall("....", encoded)


def test_each_character_has_one_code_that_means_it() -> None:
    font = GlyphlessFont(pikepdf.new())
    text = "Grüße, שלום 文書 🧾 Grüße"
    encoded = codes(font.encode(text))
    font.complete()
    meant = meanings(font)
    del meant["0000"]  # the range of all codes
    assert "".join(meant[code] for code in encoded) == text
    assert len(set(encoded)) == len(set(text))
    assert len(meant) == len(set(text)) + 1


def test_a_table_of_many_characters_is_in_blocks_that_readers_accept() -> None:
    font = GlyphlessFont(pikepdf.new())
    font.encode("".join(map(chr, range(0x4E00, 0x4E00 + 250))))
    font.complete()
    blocks = re.findall(r"(\d+) beginbfchar\n(.*?)\nendbfchar", font.object.ToUnicode.read_bytes().decode(), re.DOTALL)
    assert [int(count) for count, _ in blocks] == [100, 100, 51]
    assert [rows.count("\n") + 1 for _, rows in blocks] == [100, 100, 51]


def test_characters_beyond_the_last_code_are_replaced() -> None:
    font = GlyphlessFont(pikepdf.new())
    font.encode("".join(chr(code) for code in range(0x10000, 0x10000 + 0xFFFE)))
    assert font.encode("A") == REPLACEMENT
    assert font.encode("\ufffd") == REPLACEMENT


def test_every_code_has_the_glyph_without_ink() -> None:
    font = GlyphlessFont(pikepdf.new())
    font.encode("abc")
    font.complete()
    descendant = font.object.DescendantFonts[0]
    assert descendant.CIDToGIDMap.read_bytes() == b"\0\0" + b"\0\1" * 4
    assert (font.object.Encoding, int(descendant.DW)) == (Name("/Identity-H"), 500)
    file = descendant.FontDescriptor.FontFile2
    assert int(file.Length1) == len(file.read_bytes())
