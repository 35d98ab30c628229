"""Options for new jobs."""

from __future__ import annotations

from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.settings.language_source import LanguageEntry
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.default_options_form import DefaultOptionsForm
from tests.desktop.conftest import OpenDesktop


def test_languages_of_new_jobs_keep_their_order(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    settings = desktop.driver.open_settings(PaneName.LANGUAGES)
    installed = [LanguageEntry("deu", "German", "system"), LanguageEntry("eng", "English", "system")]
    settings.find("new_jobs", DefaultOptionsForm).offer(installed)
    settings.tick_language("deu", True)
    assert desktop.session.defaults.languages == ("eng", "deu")
    settings.tick_language("eng", False)
    settings.tick_language("deu", False)  # one stays
    assert desktop.session.defaults.languages == ("deu",)
    settings.tick_language("auto", True)
    assert desktop.session.defaults.languages == ("auto",)
    settings.choose("new_job_mode", "force")
    again = open_desktop(LocalServer(), start=False)
    assert again.session.defaults == JobDefaults(("auto",), "auto", "force")
