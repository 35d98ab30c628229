"""Tags of a tagged PDF: elements with the areas of their words."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.pipeline.page import read_own_text
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.helpers.styled_pages import with_role
from tests.worker.conftest import Save

Element = tuple[str, "list[Element] | int"]


def tagged(content: str, *elements: Element) -> bytes:
    """Return a PDF whose structure has these elements: each with others, or with the id of its content."""

    def add(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        parents: dict[int, pikepdf.Object] = {}
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))

        def made(element: Element, parent: pikepdf.Object) -> pikepdf.Object:
            tag, inner = element
            found = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{tag}"), P=parent, Pg=page.obj))
            if isinstance(inner, int):
                found.K = inner
                parents[inner] = found
            else:
                found.K = Array([made(child, found) for child in inner])
            return found

        root.K = Array([made(element, root) for element in elements])
        owners = pdf.make_indirect(Array([parents[number] for number in sorted(parents)]))
        root.ParentTree = Dictionary(Nums=Array([0, owners]))
        page.StructParents = 0
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)

    return layered_pdf(PdfPage(content), finish=add)


def marked(number: int, content: str) -> str:
    return f"/Any <</MCID {number}>> BDC {content} EMC "


def prose(number: int, top: float) -> str:
    return marked(number, lines(PROSE, top=top))


HEADED = marked(0, lines(["the oldest part of it"], top=780)) + prose(1, 740) + prose(2, 640)


def test_elements_have_areas_and_paths(save: Save) -> None:
    pdf = tagged(HEADED, ("Document", [("H2", 0), ("P", 1), ("P", 2)]))
    source = open_source(save(pdf), MediaType.PDF)
    layer = source.text_layer(0)
    source.close()
    assert layer is not None
    assert [(tag.tag, tag.path) for tag in layer.marks.tags] == [
        ("Document", (0,)),
        ("H2", (0, 0)),
        ("P", (0, 1)),
        ("P", (0, 2)),
    ]
    heading = layer.marks.tags[1].box
    assert heading.contains(int(layer.blocks[0].lines[0].box.center_x), int(layer.blocks[0].lines[0].box.center_y))


def test_tags_say_what_is_a_heading(save: Save) -> None:
    source = open_source(save(tagged(HEADED, ("H2", 0), ("P", 1), ("P", 2))), MediaType.PDF)
    page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    source.close()
    assert page is not None
    (heading,) = with_role(page, "heading")
    assert (heading.level, heading.lines[0].text) == (2, "the oldest part of it")


def test_a_pdf_without_tags_has_none(save: Save) -> None:
    source = open_source(save(layered_pdf(PdfPage(lines(PROSE)))), MediaType.PDF)
    layer = source.text_layer(0)
    source.close()
    assert layer is not None
    assert layer.marks.tags == ()
