"""A page's own text: its words, where they stand, in which order, and whether it is good enough to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocrdesk.contract.document import Box, Line, Source, Word
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render import poppler
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.page_source import TextLayer
from tests.helpers.sample_files import image_bytes, scan_pdf, text_image
from tests.helpers.sample_pdfs import PROSE, Cid, Sheet, alphabet, layered_pdf, lines, shown
from tests.worker.conftest import Save

DARK = 128


def layer_of(save: Save, sheet: Sheet) -> TextLayer:
    source = open_source(save(layered_pdf(sheet)), MediaType.PDF)
    layer = source.text_layer(0)
    source.close()
    assert layer is not None
    return layer


def lines_of(layer: TextLayer) -> list[Line]:
    assert layer.problem is None, layer.problem
    return [line for block in layer.blocks for line in block.lines]


def texts_of(layer: TextLayer) -> list[str]:
    return [line.text for line in lines_of(layer)]


def words_of(layer: TextLayer) -> list[Word]:
    return [word for line in lines_of(layer) for word in line.words]


def fault_of(save: Save, sheet: Sheet) -> str:
    layer = layer_of(save, sheet)
    assert layer.problem is not None, texts_of(layer)
    assert layer.blocks == ()
    return layer.problem


def image_of_text(texts: Sequence[str] = PROSE, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A scan of the texts, 150 dpi for an A4 page."""
    return text_image("\n".join(texts), size, 28)


SCAN = "q 595 0 0 842 0 0 cm /Scan Do Q\n"


# ── words and their places ───────────────────────────────────────────────────────────────────────


def test_words_come_line_by_line(save: Save) -> None:
    assert texts_of(layer_of(save, Sheet(lines(PROSE)))) == list(PROSE)


def test_every_word_says_where_it_comes_from(save: Save) -> None:
    words = words_of(layer_of(save, Sheet(lines(PROSE))))
    assert {(word.source, word.confidence) for word in words} == {(Source.TEXT_LAYER, 1.0)}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (40, 60, 500, 800)], ids=["whole", "cropped"])
@pytest.mark.parametrize("size", [(595, 842), (300.5, 801.25)], ids=["A4", "odd"])
def test_boxes_fit_the_page_image_however_it_is_turned_and_cut(
    save: Save, rotate: int, crop: tuple[float, float, float, float] | None, size: tuple[float, float]
) -> None:
    sheet = Sheet(lines(["Alpha", "Bravo"], left=100, top=500, leading=60, size=18), size, rotate, crop)
    source = open_source(save(layered_pdf(sheet)), MediaType.PDF)
    layer, rendered = source.text_layer(0), source.render(0)
    assert layer is not None
    assert (layer.width, layer.height) == rendered.image.size
    assert (layer.dpi, layer.rotation) == (rendered.dpi, rendered.rotation)
    for word in words_of(layer):
        assert close_to(word.box, ink_near(rendered.image, word.box), 2), word


def ink_near(image: Image.Image, box: Box, margin: int = 20) -> Box:
    """The box around what is dark in and a little around a box."""
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    part = image.convert("L").crop((left, top, box.right + margin, box.bottom + margin))
    found = part.point(lambda value: 255 * (value < DARK)).getbbox()
    assert found is not None
    return Box(found[0] + left, found[1] + top, found[2] + left, found[3] + top)


def close_to(one: Box, two: Box, pixels: int) -> bool:
    return all(abs(a - b) <= pixels for a, b in zip(one, two, strict=True))


def test_boxes_agree_with_those_of_the_engine(save: Save, engines: Engines) -> None:
    source = open_source(save(layered_pdf(Sheet(lines(PROSE)))), MediaType.PDF)
    kept, seen = (
        read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",), mode)
        for mode in (RecognitionMode.AUTO, RecognitionMode.FORCE)
    )
    assert (kept.source, seen.source) == (Source.TEXT_LAYER, Source.TESSERACT)
    assert [word.text for word in kept.words()] == [word.text for word in seen.words()]
    for own, recognised in zip(kept.words(), seen.words(), strict=True):
        assert close_to(own.box, recognised.box, 4), own


