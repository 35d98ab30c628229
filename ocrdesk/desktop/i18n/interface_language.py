"""The language of the desktop's own words: the system's, or one that was chosen, where there is a translation."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

FOLDER = Path(__file__).parent / "translations"
SOURCE = "en"
"""What the words are written in; it needs no translation."""


class _Translator(QTranslator):
    """Words of functions outside a class are filed without a context, whatever context they ask for."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        found = super().translate(context, source, disambiguation, n)
        # None and not "": an empty string is a translation to Qt, and it would not ask its own translator any more
        return found or super().translate("", source, disambiguation, n) or None


def available() -> list[str]:
    """The languages there are, as `de`."""
    return sorted({SOURCE, *(file.stem.removeprefix("ocrdesk_") for file in FOLDER.glob("ocrdesk_*.qm"))})


def choose(wanted: str = "") -> str:
    """The language to use: `wanted` if there is such, else the first of the user's that there is, else English."""
    names = [wanted] if wanted in available() else QLocale.system().uiLanguages()
    bases = (name.replace("_", "-").partition("-")[0] for name in names)
    return next((base for base in bases if base in available()), SOURCE)


def install(app: QCoreApplication, wanted: str = "") -> str:
    """Makes the application speak that language, Qt's own words too; the language chosen. Before any window is made."""
    language = choose(wanted)
    if wanted == language:  # dates and numbers go with the words then, else with the system
        QLocale.setDefault(QLocale(language))
    if language == SOURCE:
        return language
    qt = QTranslator(app)
    if qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
    ours = _Translator(app)
    if ours.load(str(FOLDER / f"ocrdesk_{language}.qm")):
        app.installTranslator(ours)
    return language
