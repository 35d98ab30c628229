"""An empty window says what to do."""

from __future__ import annotations

from ocrdesk.desktop.servers.servers import LocalServer
from tests.desktop.conftest import OpenDesktop


def test_empty_window_invites(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    assert desktop.driver.shown_page == "empty_state"
    words = " ".join(desktop.driver.part("empty_state").texts())
    assert "Drop files or folders here" in words
    for kind in ("PDF", "PNG", "JPEG", "TIFF", "WebP", "BMP", "GIF"):
        assert kind in words
    for action in ("cancel", "remove", "copy_text"):
        assert not desktop.driver.action(action).isEnabled()