@pytest.mark.parametrize(
    "matrix",
    ["0 1 -1 0 300 200", "0 -1 1 0 300 700", "-1 0 0 -1 500 500"],
    ids=["upwards", "downwards", "upside down"],
)
def test_turned_text_is_read_line_by_line_too(save: Save, matrix: str) -> None:
    content = f"BT /F1 12 Tf 16 TL {matrix} Tm (The first line of it) Tj T* (and then the second) Tj ET"
    layer = layer_of(save, Sheet(content))
    assert texts_of(layer) == ["The first line of it", "and then the second"]


def test_turned_text_comes_after_the_rest(save: Save) -> None:
    aside = "BT /F1 10 Tf 0 1 -1 0 40 300 Tm (Printed along the margin) Tj ET "
    assert texts_of(layer_of(save, Sheet(aside + lines(PROSE)))) == [*PROSE, "Printed along the margin"]


def test_text_outside_the_shown_part_of_the_page_is_dropped(save: Save) -> None:
    content = lines(PROSE, top=500) + lines(["Printer marks and colours"], top=830)
    assert texts_of(layer_of(save, Sheet(content, crop=(0, 100, 595, 700)))) == list(PROSE)


def test_a_word_across_the_edge_is_cut_to_the_page(save: Save) -> None:
    layer = layer_of(save, Sheet(lines([*PROSE, "Overhanging"], left=40), crop=(60, 0, 595, 842)))
    assert {word.box.left for word in words_of(layer)} >= {0}
    assert all(word.box.right <= layer.width for word in words_of(layer))


# ── characters ───────────────────────────────────────────────────────────────────────────────────


def composite(text: str, font: Cid | None = None) -> Sheet:
    font = font or alphabet(text)
    return Sheet(f"BT /F2 14 Tf 72 700 Td {shown(text, font)} Tj ET", fonts={"F2": font})


@pytest.mark.parametrize(
    "text",
    [
        "Größe und Übermaß",
        "Ελληνικά κείμενα",
        "Русский текст здесь",
        "日本語の文書です",
        "한국어 문서입니다",
        "Łódź żółć 12,50 €",
    ],
)
def test_text_in_any_script_is_kept(save: Save, text: str) -> None:
    assert texts_of(layer_of(save, composite(text))) == [text]


@pytest.mark.parametrize("text", ["שלום עולם טוב", "مرحبا بالعالم"])
def test_text_from_right_to_left_comes_in_the_order_of_speech(save: Save, text: str) -> None:
    """Such text is stored as it is seen: its last letter first."""
    font = alphabet(text)
    drawn = f"BT /F2 14 Tf 72 700 Td {shown(text[::-1], font)} Tj ET"
    assert texts_of(layer_of(save, Sheet(drawn, fonts={"F2": font}))) == [text]


def test_a_paragraph_from_right_to_left_is_no_two_columns(save: Save) -> None:
    """Its spaces stand below each other."""
    words = ["שלום", "עולם", "טובה", "מאדם"] * 3
    texts = [" ".join(words[n : n + 9]) for n in range(4)]
    font = alphabet(texts[0])
    drawn = " ".join(f"{shown(text[::-1], font)} Tj T*" for text in texts)
    sheet = Sheet(f"BT /F2 14 Tf 18 TL 72 700 Td {drawn} ET", fonts={"F2": font})
    assert texts_of(layer_of(save, sheet)) == texts


def test_a_character_without_a_meaning_does_not_shift_the_others(save: Save) -> None:
    """PDFium leaves such characters out of the text that it gives as one piece."""
    strange = "BT /F2 12 Tf 72 790 Td <00010003> Tj ET "
    sheet = Sheet(strange + lines([*PROSE, "Here is the informa-", "tion that we need"]), fonts={"F2": Cid({9: "x"})})
    layer = layer_of(save, sheet)
    assert texts_of(layer) == [*PROSE, "Here is the informa-", "tion that we need"]
    assert all(abs(line.box.left - 300) < 15 for line in lines_of(layer))


def test_ligatures_are_spelt_out(save: Save) -> None:
    font = Cid({1: "ﬁ", 2: "ffl", 3: "n", 4: "a", 5: "l", 6: "u", 7: "e", 8: "ﬀ", 9: "o", 10: " "})
    content = "BT /F2 14 Tf 72 700 Td <000100030004000500 0A 00090008000A 0007000200060007> Tj ET"
    assert texts_of(layer_of(save, Sheet(content, fonts={"F2": font}))) == ["final off efflue"]


