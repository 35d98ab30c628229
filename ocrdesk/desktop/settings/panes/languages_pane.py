"""Languages."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from ocrdesk.desktop.background.tasks import Lane, Task
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.servers import host_of
from ocrdesk.desktop.settings.confirm import ask
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.language_source import LanguageEntry, LanguageSource
from ocrdesk.desktop.settings.pane import Notice, Pane, add_field, add_frame, beside, button, form
from ocrdesk.desktop.settings.panes.default_options_form import DefaultOptionsForm
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrdesk.client import Client

_ENTRY = Qt.ItemDataRole.UserRole
_LIST_PX = 200
_MIRROR = "languages/mirror"


class LanguagesPane(Pane):
    """Shows the languages of the server in use. Languages of this computer can be added and removed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Languages"), parent)
        self._context, self._session = context, context.session
        self._where = self.add_note()
        self._notice = Notice(self.widget())
        self._make_list()
        self._own = self._make_own()
        self._again = button(self.tr("Send the rejected files again"))
        self._again.hide()
        self._jobs = DefaultOptionsForm(context, self)
        self._name_parts()
        self._lay_out()
        self._connect()
        self._task = Task()
        self._is_busy = False
        self._update()

    def _make_list(self) -> None:
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Languages"))
        self._list.setFixedHeight(_LIST_PX)
        add_frame(self._list)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(self.tr("Progress"))
        self._progress.hide()

    def _make_own(self) -> QWidget:
        """Return the part for this computer's own languages."""
        self._add, self._remove = button(self.tr("Add")), button(self.tr("Remove…"))
        self._add_file = button(self.tr("Add from file…"))
        self._mirror = QLineEdit(str(self._context.store.value(_MIRROR, "")))
        self._mirror.setPlaceholderText("https://languages.example.org/tessdata")
        fields = form()
        add_field(fields, self.tr("Language mirror"), self._mirror)
        own = QWidget()
        own.setAccessibleName(self.tr("Languages of this computer"))
        layout = QVBoxLayout(own)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(beside(self._add, self._add_file, self._remove))
        layout.addLayout(fields)
        layout.addWidget(
            self.note(
                self.tr(
                    "Languages come from a mirror, which is a web folder made with “ocrdesk languages index” by "
                    "somebody you trust, or from files with names such as fra.traineddata."
                )
            )
        )
        return own

    def _lay_out(self) -> None:
        self.body.addWidget(self._list)
        self.body.addWidget(self._progress)
        self.body.addWidget(self._notice)
        self.body.addWidget(self._own)
        self.body.addLayout(beside(self._again))
        self.add_heading(self.tr("New jobs"))
        self.body.addWidget(self._jobs)
        self.body.addStretch()

    def _connect(self) -> None:
        self._list.itemSelectionChanged.connect(self._update)
        self._add.clicked.connect(self._on_add)
        self._add_file.clicked.connect(self._on_add_file)
        self._remove.clicked.connect(self._on_remove)
        self._mirror.editingFinished.connect(self._on_mirror)
        self._again.clicked.connect(self._on_again)
        self._session.state_changed.connect(lambda _: self.shown() if self.isVisible() else None)

    def _name_parts(self) -> None:
        name_objects(
            language_list=self._list,
            language_add=self._add,
            language_add_file=self._add_file,
            language_remove=self._remove,
            language_progress=self._progress,
            language_notice=self._notice,
            language_mirror=self._mirror,
            language_send_again=self._again,
            new_jobs=self._jobs,
        )

    def shown(self) -> None:
        """Update the list."""
        is_local = self._session.state.is_local
        host = host_of(self._session.server)
        self._where.setText(
            self.tr("Languages installed on this computer.")
            if is_local
            else self.tr("Languages of the server at {host}. Its operator adds and removes them.").format(host=host)
        )
        self._own.setVisible(is_local)
        source = self._source()
        client = self._session.client
        self._task.cancel()
        self._task = Task()
        if is_local:
            work = source.entries
        elif client is not None:
            work = partial(source.entries_of, client.with_retry_policy(0))
        else:
            self._list.clear()
            self._notice.say(self.tr("Not connected, so the server's languages are unknown."))
            return
        self._context.tasks.run(work, self._on_entries, self._say_error, lane=Lane.SETTINGS, task=self._task)
        if client is not None:
            self._context.tasks.run(
                partial(_engines_of, client.with_retry_policy(0)),
                self._jobs.offer_engines,
                lambda _: None,  # the list of languages says what is wrong with the server
                lane=Lane.SETTINGS,
                task=self._task,
            )

    def say_missing(self, words: str) -> None:
        """Show that a file was rejected because of its language, and offer to send it again."""
        self._notice.say(words, Meaning.BAD)
        self._again.show()

    def _source(self) -> LanguageSource:
        return LanguageSource(self._context.book.local.data_dir, self._mirror.text().strip())

    # ── the list ─────────────────────────────────────────────────────────────────────────────────────

    def _on_entries(self, found: tuple[Sequence[LanguageEntry], str]) -> None:
        entries, problem = found
        self._list.clear()
        for entry in entries:
            item = QListWidgetItem(self._words(entry))
            item.setData(_ENTRY, entry)
            self._list.addItem(item)
        if problem:
            self._notice.say(problem, Meaning.WAIT)
        self._jobs.offer([entry for entry in entries if entry.is_installed])
        self._update()

    def _words(self, entry: LanguageEntry) -> str:
        name = entry.english if entry.english == entry.name else f"{entry.english} ({entry.name})"
        details = {
            "": "",
            "added": self.tr("added here"),
            "own": self.tr("in your own folder"),
            "bundled": self.tr("included in ocrdesk"),
            "system": self.tr("from the system"),
            "mirror": self.tr("can be added, {size} MB").format(size=f"{entry.size / 1e6:.1f}"),
        }.get(entry.origin, entry.origin)
        return f"{name}  ·  {details}" if details else name

    def _chosen(self) -> LanguageEntry | None:
        items = self._list.selectedItems()
        return items[0].data(_ENTRY) if items else None

    def _update(self) -> None:
        entry = self._chosen()
        self._add.setEnabled(entry is not None and entry.origin == "mirror" and not self._is_busy)
        self._remove.setEnabled(entry is not None and entry.origin == "added" and not self._is_busy)
        self._add_file.setEnabled(not self._is_busy)

    # ── adding and removing ──────────────────────────────────────────────────────────────────────────

    def _on_add(self) -> None:
        entry = self._chosen()
        if entry is not None:
            task = Task()
            report = self._context.tasks.later(task, self._on_progress)
            self._begin(partial(self._source().add, entry.name, report), task)

    def _on_add_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Add a language"), "", self.tr("Languages (*.traineddata)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.add_file(Path(path)))
        dialog.open()

    def add_file(self, path: Path) -> None:
        self._begin(partial(self._source().add_file, path), Task())

    def _on_remove(self) -> None:
        entry = self._chosen()
        if entry is not None:
            question = self.tr("Remove {name}? It can be added again.").format(name=entry.english)
            remove = partial(self._source().remove, entry.name)
            ask(self, self.tr("Remove language"), question, self.tr("Remove"), lambda: self._begin(remove, Task()))

    def _begin(self, work: partial[str], task: Task) -> None:
        self._is_busy = True
        self._notice.say("")
        self._progress.setRange(0, 0)
        self._progress.show()
        self._update()
        self._context.tasks.run(work, self._on_done, self._on_failed, lane=Lane.SETTINGS, task=task)

    def _on_progress(self, done: int, total: int) -> None:
        self._progress.setRange(0, 1000)
        self._progress.setValue(done * 1000 // max(1, total))

    def _on_done(self, words: str) -> None:
        self._end()
        self._notice.say(words, Meaning.GOOD)
        self.shown()

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self._say_error(error)

    def _end(self) -> None:
        self._is_busy = False
        self._progress.hide()
        self._update()

    def _on_mirror(self) -> None:
        if self._mirror.text().strip() != str(self._context.store.value(_MIRROR, "")):
            self._context.store.setValue(_MIRROR, self._mirror.text().strip())
            self._notice.say("")
            self.shown()

    def _on_again(self) -> None:
        count = self._session.control.retry_refused()
        self._again.hide()
        words = self.tr("1 file is being sent again.") if count == 1 else self.tr("{count} files are being sent again.")
        self._notice.say(words.format(count=count))

    def _say_error(self, error: Exception) -> None:
        self._notice.say(short_reason(error), Meaning.BAD)


def _engines_of(client: Client) -> tuple[str, ...]:
    """Return the engines that a server announces. Raises ClientError."""
    return client.capabilities().engines
