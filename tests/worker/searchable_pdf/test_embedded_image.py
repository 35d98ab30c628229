"""Images are embedded in a PDF without loss, and unchanged if possible."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrdesk_worker.searchable_pdf.embedded_image import embed, embed_jpeg, embed_png
from tests.helpers.sample_files import image_bytes, text_image
from tests.worker.conftest import Save

NOISE = Image.effect_noise((300, 200), 60)


def test_a_jpeg_is_embedded_without_what_follows_it(save: Save) -> None:
    content = image_bytes(NOISE.convert("RGB"), "JPEG", quality=70)
    embedded = embed_jpeg(save(content + b"what phones append" + content), b"")
    assert embedded is not None
    assert embedded.content == content
    assert (embedded.width, embedded.height, embedded.components) == (300, 200, 3)
    assert "/DCTDecode" in embedded.entries
    assert "/DeviceRGB" in embedded.entries


def test_a_progressive_jpeg_is_embedded_whole(save: Save) -> None:
    content = image_bytes(NOISE, "JPEG", progressive=True)
    embedded = embed_jpeg(save(content), b"")
    assert embedded is not None
    assert embedded.content == content


def test_the_colours_of_adobes_cmyk_are_inverted(save: Save) -> None:
    embedded = embed_jpeg(save(image_bytes(Image.new("CMYK", (30, 20)), "JPEG")), b"")
    assert embedded is not None
    assert "/Decode [1 0 1 0 1 0 1 0]" in embedded.entries


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.replace(b"\xff\xc0", b"\xff\xc3", 1),
        lambda content: content[:2] + b"rubbish" + content[2:],
        lambda content: content[:2],
        lambda content: b"\xff\xd8\xff\xd9",
    ],
    ids=["lossless", "rubbish", "cut off", "empty"],
)
def test_a_jpeg_that_readers_cannot_show_is_not_embedded(save: Save, spoil) -> None:  # type: ignore[no-untyped-def]
    assert embed_jpeg(save(spoil(image_bytes(NOISE, "JPEG"))), b"") is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "I;16"])
def test_a_pngs_pixel_data_are_embedded_as_they_are(save: Save, mode: str) -> None:
    content = image_bytes(
        text_image("Kept").convert("P" if mode == "P" else "RGB" if mode == "RGB" else "L").convert(mode)
    )
    embedded = embed_png(save(content), b"")
    assert embedded is not None
    assert embedded.content in content
    assert f"/BitsPerComponent { {'1': 1, 'I;16': 16}.get(mode, 8) }" in embedded.entries


@pytest.mark.parametrize("options", [{"transparency": 0}, {}], ids=["a transparent tone", "an alpha channel"])
def test_a_png_with_transparent_areas_is_not_embedded(save: Save, options: dict[str, int]) -> None:
    image = text_image("Glass").convert("L" if options else "LA")
    assert embed_png(save(image_bytes(image, **options)), b"") is None


def test_an_interlaced_png_is_not_embedded(save: Save) -> None:
    content = bytearray(image_bytes(NOISE))
    content[28] = 1
    assert embed_png(save(bytes(content)), b"") is None


def test_black_and_white_is_encoded_in_the_shorter_way() -> None:
    text = embed(text_image("Mark", (1600, 1200)).convert("1"))
    pattern = embed(Image.frombytes("1", (1600, 1200), b"\xaa" * 240_000))
    assert "/CCITTFaxDecode" in text.entries
    assert "/FlateDecode" in pattern.entries


@pytest.mark.parametrize(("mode", "space"), [("L", b"GRAY"), ("RGB", b"RGB "), ("CMYK", b"CMYK")])
def test_a_profile_of_the_images_colours_is_kept_and_another_is_not(mode: str, space: bytes) -> None:
    for named, kept in ((space, True), (b"Lab ", False)):
        profile = bytes(16) + named + bytes(16) + b"acsp" + bytes(88)
        image = Image.new(mode, (30, 20))
        image.info["icc_profile"] = profile
        embedded = embed(image)
        assert (embedded.profile == profile) is kept
        assert ("/ColorSpace" in embedded.entries) is not kept


def test_transparent_areas_become_white() -> None:
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (9, 8, 7, 255))
    opened = Image.new("RGBA", (2, 1), "white")
    opened.putpixel((1, 0), (9, 8, 7))
    assert embed(image) == embed(opened.convert("RGB"))
