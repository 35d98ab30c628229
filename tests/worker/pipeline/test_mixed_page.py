"""Pages with good text and unread images: the text is kept, and only the images are recognised."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from ocrdesk.contract.document import BlockKind, Source
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError, corrupt
from ocrdesk_worker.pipeline.page import read_own_text, read_page
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.page_source import RenderedPage
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.mixed_pages import Spy, drawn, read, sources, texts
from tests.helpers.sample_files import text_image
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save

BELOW = ("After the picture the report goes on with the plans for the coming year", "and with the names of the helpers")
FIGURE = text_image("Revenue by quarter\nNorth 1200\nSouth 3400", (900, 400), 60)


BETWEEN = lines(PROSE) + drawn("Figure", 72, 460, 300, 133) + lines(BELOW, top=420)


def test_the_text_is_kept_and_the_picture_between_its_paragraphs_recognised(save: Save, spy: Spy) -> None:
    page = read(save, PdfPage(BETWEEN, pictures={"Figure": FIGURE}), spy)
    assert texts(page) == [*PROSE, "Revenue by quarter", "North 1200", "South 3400", *BELOW]
    assert {sources(page)[word] for word in ("committee", "helpers")} == {Source.TEXT_LAYER}
    assert {sources(page)[word] for word in ("Revenue", "3400")} == {Source.TESSERACT}


def test_its_page_number_is_marked(save: Save, spy: Spy) -> None:
    content = BETWEEN + lines(["Page 3 of 10"], top=40)
    page = read(save, PdfPage(content, pictures={"Figure": FIGURE}), spy)
    assert [line.text for block in page.blocks if block.kind is BlockKind.FOOTER for line in block.lines] == [
        "Page 3 of 10"
    ]
    assert page.source == Source.TESSERACT


def test_a_mixed_page_says_what_was_kept_and_what_was_recognised(save: Save, spy: Spy) -> None:
    page = read(save, PdfPage(BETWEEN, pictures={"Figure": FIGURE}), spy)
    assert page.source == Source.TESSERACT
    assert page.languages == ("eng",)
    assert page.source_reason == (
        "text layer kept: 74 words; 1 picture recognised, because the page's own text leaves out what pictures say"
    )


def test_the_engine_sees_the_picture_alone(save: Save, spy: Spy) -> None:
    page = read(save, PdfPage(BETWEEN, pictures={"Figure": FIGURE}), spy)
    scale = page.width / 595
    (seen,) = spy.seen
    assert seen.mode == "L"
    assert abs(seen.width - 300 * scale) <= 2
    assert abs(seen.height - 133 * scale) <= 2


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_of_words_in_an_image_are_on_the_page_image(save: Save, spy: Spy, rotate: int) -> None:
    """The image is placed so that it is upright on the rotated page."""
    figure = FIGURE.rotate(rotate, expand=True)
    wide, high = (300, 133) if rotate % 180 == 0 else (133, 300)
    pdf_page = PdfPage(lines(PROSE) + drawn("Figure", 100, 200, wide, high), rotate=rotate, pictures={"Figure": figure})
    source = open_source(save(layered_pdf(pdf_page)), MediaType.PDF)
    page, image = read_page(source, 1, lambda: spy, ("eng",)), source.render(0).image
    source.close()
    assert page.rotation == rotate
    assert image.size == (page.width, page.height)
    assert "Revenue by quarter" in texts(page)
    box = next(word.box for word in page.words() if word.text == "Revenue")
    dark = image.convert("L").crop(box).point(lambda value: 255 * (value < 128)).getbbox()
    assert dark is not None
    assert dark[0] <= 4
    assert dark[1] <= 4
    assert dark[2] >= box.width - 4
    assert dark[3] >= box.height - 4


def test_two_images_are_read_separately_in_the_order_of_the_page(save: Save, spy: Spy) -> None:
    other = text_image("Second picture\nwith its words", (900, 400), 60)
    content = drawn("Second", 72, 200, 300, 133) + lines(PROSE) + drawn("First", 72, 500, 300, 133)
    content += lines(BELOW, top=420)
    page = read(save, PdfPage(content, pictures={"First": FIGURE, "Second": other}), spy)
    first, second = ["Revenue by quarter", "North 1200", "South 3400"], ["Second picture", "with its words"]
    assert texts(page) == [*PROSE, *first, *BELOW, *second]
    assert len(spy.seen) == 2
    assert "2 pictures recognised" in (page.source_reason or "")


def test_a_scan_below_text_is_recognised_and_the_text_kept(save: Save, spy: Spy) -> None:
    scan = text_image("A letter that was scanned\nand pasted into the page", (1240, 877), 50)
    page = read(save, PdfPage(drawn("Scan", 0, 0, 595, 421) + lines(PROSE), pictures={"Scan": scan}), spy)
    assert texts(page) == [*PROSE, "A letter that was scanned", "and pasted into the page"]


@pytest.mark.parametrize("hidden", ["3 Tr ", ""], ids=["without ink", "behind the picture"])
def test_a_picture_with_enough_hidden_text_is_not_recognised_again(save: Save, spy: Spy, hidden: str) -> None:
    said = lines(["Revenue by quarter of the northern company"], left=90, top=540, size=9)
    pdf_page = PdfPage(
        hidden + said + "0 Tr " + drawn("Figure", 72, 460, 300, 133) + lines(PROSE), pictures={"Figure": FIGURE}
    )
    page = read(save, pdf_page, spy)
    assert spy.seen == []
    assert texts(page) == [*PROSE, "Revenue by quarter of the northern company"]
    assert page.source == Source.TEXT_LAYER
    assert {word.confidence for word in page.words()} == {0.8, 1.0}


def test_too_little_hidden_text_is_replaced_by_recognised_text(save: Save, spy: Spy) -> None:
    said = lines(["Fig1"], left=90, top=540, size=9)
    pdf_page = PdfPage(
        "3 Tr " + said + "0 Tr " + drawn("Figure", 72, 460, 300, 133) + lines(PROSE), pictures={"Figure": FIGURE}
    )
    assert texts(read(save, pdf_page, spy)) == [*PROSE, "Revenue by quarter", "North 1200", "South 3400"]


def test_a_picture_without_hidden_text_is_recognised_beside_one_with(save: Save, spy: Spy) -> None:
    said = "3 Tr " + lines(["Revenue by quarter of the northern company"], left=90, top=540, size=9) + "0 Tr "
    other = text_image("Second picture\nwith its words", (900, 400), 60)
    content = drawn("Figure", 72, 460, 300, 133) + said + lines(PROSE) + drawn("Second", 72, 200, 300, 133)
    page = read(save, PdfPage(content, pictures={"Figure": FIGURE, "Second": other}), spy)
    assert len(spy.seen) == 1
    assert texts(page)[4:] == ["Revenue by quarter of the northern company", "Second picture", "with its words"]


def test_a_picture_under_visible_text_is_its_background(save: Save, spy: Spy) -> None:
    content = drawn("Back", 60, 690, 480, 90) + lines(PROSE)
    back = text_image("watermark watermark", (1440, 270), 30).point(lambda value: 215 + value // 8)
    assert texts(read(save, PdfPage(content, pictures={"Back": back}), spy)) == list(PROSE)
    assert spy.seen == []


def test_words_written_over_a_picture_come_once(save: Save, spy: Spy) -> None:
    content = drawn("Figure", 72, 400, 300, 200) + lines(["Written over it"], left=250, top=420, size=14) + lines(PROSE)
    page = read(save, PdfPage(content, pictures={"Figure": text_image("Revenue by quarter", (900, 600), 60)}), spy)
    said = [word for line in texts(page) for word in line.split()]
    assert [said.count(word) for word in ("Written", "over", "it", "Revenue")] == [1, 1, 1, 1]
    assert sources(page)["Written"] == Source.TEXT_LAYER


def test_a_picture_partly_off_the_page_is_read_as_far_as_it_is_seen(save: Save, spy: Spy) -> None:
    page = read(save, PdfPage(lines(PROSE) + drawn("Figure", 445, 400, 300, 133), pictures={"Figure": FIGURE}), spy)
    (seen,) = spy.seen
    assert abs(seen.width - 150 * page.width / 595) <= 2
    assert "North" in sources(page)
    assert all(0 <= word.box.left < word.box.right <= page.width for word in page.words())


@pytest.mark.parametrize("form", [False, True], ids=["on the page", "within a form"])
def test_a_picture_that_is_cut_is_read_as_far_as_it_is_seen(save: Save, spy: Spy, form: bool) -> None:
    """The words that are cut off are in the page's own text beside the image, and the engine does not see them."""

    def into_form(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        inner = pdf.make_stream(b"q 36 200 75 67 re W n 150 0 0 67 36 200 cm /Figure Do Q")
        inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
        inner.Resources = Dictionary(XObject=Dictionary({"/Figure": page.Resources.XObject["/Figure"]}))
        page.Resources.XObject["/Form"] = inner

    cut = (
        "q 2 0 0 2 0 0 cm /Form Do Q "
        if form
        else "q 72 400 150 134 re W n " + drawn("Figure", 72, 400, 300, 134) + "Q "
    )
    content = lines(PROSE) + cut + lines(["Beside it"], left=240, top=450)
    data = layered_pdf(PdfPage(content, pictures={"Figure": FIGURE}), finish=into_form)
    source = open_source(save(data), MediaType.PDF)
    page = read_page(source, 1, lambda: spy, ("eng",))
    source.close()
    (seen,) = spy.seen
    assert abs(seen.width - 150 * page.width / 595) <= 3
    assert {"North", "Beside"} <= set(sources(page))


def test_a_picture_wholly_off_the_page_is_none(save: Save, spy: Spy) -> None:
    pdf_page = PdfPage(lines(PROSE) + drawn("Figure", 700, 400, 300, 133), pictures={"Figure": FIGURE})
    assert read(save, pdf_page, spy).source_reason == "text layer kept: 53 words"


def test_a_picture_in_slices_is_one_picture(save: Save, spy: Spy) -> None:
    """The cuts go through its lines of text."""
    parts = {f"S{n}": FIGURE.crop((0, 80 * n, 900, 80 * n + 80)) for n in range(5)}
    content = "".join(drawn(f"S{n}", 72, 460 + 26.6 * (4 - n), 300, 26.6) for n in range(5))
    page = read(save, PdfPage(lines(PROSE) + content, pictures=parts), spy)
    assert texts(page)[4:] == ["Revenue by quarter", "North 1200", "South 3400"]
    assert len(spy.seen) == 1


def gradient(size: tuple[int, int]) -> Image.Image:
    return Image.linear_gradient("L").resize(size)


def logo(size: tuple[int, int]) -> Image.Image:
    image = Image.new("L", size, 255)
    edge = min(size)
    ImageDraw.Draw(image).ellipse((edge // 8, edge // 8, edge * 7 // 8, edge * 7 // 8), fill=60)
    return image


@pytest.mark.parametrize("place", [(400, 700, 120, 60), (72, 100, 450, 400)], ids=["small", "large"])
@pytest.mark.parametrize("make", [gradient, logo])
def test_a_picture_without_strokes_of_letters_is_not_shown_to_the_engine(
    save: Save, spy: Spy, make: type, place: tuple[int, int, int, int]
) -> None:
    picture = make((place[2] * 3, place[3] * 3))
    page = read(save, PdfPage(lines(PROSE) + drawn("Logo", *place), pictures={"Logo": picture}), spy)
    assert spy.seen == []
    assert (page.source, page.source_reason) == (Source.TEXT_LAYER, "text layer kept: 53 words")


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("turn", [0, 90])
def test_small_print_in_a_picture_is_seen(save: Save, spy: Spy, turn: int, invert: bool) -> None:
    small = text_image("Order number 4711\nmade in July", (500, 170), 32).convert("L")
    small = (small.point(lambda value: 255 - value) if invert else small).rotate(turn, expand=True)
    wide, high = small.width * 0.24, small.height * 0.24
    read(save, PdfPage(lines(PROSE) + drawn("Small", 72, 300, wide, high), pictures={"Small": small}), spy)
    assert len(spy.seen) == 1


def test_a_picture_in_which_nothing_is_read_leaves_the_page_as_it_was(save: Save, spy: Spy) -> None:
    stripes = Image.new("L", (900, 400), 255)
    for at in range(0, 900, 30):
        ImageDraw.Draw(stripes).rectangle((at, 0, at + 14, 400), fill=0)
    page = read(save, PdfPage(BETWEEN, pictures={"Figure": stripes}), spy)
    assert texts(page) == [*PROSE, *BELOW]
    assert page.source == Source.TEXT_LAYER
    assert page.source_reason == "text layer kept: 74 words; 1 picture recognised: no text found"


def test_a_page_that_cannot_be_drawn_keeps_its_text(save: Save, spy: Spy, monkeypatch: pytest.MonkeyPatch) -> None:
    source = open_source(save(layered_pdf(PdfPage(BETWEEN, pictures={"Figure": FIGURE}))), MediaType.PDF)

    def refuse(_index: int) -> None:
        raise corrupt("PDF page")

    monkeypatch.setattr(source, "render", refuse)
    page = read_page(source, 1, lambda: spy, ("eng",))
    assert texts(page) == [*PROSE, *BELOW]
    assert page.source_reason == "text layer kept: 74 words; its pictures cannot be drawn"


def test_a_page_drawn_in_another_size_is_fitted_to_its_text(
    save: Save, spy: Spy, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(save(layered_pdf(PdfPage(BETWEEN, pictures={"Figure": FIGURE}))), MediaType.PDF)
    image = source.render(0).image
    smaller = RenderedPage(image.resize((image.width * 2 // 3, image.height * 2 // 3)), 200)
    monkeypatch.setattr(source, "render", lambda _index: smaller)
    assert texts(read_page(source, 1, lambda: spy, ("eng",)))[4] == "Revenue by quarter"


@pytest.mark.parametrize("rotate", [0, 90])
def test_its_searchable_pdf_says_everything_once_and_needs_no_engine_again(
    save: Save, spy: Spy, tmp_path: Path, rotate: int
) -> None:
    figure = FIGURE.rotate(rotate, expand=True)
    wide, high = (300, 133) if rotate == 0 else (133, 300)
    content = lines(PROSE) + drawn("Figure", 72, 160, wide, high)
    data = layered_pdf(PdfPage(content, rotate=rotate, pictures={"Figure": figure}))
    source = open_source(save(data), MediaType.PDF)
    page = read_page(source, 1, lambda: spy, ("eng",))
    source.close()
    out = tmp_path / "searchable.pdf"
    write_searchable_pdf(save(data), MediaType.PDF, iter([page]), out)
    source = open_source(out, MediaType.PDF)
    again = read_page(source, 1, lambda: spy, ("eng",))
    source.close()
    assert len(spy.seen) == 1
    assert again.source == Source.TEXT_LAYER
    assert sorted(word.text for word in again.words()) == sorted(word.text for word in page.words())


# ── modes ────────────────────────────────────────────────────────────────────────────────────────


def test_forced_the_whole_page_is_recognised(save: Save, spy: Spy) -> None:
    page = read(save, PdfPage(BETWEEN, pictures={"Figure": FIGURE}), spy, RecognitionMode.FORCE)
    assert [image.size for image in spy.seen] == [(page.width, page.height)]
    assert set(sources(page).values()) == {Source.TESSERACT}


def test_without_recognition_the_text_alone_is_kept(save: Save, spy: Spy) -> None:
    page = read(save, PdfPage(BETWEEN, pictures={"Figure": FIGURE}), spy, RecognitionMode.TEXT_LAYER_ONLY)
    assert (texts(page), spy.seen, page.source) == ([*PROSE, *BELOW], [], Source.TEXT_LAYER)


def test_without_recognition_a_page_with_large_pictures_of_text_fails_with_the_way_out(save: Save, spy: Spy) -> None:
    pdf_page = PdfPage(lines(PROSE) + drawn("Figure", 0, 0, 595, 421), pictures={"Figure": FIGURE})
    with pytest.raises(ProcessingError) as raised:
        read(save, pdf_page, spy, RecognitionMode.TEXT_LAYER_ONLY)
    assert raised.value.info.code is ErrorCode.NO_TEXT_LAYER
    assert "pictures cover" in raised.value.info.message


def test_a_page_with_pictures_to_recognise_is_not_read_from_its_text_alone(save: Save) -> None:
    source = open_source(save(layered_pdf(PdfPage(BETWEEN, pictures={"Figure": FIGURE}))), MediaType.PDF)
    assert read_own_text(source, 1, RecognitionMode.AUTO) == (None, "the page has pictures that may say more")
    source.close()
