"""Searchable PDFs: words are where they are seen, pages do not change, and no text is duplicated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocrdesk.contract.document import Page
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import PageState
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.searchable_pdf.coordinates import direction_of
from tests.helpers.pdf_reading import (
    needs_pdftotext,
    pdfium_place,
    pdfium_text,
    poppler_text,
    poppler_words,
)
from tests.helpers.sample_files import multipage_tiff, scan_pdf
from tests.helpers.searchable_pdfs import NEAR_PT, Made, assert_same_pictures, contents_of, page_of, saved, word
from tests.worker.conftest import Save

FIRST, SECOND = (100.0, 300.0, 180.0, 312.0), (60.0, 80.0, 90.0, 90.0)
"""Two marks as left, bottom, right, top in a page's own space; the tones below distinguish them."""
FIRST_TONE, SECOND_TONE = 0, 128


def marked_pdf(
    *,
    media: Sequence[float] = (0, 0, 300, 400),
    crop: Sequence[float] | None = None,
    rotate: int = 0,
    user_unit: float | None = None,
) -> bytes:
    """Return a PDF page with the two marks."""
    drawing = ""
    for (left, bottom, right, top), tone in ((FIRST, FIRST_TONE), (SECOND, SECOND_TONE)):
        drawing += f"{tone / 255:.4f} g {left} {bottom} {right - left} {top - bottom} re f\n"
    pdf = pikepdf.new()
    page = pdf.add_blank_page().obj
    page.MediaBox = Array(list(media))
    if crop:
        page.CropBox = Array(list(crop))
    if rotate:
        page.Rotate = rotate
    if user_unit:
        page.UserUnit = user_unit
    page.Contents = pdf.make_stream(drawing.encode())
    return saved(pdf)


def shown_size(media: Sequence[float], crop: Sequence[float] | None, rotate: int) -> tuple[float, float]:
    """Return the width and height in points of the visible part of such a page."""

    def upright(it: Sequence[float]) -> tuple[float, float, float, float]:
        return min(it[0], it[2]), min(it[1], it[3]), max(it[0], it[2]), max(it[1], it[3])

    left, bottom, right, top = upright(media)
    if crop:
        inner = upright(crop)
        left, bottom, right, top = max(left, inner[0]), max(bottom, inner[1]), min(right, inner[2]), min(top, inner[3])
    size = right - left, top - bottom
    return size if rotate % 180 == 0 else (size[1], size[0])


def read_marks(path: Path) -> Page:
    """Return a page of two words exactly where the marks are on the page image."""
    rendered = PdfiumSource(path).render(0)
    words = []
    for text, tone in (("First", FIRST_TONE), ("Second", SECOND_TONE)):
        box = rendered.image.point(lambda value, tone=tone: 255 * (abs(value - tone) < 10)).getbbox()
        assert box
        words.append(word(text, box))
    return page_of(*([it] for it in words), size=rendered.image.size, rotation=rendered.rotation)


# ── places ───────────────────────────────────────────────────────────────────────────────────────


@needs_pdftotext
@pytest.mark.parametrize("user_unit", [None, 2])
@pytest.mark.parametrize(
    ("media", "crop"),
    [
        ((0, 0, 300, 400), None),
        ((0, 0, 500, 400), None),
        ((-50, 30, 250, 430), None),
        ((0, 0, 300, 400), (40, 60, 220, 380)),
        ((10, 20, 400, 400), (-100, 60, 220, 900)),
        ((300, 400, 0, 0), None),
    ],
)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
def test_words_are_where_they_are_seen(
    save: Save,
    made: Made,
    rotate: int,
    media: tuple[float, ...],
    crop: tuple[float, ...] | None,
    user_unit: float | None,
) -> None:
    content = marked_pdf(media=media, crop=crop, rotate=rotate, user_unit=user_unit)
    page = read_marks(save(content))
    out = made(content, page)
    assert pdfium_place(out, "First") == pytest.approx(FIRST, abs=NEAR_PT)
    assert pdfium_place(out, "Second") == pytest.approx(SECOND, abs=NEAR_PT)
    if crop and crop[0] < media[0]:
        return  # versions of Poppler differ in the origin of a CropBox that is larger than the page
    width, height = shown_size(media, crop, rotate)  # versions of Poppler differ in their output for rotated pages
    places = {it.text: it.place for it in poppler_words(out)[1]}
    for it in page.words():
        across, down = width / page.width, height / page.height
        expected = it.box.left * across, it.box.top * down, it.box.right * across, it.box.bottom * down
        assert places[it.text] == pytest.approx(expected, abs=NEAR_PT)


