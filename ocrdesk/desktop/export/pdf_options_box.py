"""The check boxes of the export dialog for searchable PDFs."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.desktop.ui.object_names import name_objects


class PdfOptionsBox(QWidget):
    """What a searchable PDF is like: see `PdfOptions`."""

    def __init__(self, options: PdfOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = {
            "rotate": QCheckBox(self.tr("Turn pages &upright")),
            "deskew": QCheckBox(self.tr("&Straighten every skewed scan")),
            "pdfa": QCheckBox(self.tr("For an &archive: PDF/A-2b")),
            "unlock": QCheckBox(self.tr("Leave out &passwords and restrictions")),
            "invalidate_signatures": QCheckBox(self.tr("Change s&igned files too: their signatures become invalid")),
        }
        """By the names of the options."""
        self._boxes["pdfa"].setToolTip(
            self.tr("The file follows the standard for archives as far as ocrdesk can check it.")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for name, box in self._boxes.items():
            box.setChecked(getattr(options, name))
            layout.addWidget(box)
        self.setAccessibleName(self.tr("Searchable PDF"))
        name_objects(export_pdf_options=self, **{f"export_pdf_{name}": box for name, box in self._boxes.items()})

    def chosen(self) -> PdfOptions:
        return PdfOptions(**{name: box.isChecked() for name, box in self._boxes.items()})