def test_characters_beyond_the_basic_plane_stay_whole(save: Save) -> None:
    assert texts_of(layer_of(save, composite("🄲 set 😀 here"))) == ["🄲 set 😀 here"]


def test_a_hyphen_at_a_lines_end_ends_the_line(save: Save) -> None:
    assert texts_of(layer_of(save, Sheet(lines(["Here is the informa-", "tion that we need"])))) == [
        "Here is the informa-",
        "tion that we need",
    ]


def test_a_superscript_stays_on_its_line(save: Save) -> None:
    content = "BT /F1 12 Tf 72 700 Td (The area is 12 m) Tj 7 TL /F1 7 Tf 5 Ts (2) Tj 0 Ts /F1 12 Tf ( in all) Tj ET"
    assert texts_of(layer_of(save, Sheet(content))) == ["The area is 12 m2 in all"]


def test_spaces_that_are_only_gaps_part_words(save: Save) -> None:
    content = "BT /F1 12 Tf 72 700 Td [(The)-300(spaces)-350(are)-290(gaps)] TJ ET"
    assert texts_of(layer_of(save, Sheet(content))) == ["The spaces are gaps"]


def test_text_drawn_twice_for_boldness_is_read_once(save: Save) -> None:
    many = [f"{name} {line}" for name in ("First", "Second", "Third", "Fourth") for line in PROSE]
    twice = lines(many) + lines(many, left=73.5)
    assert texts_of(layer_of(save, Sheet(twice))) == many


def test_bullets_of_symbol_fonts_become_bullets(save: Save) -> None:
    layer = layer_of(save, composite("\uf0b7 one thing that we need to buy \uf0b7 another"))
    assert texts_of(layer) == ["• one thing that we need to buy • another"]


def test_hidden_and_white_text_of_a_born_digital_page_counts_as_its_text(save: Save) -> None:
    hidden = "BT 3 Tr /F1 12 Tf 72 500 Td (Found by searching alone) Tj ET "
    white = "BT 1 g 0 Tr /F1 12 Tf 72 470 Td (White words on white paper) Tj ET"
    assert texts_of(layer_of(save, Sheet(lines(PROSE) + hidden + white)))[4:] == [
        "Found by searching alone",
        "White words on white paper",
    ]


# ── order ────────────────────────────────────────────────────────────────────────────────────────

LEFT = [f"Column one has line {name} of the text" for name in ("one", "two", "three", "four")]
RIGHT = [f"Column two has line {name} of the text" for name in ("one", "two", "three", "four")]


def by_rows(left: Sequence[str], right: Sequence[str]) -> str:
    return "".join(
        lines([one], top=700 - 16 * row) + lines([two], left=320, top=700 - 16 * row)
        for row, (one, two) in enumerate(zip(left, right, strict=True))
    )


@pytest.mark.parametrize(
    "content",
    [
        lines(LEFT, top=700) + lines(RIGHT, left=320, top=700),
        by_rows(LEFT, RIGHT),
        lines(RIGHT, left=320, top=700) + lines(LEFT, top=700),
    ],
    ids=["by columns", "by rows", "right one first"],
)
def test_columns_are_read_one_after_the_other_however_they_are_stored(save: Save, content: str) -> None:
    title = "A title that stands across both of the columns of this page"
    foot = "A footnote that is as wide as the page and stands below both of the columns"
    sheet = Sheet(lines([foot], top=80) + content + lines([title], top=760))
    assert texts_of(layer_of(save, sheet)) == [title, *LEFT, *RIGHT, foot]


def test_a_table_is_read_by_rows(save: Save) -> None:
    names, prices = ["Item", "Apples", "Pears", "Plums"], ["Price", "1.20", "2.40", "3.10"]
    assert texts_of(layer_of(save, Sheet(by_rows(names, prices)))) == [
        "Item Price",
        "Apples 1.20",
        "Pears 2.40",
        "Plums 3.10",
    ]


