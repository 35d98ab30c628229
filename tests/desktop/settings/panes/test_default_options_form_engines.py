"""The engines of new jobs: the window offers what the server announces, and keeps a choice that the server lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from tests.desktop.conftest import OpenDesktop
from tests.helpers.engine_plugin import NAME, pip_install, write_plugin
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import text_png


def test_engine_of_another_package_can_be_chosen(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling, which builds the package, is not installed")
    with short_folder() as folder:
        pip_install(folder / "installed", write_plugin(folder))
        with running_backend(folder / "data", workers=1, PYTHONPATH=str(folder / "installed")) as served:
            desktop = open_desktop(RemoteServer(served.url))
            desktop.wait_for(ConnectionState.READY)
            settings = desktop.driver.open_settings(PaneName.LANGUAGES)
            desktop.wait(lambda: NAME in settings.choices("new_job_engine"))
            assert "Tesseract" in settings.choices("new_job_engine")
            settings.choose("new_job_engine", NAME)
            (tmp_path / "page.png").write_bytes(text_png("Hello"))
            desktop.driver.drop(tmp_path / "page.png")
            desktop.wait(lambda: desktop.driver.shown_text.strip() == "ink")


def test_engine_that_the_server_lacks_stays_chosen(open_desktop: OpenDesktop, backend: Backend) -> None:
    desktop = open_desktop(RemoteServer(backend.url))
    desktop.session.defaults = JobDefaults(engine=NAME)
    desktop.wait_for(ConnectionState.READY)
    settings = desktop.driver.open_settings(PaneName.LANGUAGES)
    assert settings.chosen("new_job_engine") == NAME
    desktop.wait(lambda: f"{NAME} (not on this server)" in settings.choices("new_job_engine"))
    assert "Tesseract" in settings.choices("new_job_engine")
    assert settings.chosen("new_job_engine") == NAME
    assert desktop.session.defaults.engine == NAME
