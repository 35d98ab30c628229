"""Pictures of a PDF page: images and drawings; frames and ruling lines are none."""

from __future__ import annotations

from PIL import Image

from ocrdesk.contract.document import Box
from tests.helpers.sample_pdfs import PROSE, PdfPage, lines
from tests.helpers.text_layers import close_to, layer_of
from tests.worker.conftest import Save

SCALE = 300 / 72
TEXT = lines(PROSE * 3)
CURVES = "".join(f"{100 + 20 * n} 200 m {120 + 20 * n} 300 140 250 {150 + 20 * n} 220 c S " for n in range(8))
CURVES += "".join(f"{100 + 20 * n} 200 m {130 + 20 * n} 260 l S " for n in range(8))


def pictures(save: Save, content: str, **images: Image.Image) -> tuple[Box, ...]:
    return layer_of(save, PdfPage(TEXT + content, pictures=images)).marks.pictures


def pixels(left: float, bottom: float, right: float, top: float) -> Box:
    return Box(*(round(edge * SCALE) for edge in (left, 842 - top, right, 842 - bottom)))


def test_an_image_is_a_picture(save: Save) -> None:
    image = Image.new("L", (20, 10), 128)
    (box,) = pictures(save, "q 200 0 0 100 100 300 cm /Im Do Q", Im=image)
    assert close_to(box, pixels(100, 300, 300, 400), 3)


def test_curves_and_slanting_lines_are_a_picture(save: Save) -> None:
    (box,) = pictures(save, CURVES)
    assert close_to(box, pixels(100, 200, 290, 300), 15)


def test_two_drawings_apart_are_two_pictures(save: Save) -> None:
    assert len(pictures(save, f"{CURVES} q 1 0 0 1 0 150 cm {CURVES} Q")) == 2


def test_frames_and_ruling_lines_are_none(save: Save) -> None:
    ruled = "".join(
        f"72 {300 - 20 * n} m 500 {300 - 20 * n} l S {72 + 60 * n} 300 m {72 + 60 * n} 200 l S " for n in range(6)
    )
    frame = "80 400 m 480 400 l 490 400 490 400 490 410 c 490 500 l 490 510 490 510 480 510 c 80 510 l 70 510 l h S "
    assert pictures(save, f"{ruled} 72 200 428 100 re S {frame}") == ()


def test_small_signs_and_backgrounds_are_none(save: Save) -> None:
    image = Image.new("L", (20, 10), 250)
    content = "q 10 0 0 10 100 300 cm /Im Do Q q 595 0 0 842 0 0 cm /Im Do Q"
    assert pictures(save, content, Im=image) == ()
