"""HTML: one page that browsers and screen readers understand, whatever the document says."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.contract.document import Block, BlockKind, Box, Document
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.html import html
from tests.helpers.export_readers import Element, read_html
from tests.helpers.sample_pages import NASTY, block, coded, document, failed, page, page_with_header_and_footer, row
from tests.helpers.structured_pages import SPANS, heading, item, items, note, page_of, part, table


def read(found: Document) -> Element:
    return read_html("".join(html(found.head, found.pages)))


def main_of(*blocks: Block, figures: tuple[Box, ...] = ()) -> list[Element]:
    """Return the elements of a page's section below its number."""
    return read(document(page_of(*blocks, figures=figures))).xpath("//section/*")[1:]


def texts(element: Element, path: str) -> list[str]:
    return ["".join(found.itertext()) for found in element.xpath(path)]


def values(element: Element, path: str) -> list[Any]:
    return list(element.xpath(path))


def test_the_page_names_file_language_and_direction() -> None:
    root = read(document(page_of(block("שלום עולם"), languages=("heb",)), file_name="<a>&.pdf"))
    assert (root.get("lang"), root.get("dir")) == ("he", "rtl")
    assert root.findtext("head/title") == "<a>&.pdf"


def test_pages_in_another_language_and_paragraphs_in_another_direction_say_so() -> None:
    root = read(document(page_of(block("Hello")), page_of(block("שלום"), block("123"), number=2, languages=("heb",))))
    assert [section.get("lang") for section in root.xpath("//section")] == [None, "he"]
    assert values(root, "//section[2]/p/@dir") == ["rtl"]


def test_each_page_is_a_section_with_its_number() -> None:
    root = read(document(page_of(block("one")), page_of(block("two"), number=7)))
    assert values(root, "//section/@id") == ["page-1", "page-7"]
    assert texts(root, "//*[@role='doc-pagebreak']") == ["1", "7"]


def test_headings_paragraphs_and_captions_are_elements_of_their_own() -> None:
    found = main_of(heading("Title"), heading("Part", 6), block("te-", "xt"), part(BlockRole.CAPTION, "Figure 1"))
    assert [(it.tag, it.text, it.get("class")) for it in found] == [
        ("h1", "Title", None),
        ("h6", "Part", None),
        ("p", "text", None),
        ("p", "Figure 1", "caption"),
    ]


def test_lists_are_nested_and_numbered_as_printed() -> None:
    nested = [
        item("one", "•"),
        item("two", "(b)", 2),
        item("three", "(c)", 2),
        item("four", "(f)", 2),
        item("five", "•"),
    ]
    (outer,) = main_of(*nested)
    assert outer.tag == "ul"
    assert [it.text.strip() for it in outer.findall("li")] == ["one", "five"]
    (inner,) = outer.findall("li/ol")
    assert (inner.get("type"), inner.get("start")) == ("a", "2")
    assert [it.get("value") for it in inner] == [None, None, "6"]
    assert [it.get("style") for it in inner] == [f'list-style-type: "({letter}) "' for letter in "bcf"]


def test_lists_of_other_kinds_are_other_lists() -> None:
    found = main_of(*items("1.", "2."), *items("-"), *items("i)", "ii)"), *items("§ 3", "§ 4"))
    assert [(it.tag, it.get("type"), it.get("class"), len(it)) for it in found] == [
        ("ol", None, None, 2),
        ("ul", None, None, 1),
        ("ol", "i", None, 2),
        ("ul", None, "labelled", 2),
    ]
    assert texts(found[3], "li/span[@class='label']") == ["§ 3", "§ 4"]


def test_checkboxes_have_labels() -> None:
    (found,) = main_of(item("milk", "☐", ticked=False), item("eggs", "☑", ticked=True))
    assert texts(found, "li/label") == [" milk", " eggs"]
    assert [box.get("checked") for box in found.xpath("li/label/input[@type='checkbox'][@disabled]")] == [
        None,
        "checked",
    ]


