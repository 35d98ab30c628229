"""The query parameters of a searchable PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from ocrdesk.contract.pdf_options import PdfOptions

_ROTATE = "For `pdf`: show pages upright that were scanned sideways, upside down or clearly skewed"
_DESKEW = "For `pdf`: straighten every scan that is skewed by a degree or more, without a change to its pixels"
_PDFA = (
    "For `pdf`: write PDF/A-2b. The result is not validated. A PDF that cannot become one fails with `pdfa_impossible`"
)
_UNLOCK = "For `pdf`: leave out the password and the restrictions that the original has"
_SIGNED = "For `pdf`: change a signed file, which makes its signature invalid; otherwise it fails with `signed_pdf`"


def _described(
    rotate: Annotated[bool, Query(description=_ROTATE)] = True,
    deskew: Annotated[bool, Query(description=_DESKEW)] = False,
    pdfa: Annotated[bool, Query(description=_PDFA)] = False,
    unlock: Annotated[bool, Query(description=_UNLOCK)] = False,
    invalidate_signatures: Annotated[bool, Query(description=_SIGNED)] = False,
) -> PdfOptions:
    return PdfOptions(rotate, deskew, pdfa, unlock, invalidate_signatures)


def _undescribed(
    rotate: Annotated[bool, Query(include_in_schema=False)] = True,
    deskew: Annotated[bool, Query(include_in_schema=False)] = False,
    pdfa: Annotated[bool, Query(include_in_schema=False)] = False,
    unlock: Annotated[bool, Query(include_in_schema=False)] = False,
    invalidate_signatures: Annotated[bool, Query(include_in_schema=False)] = False,
) -> PdfOptions:
    return PdfOptions(rotate, deskew, pdfa, unlock, invalidate_signatures)


PdfQuery = Annotated[PdfOptions, Depends(_described)]
HiddenPdfQuery = Annotated[PdfOptions, Depends(_undescribed)]
"""The same parameters, for a route that describes another one's."""
