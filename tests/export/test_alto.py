"""ALTO: valid by the official schema, with every word in its place."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Box, Document, Source
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.alto import alto
from tests.helpers.export_readers import ALTO, read_alto
from tests.helpers.sample_pages import (
    NASTY,
    block,
    block_of,
    document,
    failed,
    line_of,
    page,
    page_with_header_and_footer,
    row,
    word,
)
from tests.helpers.structured_pages import SPANS, heading, page_of, part


def written(found: Document) -> str:
    return "".join(alto(found.head, found.pages))


def test_the_schema_would_find_a_mistake() -> None:
    good = written(document(page(block("a"))))
    with pytest.raises(AssertionError, match="WC"):
        read_alto(good.replace('WC="0.900"', 'WC="1.900"'))
    with pytest.raises(AssertionError, match="ID"):
        read_alto(good.replace('ID="line_1_1_1"', 'ID="block_1_1"'))


def test_every_word_has_its_box_and_confidence() -> None:
    one = page(block("Hello world", "again"), block("next"))
    root = read_alto(written(document(one)))
    strings = list(root.iter(f"{ALTO}String"))
    assert [found.get("CONTENT") for found in strings] == ["Hello", "world", "again", "next"]
    for found, source in zip(strings, one.words(), strict=True):
        place = [int(found.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
        assert place == [source.box.left, source.box.top, source.box.width, source.box.height]
        assert float(found.get("WC")) == source.confidence


def test_two_words_have_a_space_between_them() -> None:
    root = read_alto(written(document(page(block("one two", left=0, top=0)))))
    line = next(root.iter(f"{ALTO}TextLine"))
    assert [found.tag.removeprefix(ALTO) for found in line] == ["String", "SP", "String"]
    assert [line[1].get(name) for name in ("HPOS", "WIDTH", "VPOS", "HEIGHT")] == ["60", "20", "0", "30"]


def test_spaces_of_right_to_left_lines_are_between_their_words_too() -> None:
    line = line_of([word("שלום", left=200), word("עולם", left=100)])
    root = read_alto(written(document(page(block_of([line]), languages=("heb",)))))
    space = next(root.iter(f"{ALTO}SP"))
    assert [space.get("HPOS"), space.get("WIDTH")] == ["180", "20"]
    assert next(root.iter(f"{ALTO}TextBlock")).get("BASEDIRECTION") == "rtl"
    assert next(root.iter(f"{ALTO}TextBlock")).get("LANG") == "he"


def test_words_that_touch_have_a_space_of_no_width() -> None:
    root = read_alto(written(document(page(block_of([line_of([word("aaaa"), word("bb", left=40)])])))))
    assert next(root.iter(f"{ALTO}SP")).get("WIDTH") == "0"


def test_the_description_says_file_unit_and_software() -> None:
    root = read_alto(written(document(page(), file_name="a & b <c>.tif")))
    assert root.findtext(f"{ALTO}Description/{ALTO}MeasurementUnit") == "pixel"
    assert root.findtext(f".//{ALTO}fileName") == "a & b <c>.tif"
    assert root.findtext(f".//{ALTO}softwareName") == "ocrdesk"


def test_pages_have_number_size_and_a_print_space() -> None:
    root = read_alto(written(document(page(block("a"), number=3))))
    found = next(root.iter(f"{ALTO}Page"))
    assert [found.get(name) for name in ("PHYSICAL_IMG_NR", "WIDTH", "HEIGHT", "PC")] == ["3", "2000", "3000", "0.900"]
    assert found.find(f"{ALTO}PrintSpace") is not None


def test_pages_that_failed_keep_their_place() -> None:
    root = read_alto(written(document(failed(1), page(block("b"), number=2), failed(3))))
    assert [found.get("PHYSICAL_IMG_NR") for found in root.iter(f"{ALTO}Page")] == ["1", "2", "3"]
    assert "page 1 was not read: timeout" in written(document(failed(1)))


def test_a_document_without_pages_is_valid() -> None:
    assert len(list(read_alto(written(document())).iter(f"{ALTO}String"))) == 0


def test_characters_invalid_in_xml_are_dropped_and_the_rest_survives() -> None:
    root = read_alto(written(document(page(row(NASTY), row(["\x01"])))))
    words = [found.get("CONTENT") for found in root.iter(f"{ALTO}String")]
    assert {"<b>\"&amp;'</b>", '"', "𝔘𝔫𝔦", "🧾", "שלום", "文書認識", "]]>", "&#0;"} <= set(words)
    assert not any(sign in found for found in words for sign in "\x00\x0b\x1f\ufffe\uffff\x01")


def test_a_word_corrected_by_a_person_is_marked() -> None:
    right = word("right", left=200).model_copy(update={"source": Source.CORRECTED})
    root = read_alto(written(document(page(block_of([line_of([word("left"), right])])))))
    assert [found.get("CS") for found in root.iter(f"{ALTO}String")] == [None, "true"]


def test_headers_and_footers_are_in_the_margins() -> None:
    (found,) = read_alto(written(document(page_with_header_and_footer()))).iter(f"{ALTO}Page")
    parts = {part.tag.removeprefix(ALTO): part for part in found}
    assert list(parts) == ["TopMargin", "BottomMargin", "PrintSpace"]
    said = {name: [one.get("CONTENT") for one in part.iter(f"{ALTO}String")] for name, part in parts.items()}
    assert said["TopMargin"] == ["Town", "of", "Eastport", "Report"]
    assert said["BottomMargin"] == ["-", "4", "-"]
    assert said["PrintSpace"] == ["The", "old", "brid-", "ge", "stands"]
    assert [part.find(f"{ALTO}TextBlock").get("ID") for part in found] == ["block_1_1", "block_1_3", "block_1_2"]


def test_the_margins_and_the_print_space_share_the_page() -> None:
    (found,) = read_alto(written(document(page_with_header_and_footer()))).iter(f"{ALTO}Page")
    assert [(int(part.get("VPOS")), int(part.get("HEIGHT"))) for part in found] == [(0, 130), (2900, 100), (130, 2770)]


def test_a_page_without_them_has_no_margins() -> None:
    (found,) = read_alto(written(document(page(block("a"))))).iter(f"{ALTO}Page")
    assert [(part.tag, part.get("HEIGHT")) for part in found] == [(f"{ALTO}PrintSpace", "3000")]


def test_words_that_touch_have_no_space() -> None:
    words = [word(text, 40 * n) for n, text in enumerate(["新", "图", "馆", "PDF"])]
    (found,) = read_alto(written(document(page(block_of([line_of(words)]))))).iter(f"{ALTO}TextLine")
    assert [part.tag.removeprefix(ALTO) for part in found] == ["String", "String", "String", "SP", "String"]


def test_roles_and_levels_are_tags() -> None:
    root = read_alto(written(document(page_of(heading("Title", 2), part(BlockRole.ADDRESS, "Here"), block("text")))))
    tags = {tag.get("ID"): tag.get("LABEL") for tag in root.iter(f"{ALTO}StructureTag")}
    found = [it.get("TAGREFS", "").split() for it in root.iter(f"{ALTO}TextBlock")]
    assert [[tags[tag] for tag in own] for own in found] == [["heading", "level 2"], ["address"], []]


def test_a_table_has_a_block_for_each_cell_and_a_figure_is_an_illustration() -> None:
    root = read_alto(written(document(page_of(SPANS, figures=[Box(1, 2, 30, 40)]))))
    (found,) = root.iter(f"{ALTO}ComposedBlock")
    assert (found.get("TYPE"), found.get("TAGREFS"), len(found)) == ("table", "role_table", 6)
    assert [it.get("HPOS") for it in root.iter(f"{ALTO}Illustration")] == ["1"]
