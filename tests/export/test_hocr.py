"""hOCR: valid by a public validator, with every word in its place."""

from __future__ import annotations

from ocrdesk.contract.document import Box, Document
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.hocr import hocr
from tests.helpers.export_readers import XHTML, hocr_box, hocr_elements, read_hocr
from tests.helpers.sample_pages import (
    NASTY,
    block,
    block_of,
    document,
    failed,
    line,
    line_of,
    page,
    page_with_header_and_footer,
    row,
    word,
)
from tests.helpers.structured_pages import SPANS, heading, page_of, part


def written(found: Document) -> str:
    return "".join(hocr(found.head, found.pages))


def test_every_word_has_its_box_and_confidence() -> None:
    one = page(block("Hello world", "again"), block("next"))
    root = read_hocr(written(document(one)))
    words = hocr_elements(root, "ocrx_word")
    assert [found.text for found in words] == ["Hello", "world", "again", "next"]
    assert [hocr_box(found) for found in words] == [tuple(found.box) for found in one.words()]
    assert all(found.get("title").endswith("; x_wconf 90") for found in words)


def test_elements_are_nested_page_area_paragraph_line_word() -> None:
    root = read_hocr(written(document(page(block("Hello world")))))
    word = hocr_elements(root, "ocrx_word")[0]
    above = [found.get("class") for found in word.iterancestors()]
    assert above == ["ocr_line", "ocr_par", "ocr_carea", "ocr_page", None, None]
    assert [word.get("id"), word.getparent().get("id")] == ["word_1_1", "line_1_1"]


def test_a_page_names_its_image_size_number_and_resolution() -> None:
    root = read_hocr(written(document(page(block("a")), page(block("b"), number=2))))
    titles = [found.get("title") for found in hocr_elements(root, "ocr_page")]
    assert titles == [f'image "scan.pdf"; bbox 0 0 2000 3000; ppageno {n}; scan_res 200 200' for n in (0, 1)]


def test_a_file_name_cannot_forge_properties() -> None:
    root = read_hocr(written(document(page(block("a")), file_name='x"; bbox 1 2 3 4; ppageno 9 <&>.pdf')))
    found = hocr_elements(root, "ocr_page")[0]
    properties = found.get("title").split("; ")
    assert [part for part in properties if part.startswith("bbox")] == ["bbox 0 0 2000 3000"]
    assert [part for part in properties if part.startswith("ppageno")] == ["ppageno 0"]
    assert root.findtext(f".//{XHTML}title") == 'x"; bbox 1 2 3 4; ppageno 9 <&>.pdf'


def test_pages_that_failed_keep_their_place() -> None:
    root = read_hocr(written(document(failed(1), page(block("b"), number=2), failed(3))))
    pages = hocr_elements(root, "ocr_page")
    assert [found.get("id") for found in pages] == ["page_1", "page_2", "page_3"]
    assert hocr_box(pages[0]) == (0, 0, 0, 0)
    assert "page 1 was not read: timeout" in written(document(failed(1)))


def test_a_document_without_pages_is_valid() -> None:
    assert len(hocr_elements(read_hocr(written(document())), "ocr_page")) == 1


def test_characters_invalid_in_xml_are_dropped_and_the_rest_survives() -> None:
    root = read_hocr(written(document(page(row(NASTY)))))
    words = [found.text for found in hocr_elements(root, "ocrx_word")]
    assert "<b>\"&amp;'</b>" in words
    assert {"𝔘𝔫𝔦", "🧾", "שלום", "文書認識", "-->", "]]>", "&#0;"} <= set(words)
    assert not any(sign in word for word in words for sign in "\x00\x0b\x1f\ufffe\uffff")


def test_a_word_of_nothing_but_controls_is_left_out() -> None:
    broken = page(row(["a", "\x01", "b"]))
    assert [found.text for found in hocr_elements(read_hocr(written(document(broken))), "ocrx_word")] == ["a", "b"]


def test_languages_are_bcp_47_and_direction_is_the_texts() -> None:
    text = page(block("שלום עולם 123"), block("Hello"), languages=("heb", "eng"))
    root = read_hocr(written(document(text)))
    paragraphs = hocr_elements(root, "ocr_par")
    assert [found.get("lang") for found in paragraphs] == ["he", "he"]
    assert [found.get("dir") for found in paragraphs] == ["rtl", "ltr"]
    assert root.xpath("//*[@name='ocr-langs']/@content") == ["he en"]


def test_boxes_are_those_of_the_engine() -> None:
    root = read_hocr(written(document(page(block("Hello world", left=7, top=9)))))
    assert hocr_box(hocr_elements(root, "ocr_line")[0]) == tuple(line("Hello world", 7, 9).box) == Box(7, 9, 227, 39)


def test_lines_of_headers_and_footers_have_their_class() -> None:
    root = read_hocr(written(document(page_with_header_and_footer())))
    assert [len(hocr_elements(root, kind)) for kind in ("ocr_header", "ocr_line", "ocr_footer")] == [2, 2, 1]
    (footer,) = hocr_elements(root, "ocr_footer")
    assert [footer.get("id"), footer.getparent().get("class")] == ["line_1_5", "ocr_par"]
    assert [found.text for found in hocr_elements(root, "ocrx_word")][-3:] == ["-", "4", "-"]


def test_no_white_space_is_between_words_that_touch() -> None:
    words = [word(text, 40 * n) for n, text in enumerate(["新", "图", "馆", "PDF"])]
    text = "".join(read_hocr(written(document(page(block_of([line_of(words)]))))).itertext())
    assert "新图馆" in text
    assert "馆PDF" not in text


def test_roles_are_the_classes_of_the_specification() -> None:
    blocks = (heading("Title"), heading("Deep", 5), part(BlockRole.CAPTION, "Figure 1"), SPANS)
    root = read_hocr(written(document(page_of(*blocks, figures=[Box(1, 2, 30, 40)]))))
    assert [it.tag.removeprefix(XHTML) for it in hocr_elements(root, "ocr_chapter")] == ["h1"]
    assert [it.tag.removeprefix(XHTML) for it in hocr_elements(root, "ocr_subsubsection")] == ["h4"]
    assert len(hocr_elements(root, "ocr_caption")) == 1
    (found,) = hocr_elements(root, "ocr_table")
    assert len(found.findall(f"{XHTML}p")) == 6
    assert [hocr_box(it) for it in hocr_elements(root, "ocr_image")] == [(1, 2, 30, 40)]


def test_every_class_that_is_used_is_a_capability() -> None:
    blocks = (heading("Title"), part(BlockRole.CAPTION, "Figure 1"), SPANS)
    root = read_hocr(written(document(page_of(*blocks, figures=[Box(1, 2, 30, 40)]), page_with_header_and_footer(2))))
    (capabilities,) = root.xpath("//*[@name='ocr-capabilities']/@content")
    assert {it.get("class") for it in root.iter() if it.get("class")} <= set(capabilities.split())
