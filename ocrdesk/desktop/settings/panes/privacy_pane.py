"""What is stored where."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.intake.file_urls import url_of_path
from ocrdesk.desktop.servers.keyring_store import KeyStorage
from ocrdesk.desktop.servers.servers import host_of
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.pane import Pane, beside, button, form
from ocrdesk.desktop.settings.panes.key_storage import look, storage_text
from ocrdesk.desktop.ui.object_names import name_objects


class PrivacyPane(Pane):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Privacy"), parent)
        self._context = context
        self._folder: Path | None = None
        self._facts: dict[str, QLabel] = {}
        self.add_note(self.tr("ocrdesk sends data only to the server that you use, and collects no statistics."))
        facts = form()
        for name, words in (
            ("files", self.tr("Files and texts")),
            ("keys", self.tr("API keys")),
            ("settings", self.tr("Settings")),
            ("languages", self.tr("Languages")),
            ("log", self.tr("Log")),
        ):
            label = QLabel(wordWrap=True)
            label.setAccessibleName(words)
            self._facts[name] = label
            facts.addRow(words, label)
        self._open = button(self.tr("Open the folder"))
        self.library = QCheckBox(self.tr("&Keep all recognised text in the library, so that you can search it later"))
        self.library.setAccessibleName(self.library.text().replace("&", ""))
        self.library.toggled.connect(context.library.set_enabled)
        name_objects(privacy_open_folder=self._open, privacy_keep_library=self.library)
        self.body.addLayout(facts)
        self.body.addLayout(beside(self._open))
        self.body.addWidget(self.library)
        self.body.addStretch()
        self._open.clicked.connect(self._on_open)
        context.session.server_changed.connect(lambda _: self.shown())

    def shown(self) -> None:
        from ocrdesk.local.paths import default_data_dir

        self.library.setChecked(self._context.library.is_enabled)
        self._folder = self._context.book.local.data_dir or default_data_dir()
        host = host_of(self._context.session.server)
        if host:
            files = self.tr(
                "Files are sent to {host} and stored there with their text for one day, unless the operator has "
                "changed that. Removing a job from the list deletes it there immediately."
            ).format(host=host)
        else:
            files = self.tr(
                "Copies of the files and their text are stored in {folder} for one day after a job ends. Removing a "
                "job from the list deletes them immediately. Nothing leaves this computer."
            ).format(folder=printable_name(self._folder))
        self._facts["files"].setText(files)
        self._facts["settings"].setText(
            self.tr("{file}: names and addresses of servers, the window's size and your choices; no keys.").format(
                file=self._context.store.fileName()
            )
        )
        self._facts["languages"].setText(
            self.tr("Languages that you added are in {folder}.").format(folder=self._folder / "tessdata")
        )
        self._facts["log"].setText(
            self.tr("The local server's log is {file}. It contains no text, file names or keys.").format(
                file=self._folder / "backend.log"
            )
        )
        look(self._context, self._show_keeping)

    def _show_keeping(self, keeping: KeyStorage) -> None:
        self._facts["keys"].setText(storage_text(keeping))

    def _on_open(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(url_of_path(self._folder))
