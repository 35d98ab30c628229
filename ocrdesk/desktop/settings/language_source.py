"""Languages of the server or of this computer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocrdesk.contract.error_messages import error_message
from ocrdesk.desktop.i18n.error_reason import short_reason

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.local.languages.installed import Languages


def tr(text: str) -> str:
    return QCoreApplication.translate("Languages", text)


@dataclass(frozen=True, slots=True)
class LanguageEntry:
    """A language. `origin` is `added`, `own`, `bundled` or `system`, `mirror` if available, or empty on a server."""

    name: str
    english: str
    origin: str = ""
    size: int = 0

    @property
    def is_installed(self) -> bool:
        return self.origin != "mirror"


@dataclass(frozen=True, slots=True)
class LanguageSource:
    """Lists, adds and removes languages. Calls block: use it on worker threads.

    `mirror` is the address of the language mirror; if it is empty, the environment names one.
    """

    data_dir: Path | None
    mirror: str = ""

    def entries(self) -> tuple[Sequence[LanguageEntry], str]:
        """Return installed and available languages, and an error message of the mirror or "". Raises LanguageError."""
        from ocrdesk.local.languages.mirror import Mirror, MirrorError
        from ocrdesk.local.languages.names import english_name

        found = [
            LanguageEntry(one.name, one.english, one.origin.value, one.size) for one in self._languages().installed()
        ]
        problem = ""
        if address := self._mirror():
            try:
                with Mirror(address) as mirror:
                    names = {entry.name for entry in found}
                    packs = [pack for pack in mirror.index().packs if pack.name not in names]
                    found += [LanguageEntry(pack.name, english_name(pack.name), "mirror", pack.size) for pack in packs]
            except MirrorError as error:
                problem = short_reason(error)
        return sorted(found, key=lambda entry: (not entry.is_installed, entry.english)), problem

    def entries_of(self, client: Client) -> tuple[Sequence[LanguageEntry], str]:
        """Return a server's languages. Raises ClientError."""
        from ocrdesk.local.languages.names import english_name

        found = [LanguageEntry(name, english_name(name)) for name in client.capabilities().languages]
        return sorted(found, key=lambda entry: entry.english), ""

    def add(self, name: str, on_progress: Callable[[int, int], None]) -> str:
        """Add a language from the mirror, and return a message. Raises LanguageError, MirrorError."""
        from ocrdesk.local.languages.installed import LanguageError
        from ocrdesk.local.languages.mirror import Mirror

        with Mirror(self._mirror()) as mirror:
            pack = next((pack for pack in mirror.index().packs if pack.name == name), None)
            if pack is None:
                raise LanguageError(error_message("mirror_lacks_language", mirror=mirror.shown, name=name))
            self._languages().add_from(mirror, pack, _limit_reports(on_progress))
        return self._added_message(name)

    def add_file(self, path: Path) -> str:
        """Add a language from a file, and return a message. Raises LanguageError."""
        from ocrdesk.local.languages.traineddata import SUFFIX

        self._languages().add_file(path)
        return self._added_message(path.name.removesuffix(SUFFIX))

    def remove(self, name: str) -> str:
        """Remove an added language, and return a message. Raises LanguageError."""
        from ocrdesk.local.languages.names import english_name

        self._languages().remove(name)
        return tr("{name} was removed.").format(name=english_name(name))

    def _languages(self) -> Languages:
        from ocrdesk.local.languages.installed import Languages

        return Languages(self._folder())

    def _folder(self) -> Path:
        from ocrdesk.local.paths import default_data_dir

        return self.data_dir or default_data_dir()

    def _mirror(self) -> str:
        from ocrdesk.local.languages.installed import MIRROR_VARIABLE

        return self.mirror or os.environ.get(MIRROR_VARIABLE, "").strip()

    def _added_message(self, name: str) -> str:
        from ocrdesk.local.languages.installed import wait_until_seen
        from ocrdesk.local.languages.names import english_name

        if wait_until_seen(self._folder(), {name}):
            return tr("{name} was added.").format(name=english_name(name))
        return tr("{name} was added but is not loaded yet. Restart the local server.").format(name=english_name(name))


def _limit_reports(report: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Report once per percent."""
    shown = -1

    def on_progress(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // max(1, total)
        if percent != shown:
            shown = percent
            report(done, total)

    return on_progress
