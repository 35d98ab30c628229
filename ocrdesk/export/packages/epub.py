"""EPUB 3: a book that flows, with headings as its table of contents and the page numbers of the original."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.export.html_page import STYLE, PageWriter
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.xml_text import escape, legal, quoted
from ocrdesk.layout.text_direction import is_rtl

MEDIA_TYPE = "application/epub+zip"
_CHAPTER_CHARACTERS = 200_000
"""About how large a file in a book may be: small devices read a whole one at once."""
_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def write(head: DocumentHead, pages: Iterable[Page], out: BinaryIO) -> None:
    """Write the file, chapter by chapter. Only headings and page numbers of the whole book are in memory."""
    upcoming = iter(pages)
    first = next(upcoming, None)
    book = _Book(
        title=legal(head.file_name).strip() or "-",
        identifier=f"urn:uuid:{uuid5(NAMESPACE_URL, f'ocrdesk:{head.job_id}')}",
        language=(language_tag(first.languages) if first else None) or "und",
        is_rtl=first is not None and is_rtl(line.text for line in first.lines()),
    )
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", MEDIA_TYPE, ZIP_STORED)  # the first file, not compressed: the format's signature
        package.writestr("META-INF/container.xml", _CONTAINER)
        package.writestr("EPUB/style.css", STYLE)
        for name, body in _chapters(book, chain([first] if first else [], upcoming)):
            package.writestr(f"EPUB/{name}", book.xhtml(body))
        package.writestr("EPUB/nav.xhtml", book.navigation())
        package.writestr("EPUB/package.opf", book.package())


@dataclass(slots=True)
class _Book:
    """A book, and what its table of contents needs of the chapters that are written."""

    title: str
    identifier: str
    language: str
    is_rtl: bool
    chapters: list[str] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    """The level, the text and the address of each heading."""
    pages: list[tuple[int, str]] = field(default_factory=list)
    """The number and the address of each page."""

    def xhtml(self, body: str) -> str:
        """Return a file of the book."""
        language = f'lang="{self.language}" xml:lang="{self.language}" dir="{"rtl" if self.is_rtl else "ltr"}"'
        namespaces = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html {namespaces} {language}>\n'
            f"<head>\n<title>{escape(self.title)}</title>\n"
            '<link rel="stylesheet" type="text/css" href="style.css" />\n</head>\n'
            f"<body>\n{body}</body>\n</html>\n"
        )

    def navigation(self) -> str:
        """Return the table of contents, of pages if there are no headings, and the list of pages."""
        entries = self.headings or [(1, str(number), address) for number, address in self.pages]
        pages = "".join(f'<li><a href="{address}">{number}</a></li>\n' for number, address in self.pages)
        contents = "".join(_nested(entries or [(1, self.title, self.chapters[0])]))
        found = f'<nav epub:type="toc" role="doc-toc" id="toc">\n<h1>{escape(self.title)}</h1>\n{contents}</nav>\n'
        if pages:
            found += (
                f'<nav epub:type="page-list" role="doc-pagelist" id="pages" hidden="">\n<ol>\n{pages}</ol>\n</nav>\n'
            )
        return self.xhtml(found)

    def package(self) -> str:
        """Return the package document."""
        modified = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        items = "".join(
            f'<item id="chapter-{number}" href="{name}" media-type="application/xhtml+xml"/>\n'
            for number, name in enumerate(self.chapters, 1)
        )
        spine = "".join(f'<itemref idref="chapter-{number}"/>\n' for number in range(1, len(self.chapters) + 1))
        direction = "rtl" if self.is_rtl else "ltr"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"'
            f" xml:lang={quoted(self.language)}>\n"
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
            f'<dc:identifier id="id">{escape(self.identifier)}</dc:identifier>\n'
            f"<dc:title>{escape(self.title)}</dc:title>\n<dc:language>{self.language}</dc:language>\n"
            f'<meta property="dcterms:modified">{modified}</meta>\n</metadata>\n<manifest>\n'
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
            f'<item id="style" href="style.css" media-type="text/css"/>\n{items}</manifest>\n'
            f'<spine page-progression-direction="{direction}">\n{spine}</spine>\n</package>\n'
        )


def _chapters(book: _Book, pages: Iterable[Page]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file: pages up to a length. A book has at least one."""
    writer = PageWriter(book.language, is_rtl=book.is_rtl, is_book=True)
    text = io.StringIO()
    name = "chapter-1.xhtml"
    for page in pages:
        text.write(writer.section(page))
        book.headings += [(level, heading, f"{name}#{anchor}") for level, heading, anchor in writer.headings]
        book.pages.append((page.number, f"{name}#break-{page.number}"))
        if text.tell() >= _CHAPTER_CHARACTERS:
            book.chapters.append(name)
            yield name, text.getvalue()
            text = io.StringIO()
            name = f"chapter-{len(book.chapters) + 1}.xhtml"
    if text.tell() or not book.chapters:
        book.chapters.append(name)
        yield name, text.getvalue() or "<p>-</p>\n"


def _nested(entries: Iterable[tuple[int, str, str]]) -> Iterator[str]:
    """Yield nested lists of links, from the levels, texts and addresses of headings."""
    open_levels: list[int] = []
    for level, text, address in entries:
        while open_levels and open_levels[-1] > level and len(open_levels) > 1:
            open_levels.pop()
            yield "</li>\n</ol>\n"
        if open_levels and open_levels[-1] >= level:
            open_levels[-1] = level
            yield "</li>\n"
        else:
            open_levels.append(level)
            yield "<ol>\n"
        yield f'<li><a href="{address}">{escape(text).strip() or "-"}</a>\n'
    for _ in open_levels:
        yield "</li>\n</ol>\n"
