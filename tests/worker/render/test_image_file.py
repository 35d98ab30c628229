"""Image files of every type open upright and whole; damaged ones raise typed errors."""

from __future__ import annotations

import contextlib
import io
import random
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType, sniff
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.render import image_file
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.marked_images import assert_upright, deep_page, marked_image, on_nothing, stored_for
from tests.helpers.sample_files import image_bytes, multipage_tiff, text_image
from tests.worker.conftest import Save

HEIC = Path(__file__).parents[2] / "data" / "heic"


def oriented_file(orientation: int, form: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return image_bytes(stored_for(orientation, marked_image()), form, exif=exif)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_orientation_comes_out_upright(save: Save, form: str, orientation: int) -> None:
    content = oriented_file(orientation, form)
    media = sniff(content)
    assert media is not None
    rendered = ImageSource(save(content), media).render(0)
    assert_upright(rendered.image)
    assert rendered.rotation == {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}.get(orientation, 0)


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("PNG", MediaType.PNG),
        ("JPEG", MediaType.JPEG),
        ("TIFF", MediaType.TIFF),
        ("WEBP", MediaType.WEBP),
        ("BMP", MediaType.BMP),
        ("GIF", MediaType.GIF),
        ("AVIF", MediaType.AVIF),
        ("JPEG2000", MediaType.JPEG_2000),
        ("PPM", MediaType.PNM),
    ],
)
def test_every_type_opens_by_its_content(save: Save, form: str, media: MediaType) -> None:
    content = image_bytes(marked_image(), form)
    assert sniff(content) is media
    source = open_source(save(content), media)
    assert source.page_count == 1
    assert_upright(source.render(0).image)
    source.close()


def test_the_pages_of_a_tiff_are_rendered_in_any_order(save: Save) -> None:
    source = ImageSource(save(multipage_tiff(["One", "Two", "Three"])), MediaType.TIFF)
    assert source.page_count == 3
    wanted = [text_image(text).convert("L").tobytes() for text in ("One", "Two", "Three")]
    for index in (2, 0, 1, 1):
        rendered = source.render(index)
        assert rendered.image.convert("L").tobytes() == wanted[index]
        assert rendered.dpi == 300


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_a_page_stays_as_it_is_when_the_next_one_is_rendered(save: Save, mode: str) -> None:
    """Steps of a page keep what they made of its image as long as the image is there."""
    frames = [text_image(text).convert(mode) for text in ("the first", "the second")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    source = ImageSource(save(buffer.getvalue()), MediaType.TIFF)
    first = source.render(0).image
    before = pixels_of(to_grey(first)).copy()
    second = pixels_of(to_grey(source.render(1).image))
    assert (pixels_of(to_grey(first)) == before).all()
    assert second.shape != before.shape or (second != before).any()
    source.close()


def test_pixels_of_an_image_with_a_file_are_those_of_its_current_page() -> None:
    frames = [Image.new("L", (40, 30), tone) for tone in (10, 200)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    with Image.open(buffer) as image:
        assert pixels_of(image).max() == 10
        image.seek(1)
        assert pixels_of(image).min() == 200


@pytest.mark.parametrize(
    ("mode", "options"), [("1", {}), ("L", {}), ("RGB", {}), ("I;16", {})], ids=["pbm", "pgm", "ppm", "pgm of 16 bits"]
)
def test_a_portable_map_of_any_depth_is_read(save: Save, mode: str, options: dict[str, object]) -> None:
    page = deep_page() if mode == "I;16" else marked_image(mode)
    assert_upright(to_grey(ImageSource(save(image_bytes(page, "PPM", **options)), MediaType.PNM).render(0).image))


def test_a_dark_page_of_16_bits_is_not_stretched(save: Save) -> None:
    page = Image.new("I;16", (120, 60), 60_000)
    grey = to_grey(ImageSource(save(image_bytes(page, "PPM")), MediaType.PNM).render(0).image)
    assert set(grey.tobytes()) == {60_000 >> 8}


def test_a_turned_photo_from_a_phone_is_upright(save: Save) -> None:
    source = ImageSource(HEIC / "turned.heic", MediaType.HEIC)
    assert source.page_count == 1
    assert_upright(source.render(0).image)


def test_each_image_of_a_collection_is_a_page(save: Save) -> None:
    source = ImageSource(HEIC / "collection.heic", MediaType.HEIC)
    assert source.page_count == 2
    first, second = (to_grey(source.render(index).image) for index in (0, 1))
    assert first.size == second.size == (640, 160)
    assert first.tobytes() != second.tobytes()
    assert to_grey(source.render(0).image).tobytes() == first.tobytes()


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_each_picture_of_an_animation_is_a_page(save: Save, form: str) -> None:
    pictures = [text_image(text) for text in ("One", "Two", "Three")]
    content = image_bytes(pictures[0], form, save_all=True, append_images=pictures[1:], duration=500)
    media = MediaType(f"image/{form.lower()}")
    source = ImageSource(save(content), media)
    assert source.page_count == 3
    for index in (2, 0, 1):
        difference = ImageChops.difference(to_grey(source.render(index).image), to_grey(pictures[index]))
        assert max(difference.histogram()[128:]) == 0, f"page {index + 1} is another picture"


# ── resolution ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("dpi", "expected"),
    [((300, 300), 300), ((200, 100), 150), ((1, 1), 0), ((49, 300), 0), ((72, 72), 72), ((9600, 9600), 0)],
)
def test_a_resolution_is_believed_when_it_can_be_true(save: Save, dpi: tuple[int, int], expected: float) -> None:
    content = image_bytes(marked_image(), "TIFF", dpi=dpi)
    assert ImageSource(save(content), MediaType.TIFF).render(0).dpi == pytest.approx(expected, abs=0.1)


def test_an_image_without_a_resolution_has_none(save: Save) -> None:
    assert ImageSource(save(image_bytes(marked_image(), "PNG")), MediaType.PNG).render(0).dpi == 0


# ── size ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_big_image_is_reduced_and_its_resolution_with_it(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_file, "MAX_PAGE_PIXELS", 100_000)
    content = image_bytes(text_image("Big", (1200, 600)), "PNG", dpi=(300, 300))
    rendered = ImageSource(save(content), MediaType.PNG).render(0)
    assert rendered.image.size == (447, 223)
    assert rendered.dpi == pytest.approx(300 * 447 / 1200, abs=0.2)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "RGBA", "LA", "I;16", "PA"])