def test_boxes_and_turns_are_inherited_from_the_page_tree(save: Save, made: Made) -> None:
    pdf = pikepdf.open(io.BytesIO(marked_pdf(crop=(40, 60, 220, 380), rotate=90)))
    page, tree = pdf.pages[0].obj, pdf.Root.Pages
    for key in ("/MediaBox", "/CropBox", "/Rotate", "/Resources"):
        tree[key] = page.get(key, Dictionary())
        if key in page:
            del page[key]
    content = saved(pdf)
    out = made(content, read_marks(save(content)))
    assert pdfium_place(out, "First") == pytest.approx(FIRST, abs=NEAR_PT)


@needs_pdftotext
def test_words_of_a_level_line_are_as_wide_as_their_boxes_and_as_high_as_their_line(made: Made) -> None:
    line = [word("as", (100, 108, 140, 120)), word("High", (150, 100, 230, 120)), word("paper", (250, 108, 330, 128))]
    out = made(marked_pdf(), page_of(line, size=(600, 800)))
    _, found = poppler_words(out)
    assert [it.text for it in found] == ["as", "High", "paper"]
    for it, wanted in zip(found, line, strict=True):
        assert (it.place[0], it.place[2]) == pytest.approx((wanted.box.left / 2, wanted.box.right / 2), abs=NEAR_PT)
        assert (it.place[1], it.place[3]) == pytest.approx((50, 64), abs=NEAR_PT)


@needs_pdftotext
def test_words_of_a_skewed_line_keep_their_own_height(made: Made) -> None:
    line = [word(f"word{n}", (40 + 100 * n, 100 + 12 * n, 120 + 100 * n, 120 + 12 * n)) for n in range(5)]
    out = made(marked_pdf(), page_of(line, size=(600, 800)))
    _, found = poppler_words(out)
    for it, wanted in zip(found, line, strict=True):
        assert it.text == wanted.text
        assert it.place == pytest.approx([edge / 2 for edge in wanted.box], abs=NEAR_PT)


@needs_pdftotext
@pytest.mark.parametrize(
    ("boxes", "direction"),
    [
        ([(100, 100, 120, 180), (100, 190, 120, 290)], 90),
        ([(100, 400, 120, 480), (100, 290, 120, 390)], 270),
        ([(300, 100, 380, 120), (190, 100, 290, 120)], 180),
        ([(100, 100, 116, 180)], 270),
    ],
)
def test_lines_that_run_another_way_are_written_that_way(
    made: Made, boxes: list[tuple[int, ...]], direction: int
) -> None:
    line = [word(text, box) for text, box in zip(["Along", "here"], boxes, strict=False)]
    assert direction_of(line, [it.box for it in line]) == direction
    out = made(marked_pdf(), page_of(line, size=(600, 800)))
    assert poppler_text(out).split() == [it.text for it in line]
    _, found = poppler_words(out)
    places = {it.text: it.place for it in found}
    for it in line:
        assert places[it.text] == pytest.approx([edge / 2 for edge in it.box], abs=NEAR_PT)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────