def test_tables_have_spans_and_heads_with_a_scope() -> None:
    (found,) = main_of(SPANS)
    assert [[(it.tag, it.text, dict(it.attrib)) for it in line] for line in found.xpath("thead/tr")] == [
        [
            ("th", "Name", {"scope": "col", "rowspan": "2"}),
            ("th", "Years", {"scope": "colgroup", "colspan": "2"}),
        ],
        [("th", "2019", {"scope": "col"}), ("th", "2020", {"scope": "col"})],
    ]
    assert [texts(line, "td") for line in found.xpath("tbody/tr")] == [["Apples", "", "3.60"]]


def test_captions_belong_to_their_table_or_figure() -> None:
    above = part(BlockRole.CAPTION, "Table 1", top=60)
    (found,) = main_of(above, SPANS)
    assert texts(found, "caption") == ["Table 1"]
    below = part(BlockRole.CAPTION, "Figure 1", top=900)
    figure = Box(100, 500, 700, 890)
    _, found, _ = main_of(block("before"), below, block("after", top=1200), figures=(figure,))
    assert [it.tag for it in found] == ["div", "figcaption"]
    assert values(found, "div/@aria-label") == ["Figure 1"]


def test_a_figure_without_a_caption_stands_where_it_is_on_the_page() -> None:
    found = main_of(block("before"), block("after", top=1200), figures=(Box(100, 500, 700, 890),))
    assert [it.tag for it in found] == ["p", "figure", "p"]


def test_code_keeps_its_white_space_and_verse_its_lines() -> None:
    code, verse, address, pairs = main_of(
        part(BlockRole.CODE, "if a < b:", "    return"),
        part(BlockRole.VERSE, "one", "two"),
        part(BlockRole.ADDRESS, "Here 1", "There"),
        part(BlockRole.PAIRS, "Name: Kim", "Size: small"),
    )
    assert texts(code, "code") == ["if a < b:\n    return"]
    assert [(it.get("class"), len(it.findall("br"))) for it in (verse, address, pairs)] == [
        ("verse", 1),
        ("address", 1),
        ("pairs", 1),
    ]


def test_notes_are_linked_both_ways() -> None:
    text, found, other = main_of(block("It was1 so."), note("First", "1"), note("No mark", "7"))
    assert values(text, "sup/a[@role='doc-noteref']/@href") == [f"#{found.get('id')}"]
    assert values(found, "p/a[@role='doc-backlink']/@href") == [f"#{text.xpath('sup/a/@id')[0]}"]
    assert "".join(found.itertext()) == "1 First"
    assert ("".join(other.itertext()), other.get("id")) == ("7 No mark", None)


def test_headers_and_footers_are_marked() -> None:
    root = read(document(page_with_header_and_footer()))
    assert texts(root, "//*[@role='doc-pageheader']") == ["Town of Eastport Report"]
    assert texts(root, "//*[@role='doc-pagefooter']") == ["- 4 -"]
    assert read(document(page_with_header_and_footer().omit_headers_footers())).xpath("//section/div") == []


def test_codes_and_failed_pages_are_reported() -> None:
    root = read(document(coded("https://example.org/<x>"), failed(2, "It <b>broke</b>.")))
    assert texts(root, "//section[1]/ul/li") == ["QRCode: https://example.org/<x>"]
    assert texts(root, "//section[2]/p[@class='not-read']") == ["Page 2 was not read: It <b>broke</b>."]


@pytest.mark.parametrize("role", list(BlockRole))
def test_nothing_a_document_says_is_markup(role: BlockRole) -> None:
    hostile = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', *NASTY]
    rows = [row([text, text], top=100 + 60 * at) for at, text in enumerate(hostile)]
    made = [block.model_copy(update={"role": role, "marker": text}) for block, text in zip(rows, hostile, strict=True)]
    if role is BlockRole.TABLE:
        made = [table([(0, 0, 1, 1, text.replace(" ", "_")) for text in hostile[:1]], rows=1, columns=1)]
    root = read(document(page_of(*made), file_name=hostile[0]))
    assert "alert(1)" in "".join(root.find("body").itertext())


def test_a_header_with_a_role_is_no_heading() -> None:
    (found,) = main_of(heading("Town").model_copy(update={"kind": BlockKind.HEADER}))
    assert found.tag == "div"


def test_a_document_of_nothing_is_a_page() -> None:
    assert read(document()).xpath("//section") == []
    assert len(read(document(page())).xpath("//section")) == 1
