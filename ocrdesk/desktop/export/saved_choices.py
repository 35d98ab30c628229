"""Remembers the last export's choices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QStandardPaths

from ocrdesk.contract.pdf_options import PdfOptions

if TYPE_CHECKING:
    from ocrdesk.desktop.export.plan import Export


class ExportChoices:
    """The group `export` of the desktop's settings."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def text(self, name: str, default: str) -> str:
        return str(self._settings.value(f"export/{name}", default))

    def flag(self, name: str) -> bool:
        return bool(self._settings.value(f"export/{name}", False, type=bool))

    def keep(self, **values: object) -> None:
        for name, value in values.items():
            self._settings.setValue(f"export/{name}", value)

    @property
    def form(self) -> str:
        from ocrdesk.desktop.export.plan import DEFAULT_FORM

        return self.text("form", DEFAULT_FORM)

    @property
    def pattern(self) -> str:
        from ocrdesk.desktop.export.plan import DEFAULT_PATTERN  # loaded with the first export

        return self.text("pattern", DEFAULT_PATTERN)

    @property
    def folder(self) -> str:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return self.text("folder", documents)

    def last_export(self) -> Export:
        """Return the choices of the last export, without folder and suffix: see `prepare_export`."""
        from ocrdesk.desktop.export.plan import Export

        return Export(
            form=self.form,
            suffix="",
            folder=Path(),
            pattern=self.pattern,
            join_lines=self.flag("join_lines"),
            omit_headers_footers=self.omits_headers_footers,
            pdf=self.pdf,
        )

    @property
    def pdf(self) -> PdfOptions:
        """The options of searchable PDFs that are remembered: those that weaken a file are chosen for one export."""
        return PdfOptions(
            rotate=not self.flag("pdf_keeps_turned_pages"),
            deskew=self.flag("pdf_deskew"),
            pdfa=self.flag("pdf_archive"),
        )

    def keep_pdf(self, options: PdfOptions) -> None:
        self.keep(pdf_keeps_turned_pages=not options.rotate, pdf_deskew=options.deskew, pdf_archive=options.pdfa)

    @property
    def omits_headers_footers(self) -> bool:
        return self.flag("omit_headers_footers")

    @property
    def joins_copied_lines(self) -> bool:
        return self.flag("joins_copied_lines")

    @joins_copied_lines.setter
    def joins_copied_lines(self, joins: bool) -> None:
        self.keep(joins_copied_lines=joins)