def test_lines_stored_in_any_order_are_read_from_the_top(save: Save) -> None:
    content = "".join(lines([PROSE[n]], top=760 - 16 * n) for n in (2, 0, 3, 1))
    assert texts_of(layer_of(save, Sheet(content))) == list(PROSE)


def test_a_gap_begins_another_block(save: Save) -> None:
    layer = layer_of(save, Sheet(lines(PROSE) + lines(PROSE, top=660)))
    assert [len(block.lines) for block in layer.blocks] == [4, 4]


# ── what is not good enough ──────────────────────────────────────────────────────────────────────


def test_a_scan_has_no_text(save: Save) -> None:
    assert "no text" in fault_of(save, Sheet(SCAN, pictures={"Scan": image_of_text()}))


@pytest.mark.parametrize(
    "stamp", [["Page 7"], ["RECEIVED 12 March by the registry of the court, file number 4711", "Page 7 of 9"]]
)
def test_a_stamp_on_a_scan_is_not_its_text(save: Save, stamp: list[str]) -> None:
    sheet = Sheet(SCAN + lines(stamp, top=40), pictures={"Scan": image_of_text()})
    assert "pictures cover" in fault_of(save, sheet)


@pytest.mark.parametrize("strips", [1, 20])
def test_a_hidden_layer_over_a_scan_is_kept_and_not_called_certain(save: Save, strips: int) -> None:
    height = 842 / strips
    scan = "".join(f"q 595 0 0 {height} 0 {n * height} cm /Scan Do Q\n" for n in range(strips))
    sheet = Sheet(scan + "3 Tr " + lines(PROSE), pictures={"Scan": image_of_text(size=(1240, 1754 // strips))})
    layer = layer_of(save, sheet)
    assert texts_of(layer) == list(PROSE)
    assert {word.confidence for word in words_of(layer)} == {0.8}


def test_text_behind_a_scan_is_a_hidden_layer_too(save: Save) -> None:
    sheet = Sheet(lines(PROSE) + SCAN, pictures={"Scan": image_of_text()})
    assert texts_of(layer_of(save, sheet)) == list(PROSE)


def test_a_hidden_layer_of_a_glyphless_font_has_boxes(save: Save) -> None:
    """Recognition programs hide their words in a font without glyphs, which blackens nothing."""
    text = "This page was recognised before by another program"
    font = alphabet(text)
    sheet = Sheet(
        SCAN + f"BT 3 Tr /F2 14 Tf 72 700 Td {shown(text, font)} Tj ET",
        fonts={"F2": font},
        pictures={"Scan": image_of_text()},
    )
    words = words_of(layer_of(save, sheet))
    assert " ".join(word.text for word in words) == text
    assert all(20 < word.box.height < 80 and word.box.width > 20 for word in words)
    assert all(one.box.right <= two.box.left for one, two in pairwise(words))


def test_a_hidden_layer_with_next_to_nothing_is_not_kept(save: Save) -> None:
    sheet = Sheet(SCAN + "3 Tr " + lines(["Page 7"]), pictures={"Scan": image_of_text()})
    assert "pictures cover" in fault_of(save, sheet)


def test_a_small_picture_without_letters_beside_text_is_an_illustration(save: Save) -> None:
    picture = Image.linear_gradient("L").resize((600, 600))
    layer = layer_of(save, Sheet("q 150 0 0 150 300 200 cm /Scan Do Q " + lines(PROSE), pictures={"Scan": picture}))
    assert (texts_of(layer), layer.unread_images, layer.incomplete_because) == (list(PROSE), (), None)


def test_text_beside_half_a_page_of_scan_is_good_and_not_all(save: Save) -> None:
    sheet = Sheet("q 595 0 0 421 0 0 cm /Scan Do Q " + lines(PROSE), pictures={"Scan": image_of_text()})
    layer = layer_of(save, sheet)
    assert texts_of(layer) == list(PROSE)
    assert "pictures cover 5" in (layer.incomplete_because or "")
    (place,) = layer.unread_images
    assert close_to(place, Box(0, round(layer.height / 2), layer.width, layer.height), 5)


def test_a_picture_within_a_form_counts(save: Save) -> None:
    def into_form(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        form = pdf.make_stream(b"q 1 0 0 1 0 0 cm /Scan Do Q", Type=Name.XObject, Subtype=Name.Form)
        form.BBox = Array([0, 0, 1, 1])
        form.Resources = Dictionary(XObject=Dictionary({"/Scan": page.Resources.XObject["/Scan"]}))
        page.Resources.XObject["/Form"] = form

    content = "q 595 0 0 842 0 0 cm /Form Do Q " + lines(["Page 7"])
    data = layered_pdf(Sheet(content, pictures={"Scan": image_of_text()}), finish=into_form)
    layer = open_source(save(data), MediaType.PDF).text_layer(0)
    assert layer is not None
    assert "pictures cover" in (layer.problem or "")


@pytest.mark.parametrize("size", [(16, 16), (300, 425)], ids=["a tile", "36 dpi"])
def test_a_pattern_too_coarse_for_text_is_a_background(save: Save, size: tuple[int, int]) -> None:
    sheet = Sheet(SCAN + lines(PROSE), pictures={"Scan": Image.new("L", size, 230)})
    assert texts_of(layer_of(save, sheet)) == list(PROSE)


@pytest.mark.parametrize("text", ["Wkh frpplwwhh phw lq wkh wrzq kdoo dqg khdug wkh uhsruw ri wkh wuhdvxuhu",
                                  "7KH FRPPLWWHH PHW LQ WKH WRZQ KDOO DQG KHDUG WKH UHSRUW RI WKH WUHDVXUHU",
                                  "%&'$ !#*+ ;<=> ?@[]^ ~{}| $%&' !#*+ <>=; @?^] {|}~ #!+* ;><="],
                         ids=["shifted", "shifted to capitals", "signs"])  # fmt: skip
def test_gibberish_is_not_kept(save: Save, text: str) -> None:
    assert "not readable" in fault_of(save, Sheet(lines([text] * 3)))


@pytest.mark.parametrize(
    "text",
    [
        "Ïðèâåò ìèð ýòî ïðîâåðêà òåêñòà",
        "䴀甀氀琀椀挀漀氀漀爀䈀氀愀挀欀倀甀爀攀夀攀氀氀漀眀",
        "Heпонятнo cмeшaнныe бyквы слoвa тeкcт",  # noqa: RUF001  # that is the point
    ],
    ids=["wrong code page", "swapped bytes", "mixed alphabets"],
)
def test_text_of_a_lost_encoding_is_not_kept(save: Save, text: str) -> None:
    assert "not readable" in fault_of(save, composite(text))


@pytest.mark.parametrize("meaning", ["\ufffd", "\ue123", "\x03"], ids=["replaced", "private", "control"])
def test_characters_without_a_meaning_are_not_text(save: Save, meaning: str) -> None:
    font = Cid(dict.fromkeys(range(1, 9), meaning) | {9: "a"})
    content = "BT /F2 14 Tf 72 700 Td <00010002000300040005000600070008 0009> Tj ET " + lines(["Some words too"])
    assert "without a meaning" in fault_of(save, Sheet(content, fonts={"F2": font}))


def test_a_font_that_maps_to_nothing_is_not_text(save: Save) -> None:
    """Its codes look like letters, by chance: nobody said that they are."""
    codes = "".join(f"{ord(character):04x}" for character in PROSE[0])
    content = f"BT /F2 14 Tf 72 700 Td <{codes}> Tj ET"
    assert "without a meaning" in fault_of(save, Sheet(content, fonts={"F2": Cid()}))


def test_two_texts_on_top_of_each_other_are_not_kept(save: Save) -> None:
    other = [" ".join(word[::-1] for word in line.split()) for line in PROSE]
    assert "lies over itself" in fault_of(save, Sheet(lines(PROSE) + "3 Tr " + lines(other)))


def test_letters_drawn_as_shapes_are_missed_by_the_layer(save: Save) -> None:
    outline = "".join(f"{n % 60 * 8} {100 + n // 60 * 9} m 3 4 l 5 6 l 7 8 l h f\n" for n in range(600))
    assert "shapes" in fault_of(save, Sheet(outline + lines(["Page 7"])))


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

    source = open_source(save(layered_pdf(Sheet(lines(PROSE)), finish=fill)), MediaType.PDF)
    layer, rendered = source.text_layer(0), source.render(0)
    assert layer is not None
    assert texts_of(layer)[4:] == ["Filled by hand", "Without a look"]
    for line in lines_of(layer)[4:]:
        assert close_to(line.box, ink_near(rendered.image, line.box), 3), line


def test_a_page_with_more_text_than_fits_is_not_read(save: Save) -> None:
    many = [f"{number} " + "word " * 20 for number in range(2_500)]
    assert "more text" in fault_of(save, Sheet(lines(many, size=1, leading=0.3)))


def test_a_blank_page_says_that_it_is_blank(save: Save) -> None:
    layer = layer_of(save, Sheet(""))
    assert (layer.is_blank, layer.problem) == (True, "nothing is drawn on this page")


# ── the modes ────────────────────────────────────────────────────────────────────────────────────


class NoEngine(Exception):  # noqa: N818
    """Somebody asked for an engine."""


def no_engine() -> None:
    raise NoEngine


def read(save: Save, content: bytes, mode: RecognitionMode, media: MediaType = MediaType.PDF) -> tuple[str, str | None]:
    """A page's text and why it is from there, without any engine at hand."""
    source = open_source(save(content), media)
    page = read_page(source, 1, no_engine, ("tlh",), mode)  # type: ignore[arg-type]  # it raises
    return " ".join(word.text for word in page.words()), page.source_reason


@pytest.mark.parametrize("mode", [RecognitionMode.AUTO, RecognitionMode.TEXT_LAYER_ONLY])
def test_good_text_needs_no_engine_and_no_language(save: Save, mode: RecognitionMode) -> None:
    assert read(save, layered_pdf(Sheet(lines(PROSE))), mode) == (" ".join(PROSE), "text layer kept: 53 words")


@pytest.mark.parametrize(
    ("content", "media", "mode"),
    [
        (layered_pdf(Sheet(lines(PROSE))), MediaType.PDF, RecognitionMode.FORCE),
        (scan_pdf(["A scan"]), MediaType.PDF, RecognitionMode.AUTO),
        (layered_pdf(Sheet("")), MediaType.PDF, RecognitionMode.AUTO),
        (image_bytes(text_image("A picture")), MediaType.PNG, RecognitionMode.AUTO),
    ],
    ids=["forced", "scan", "blank", "image"],
)
def test_other_pages_are_recognised(save: Save, content: bytes, media: MediaType, mode: RecognitionMode) -> None:
    with pytest.raises(NoEngine):
        read(save, content, mode, media)


@pytest.mark.parametrize(
    ("content", "media", "why"),
    [
        (scan_pdf(["A scan"]), MediaType.PDF, "the page has no text of its own"),
        (image_bytes(text_image("A picture")), MediaType.PNG, "is a picture"),
    ],
    ids=["scan", "image"],
)
def test_without_recognition_a_page_without_text_fails_with_the_way_out(
    save: Save, content: bytes, media: MediaType, why: str
) -> None:
    with pytest.raises(ProcessingError) as raised:
        read(save, content, RecognitionMode.TEXT_LAYER_ONLY, media)
    assert raised.value.info.code is ErrorCode.NO_TEXT_LAYER
    assert why in raised.value.info.message
    assert "mode=auto" in raised.value.info.message


def test_without_recognition_a_blank_page_is_read_as_blank(save: Save) -> None:
    text, reason = read(save, layered_pdf(Sheet("")), RecognitionMode.TEXT_LAYER_ONLY)
    assert (text, reason) == ("", "not recognised: nothing is drawn on the page")


def test_a_recognised_page_says_why(save: Save, engines: Engines) -> None:
    source = open_source(save(scan_pdf(["A scan"])), MediaType.PDF)
    page = read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",))
    assert page.source_reason == "recognised: the page has no text of its own"


@pytest.mark.skipif(not poppler.is_installed(), reason="Poppler (poppler-utils) is not installed")
def test_a_second_try_that_keeps_away_from_pdfium_recognises(save: Save) -> None:
    source = open_source(save(layered_pdf(Sheet(lines(PROSE)))), MediaType.PDF, avoid_pdfium=True)
    assert source.text_layer(0) is None