def test_a_big_image_of_any_mode_stays_dark_on_white(save: Save, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setattr(image_file, "MAX_PAGE_PIXELS", 1_000)
    page = on_nothing(mode) if "A" in mode else deep_page() if mode == "I;16" else marked_image(mode)
    form = "TIFF" if mode in ("CMYK", "PA") else "PNG"
    content = image_bytes(page, form)
    rendered = ImageSource(save(content), MediaType(f"image/{form.lower()}")).render(0)
    grey = to_grey(rendered.image)
    assert grey.width * grey.height <= 1_000
    assert grey.tobytes()[0] < 60
    assert grey.tobytes()[-1] > 200


def test_an_image_beyond_the_limit_is_refused_before_it_is_decoded(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    content = image_bytes(Image.new("1", (20_000, 16_000)), "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    with pytest.raises(ProcessingError) as raised:
        ImageSource(save(content), MediaType.PNG).render(0)
    assert raised.value.info.code is ErrorCode.IMAGE_TOO_LARGE
    assert "20000 x 16000" in raised.value.info.message


# ── damage ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "AVIF", "JPEG2000", "PPM", "HEIC"])
@pytest.mark.parametrize("part", [0.03, 0.3, 0.6])
def test_an_image_that_was_cut_off_is_corrupt(save: Save, form: str, part: float) -> None:
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    content = (HEIC / "photo.heic").read_bytes() if form == "HEIC" else image_bytes(noise, form)
    media = sniff(content)
    assert media is not None
    cut = content[: max(30, int(len(content) * part))]
    with pytest.raises(ProcessingError) as raised:
        ImageSource(save(cut), media).render(0)
    assert raised.value.info.code is ErrorCode.CORRUPT_FILE


@pytest.mark.parametrize("form", ["AVIF", "JPEG2000", "PPM", "HEIC", "WEBP", "GIF", "PNG"])
def test_damaged_images_end_in_an_image_or_an_error(save: Save, form: str) -> None:
    """Each copy has other bytes wrong; the generator's seed makes them the same at each run."""
    pictures = [text_image(text, (160, 80)) for text in ("One", "Two")]
    animated = {"save_all": True, "append_images": pictures[1:]} if form in ("GIF", "PNG", "WEBP", "AVIF") else {}
    content = (HEIC / "collection.heic").read_bytes() if form == "HEIC" else image_bytes(pictures[0], form, **animated)
    media = sniff(content)
    assert media is not None
    chance = random.Random(form)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 4, 20))):
            damaged[chance.randrange(12, len(damaged))] = chance.randrange(256)
        with contextlib.suppress(ProcessingError):
            source = ImageSource(save(bytes(damaged)), media)
            for index in range(min(3, source.page_count)):
                to_grey(source.render(index).image)


