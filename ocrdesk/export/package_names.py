"""The names of exports that a worker makes from pages alone: a format's, with what is left out."""

from __future__ import annotations

from typing import NamedTuple

from ocrdesk.contract.choices import CAN_OMIT_HEADERS_FOOTERS, ResultFormat

PACKAGE_FORMATS = (ResultFormat.DOCX, ResultFormat.ODT, ResultFormat.EPUB, ResultFormat.XLSX)
"""The formats that are packages of files."""

NEW_FORMATS = (ResultFormat.ODT, ResultFormat.EPUB, ResultFormat.XLSX)
"""Those that workers of the previous release cannot make. A pool announces them: see `NodeInfo.formats`."""

_OMIT = "_omit_headers_footers"

_OLD_DOCX_OMIT = f"{ResultFormat.DOCX}_without_furniture"
"""The former name of a Word document without headers and footers. The api requests it by this name for one more
release, because workers of the previous release, which take part in a rolling upgrade, know no other. After that
release only the new name remains."""


class PackageExport(NamedTuple):
    """What an export's name says."""

    form: ResultFormat
    omits_headers_footers: bool = False

    @property
    def name(self) -> str:
        """The name by which the api requests it."""
        if self == (ResultFormat.DOCX, True):
            return _OLD_DOCX_OMIT
        return f"{self.form}{_OMIT if self.omits_headers_footers else ''}"

    @classmethod
    def from_name(cls, name: str) -> PackageExport | None:
        """Return the export of a name; None if it is not one of these."""
        return _BY_NAME.get(name)


_BY_NAME = {
    _OLD_DOCX_OMIT: PackageExport(ResultFormat.DOCX, omits_headers_footers=True),
    **{str(form): PackageExport(form) for form in PACKAGE_FORMATS},
    **{
        f"{form}{_OMIT}": PackageExport(form, omits_headers_footers=True)
        for form in PACKAGE_FORMATS
        if form in CAN_OMIT_HEADERS_FOOTERS
    },
}
