"""What a scan shows besides its words reaches its page: boxes, pictures, unread text, and no noise."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from ocrdesk.contract.document import Block, Page, Source, Word
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.structure import FieldKind
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.marked_pages import DrawnPage, as_block


class _Reader:
    """An engine that reads what it is told."""

    source = Source.TESSERACT

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return tuple(self._blocks)


def _read(page: DrawnPage, folder: Path) -> Page:
    path = folder / "page.png"
    page.image.save(path)
    source = open_source(path, MediaType.PNG)
    try:
        return read_page(source, 1, lambda: _Reader(page.blocks), ("eng",))
    finally:
        source.close()


def _form() -> DrawnPage:
    page = DrawnPage()
    page.prose(200, 150, 8)
    for number, is_ticked in enumerate((True, False)):
        y = 700 + number * 100
        page.draw.rectangle((200, y, 236, y + 36), outline=0, width=3)
        if is_ticked:
            page.draw.line((206, y + 6, 230, y + 30), fill=0, width=4)
            page.draw.line((230, y + 6, 206, y + 30), fill=0, width=4)
        page.write((270, y), "By ferry")
    return page


def test_checkboxes_are_fields_and_words(tmp_path: Path) -> None:
    page = _read(_form(), tmp_path)
    assert [(field.kind, field.ticked) for field in page.form_fields] == [
        (FieldKind.CHECKBOX, True),
        (FieldKind.CHECKBOX, False),
    ]
    assert [line.text for line in page.lines() if line.text.endswith("ferry")] == ["☒ By ferry", "☐ By ferry"]


def test_text_that_was_not_read_is_reported(tmp_path: Path) -> None:
    drawn = _form()
    box = drawn.write((200, 1200), "Paid in cash by hand", read="")
    (region,) = _read(drawn, tmp_path).unread
    assert region.shared_area(box) > 0.8 * box.area


def test_words_of_ruling_lines_are_dropped(tmp_path: Path) -> None:
    drawn = _form()
    drawn.draw.line((1200, 600, 1200, 1000), fill=0, width=3)
    box = drawn.blocks[0].box._replace(left=1199, top=700, right=1203, bottom=740)
    drawn.blocks.append(as_block([Word(text="|", box=box, confidence=0.9, source=Source.TESSERACT)]))
    assert "|" not in [word.text for word in _read(drawn, tmp_path).words()]


def test_a_page_of_text_has_no_other_parts(tmp_path: Path) -> None:
    drawn = DrawnPage()
    drawn.prose(200, 150, 30)
    page = _read(drawn, tmp_path)
    assert (page.figures, page.form_fields, page.unread) == ((), (), ())
    assert not {"figures", "form_fields", "unread"} & set(page.model_dump(mode="json"))