@pytest.mark.parametrize("form", ["JPEG2000", "PPM"])
def test_a_header_that_states_a_giant_is_refused_before_it_is_decoded(save: Save, form: str) -> None:
    content = bytearray(b"P5 40000 40000 255 " if form == "PPM" else image_bytes(marked_image(), form))
    if form == "JPEG2000":
        size = struct.pack(">II", 60, 120)  # in the header of the file, as height and width
        at = content.index(size)
        content[at : at + 8] = struct.pack(">II", 40_000, 40_000)
    with pytest.raises(ProcessingError) as raised:
        ImageSource(save(bytes(content)), sniff(bytes(content)) or MediaType.PNM).render(0)
    assert raised.value.info.code is ErrorCode.IMAGE_TOO_LARGE


def test_a_very_tall_image_is_not_reduced(save: Save) -> None:
    rendered = ImageSource(save(image_bytes(Image.new("1", (300, 60_000), 1))), MediaType.PNG).render(0)
    assert rendered.image.size == (300, 60_000)
    assert not rendered.is_reduced


def test_a_tiff_that_points_into_nothing_is_corrupt(save: Save) -> None:
    with pytest.raises(ProcessingError) as raised:
        ImageSource(save(b"II*\x00\xff\xff\xff\x7f"), MediaType.TIFF).render(0)
    assert raised.value.info.code is ErrorCode.CORRUPT_FILE


def test_a_file_of_another_type_than_detected_is_corrupt(save: Save) -> None:
    with pytest.raises(ProcessingError):
        ImageSource(save(image_bytes(marked_image(), "PNG")), MediaType.JPEG)


@pytest.mark.usefixtures("corpus")
def test_hostile_images_end_in_an_image_or_an_error(corpus: Path) -> None:
    seen = 0
    for path in sorted((corpus / "hostile").iterdir()):
        media = sniff(path.read_bytes()[:1024])
        if media in (None, MediaType.PDF) or "oom" in path.name:
            continue
        with contextlib.suppress(ProcessingError):
            to_grey(ImageSource(path, media).render(0).image)
        seen += 1
    assert seen > 10


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("TIFF", MediaType.TIFF),
        ("GIF", MediaType.GIF),
        ("PNG", MediaType.PNG),
        ("WEBP", MediaType.WEBP),
        ("AVIF", MediaType.AVIF),
    ],
)
def test_a_page_is_the_same_whatever_was_read_before_it(save: Save, form: str, media: MediaType) -> None:
    first, *rest = [text_image(text, (400, 100)).convert("RGB") for text in ("One", "Two", "Three", "Four")]
    path = save(image_bytes(first, form, save_all=True, append_images=rest))
    count = ImageSource(path, media).page_count
    assert count == 4
    alone = [ImageSource(path, media).render(page_index).image.convert("RGB").tobytes() for page_index in range(count)]
    assert len(set(alone)) == count
    source = ImageSource(path, media, count)
    for page_index in (0, 1, 3, 2, 2, 0, 3):
        assert source.render(page_index).image.convert("RGB").tobytes() == alone[page_index]
