"""Two real monitors of different scale: a capture across both, and a window whose monitor was removed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage

from tests.helpers.desktop_session import DrivenWindow, PrivateDesktop, needs, private_desktop
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until

pytestmark = needs("Xvfb", "xrandr", "xsetroot", "xdotool")
TILE_PX = 64
MIDDLE_PX = 1280
"""The x coordinate at which the left monitor ends and the right one begins."""


class Pattern:
    """Random black and white points all over the root window, so that every place is unique."""

    def __init__(self) -> None:
        chosen = random.Random(7)
        self._rows = [[chosen.random() < 0.5 for _ in range(TILE_PX)] for _ in range(TILE_PX)]

    def save(self, file: Path) -> None:
        """Save the pattern as an X bitmap."""
        bits = [row[at : at + 8] for row in self._rows for at in range(0, TILE_PX, 8)]
        data = ",".join(hex(sum(bit << place for place, bit in enumerate(byte))) for byte in bits)
        size = f"#define p_width {TILE_PX}\n#define p_height {TILE_PX}\n"
        file.write_text(f"{size}static char p_bits[] = {{\n{data}}};\n")

    def is_at(self, picture: QImage, place: QRect) -> bool:
        """Return whether the image shows exactly this place of the root window."""
        return picture.size() == place.size() and all(
            (picture.pixelColor(x, y).lightness() < 128)
            == self._rows[(place.y() + y) % TILE_PX][(place.x() + x) % TILE_PX]
            for x in range(picture.width())
            for y in range(picture.height())
        )


@pytest.fixture
def desktop() -> Iterator[PrivateDesktop]:
    with short_folder() as folder, private_desktop(folder) as desktop:
        desktop.start_x(f"{2 * MIDDLE_PX}x800x24")
        plug_in(desktop, "LEFT", 0, "screen")
        plug_in(desktop, "RIGHT", MIDDLE_PX, "none")
        yield desktop


def plug_in(desktop: PrivateDesktop, name: str, left: int, output: str) -> None:
    desktop.run("xrandr", "--setmonitor", name, f"{MIDDLE_PX}/338x800/211+{left}+0", output)


def choose(desktop: PrivateDesktop, window: DrivenWindow, part: QRect) -> QImage:
    """Draw a rectangle with the mouse, corner to corner; return the captured image."""
    window.ask("region")
    window.wait(choosing=True)
    wait_until(lambda: desktop.run("xdotool", "search", "--onlyvisible", "--name", "^Choose a part"), "the overlay")
    corners = [str(number) for number in (*part.topLeft().toTuple(), *part.bottomRight().toTuple())]
    middle = [str(number) for number in part.center().toTuple()]
    desktop.run("xdotool", "mousemove", *corners[:2], "mousedown", "1", "mousemove", *middle)
    desktop.run("xdotool", "mousemove", *corners[2:], "mouseup", "1")
    (path,) = wait_until(lambda: window.ask()["paths"], "the picture")
    return QImage(path)


@pytest.mark.parametrize("scales", ["1;1", "2;1", "1;2", "1.5;1.25"])
def test_region_across_both_monitors_is_cropped_to_the_pixel(desktop: PrivateDesktop, scales: str) -> None:
    pattern = Pattern()
    pattern.save(desktop.home / "pattern.xbm")
    desktop.run("xsetroot", "-bitmap", desktop.home / "pattern.xbm")
    window = desktop.open_window(QT_SCREEN_SCALE_FACTORS=scales)
    window.wait(visible=True)
    part = QRect(MIDDLE_PX - 60, 120, 121, 61)
    picture = choose(desktop, window, part)
    if "." in scales:  # mouse positions are whole logical pixels
        assert (picture.size() - part.size()).width() in range(-2, 3)
    else:
        assert pattern.is_at(picture, part)
    assert window.quit() == (0, "")


def test_window_of_a_missing_monitor_opens_on_the_other(desktop: PrivateDesktop) -> None:
    window = desktop.open_window()
    window.wait(visible=True, screen="LEFT")
    window.ask(f"move {MIDDLE_PX + 100} 100 800 600")
    window.wait(screen="RIGHT", geometry=[MIDDLE_PX + 100, 100, 800, 600])
    assert window.quit() == (0, "")
    back = desktop.open_window()
    back.wait(visible=True, screen="RIGHT", geometry=[MIDDLE_PX + 100, 100, 800, 600])
    assert back.quit() == (0, "")
    desktop.run("xrandr", "--delmonitor", "RIGHT")
    alone = desktop.open_window()
    alone.wait(visible=True, screen="LEFT")
    place = QRect(*alone.ask()["geometry"])
    assert QRect(0, 0, MIDDLE_PX, 800).contains(place)
    assert place.size() == QSize(800, 600)
    assert alone.quit() == (0, "")
