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
from openpyxl import Workbook, load_workbook

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
    ignored = ("ocr-number-of-pages", "not tested in-depth")
    found = [str(item) for item in report.items if not any(words in item.message for words in ignored)]
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


# ── HTML and books ───────────────────────────────────────────────────────────────────────────────

_SCRIPTS = re.compile(r"on|srcdoc|action|formaction")
_HTML_ELEMENTS = {
    *("html", "head", "meta", "title", "style", "link", "body", "main", "section", "nav", "div", "p", "span", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "a", "sup", "aside", "ul", "ol", "li", "label", "input", "pre", "code", "br"),
    *("figure", "figcaption", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}


def read_html(text: str) -> Element:
    """Return the root, after checking that an HTML parser and a strict XML parser see the same, and nothing runs."""
    assert text.startswith("<!DOCTYPE html>\n")
    root = etree.fromstring(text.removeprefix("<!DOCTYPE html>\n").encode(), etree.XMLParser(resolve_entities=False))
    check_content(root)
    policy = root.xpath("/html/head/meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy
    assert policy[0].startswith("default-src 'none';")
    loose = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8"))
    assert [it.tag for it in loose.iter() if isinstance(it.tag, str)] == [it.tag for it in root.iter()]
    assert _said(loose.find("body")) == _said(root.find("body"))
    return root


def check_content(root: Element) -> None:
    """Check that a page has only known elements, no address outside of it, and each id once."""
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    for element in root.iter():
        assert element.tag.removeprefix(XHTML) in _HTML_ELEMENTS, element.tag
        assert not [name for name in element.attrib if _SCRIPTS.match(name)]
        for target in (element.get("href"), element.get("src")):
            assert target is None or not re.match(r"[a-z]+:|/", target)
            assert target is None or not target.startswith("#") or target[1:] in ids
    for row in root.xpath("//*[local-name()='table']"):
        assert len({sum(int(cell.get("colspan", 1)) for cell in one) for one in _plain_rows(row)}) <= 1


def _plain_rows(table: Element) -> list[Element]:
    """Return the rows of a table without cells that span rows."""
    rows = table.xpath(".//*[local-name()='tr']")
    return [] if table.xpath(".//@rowspan") else rows


def _said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _members(data: bytes, media_type: str | None = None) -> dict[str, bytes]:
    """Return the files of a package; the first is its media type, not compressed, if it has one."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        infos = package.infolist()
        assert len({info.filename for info in infos}) == len(infos)
        if media_type:
            first = infos[0]
            assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
            assert data[30 : 38 + len(media_type)] == b"mimetype" + media_type.encode()
        return {info.filename: package.read(info) for info in infos}


@dataclass(frozen=True)
class Book:
    """An EPUB: its chapters in reading order, its table of contents and the package document."""

    chapters: tuple[Element, ...]
    contents: Element
    package: Element

    @property
    def text(self) -> str:
        return " ".join(map(_said, self.chapters))


def read_epub(data: bytes) -> Book:
    """Return the book, after checking its signature, that all parts are well-formed and named, and all links."""
    files = _members(data, "application/epub+zip")
    container = etree.fromstring(files["META-INF/container.xml"])
    assert container.xpath("//@full-path") == ["EPUB/package.opf"]
    package = etree.fromstring(files["EPUB/package.opf"])
    names = {"o": "http://www.idpf.org/2007/opf", "d": "http://purl.org/dc/elements/1.1/"}
    items = {item.get("id"): item.get("href") for item in package.xpath("//o:item", namespaces=names)}
    listed = {f"EPUB/{href}" for href in items.values()}
    assert listed | {"mimetype", "META-INF/container.xml", "EPUB/package.opf"} == set(files)
    for name in ("d:identifier", "d:title", "d:language", "o:meta[@property='dcterms:modified']"):
        (found,) = package.xpath(f"//{name}", namespaces=names)
        assert found.text.strip()
    spine = [items[ref] for ref in package.xpath("//o:itemref/@idref", namespaces=names)]
    pages = {href: etree.fromstring(files[f"EPUB/{href}"]) for href in items.values() if href.endswith(".xhtml")}
    for page in pages.values():
        check_content(page)
    for target in pages["nav.xhtml"].xpath("//*[local-name()='a']/@href"):
        href, _, anchor = target.partition("#")
        assert href in spine
        assert not anchor or pages[href].xpath("//*[@id=$name]", name=anchor)
    assert not pages["nav.xhtml"].xpath("//*[local-name()='ol'][not(*)] | //*[local-name()='li'][not(*)]")
    return Book(tuple(pages[href] for href in spine), pages["nav.xhtml"], package)


# ── OpenDocument and Excel ───────────────────────────────────────────────────────────────────────

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODF = {name: f"{_ODF}{name}:1.0" for name in ("office", "text", "table", "style", "manifest")}


def read_odt(data: bytes) -> Element:
    """Return the text of the content, after checking the package and that every style that is used exists."""
    files = _members(data, "application/vnd.oasis.opendocument.text")
    manifest = etree.fromstring(files["META-INF/manifest.xml"])
    named = set(manifest.xpath("//@manifest:full-path", namespaces=ODF)) - {"/"}
    assert named == set(files) - {"mimetype", "META-INF/manifest.xml"}
    content, styles = etree.fromstring(files["content.xml"]), etree.fromstring(files["styles.xml"])
    etree.fromstring(files["meta.xml"])
    known = styles.xpath("//@style:name", namespaces=ODF) + content.xpath("//@style:name", namespaces=ODF)
    assert len(known) == len(set(known))
    used = content.xpath("//@text:style-name | //@table:style-name", namespaces=ODF)
    assert set(used) <= set(known)
    for table in content.xpath("//table:table", namespaces=ODF):
        (columns,) = table.xpath("table:table-column/@table:number-columns-repeated", namespaces=ODF)
        rows = table.xpath(".//table:table-row", namespaces=ODF)
        assert {len(row) for row in rows} == {int(columns)}
    (text,) = content.xpath("/office:document-content/office:body/office:text", namespaces=ODF)
    return text


def read_xlsx(data: bytes) -> Workbook:
    """Return the workbook, after checking that no cell has a formula or a link, and no part refers to another file."""
    files = _members(data)
    for name, content in files.items():
        root = etree.fromstring(content)
        assert not root.xpath("//@TargetMode"), name
    book = load_workbook(io.BytesIO(data))
    for sheet in book:
        assert len(sheet.title) <= 31
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in row)
    return book
