"""The searchable PDF: words where they are seen, pages as they were, no text twice, whatever comes in."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageDraw

from ocrdesk.contract.document import Block, Box, Line, Page, Rotation, Source, Word
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.media_types import MediaType, sniff
from ocrdesk.contract.states import PageState
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.searchable_pdf import write_searchable_pdf
from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform, direction_of
from tests.helpers.sample_files import image_bytes, multipage_tiff, scan_pdf, text_image, text_pdf
from tests.worker.conftest import Save
from tests.worker.pdf_reading import (
    assert_sound,
    needs_pdftotext,
    pdfium_place,
    pdfium_text,
    poppler_text,
    poppler_words,
)
from tests.worker.test_images import marked_image, stored_for

NEAR_PT = 1.0
FIRST, SECOND = (100.0, 300.0, 180.0, 312.0), (60.0, 80.0, 90.0, 90.0)
"""Two marks as left, bottom, right, top in a page's own space; the tones below tell them apart."""
FIRST_TONE, SECOND_TONE = 0, 128


def word(text: str, box: Sequence[int], source: str = Source.TESSERACT) -> Word:
    return Word(text=text, box=Box(*box), confidence=0.5, source=source)


def page_of(*lines: Sequence[Word], size: tuple[int, int], rotation: Rotation = 0, number: int = 1) -> Page:
    made = tuple(Line(box=Box.around([it.box for it in line]), words=tuple(line)) for line in lines)
    blocks = (Block(box=Box(0, 0, *size), lines=made),) if made else ()
    return Page(number=number, width=size[0], height=size[1], dpi=144, rotation=rotation, blocks=blocks)


def marked_pdf(
    *,
    media: Sequence[float] = (0, 0, 300, 400),
    crop: Sequence[float] | None = None,
    rotate: int = 0,
    user_unit: float | None = None,
) -> bytes:
    """A page with the two marks drawn on it."""
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
    """Width and height in points of what is shown of such a page."""

    def upright(it: Sequence[float]) -> tuple[float, float, float, float]:
        return min(it[0], it[2]), min(it[1], it[3]), max(it[0], it[2]), max(it[1], it[3])

    left, bottom, right, top = upright(media)
    if crop:
        inner = upright(crop)
        left, bottom, right, top = max(left, inner[0]), max(bottom, inner[1]), min(right, inner[2]), min(top, inner[3])
    size = right - left, top - bottom
    return size if rotate % 180 == 0 else (size[1], size[0])


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def read_marks(path: Path) -> Page:
    """A page of two words that stand just where the marks are seen on the page image."""
    rendered = PdfiumSource(path).render(0)
    words = []
    for text, tone in (("First", FIRST_TONE), ("Second", SECOND_TONE)):
        box = rendered.image.point(lambda value, tone=tone: 255 * (abs(value - tone) < 10)).getbbox()
        assert box
        words.append(word(text, box))
    return page_of(*([it] for it in words), size=rendered.image.size, rotation=rendered.rotation)


@pytest.fixture
def made(tmp_path: Path, save: Save) -> Callable[..., Path]:
    """Makes a searchable PDF of a file's bytes and pages, and has it checked."""

    def make(content: bytes, *pages: Page) -> Path:
        media = sniff(content[:1024])
        assert media
        out = tmp_path / f"searchable{len(list(tmp_path.iterdir()))}.pdf"
        write_searchable_pdf(save(content), media, iter(pages), out)
        assert_sound(out)
        return out

    return make


