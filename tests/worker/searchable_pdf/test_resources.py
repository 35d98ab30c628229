"""Page attributes and resources, inherited or not."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocrdesk_worker.searchable_pdf.resources import (
    add_font,
    forms_of,
    has_fonts,
    inherited,
    prepend_stream,
    resources_of,
    rotation_of,
    visible_part,
)


@pytest.fixture
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(300, 400))
        yield made


@pytest.fixture
def page(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj


def font_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.Font))


def test_an_attribute_of_the_page_counts_before_that_of_the_tree(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    pdf.Root.Pages.Rotate = 90
    assert rotation_of(page) == 90
    page.Rotate = 180
    assert rotation_of(page) == 180
    assert inherited(page, "/Nothing") is None


def test_a_page_tree_without_end_ends(page: pikepdf.Object) -> None:
    page.Parent = page
    assert inherited(page, "/Rotate") is None


@pytest.mark.parametrize(("stored", "rotation"), [(0, 0), (-90, 270), (450, 90), (45, 0), (Name.X, 0)])
def test_a_rotation_is_a_quarter_turn_or_none(page: pikepdf.Object, stored: object, rotation: int) -> None:
    page.Rotate = stored
    assert rotation_of(page) == rotation


@pytest.mark.parametrize(
    ("media", "crop", "visible"),
    [
        ([0, 0, 300, 400], None, (0, 0, 300, 400)),
        ([300, 400, 0, 0], None, (0, 0, 300, 400)),
        ([0, 0, 300, 400], [50, 60, 250, 360], (50, 60, 250, 360)),
        ([0, 0, 300, 400], [-50, -60, 250, 900], (0, 0, 250, 400)),
        ([0, 0, 300, 400], [500, 500, 600, 600], (0, 0, 300, 400)),
        ([0, 0, 300, 400], [0, 0, 0, 0], (0, 0, 300, 400)),
        ([0, 0, 300], None, (0, 0, 612, 792)),
        ([0, 0, Name.X, 400], None, (0, 0, 612, 792)),
    ],
)
def test_the_visible_part_is_the_crop_box_within_the_media_box(
    page: pikepdf.Object, media: list[object], crop: list[object] | None, visible: tuple[float, ...]
) -> None:
    page.MediaBox = Array(media)
    if crop:
        page.CropBox = Array(crop)
    assert visible_part(page) == visible


def test_missing_resources_are_created_once(page: pikepdf.Object) -> None:
    if "/Resources" in page:
        del page["/Resources"]
    resources_of(page).Mark = 1
    assert resources_of(page).Mark == 1


def test_a_font_has_one_name_and_takes_none_that_is_in_use(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    theirs, ours = font_of(pdf), font_of(pdf)
    page.Resources = Dictionary(Font=Dictionary(Ocrdesk=theirs))
    assert add_font(page, ours) == "/Ocrdesk1"
    assert add_font(page, ours) == "/Ocrdesk1"
    assert page.Resources.Font.Ocrdesk.objgen == theirs.objgen


def test_our_own_font_is_no_font_of_the_page(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    ours = font_of(pdf)
    page.Resources = Dictionary()
    assert not has_fonts(page)
    add_font(page, ours)
    assert has_fonts(page)
    assert not has_fonts(page, but=ours)
    page.Resources.Font.Theirs = font_of(pdf)
    assert has_fonts(page, but=ours)


def test_a_form_may_have_text_and_an_image_has_none(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    form, image = pdf.make_stream(b""), pdf.make_stream(b"")
    form.Subtype, image.Subtype = Name.Form, Name.Image
    page.Resources = Dictionary(XObject=Dictionary(Im=image))
    assert not has_fonts(page)
    page.Resources.XObject.Fm = form
    assert has_fonts(page)
    assert [name for name, _ in forms_of(page.Resources)] == ["/Fm"]


@pytest.mark.parametrize("old", [[], [b"one"], [b"one", b"two"]])
def test_a_stream_comes_before_the_pages_own(pdf: pikepdf.Pdf, page: pikepdf.Object, old: list[bytes]) -> None:
    streams = [pdf.make_stream(content) for content in old]
    if len(streams) == 1:
        page.Contents = streams[0]
    elif streams:
        page.Contents = Array(streams)
    elif "/Contents" in page:
        del page["/Contents"]
    prepend_stream(page, pdf.make_stream(b"new"))
    assert [stream.read_bytes() for stream in page.Contents] == [b"new", *old]
