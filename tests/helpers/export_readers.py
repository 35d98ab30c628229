"""Reads exports with validators and parsers of other projects."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hocr_spec import HocrValidator
from lxml import etree
from lxml.etree import _Element as Element  # lxml's own name for annotations
from markdown_it import MarkdownIt

_DATA = Path(__file__).resolve().parents[1] / "data"
XHTML = "{http://www.w3.org/1999/xhtml}"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# ── hOCR ─────────────────────────────────────────────────────────────────────────────────────────


def read_hocr(text: str) -> Element:
    """Return the root, after checking the file with the public validator and a strict XML parser."""
    data = text.encode()
    report = HocrValidator("standard").validate(io.BytesIO(data), filename="it")
    # It requires the number of pages, which is unknown at the start of a document that is written page by page.
    found = [str(item) for item in report.items if "ocr-number-of-pages" not in item.message]
    assert report.is_valid(), found
    assert not found
    root = etree.fromstring(data, etree.XMLParser(no_network=True, resolve_entities=False))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    return root


def hocr_elements(root: Element, kind: str) -> list[Element]:
    return root.xpath(f"//*[@class='{kind}']")


def hocr_box(element: Element) -> tuple[int, ...]:
    found = re.search(r"bbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)", element.get("title"))
    assert found
    return tuple(map(int, found.groups()))


# ── ALTO ─────────────────────────────────────────────────────────────────────────────────────────


class _Offline(etree.Resolver):
    def resolve(self, url: str, public_id: str, context: object) -> object:
        return self.resolve_filename(str(_DATA / url.rpartition("/")[2]), context)


@cache
def _alto_schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Offline())
    return etree.XMLSchema(etree.parse(_DATA / "alto-4-3.xsd", parser))


def read_alto(text: str) -> Element:
    """Return the root, after checking the file with the official schema."""
    root = etree.fromstring(text.encode(), etree.XMLParser(no_network=True, resolve_entities=False))
    schema = _alto_schema()
    assert schema.validate(root), schema.error_log
    return root


# ── tables of text ───────────────────────────────────────────────────────────────────────────────


def read_tsv(text: str) -> list[dict[str, str]]:
    """Return rows by column name; as in Tesseract's files, nothing is quoted."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE))
    heading, *rest = rows
    assert all(len(row) == 12 for row in rows)
    assert text.count("\n") == len(rows)  # no line breaks except those between rows
    return [dict(zip(heading, row, strict=True)) for row in rest]


def read_csv(text: str) -> list[list[list[str]]]:
    """Return the tables, which are separated by empty lines."""
    assert "\n" not in text.replace("\r\n", "")
    tables: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        if row:
            tables[-1].append(row)
        else:
            tables.append([])
    return [table for table in tables if table]


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Markdown:
    """The texts and the markup that a reader of CommonMark with pipe tables and strike-through sees."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    markup: frozenset[str]


def read_markdown(text: str) -> Markdown:
    paragraphs: list[str] = []
    tables: list[list[list[str]]] = []
    markup: set[str] = set()
    in_table = False
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "table_open":
            in_table = True
            tables.append([])
        elif token.type == "table_close":
            in_table = False
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline":
            shown = "".join(_shown(child.type, child.content) for child in token.children or ())
            markup |= {child.type for child in token.children or ()} - {"text", "text_special"}
            if in_table:
                tables[-1][-1].append(shown)
            else:
                paragraphs.append(shown)
        elif token.type == "html_block":
            assert re.fullmatch(r"<!-- page \d+ -->\n?", token.content)
        elif not token.type.startswith(("paragraph", "thead", "tbody", "tr", "th", "td")):
            markup.add(token.type)
    return Markdown(tuple(paragraphs), tuple(tuple(tuple(row) for row in table) for table in tables), frozenset(markup))


def _shown(kind: str, content: str) -> str:
    return content if kind in ("text", "text_special", "code_inline", "html_inline") else ""


# ── Word ─────────────────────────────────────────────────────────────────────────────────────────


def read_docx(data: bytes) -> Element:
    """Return the body, after checking that each part is well-formed XML and named in the package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        names = package.namelist()
        parts = {name: etree.fromstring(package.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    assert "[Content_Types].xml" in names
    assert "_rels/.rels" in names
    body = parts["word/document.xml"].find(f"{WORD}body")
    assert body is not None
    return body


def docx_paragraphs(body: Element) -> list[str]:
    """Return the texts of the paragraphs outside of tables."""
    return ["".join(found.itertext(f"{WORD}t")) for found in body.findall(f"{WORD}p")]


def docx_tables(body: Element) -> list[list[list[str]]]:
    return [
        [["".join(cell.itertext(f"{WORD}t")) for cell in row.iter(f"{WORD}tc")] for row in table.iter(f"{WORD}tr")]
        for table in body.findall(f"{WORD}tbl")
    ]