Made = Callable[..., Path]


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
def test_words_stand_where_they_are_seen(
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
        return  # Poppler's versions differ in where a CropBox begins that is larger than the page
    width, height = shown_size(media, crop, rotate)  # Poppler's versions differ in what they say of turned pages
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


def test_pixels_are_placed_for_every_turn() -> None:
    for rotation, corner in {0: (10, 220), 90: (10, 20), 180: (110, 20), 270: (110, 220)}.items():
        size = (100, 200) if rotation in (0, 180) else (200, 100)
        placing = CoordinateTransform(*size, (10, 20, 110, 220), rotation)  # type: ignore[arg-type]
        assert placing.point(0, 0) == corner


# ── reading ──────────────────────────────────────────────────────────────────────────────────────

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
    "𝒳𝒴",  # noqa: RUF001
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


def contents_of(path: Path) -> list[list[bytes]]:
    with pikepdf.open(path) as pdf:
        pages = []
        for page in pdf.pages:
            contents = page.obj.get("/Contents")
            streams = list(contents) if isinstance(contents, Array) else [contents] if contents is not None else []
            pages.append([stream.read_raw_bytes() for stream in streams])
        return pages


def assert_same_pictures(one: Path, two: Path) -> None:
    before, after = pdfium.PdfDocument(one), pdfium.PdfDocument(two)
    assert len(before) == len(after)
    for page_one, page_two in zip(before, after, strict=True):
        pictures = [page.render(scale=1.5).to_pil().convert("RGB") for page in (page_one, page_two)]
        assert ImageChops.difference(*pictures).getbbox() is None


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
    """A scan with bookmarks, a note, a form field, page labels, metadata and a name."""
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


# ── no text twice ────────────────────────────────────────────────────────────────────────────────


def words_of_layer(path: Path, source: str) -> Page:
    """The words that PDFium finds on a page of 595 x 842 points, as pixels of a page image at 144 dpi."""
    document = pdfium.PdfDocument(path)
    text = document[0].get_textpage()
    lines = []
    at = 0
    for part in text.get_text_range().split():
        at = text.get_text_range().index(part, at)
        boxes = [text.get_charbox(index) for index in range(at, at + len(part))]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        box = int(left * 2), int((842 - top) * 2), int(right * 2) + 1, int((842 - bottom) * 2) + 1
        lines.append([word(part, box, source)])
        at += len(part)
    document.close()
    return page_of(*lines, size=(1190, 1684))


def test_a_page_with_its_own_text_gets_no_second_layer(save: Save, made: Made) -> None:
    content = text_pdf(["Hello world"])
    path = save(content)
    out = made(content, words_of_layer(path, Source.TEXT_LAYER))
    assert contents_of(out) == contents_of(path)
    assert pdfium_text(out).split() == ["Hello", "world"]


def test_words_read_again_are_not_written_over_the_same_words(save: Save, made: Made) -> None:
    content = text_pdf(["Hello world"])
    out = made(content, words_of_layer(save(content), Source.TESSERACT))
    assert sorted(pdfium_text(out).split()) == ["Hello", "world"]


def test_words_that_the_pages_own_text_has_otherwise_are_written(save: Save, made: Made) -> None:
    content = text_pdf(["Hxllo world"])
    page = words_of_layer(save(content), Source.TESSERACT)
    hello, world = page.words()
    corrected = page_of([word("Hello", hello.box, Source.CORRECTED), world], size=(page.width, page.height))
    assert sorted(pdfium_text(made(content, corrected)).split()) == ["Hello", "Hxllo", "world"]


def test_an_earlier_layer_gives_way_to_the_new_one(save: Save, made: Made) -> None:
    size = (600, 400)
    scan = scan_pdf(["Scan"])
    old = made(scan, page_of([word("Old", (10, 10, 90, 40))], [word("words", (10, 60, 90, 90))], size=size))
    new = made(old.read_bytes(), page_of([word("New", (10, 10, 90, 40))], size=size))
    assert pdfium_text(new) == "New"
    assert_same_pictures(save(scan), new)


def test_a_corrected_earlier_layer_is_written_anew_as_a_whole(made: Made) -> None:
    size = (600, 400)
    old = made(
        scan_pdf(["Scan"]), page_of([word("Olb", (10, 10, 90, 40)), word("page", (100, 10, 190, 40))], size=size)
    )
    line = [word("Old", (10, 10, 90, 40), Source.CORRECTED), word("page", (100, 10, 190, 40), Source.TEXT_LAYER)]
    assert pdfium_text(made(old.read_bytes(), page_of(line, size=size))).split() == ["Old", "page"]


def test_a_page_whose_earlier_layer_is_kept_keeps_it_as_it_is(made: Made) -> None:
    old = made(scan_pdf(["Scan"]), page_of([word("Kept", (10, 10, 90, 40))], size=(600, 400)))
    again = made(old.read_bytes(), page_of([word("Kept", (10, 10, 90, 40), Source.TEXT_LAYER)], size=(600, 400)))
    assert contents_of(again) == contents_of(old)


@pytest.mark.parametrize("in_form", [False, True])
def test_only_invisible_text_is_taken_away(save: Save, made: Made, in_form: bool) -> None:
    drawing = (
        b"BT /F 20 Tf 50 300 Td (Seen) Tj ET q BT 3 Tr /F 20 Tf 50 200 Td (Hidden) Tj "
        b"0 -30 Td [(too)] TJ (and) ' 1 2 (more) \" ET Q BT /F 20 Tf 50 100 Td (After) Tj ET"
    )
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 400)).obj
    font = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.Resources = Dictionary(Font=font)
    if in_form:
        form = pdf.make_stream(drawing)
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 300, 400])
        form.Resources = Dictionary(Font=font)
        page.Resources = Dictionary(XObject=Dictionary(Fm=form))
        drawing = b"/Fm Do"
    page.Contents = pdf.make_stream(drawing)
    content = saved(pdf)
    assert sorted(pdfium_text(save(content)).split()) == ["After", "Hidden", "Seen", "and", "more", "too"]
    out = made(content, page_of([word("New", (10, 10, 90, 40))], size=(600, 800)))
    assert sorted(pdfium_text(out).split()) == ["After", "New", "Seen"]
    assert_same_pictures(save(content), out)