DIRECTION_MARKS = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""pdftotext writes them around text of the other direction."""

SCRIPTS = [
    "Grüße",
    "naïve",
    "Ελλάδα",
    "Привет",
    "日本語",
    "한국어",
    "नमस्ते",
    "ไทยแลนด์",
    "שלום",
    "مرحبا",
    "٢٠٢٤",
    "𝒳𝒴",
    "𠀀𠀁",
    "😀",
    "e\u0301te\u0301",
    "a\\b(c)<d>",
]


@needs_pdftotext
def test_every_script_comes_back(made: Made) -> None:
    lines = [[word(text, (50, 20 + 40 * n, 50 + 20 * len(text), 44 + 40 * n))] for n, text in enumerate(SCRIPTS)]
    out = made(marked_pdf(), page_of(*lines, size=(600, 800)))
    assert poppler_text(out).split() == SCRIPTS
    assert pdfium_text(out).split() == SCRIPTS


@needs_pdftotext
def test_a_ligature_is_found_as_letters(made: Made) -> None:
    out = made(marked_pdf(), page_of([word("ﬁnal", (50, 50, 120, 70))], size=(600, 800)))
    assert pdfium_text(out) == "final"
    assert poppler_text(out).strip() == "ﬁnal"


@needs_pdftotext
def test_right_to_left_lines_come_back_in_reading_order(made: Made) -> None:
    line = [word("שלום", (400, 50, 480, 70)), word("עולם", (300, 50, 390, 70)), word("יפה", (220, 50, 290, 70))]
    out = made(marked_pdf(), page_of(line, size=(600, 800)))
    assert poppler_text(out).split() == ["שלום", "עולם", "יפה"]
    assert pdfium_text(out).split() == ["שלום", "עולם", "יפה"]
    assert pdfium_place(out, "יפה")[0] == pytest.approx(110, abs=NEAR_PT)


def test_words_of_one_letter_are_found_too(made: Made) -> None:
    line = [word("A", (50, 50, 60, 70)), word("&", (70, 50, 80, 70)), word("7", (90, 50, 100, 70))]
    assert pdfium_text(made(marked_pdf(), page_of(line, size=(600, 800)))).split() == ["A", "&", "7"]


def test_words_that_touch_or_overlap_stay_apart(made: Made) -> None:
    line = [word("one", (50, 50, 90, 70)), word("two", (90, 50, 130, 70)), word("three", (126, 50, 200, 70))]
    assert pdfium_text(made(marked_pdf(), page_of(line, size=(600, 800)))).split() == ["one", "two", "three"]


def test_no_spaces_come_between_chinese_words(made: Made) -> None:
    line = [word("中文", (50, 50, 90, 70)), word("字符", (92, 50, 132, 70)), word("and", (140, 50, 180, 70))]
    assert pdfium_text(made(marked_pdf(), page_of(line, size=(600, 800)))).split() == ["中文字符", "and"]


@needs_pdftotext
def test_columns_are_read_in_the_documents_order(made: Made) -> None:
    left = [[word(f"left{n}", (20, 20 + 30 * n, 200, 40 + 30 * n))] for n in range(5)]
    right = [[word(f"right{n}", (320, 20 + 30 * n, 500, 40 + 30 * n))] for n in range(5)]
    out = made(marked_pdf(), page_of(*left, *right, size=(600, 800)))
    assert poppler_text(out).split() == [line[0].text for line in (*left, *right)]


# ── pages as they were ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "options", [{}, {"linearize": True}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}]
)
def test_the_pages_own_content_is_left_byte_for_byte(save: Save, made: Made, options: dict[str, object]) -> None:
    content = saved(pikepdf.open(io.BytesIO(scan_pdf(["One", "Two"]))), **options)
    before = save(content)
    pages = [page_of([word("First", (10, 10, 90, 40))], size=(600, 400), number=n) for n in (1, 2)]
    out = made(content, *pages)
    for old, new in zip(contents_of(before), contents_of(out), strict=True):
        assert len(new) == len(old) + 1
        assert new[1:] == old
    assert_same_pictures(before, out)


def test_content_that_leaves_its_state_behind_moves_no_word(save: Save, made: Made) -> None:
    pdf = pikepdf.open(io.BytesIO(marked_pdf()))
    pdf.pages[0].obj.Contents = Array(
        [pdf.pages[0].obj.Contents, pdf.make_stream(b"q 3 0 0 3 50 50 cm 0 0 1 1 re W n BT 2 Tr 400 Tz")]
    )
    content = saved(pdf)
    out = made(content, read_marks(save(content)))
    assert pdfium_place(out, "First") == pytest.approx(FIRST, abs=NEAR_PT)
    assert_same_pictures(save(content), out)


def pdf_with_header_and_footer() -> bytes:
    """Return a scan with bookmarks, a note, a form field, page labels, metadata and a name."""
    pdf = pikepdf.open(io.BytesIO(scan_pdf(["One", "Two"])))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([5, 5, 20, 20]), Contents=pikepdf.String("A note"))
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=pikepdf.String("name"), Rect=Array([30, 5, 90, 20])
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note), pdf.make_indirect(field)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[1]]))
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
    pdf.docinfo["/Title"] = "A title"
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Second", 1))
    return saved(pdf)


def test_bookmarks_notes_fields_labels_and_metadata_stay(made: Made) -> None:
    out = made(pdf_with_header_and_footer(), page_of([word("First", (10, 10, 90, 40))], size=(600, 400)))
    with pikepdf.open(out) as pdf, pdf.open_outline() as outline:
        assert outline.root[0].title == "Second"
        assert [str(it.Subtype) for it in pdf.pages[0].obj.Annots] == ["/Text", "/Widget"]
        assert str(pdf.Root.AcroForm.Fields[0].T) == "name"
        assert str(pdf.Root.PageLabels.Nums[1].S) == "/r"
        assert str(pdf.docinfo["/Title"]) == "A title"


def test_the_same_input_gives_the_same_bytes(made: Made) -> None:
    page = page_of([word("First", (10, 10, 90, 40))], size=(600, 400))
    for content in (pdf_with_header_and_footer(), multipage_tiff(["One", "Two"])):
        assert made(content, page).read_bytes() == made(content, page).read_bytes()


def test_pages_that_were_not_read_or_failed_stay_as_they_are(save: Save, made: Made) -> None:
    content = scan_pdf(["One", "Two", "Three"])
    failed = Page(
        number=1, status=PageState.FAILED, error=ErrorInfo(code=ErrorCode.ENGINE_FAILED, message="It gave up.")
    )
    out = made(content, failed, page_of([word("Third", (10, 10, 90, 40))], size=(600, 400), number=3))
    before, after = contents_of(save(content)), contents_of(out)
    assert after[:2] == before[:2]
    assert [pdfium_text(out, number) for number in (1, 2, 3)] == ["", "", "Third"]


def test_a_page_without_words_gets_no_layer(save: Save, made: Made) -> None:
    content = scan_pdf(["One"])
    out = made(content, page_of(size=(600, 400)))
    assert contents_of(out) == contents_of(save(content))


def test_pages_that_share_their_resources_share_the_font(made: Made) -> None:
    pdf = pikepdf.open(io.BytesIO(scan_pdf(["One", "Two"])))
    shared = pdf.make_indirect(Dictionary(Font=Dictionary(Ocrdesk=Dictionary(Type=Name.Font, Subtype=Name.Type3))))
    shared.XObject = pdf.pages[0].obj.Resources.XObject
    for page in pdf.pages:
        page.obj.Resources = shared
    out = made(saved(pdf), *(page_of([word(f"Word{n}", (10, 10, 90, 40))], size=(600, 400), number=n) for n in (1, 2)))
    assert [pdfium_text(out, number) for number in (1, 2)] == ["Word1", "Word2"]
    with pikepdf.open(out) as pdf:
        assert sorted(pdf.pages[1].obj.Resources.Font.keys()) == ["/Ocrdesk", "/Ocrdesk1"]


@needs_pdftotext
def test_latin_words_and_numbers_keep_their_place_in_right_to_left_lines(made: Made) -> None:
    first = [
        word("התוכנה", (450, 50, 560, 70)),
        word("Firefox", (340, 50, 440, 70)),
        word("מותקנת", (220, 50, 330, 70)),
    ]
    second = [word("המחיר", (470, 90, 560, 110)), word("245", (400, 90, 460, 110)), word("שקלים", (300, 90, 390, 110))]
    out = made(marked_pdf(), page_of(first, second, size=(600, 800)))
    texts = [it.text for it in (*first, *second)]
    assert poppler_text(out).translate(DIRECTION_MARKS).split() == texts
    assert sorted(pdfium_text(out).split()) == sorted(texts)
    for it in (*first, *second):
        assert pdfium_place(out, it.text)[0] == pytest.approx(it.box.left / 2, abs=NEAR_PT)


@needs_pdftotext
@pytest.mark.parametrize("direction", ["across", "down"])
def test_a_word_of_two_characters_is_found_in_text_without_spaces(made: Made, direction: str) -> None:
    texts, line, at = ["新", "图", "书馆", "位于", "公园", "，", "每天"], [], 40
    for text in texts:
        end = at + 36 * len(text)
        box = (at, 50, end - 4, 82) if direction == "across" else (400, at, 432, end - 4)
        line.append(word(text, box))
        at = end + 4
    out = made(marked_pdf(), page_of(line, size=(600, 800)))
    assert "".join(texts) in poppler_text(out)
    assert pdfium_place(out, "图书")
    assert pdfium_place(out, "公园")


@needs_pdftotext
def test_upright_lines_whose_boxes_overlap_are_written_downwards(made: Made) -> None:
    boxes = [
        (560, 92, 600, 250),
        (560, 260, 600, 421),
        (560, 430, 600, 560),
        (560, 440, 600, 540),
        (560, 565, 600, 600),
    ]
    line = [word(text, box) for text, box in zip(["新しい", "図書館", "公", "園の", "隣"], boxes, strict=True)]
    assert direction_of(line, [it.box for it in line]) == 90
    assert "新しい図書館公園の隣" in poppler_text(made(marked_pdf(), page_of(line, size=(620, 800))))
