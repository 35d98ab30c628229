"""Rows of dots that lead to a number are found and painted over; other dots stay."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk_worker.preprocess.components import find_components, pixels_of
from ocrdesk_worker.preprocess.dot_leaders import take_leaders
from ocrdesk_worker.preprocess.pixels import Pixels, np

_FONT = ImageFont.load_default(30)


def page_of(*lines: str, ink: int = 0, paper: int = 255) -> Pixels:
    """Return a page with these lines, whose dots are drawn 12 pixels apart where the text has a row of `~`."""
    image = Image.new("L", (900, 80 * len(lines) + 40), paper)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        x, y = 40.0, 30 + 80 * number
        for letter in line:
            if letter == "~":
                draw.rectangle((x + 4, y + 26, x + 7, y + 29), fill=ink)
                x += 12
            else:
                draw.text((x, y), letter, font=_FONT, fill=ink)
                x += _FONT.getlength(letter)
    return pixels_of(image)


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (90, 200)])
def test_a_row_of_equal_dots_is_painted_over(ink: int, paper: int) -> None:
    clean, leaders = take_leaders(
        page_of("Sources " + "~" * 30 + " 17", "Index " + "~" * 40 + " 310", ink=ink, paper=paper)
    )
    assert sorted(leader.dots for leader in leaders) == [30, 40]
    assert np.array_equal(clean[:, 300:400], np.full_like(clean[:, 300:400], paper))
    assert np.array_equal(clean[:, :120], page_of("Sources", "Index", ink=ink, paper=paper)[:, :120])


@pytest.mark.parametrize(("stop", "dots"), [(53, 30), (60, 31)])
def test_a_full_stop_before_a_leader_stays(stop: int, dots: int) -> None:
    image = Image.new("L", (500, 100), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 50, 63), fill=0)
    for left in (stop, *(72 + 12 * number for number in range(30))):
        draw.rectangle((left, 61, left + 2, 63), fill=0)
    clean, [leader] = take_leaders(pixels_of(image))
    assert (leader.dots, clean[62, stop + 1]) == (dots, 0 if dots == 30 else 255)


@pytest.mark.parametrize(
    "line", ["Perhaps... or not", "1.2.3.4.5.6.7.8.9", "iiiiiiiiiiii", "~  ~ ~~   ~ ~      ~", "a ~~~~ b"]
)
def test_other_dots_stay(line: str) -> None:
    page = page_of(line)
    clean, leaders = take_leaders(page)
    assert clean is page
    assert not leaders


def test_a_dotted_rule_below_words_stays() -> None:
    image = Image.new("L", (900, 100), 255)
    draw = ImageDraw.Draw(image)
    for left in (40, 700):
        draw.text((left, 20), "150.00", font=_FONT, fill=0)
    for number in range(65):
        left = 20 + 12 * number + 5 * (number % 23 == 0)  # uneven in places, so that parts of it are rows of their own
        draw.rectangle((left, 52, left + 2, 54), fill=0)
    assert take_leaders(pixels_of(image))[1] == []


def test_a_screened_area_stays() -> None:
    page = page_of("", "").copy()
    for y in (0, 1):
        for x in (0, 1):
            page[20 + y : 120 : 6, 20 + x : 800 : 6] = 0
    assert take_leaders(page)[0] is page


def test_letters_have_their_height_without_the_dots() -> None:
    page = page_of(*["Entry " + "~" * 50 + " 3"] * 5)
    clean, _ = take_leaders(page)
    assert find_components(page).letter_height < 10
    assert find_components(clean).letter_height > 20
