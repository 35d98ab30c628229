"""Options for new jobs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk.desktop.jobs.default_options import JobDefaults, write_defaults
from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.language_source import LanguageEntry
from ocrdesk.desktop.settings.pane import Pane, add_field, add_frame, form
from ocrdesk.desktop.ui.object_names import name_objects

_NAME = Qt.ItemDataRole.UserRole
_LIST_PX = 132


class DefaultOptionsForm(QWidget):
    """Languages in their order, engine and mode. Changes apply to files that are added afterwards."""

    def __init__(self, context: Context, pane: Pane) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("New jobs"))
        self._context = context
        self._chosen = list(context.session.defaults.languages)
        self._offered: Sequence[LanguageEntry] = ()
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Languages of new jobs"))
        self._list.setFixedHeight(_LIST_PX)
        add_frame(self._list)
        self._order = QLabel(wordWrap=True)
        self._engine, self._mode = QComboBox(), QComboBox()
        self._fill_engines(())
        for value, words in (
            ("auto", self.tr("Keep the usable text of a PDF, recognise the rest")),
            ("force", self.tr("Recognise every page")),
            ("text-layer-only", self.tr("Use a PDF's own text only")),
        ):
            self._mode.addItem(words, value)
        _choose(self._mode, context.session.defaults.mode)
        name_objects(
            new_job_languages=self._list,
            new_job_language_order=self._order,
            new_job_engine=self._engine,
            new_job_mode=self._mode,
        )
        fields = form()
        add_field(fields, self.tr("Engine"), self._engine)
        add_field(fields, self.tr("PDF pages"), self._mode)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(pane.note(self.tr("Select the languages of your files, the most important one first.")))
        layout.addWidget(self._list)
        layout.addWidget(self._order)
        layout.addLayout(fields)
        self._list.itemChanged.connect(self._on_ticked)
        self._engine.currentIndexChanged.connect(lambda _: self._keep())
        self._mode.currentIndexChanged.connect(lambda _: self._keep())
        self._fill()

    def offer(self, entries: Sequence[LanguageEntry]) -> None:
        """Offer these languages."""
        self._offered = entries
        self._fill()

    def offer_engines(self, names: Sequence[str]) -> None:
        """Show the engines that the server announces."""
        self._engine.blockSignals(True)
        self._fill_engines(names)
        self._engine.blockSignals(False)

    def _fill_engines(self, names: Sequence[str]) -> None:
        """Fill the list of engines: those of ocrdesk until the server has named its own, and always the chosen one."""
        labels = {
            "auto": self.tr("Automatic: Tesseract, and a neural engine for uncertain lines"),
            "tesseract": self.tr("Tesseract"),
            "tesseract-cli": self.tr("Tesseract as a separate program"),
            "rapid": self.tr("The neural engine only"),
        }
        chosen = self._context.session.defaults.engine
        self._engine.clear()
        for name in names or labels:
            self._engine.addItem(labels.get(name, name), name)
        if self._engine.findData(chosen) < 0:
            label = labels.get(chosen, chosen)
            self._engine.addItem(self.tr("{name} (not on this server)").format(name=label) if names else label, chosen)
        _choose(self._engine, chosen)

    def _fill(self) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        self._add(AUTO_LANGUAGE, self.tr("Detect each page's language (auto)"))
        offered = {entry.name for entry in self._offered}
        for entry in self._offered:
            self._add(entry.name, entry.english if entry.english == entry.name else f"{entry.english} ({entry.name})")
        for name in self._chosen:
            if name not in offered and name != AUTO_LANGUAGE:
                self._add(name, self.tr("{name} (not on this server)").format(name=name) if offered else name)
        self._list.blockSignals(False)
        self._say_order()

    def _add(self, name: str, words: str) -> None:
        item = QListWidgetItem(words)
        item.setData(_NAME, name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if name in self._chosen else Qt.CheckState.Unchecked)
        self._list.addItem(item)

    def _on_ticked(self, item: QListWidgetItem) -> None:
        name = str(item.data(_NAME))
        if item.checkState() is Qt.CheckState.Checked:
            if name == AUTO_LANGUAGE:
                self._chosen = [name]
            elif name not in self._chosen:
                self._chosen = [other for other in self._chosen if other != AUTO_LANGUAGE] + [name]
        elif len(self._chosen) > 1:
            self._chosen.remove(name)
        self._fill()  # at least one stays selected, and `auto` excludes all others
        self._keep()

    def _say_order(self) -> None:
        if self._chosen == [AUTO_LANGUAGE]:
            words = self.tr("Each page's language is detected among the installed ones.")
        else:
            words = self.tr("New jobs are recognised as {languages}.").format(languages=" + ".join(self._chosen))
        self._order.setText(words)
        self._order.setAccessibleName(words)

    def _keep(self) -> None:
        defaults = JobDefaults(tuple(self._chosen), str(self._engine.currentData()), str(self._mode.currentData()))
        self._context.session.defaults = defaults
        write_defaults(self._context.store, defaults)


def _choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(max(0, box.findData(value)))
