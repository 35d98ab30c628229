"""The switches for tray, notifications and closing."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.behaviour_pane import BehaviourPane
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.settings_file import open_settings
from ocrdesk.desktop.window.background_mode import BackgroundMode
from tests.desktop.conftest import Desktop


def test_switches_apply_immediately_and_are_stored(staged: Desktop, tmp_path: Path) -> None:
    settings = staged.driver.open_settings(PaneName.BEHAVIOUR)
    assert isinstance(settings.pane, BehaviourPane)
    settings.press("behaviour_messages")
    settings.choose("behaviour_language", "en")
    settings.press("behaviour_tray")
    assert not settings.is_enabled("behaviour_stay_in_tray")
    kept = BackgroundSettings(open_settings(tmp_path / "desktop.ini"))
    assert (kept.notifies, kept.has_tray, kept.closes_to_tray, kept.language) == (False, False, False, "en")
    assert isinstance(staged.background_mode, BackgroundMode)
