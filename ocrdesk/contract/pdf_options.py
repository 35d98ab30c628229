"""What a searchable PDF can be asked for."""

# Imports quickly: the command line needs it at every start.
from __future__ import annotations

from dataclasses import dataclass, fields

_PDF = "pdf"


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """The options of a searchable PDF. The defaults are what most people want.

    `rotate` shows pages upright that were scanned sideways, upside down or clearly skewed. `deskew` straightens every
    skewed scan.
    `pdfa` writes PDF/A-2b; the result is not validated. `unlock` leaves out the original's password and restrictions.
    `invalidate_signatures` allows to change a signed file.
    """

    rotate: bool = True
    deskew: bool = False
    pdfa: bool = False
    unlock: bool = False
    invalidate_signatures: bool = False

    @property
    def export_name(self) -> str:
        """The name of the export: `pdf`, followed by each option that differs from its default."""
        return "_".join((_PDF, *self.changed))

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the options that differ from their defaults; `rotate` appears as `norotate`."""
        found = [it.name.replace("_", "") for it in fields(self) if getattr(self, it.name) != it.default]
        return tuple("norotate" if name == "rotate" else name for name in found)

    @classmethod
    def from_export_name(cls, name: str) -> PdfOptions | None:
        """Return the options of an export's name; None if it is not the name of a searchable PDF."""
        first, *changed = name.split("_")
        if first != _PDF:
            return None
        known = {it.name.replace("_", ""): it.name for it in fields(cls)} | {"norotate": "rotate"}
        chosen = {known[part]: part != "norotate" for part in changed if part in known}
        return cls(**chosen) if len(chosen) == len(changed) else None

    @property
    def query(self) -> dict[str, str]:
        """The query parameters of the options that differ from their defaults."""
        return {
            it.name: str(getattr(self, it.name)).lower() for it in fields(self) if getattr(self, it.name) != it.default
        }


PDF_DEFAULTS = PdfOptions()
