"""Form fields and annotations as part of the page."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.helpers.text_layers import (
    close_to,
    ink_near,
    lines_of,
    texts_of,
)
from tests.worker.conftest import Save


def test_the_values_of_a_form_are_text(save: Save) -> None:
    def fill(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        look = pdf.make_stream(b"/Tx BMC q BT /F1 12 Tf 2 4 Td (Filled by hand) Tj ET Q EMC")
        look.Type, look.Subtype, look.BBox, look.Resources = (
            Name.XObject,
            Name.Form,
            Array([0, 0, 150, 20]),
            page.Resources,
        )
        seen, bare = (
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, F=4, DA="/F1 12 Tf 0 g") for _ in range(2)
        )
        seen.T, seen.V, seen.Rect, seen.AP = "one", "Filled by hand", Array([72, 600, 250, 620]), Dictionary(N=look)
        bare.T, bare.V, bare.Rect = "two", "Without a look", Array([72, 560, 250, 580])
        fields = Array([pdf.make_indirect(seen), pdf.make_indirect(bare)])
        page.Annots = fields
        pdf.Root.AcroForm = Dictionary(Fields=fields, DA="/F1 12 Tf 0 g", DR=page.Resources)

    source = open_source(save(layered_pdf(PdfPage(lines(PROSE)), finish=fill)), MediaType.PDF)
    layer, rendered = source.text_layer(0), source.render(0)
    assert layer is not None
    assert texts_of(layer)[4:] == ["Filled by hand", "Without a look"]
    for line in lines_of(layer)[4:]:
        assert close_to(line.box, ink_near(rendered.image, line.box), 3), line
