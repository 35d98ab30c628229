"""Light and dark on displays without a desktop's help: the pixels that the display server shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.desktop_session import DrivenWindow, PrivateDesktop, needs, private_desktop
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until


@pytest.fixture
def desktop() -> Iterator[PrivateDesktop]:
    with short_folder() as folder, private_desktop(folder) as desktop:
        desktop.environment["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"  # so there is no portal either
        yield desktop


def check_schemes(window: DrivenWindow, take: Callable[[], Path]) -> None:
    """Choose dark, light and dark again; check that most pixels of the window follow, and its settings too."""

    def is_mostly(low: int, high: int) -> bool:
        with Image.open(take()) as picture:
            counts = picture.convert("L").histogram()
        return sum(counts[low:high]) > 0.85 * sum(counts)

    for scheme, low, high in (("dark", 20, 90), ("light", 215, 256), ("dark", 20, 90)):
        window.ask(f"scheme {scheme}")
        wait_until(lambda low=low, high=high: is_mostly(low, high), f"{scheme} pixels")
    window.ask("settings appearance")
    wait_until(lambda: is_mostly(20, 90), "dark settings")
    window.ask("scheme system")
    assert window.quit()[0] == 0


@needs("Xvfb")
def test_dark_is_dark_on_a_bare_x_server(desktop: PrivateDesktop) -> None:
    desktop.start_x("1000x700x24")
    window = desktop.open_window()
    window.wait(visible=True, platform="xcb")
    window.ask("move 0 0 1000 700")
    file = desktop.home / "screen.png"

    def take() -> Path:
        window.ask(f"grab {file}")
        return file

    check_schemes(window, take)


@needs("sway", "grim", "setpriv")
def test_dark_is_dark_on_sway(desktop: PrivateDesktop) -> None:
    desktop.start_sway()
    window = desktop.open_window(XDG_SESSION_TYPE="wayland")
    window.wait(visible=True, platform="wayland")
    file = desktop.home / "screen.png"

    def take() -> Path:
        desktop.run("grim", file)
        return file

    check_schemes(window, take)
