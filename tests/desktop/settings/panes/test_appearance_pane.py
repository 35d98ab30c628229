"""Light and dark."""

from __future__ import annotations

from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.ui.colour_scheme import Scheme, read_scheme
from tests.desktop.conftest import OpenDesktop


def test_appearance_is_applied_and_stored(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    settings = desktop.driver.open_settings(PaneName.APPEARANCE)
    settings.tick("appearance_dark")
    assert read_scheme(desktop.settings) is Scheme.DARK
    settings.tick("appearance_system")
    assert read_scheme(desktop.settings) is Scheme.SYSTEM
