"""The check boxes of the export dialog for searchable PDFs."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.desktop.ui.object_names import name_objects


class PdfOptionsBox(QWidget):
    """What a searchable PDF is like: see `PdfOptions`."""

    def __init__(self, options: PdfOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rotate = QCheckBox(self.tr("Turn pages &upright"))
        self._deskew = QCheckBox(self.tr("&Straighten every skewed scan"))
        self._pdfa = QCheckBox(self.tr("For an &archive: PDF/A-2b"))
        self._pdfa.setToolTip(self.tr("The file follows the standard for archives as far as ocrdesk can check it."))
        self._unlock = QCheckBox(self.tr("Leave out &passwords and restrictions"))
        self._signed = QCheckBox(self.tr("Change s&igned files too: their signatures become invalid"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for box, is_checked in (
            (self._rotate, options.rotate),
            (self._deskew, options.deskew),
            (self._pdfa, options.pdfa),
            (self._unlock, options.unlock),
            (self._signed, options.invalidate_signatures),
        ):
            box.setChecked(is_checked)
            layout.addWidget(box)
        self.setAccessibleName(self.tr("Searchable PDF"))
        name_objects(
            export_pdf_options=self,
            export_pdf_rotate=self._rotate,
            export_pdf_deskew=self._deskew,
            export_pdf_archive=self._pdfa,
            export_pdf_unlock=self._unlock,
            export_pdf_signed=self._signed,
        )

    def chosen(self) -> PdfOptions:
        return PdfOptions(
            rotate=self._rotate.isChecked(),
            deskew=self._deskew.isChecked(),
            pdfa=self._pdfa.isChecked(),
            unlock=self._unlock.isChecked(),
            invalidate_signatures=self._signed.isChecked(),
        )
