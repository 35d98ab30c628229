"""HTML.

One page that needs no other file, runs no scripts and loads nothing. Pages are sections; headings, lists, tables, notes
and captions are what they are for screen readers too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ocrdesk import __version__
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.export.html_page import STYLE, PageWriter
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.xml_text import escape
from ocrdesk.layout.text_direction import is_rtl

SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the page may load: only its own styles."""


def html(head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the document page by page. Its language and direction are those of the first page."""
    upcoming = iter(pages)
    first = next(upcoming, None)
    tag = language_tag(first.languages) if first else None
    rtl = first is not None and is_rtl(line.text for line in first.lines())
    language = f' lang="{tag}"' if tag else ""
    yield "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html{language} dir="{"rtl" if rtl else "ltr"}">',
            "<head>",
            '<meta charset="utf-8" />',
            f'<meta http-equiv="Content-Security-Policy" content="{SECURITY_POLICY}" />',
            '<meta name="viewport" content="width=device-width, initial-scale=1" />',
            '<meta name="color-scheme" content="light dark" />',
            f'<meta name="generator" content="ocrdesk {__version__}" />',
            f"<title>{escape(head.file_name)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            "",
        )
    )
    writer = PageWriter(tag, is_rtl=rtl)
    for page in chain([first] if first else [], upcoming):
        yield writer.section(page)
    yield "</main>\n</body>\n</html>\n"


def fragment(page: Page) -> str:
    """Return what is on a page, without styles, for programs that paste formatted text."""
    rtl = is_rtl(line.text for line in page.lines())
    content = PageWriter(None, is_rtl=rtl).fragment(page)
    return f'<div dir="{"rtl" if rtl else "ltr"}">\n{content}\n</div>\n' if content else ""
