"""ALTO 4.3.

This XML format of the Library of Congress has the position and confidence of every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ocrdesk import __version__
from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, DocumentHead, Line, Page, Source, Word
from ocrdesk.contract.structure import MAX_LEVEL, BlockRole
from ocrdesk.contract.word_spacing import separator
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.xml_text import document, escape, legal, quoted
from ocrdesk.layout.text_direction import is_rtl

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-3.xsd"
_TAGS = {f"role_{role}": role.replace("_", " ") for role in BlockRole if role is not BlockRole.PARAGRAPH} | {
    f"level_{level}": f"level {level}" for level in range(1, MAX_LEVEL + 1)
}
"""The ids and labels of the tags that blocks refer to: their roles, and the levels of headings and list items."""


def alto(head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the document page by page. Units are pixels of the page images.

    Headers and footers are in the margins, which the schema requires before the print space. Blocks are numbered in
    reading order.
    """
    yield document(
        f'<alto xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}" SCHEMAVERSION="4.3">',
        " <Description>",
        "  <MeasurementUnit>pixel</MeasurementUnit>",
        "  <sourceImageInformation>",
        f"   <fileName>{escape(head.file_name)}</fileName>",
        f"   <fileIdentifier>{escape(head.job_id)}</fileIdentifier>",
        "  </sourceImageInformation>",
        '  <Processing ID="ocr">',
        "   <processingCategory>contentGeneration</processingCategory>",
        "   <processingStepDescription>text recognition</processingStepDescription>",
        "   <processingSoftware>",
        "    <softwareName>ocrdesk</softwareName>",
        f"    <softwareVersion>{__version__}</softwareVersion>",
        "   </processingSoftware>",
        "  </Processing>",
        " </Description>",
        " <Tags>",
        *(f'  <StructureTag ID="{name}" LABEL="{label}" />' for name, label in _TAGS.items()),
        " </Tags>",
        " <Layout>",
    )
    empty = True
    for page in pages:
        empty = False
        yield _page(page)
    if empty:  # the schema requires at least one page
        yield '  <Page ID="page_1" PHYSICAL_IMG_NR="1" />\n'
    yield " </Layout>\n</alto>\n"


def _page(page: Page) -> str:
    confidence = "" if page.confidence is None else f' PC="{page.confidence:.3f}"'
    lines = [
        f'  <Page ID="page_{page.number}" PHYSICAL_IMG_NR="{page.number}"'
        f' WIDTH="{page.width}" HEIGHT="{page.height}"{confidence} PROCESSINGREFS="ocr">'
    ]
    if page.error:
        lines.append(f"   <!-- page {page.number} was not read: {page.error.code} -->")
    top, bottom = _print_space(page)
    lines += _space("TopMargin", BlockKind.HEADER, Box(0, 0, page.width, top), page)
    lines += _space("BottomMargin", BlockKind.FOOTER, Box(0, bottom, page.width, page.height), page)
    lines += _space("PrintSpace", BlockKind.TEXT, Box(0, top, page.width, bottom), page)
    return "".join(f"{line}\n" for line in (*lines, "  </Page>"))


def _print_space(page: Page) -> tuple[int, int]:
    """Return the top and bottom of the area between header and footer; the page's own if it has none."""
    top = max((block.box.bottom for block in page.blocks if block.kind is BlockKind.HEADER), default=0)
    bottom = min((block.box.top for block in page.blocks if block.kind is BlockKind.FOOTER), default=page.height)
    return top, max(top, bottom)


def _space(name: str, kind: BlockKind, box: Box, page: Page) -> Iterator[str]:
    """Yield a part of the page with the blocks of that kind; a margin only if it has some."""
    blocks = [(number, block) for number, block in enumerate(page.blocks, 1) if block.kind is kind]
    if kind is not BlockKind.TEXT and not blocks:
        return
    tag = language_tag(page.languages)
    yield f"   <{name} {_position(box)}>"
    for number, block in blocks:
        yield from _block(block, tag, f"{page.number}_{number}")
    if kind is BlockKind.TEXT:
        for number, figure in enumerate(page.figures, 1):
            yield f'    <Illustration ID="figure_{page.number}_{number}" {_position(figure.box)} />'
    yield f"   </{name}>"


def _block(block: Block, tag: str | None, number: str) -> Iterator[str]:
    """Yield the block; nothing if it has no words, which the schema does not allow. A table's cells are its blocks."""
    if block.table is None:
        yield from _text_block(block.lines, block.box, tag, number, _tag_refs(block))
        return
    cells = [list(lines) for _, lines in groupby(block.lines, key=lambda line: line.cell)]
    texts = [
        part
        for index, lines in enumerate(cells, 1)
        for part in _text_block(lines, Box.around([line.box for line in lines]), tag, f"{number}_{index}", "")
    ]
    if texts:
        yield f'    <ComposedBlock ID="block_{number}"{_tag_refs(block)} {_position(block.box)} TYPE="table">'
        yield from texts
        yield "    </ComposedBlock>"


def _tag_refs(block: Block) -> str:
    if block.role is BlockRole.PARAGRAPH:
        return ""
    level = f" level_{block.level}" if block.level else ""
    return f' TAGREFS="role_{block.role}{level}"'


def _text_block(found: Sequence[Line], box: Box, tag: str | None, number: str, refs: str) -> Iterator[str]:
    lines = [(line, words) for line in found if (words := [word for word in line.words if legal(word.text)])]
    if not lines:
        return
    language = f' LANG="{tag}"' if tag else ""
    direction = "rtl" if is_rtl(line.text for line in found) else "ltr"
    yield f'    <TextBlock ID="block_{number}"{refs} {_position(box)}{language} BASEDIRECTION="{direction}">'
    for index, (line, words) in enumerate(lines, 1):
        yield from _line(line, words, f"{number}_{index}")
    yield "    </TextBlock>"


def _line(line: Line, words: list[Word], number: str) -> Iterator[str]:
    yield f'     <TextLine ID="line_{number}" {_position(line.box)}>'
    for index, word in enumerate(words, 1):
        if index > 1 and separator(words[index - 2], word):
            yield f"      <SP {_position(_between(words[index - 2].box, word.box))} />"
        corrected = ' CS="true"' if word.source == Source.CORRECTED else ""
        yield (
            f'      <String ID="word_{number}_{index}" CONTENT={quoted(word.text)} {_position(word.box)}'
            f' WC="{word.confidence:.3f}"{corrected} />'
        )
    yield "     </TextLine>"


def _between(first: Box, second: Box) -> Box:
    """Return the white between two words in either order; without width if they touch."""
    left, right = sorted((first, second))
    return Box(left.right, min(left.top, right.top), max(left.right, right.left), max(left.bottom, right.bottom))


def _position(box: Box) -> str:
    return f'HPOS="{box.left}" VPOS="{box.top}" WIDTH="{max(0, box.width)}" HEIGHT="{max(0, box.height)}"'