# ── images ───────────────────────────────────────────────────────────────────────────────────────


def image_page(content: bytes, media: MediaType, page_index: int = 0, text: str = "Mark") -> tuple[Page, Image.Image]:
    """A page with one word over the left upper quarter, and the page image."""
    path_like = io.BytesIO(content)
    rendered = ImageSource(path_like, media).render(page_index)  # type: ignore[arg-type]  # Pillow takes both
    width, height = rendered.image.size
    line = [word(text, (0, 0, width // 2, height // 2))]
    page = page_of(line, size=rendered.image.size, rotation=rendered.rotation, number=page_index + 1)
    return page, rendered.image.convert("RGB")


def drawn(path: Path, size: tuple[int, int], number: int = 1) -> Image.Image:
    document = pdfium.PdfDocument(path)
    page = document[number - 1]
    picture: Image.Image = page.render(scale=size[0] / page.get_width() * (1 - 1e-6)).to_pil().convert("RGB")
    document.close()
    assert picture.size == size
    return picture


_looked_at: list[pikepdf.Pdf] = []
"""Kept open: what is taken from a PDF is gone with it."""


def picture_in(path: Path, number: int = 1) -> pikepdf.Object:
    _looked_at.append(pikepdf.open(path))
    return _looked_at[-1].pages[number - 1].obj.Resources.XObject.Im


def assert_alike(one: Image.Image, two: Image.Image, most: int = 8) -> None:
    assert max(high for _, high in ImageChops.difference(one, two).getextrema()) <= most


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_pictures_of_every_orientation_stand_upright_under_their_words(made: Made, form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = image_bytes(stored_for(orientation, marked_image()), form, exif=exif, dpi=(72, 72))
    page, upright = image_page(content, MediaType(f"image/{form.lower()}"))
    out = made(content, page)
    # PNG counts pixels a metre: 72.009 of them an inch, so that edges come to lie between pixels
    seen, expected = (it.resize((30, 15), Image.Resampling.BOX) for it in (drawn(out, upright.size), upright))
    assert_alike(seen, expected, 80)  # a picture that is turned differs by over 200
    assert drawn(out, upright.size).getpixel((5, 5))[0] < 60  # type: ignore[index]
    width, height = pdfium.PdfDocument(out)[0].get_size()
    assert pdfium_place(out, "Mark") == pytest.approx((0, height / 2, width / 2, height), abs=NEAR_PT)


def test_a_jpegs_bytes_go_in_as_they_are(made: Made) -> None:
    content = image_bytes(Image.effect_noise((300, 200), 60).convert("RGB"), "JPEG", quality=70, dpi=(150, 150))
    page, _ = image_page(content, MediaType.JPEG)
    out = made(content + b"what phones put behind", page)
    assert picture_in(out).read_raw_bytes() == content
    assert pdfium.PdfDocument(out)[0].get_size() == pytest.approx((144, 96), abs=0.01)


def test_a_pngs_pixel_data_go_in_as_they_are(made: Made) -> None:
    content = image_bytes(Image.effect_noise((300, 200), 60), "PNG")
    page, _ = image_page(content, MediaType.PNG)
    assert picture_in(made(content, page)).read_raw_bytes() in content


def with_alpha(mode: str) -> Image.Image:
    image = Image.new("RGBA", (120, 60), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 60, 30), fill=(200, 30, 30, 255))
    return image.convert(mode)


def cmyk_image() -> Image.Image:
    return Image.merge("CMYK", [Image.new("L", (120, 60), tone) for tone in (200, 30, 30, 10)])


@pytest.mark.parametrize(
    ("content", "bits", "space"),
    [
        (image_bytes(text_image("Bilevel").convert("1"), "PNG"), 1, "/DeviceGray"),
        (image_bytes(text_image("Bilevel").convert("1"), "TIFF", compression="group4"), 1, "/DeviceGray"),
        (image_bytes(text_image("Bilevel").convert("1"), "BMP"), 1, "/DeviceGray"),
        (image_bytes(text_image("Grey").convert("L"), "PNG"), 8, "/DeviceGray"),
        (image_bytes(text_image("Grey").convert("L"), "JPEG"), 8, "/DeviceGray"),
        (image_bytes(text_image("Colour"), "WEBP", lossless=True), 8, "/DeviceRGB"),
        (image_bytes(text_image("Palette").quantize(4), "PNG", bits=2), 2, "/Indexed"),
        (image_bytes(text_image("Palette").quantize(200), "GIF"), None, "/Indexed"),
        (image_bytes(text_image("Deep").convert("I;16"), "PNG"), 16, "/DeviceGray"),
        (image_bytes(with_alpha("RGBA"), "PNG"), 8, "/DeviceRGB"),
        (image_bytes(with_alpha("LA"), "PNG"), 8, "/DeviceGray"),
        (image_bytes(with_alpha("P"), "GIF", transparency=0), None, None),
        (image_bytes(cmyk_image(), "TIFF"), 8, "/DeviceCMYK"),
    ],
)
def test_pictures_keep_their_bits_and_colours(made: Made, content: bytes, bits: int | None, space: str | None) -> None:
    media = sniff(content)
    assert media
    page, upright = image_page(content, media)
    out = made(content, page)
    image = picture_in(out)
    assert bits is None or int(image.BitsPerComponent) == bits
    named = image.ColorSpace[0] if isinstance(image.ColorSpace, Array) else image.ColorSpace
    assert space is None or str(named) == space
    if (media is MediaType.TIFF and space == "/DeviceCMYK") or bits == 16 or "transparen" in str(upright.info):
        return
    from ocrdesk_worker.preprocess.grayscale import on_paper

    opened = Image.open(io.BytesIO(content))
    opened.load()
    assert_alike(drawn(out, upright.size), on_paper(opened).convert("RGB"))
