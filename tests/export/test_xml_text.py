"""Text for XML 1.0: any text gives well-formed XML."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from ocrdesk.export.xml_text import document, escape, legal, quoted
from tests.helpers.sample_pages import NASTY


@pytest.mark.parametrize("text", [*NASTY, "' \" both", "\ud800", "a\x85b", "\U0010ffff"])
def test_any_text_comes_back_as_content_and_as_an_attribute(text: str) -> None:
    root = ElementTree.fromstring(document("<a>", f"<b c={quoted(text)}>{escape(text)}</b>", "</a>").encode())
    assert root[0].text == (legal(text) or None)
    assert root[0].get("c") == legal(text)


def test_characters_that_xml_does_not_allow_are_dropped() -> None:
    assert legal("a\ud800b\ufffec\uffffd\U0001f9fe") == "abcd\U0001f9fe"


def test_controls_and_line_breaks_become_spaces() -> None:
    assert legal("a\x00b\tc\nd") == "a b c d"


def test_markup_is_escaped() -> None:
    assert escape("1 < 2 & 'x' > \"y\"") == "1 &lt; 2 &amp; 'x' &gt; \"y\""
    assert quoted('a "b" <c>') == '"a &quot;b&quot; &lt;c&gt;"'


def test_a_document_says_its_encoding_first() -> None:
    assert document("<a/>", "<!-- b -->") == '<?xml version="1.0" encoding="UTF-8"?>\n<a/>\n<!-- b -->\n'
