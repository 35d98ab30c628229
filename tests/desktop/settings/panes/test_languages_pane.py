"""Languages of this computer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QProgressBar

from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import OpenDesktop
from tests.helpers.key_checks import agree
from tests.helpers.language_mirror import real_pack, serving_mirror


def test_language_is_added_from_a_mirror_and_removed(
    open_desktop: OpenDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(), tmp_path / "data")
    desktop = open_desktop(book=book, start=False)
    with serving_mirror(tmp_path / "mirror") as mirror:
        mirror.put("tlh", real_pack("deu"))
        settings = desktop.driver.open_settings(PaneName.LANGUAGES)
        settings.fill("language_mirror", mirror.url)
        settings.submit("language_mirror")
        desktop.wait(lambda: settings.language("tlh", "mirror"))
        settings.select_language("tlh", "mirror")
        seen: list[int] = []
        settings.find("language_progress", QProgressBar).valueChanged.connect(seen.append)
        settings.press("language_add")
        assert settings.is_shown("language_progress")
        desktop.wait(lambda: settings.language("tlh", "added"))
        assert max(seen) == 1000
        assert "tlh was added." in settings.text("language_notice")
        assert not settings.is_shown("language_progress")
        settings.select_language("tlh", "added")
        settings.press("language_remove")
        agree(desktop)
        desktop.wait(lambda: settings.language("tlh", "mirror"))
        mirror.status = 503
        settings.show(PaneName.SERVERS)
        settings.show(PaneName.LANGUAGES)
        desktop.wait(lambda: "503" in settings.text("language_notice"))  # installed languages are still listed
        assert settings.entries("language_list")
