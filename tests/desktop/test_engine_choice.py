"""The engines of new jobs: the window offers what the server announces, and keeps a choice that the server lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QWidget

from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from tests.desktop.conftest import OpenDesktop, drop
from tests.helpers.engine_plugin import NAME, pip_install, write_plugin
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import text_png


def engine_box(pane: QWidget) -> QComboBox:
    (box,) = (found for found in pane.findChildren(QComboBox) if found.accessibleName() == "Engine")
    return box


def offered(box: QComboBox) -> dict[str, str]:
    """The names of engines that can be chosen, and how they are shown."""
    return {str(box.itemData(row)): box.itemText(row) for row in range(box.count())}


def test_an_engine_of_another_package_can_be_chosen(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling, which builds the package, is not installed")
    with short_folder() as folder:
        pip_install(folder / "installed", write_plugin(folder))
        with running_backend(folder / "data", workers=1, PYTHONPATH=str(folder / "installed")) as served:
            desktop = open_desktop(RemoteServer(served.url))
            desktop.wait_for(ConnectionState.READY)
            box = engine_box(desktop.window._door.open(PaneName.LANGUAGES))
            desktop.wait(lambda: NAME in offered(box))
            assert offered(box)[NAME] == NAME
            assert offered(box)["tesseract"] == "Tesseract"
            box.setCurrentIndex(box.findData(NAME))
            (tmp_path / "page.png").write_bytes(text_png("Hello"))
            drop(desktop, tmp_path / "page.png")
            desktop.wait(lambda: desktop.shown_text.strip() == "ink")


def test_a_choice_that_the_server_lacks_stays_and_says_so(open_desktop: OpenDesktop, backend: Backend) -> None:
    desktop = open_desktop(RemoteServer(backend.url))
    desktop.session.defaults = JobDefaults(engine=NAME)
    desktop.wait_for(ConnectionState.READY)
    box = engine_box(desktop.window._door.open(PaneName.LANGUAGES))
    assert box.currentData() == NAME
    desktop.wait(lambda: box.currentText() == f"{NAME} (not on this server)")
    assert "auto" in offered(box)
    assert desktop.session.defaults.engine == NAME
