"""Image files as searchable PDFs."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array
from PIL import Image, ImageChops, ImageDraw, ImageStat

from ocrdesk.contract.document import Page
from ocrdesk.contract.media_types import MediaType, sniff
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.searchable_pdf.image_pdf import write_image_pdf
from tests.helpers.marked_images import marked_image, stored_for
from tests.helpers.pdf_reading import (
    pdfium_place,
)
from tests.helpers.sample_files import image_bytes, text_image
from tests.helpers.searchable_pdfs import NEAR_PT, Made, page_of, word

HEIC = Path(__file__).parents[2] / "data" / "heic" / "photo.heic"


def image_page(content: bytes, media: MediaType, page_index: int = 0, text: str = "Mark") -> tuple[Page, Image.Image]:
    """Return a page with one word over the upper left quarter, and the page image."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        rendered = ImageSource(Path(file.name), media).render(page_index)
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
"""PDFs kept open, because objects from a PDF become invalid when it is closed."""


def picture_in(path: Path, number: int = 1) -> pikepdf.Object:
    _looked_at.append(pikepdf.open(path))
    return _looked_at[-1].pages[number - 1].obj.Resources.XObject.Im


def assert_alike(one: Image.Image, two: Image.Image, most: int = 8) -> None:
    assert max(high for _, high in ImageChops.difference(one, two).getextrema()) <= most


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_images_of_every_orientation_are_upright_under_their_words(made: Made, form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = image_bytes(stored_for(orientation, marked_image()), form, exif=exif, dpi=(72, 72))
    page, upright = image_page(content, MediaType(f"image/{form.lower()}"))
    out = made(content, page)
    # PNG counts pixels per metre: 72.009 per inch, so edges are between pixels
    seen, expected = (it.resize((30, 15), Image.Resampling.BOX) for it in (drawn(out, upright.size), upright))
    assert_alike(seen, expected, 80)  # a rotated image differs by more than 200
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
        (image_bytes(text_image("Grey").convert("L"), "PPM"), 8, "/DeviceGray"),
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


@pytest.mark.parametrize(
    "content",
    [image_bytes(text_image("Photo"), "AVIF"), image_bytes(text_image("Photo"), "JPEG2000"), HEIC.read_bytes()],
    ids=["AVIF", "JPEG 2000", "HEIC"],
)
def test_photos_that_a_pdf_cannot_contain_become_jpegs(made: Made, content: bytes) -> None:
    media = sniff(content)
    assert media
    page, upright = image_page(content, media)
    out = made(content, page)
    assert picture_in(out).Filter == "/DCTDecode"
    difference = ImageChops.difference(drawn(out, upright.size), upright)
    assert max(ImageStat.Stat(difference).mean) < 2


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_each_picture_of_an_animation_becomes_a_page(form: str, tmp_path: Path) -> None:
    pictures = [text_image(text) for text in ("One", "Two", "Three")]
    source, out = tmp_path / "in", tmp_path / "out.pdf"
    source.write_bytes(image_bytes(pictures[0], form, save_all=True, append_images=pictures[1:], duration=500))
    write_image_pdf(source, MediaType(f"image/{form.lower()}"), out)
    with pdfium.PdfDocument(out) as document:
        assert len(document) == 3
        for page, picture in zip(document, pictures, strict=True):
            shown = page.render(scale=picture.width / page.get_width()).to_pil().convert("L").resize(picture.size)
            assert ImageStat.Stat(ImageChops.difference(shown, picture.convert("L"))).mean[0] < 4
