"""Every text of the desktop has a German translation, and the window shows it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu

from ocrdesk.desktop.i18n import interface_language
from tests.desktop.conftest import OpenDesktop
from tests.desktop.screens import PLACES, ScreenGuide

ROOT = Path(__file__).resolve().parents[3]
_NARROW_PX = 720
FILES = sorted(interface_language.FOLDER.glob("*.ts"))

SHOW = """
import sys
from pathlib import Path
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QWidget
from ocrdesk.desktop.i18n import interface_language
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import row_of_file
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.window.saved_state import WindowState
app = QApplication([])
print(interface_language.install(app, sys.argv[2]))
tasks = Tasks()
window = MainWindow(Session(LocalServer(), tasks), tasks, WindowState(Path(sys.argv[1]) / "a.ini"))
print([action.text() for action in window.menuBar().actions()])
print([label.text() for label in window.findChild(QWidget, "empty_state").findChildren(QLabel)])
print(row_text.state_line(row_of_file(Path("a.png"))))
box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
print(box.buttons()[0].text())
print(window.findChild(QAction, "action_open_files").toolTip())
"""


def show(tmp_path: Path, wanted: str = "", system: str = "en_GB.UTF-8") -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))},
        "LANG": system,
        "LANGUAGE": system.partition(".")[0],
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-c", SHOW, str(tmp_path), wanted]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("system", ["de_DE.UTF-8", "de_AT.UTF-8"])
def test_window_is_german_on_a_german_system(tmp_path: Path, system: str) -> None:
    said = show(tmp_path, system=system)
    assert said.splitlines()[0] == "de"
    for words in ("&Datei", "Dateien oder Ordner hier ablegen", "Noch nicht gesendet", "Abbrechen", "(Strg+O)"):
        assert words in said


def test_chosen_language_goes_before_the_system_s(tmp_path: Path) -> None:
    assert "&Datei" in show(tmp_path, wanted="de")
    assert "&File" in show(tmp_path, wanted="en", system="de_DE.UTF-8")


def test_language_without_a_translation_is_english(tmp_path: Path) -> None:
    assert "&File" in show(tmp_path, wanted="xx", system="ja_JP.UTF-8")


def test_every_word_has_its_finished_translation() -> None:
    done = subprocess.run(
        [sys.executable, "packaging/translations.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_translation_fills_in_what_the_source_does(file: Path) -> None:
    for message in ET.parse(file).getroot().iter("message"):
        source, words = message.findtext("source", ""), message.findtext("translation", "")
        assert sorted(re.findall(r"\{\w+\}", source)) == sorted(re.findall(r"\{\w+\}", words)), source
        assert source.count("&") == words.count("&"), source
        assert source.endswith("…") == words.endswith("…"), source


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_word_is_shown_that_is_not_collected(file: Path) -> None:
    """The tool that collects texts sees neither variables nor the content of f-strings."""
    collected = {message.findtext("source") for message in ET.parse(file).getroot().iter("message")}
    for source in sorted((ROOT / "ocrdesk" / "desktop").rglob("*.py")):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in ("tr", "_tr"):
                word = call.args[0]
                assert isinstance(word, ast.Constant), f"{source.name}:{call.lineno}: not a literal"
                assert word.value in collected, f"{source.name}:{call.lineno}: {word.value!r} is not collected"


@pytest.fixture
def speaking_german(qapp: QApplication) -> Iterator[None]:
    was = QLocale()
    interface_language.install(qapp, "de")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(was)


@pytest.mark.usefixtures("speaking_german")
def test_german_menu_entries_have_a_mnemonic_of_their_own(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(start=False)
    bar = desktop.window.menuBar().actions()
    assert "&Datei" in [action.text() for action in bar]
    menus = [menu.actions() for menu in desktop.window.findChildren(QMenu)]
    for entries in [bar, desktop.background_mode.tray.menu.actions(), *menus]:
        texts = [action.text() for action in entries if "&" in action.text()]
        keys = [text[text.index("&") + 1].lower() for text in texts]
        assert len(set(keys)) == len(keys), texts


@pytest.mark.usefixtures("speaking_german")
@pytest.mark.parametrize("name", [name for name in PLACES if not name.startswith("screen")])
def test_no_german_button_is_cut_off_in_a_narrow_window(name: str, request: pytest.FixtureRequest) -> None:
    place = PLACES[name](ScreenGuide(request))
    if not place.isModal():
        place.resize(_NARROW_PX, 600)
    QApplication.processEvents()
    cut = [
        (button.text() or button.accessibleName(), button.width(), button.minimumSizeHint().width())
        for button in place.findChildren(QAbstractButton)
        if button.isVisible()
        and button.window() is place
        and not isinstance(button.parent(), QLineEdit)
        and not (
            button.width() >= button.minimumSizeHint().width()
            and button.parentWidget().rect().contains(button.geometry())
        )
    ]
    place.close()
    assert not cut
