"""Generates the benchmark's scan: a PDF of pages of common words, slightly skewed and grainy."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

DPI = 300
_WIDTH, _HEIGHT = 2550, 3300  # US letter
_MARGIN = 300
_HEADING_PX = 67  # 16 points
_GUTTER = 90
_LEADING = 1.45
_PAPER, _INK = 228, 38
_NOISE_SIGMA = 2.0
_LARGEST_SKEW_DEG = 0.28
_JPEG_QUALITY = 65
_SEED = 20261123

_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/dejavu-serif-fonts/DejaVuSerif.ttf",
    "/usr/share/fonts/TTF/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/liberation-serif/LiberationSerif-Regular.ttf",
    "/System/Library/Fonts/Supplemental/Georgia.ttf",
    "/System/Library/Fonts/Supplemental/Times New Roman.ttf",
)

_WORDS = """
about above across after again against all almost alone along already also although always among and animal
another answer any appear apple area arm around arrive as ask at autumn away back bank base be beautiful because
become bed been before began begin behind being believe below best better between big bird black blue boat body
book both bottom box bread break bridge bright bring brother brought brown build building business busy but buy by
call came can care carry cat centre certain chair chance change check child children choose church circle city class
clean clear clock close cloud coast cold colour come common complete contain cook copy corn corner correct cost
could count country course cover cross cry cup cut dark daughter day dead deal dear decide deep degree describe
desert design did differ different dinner direct distance do doctor does dog door double down draw dream dress drink
drive dry during each early earth east easy eat edge effect egg eight either electric eleven end energy engine enough
enter equal even evening event ever every example except expect explain eye face fact fall family famous far farm
fast father favour fear feel feet few field fight figure fill final find fine finger finish fire first fish fit five
floor flow flower fly follow food foot for force forest forget form forward found four free fresh friend from front
fruit full game garden gather gave general gentle get girl give glad glass go gold gone good got govern grass great
green grey ground group grow guess guide had hair half hand happen happy hard has have he head hear heart heat heavy
help her here high hill him his history hold home hope horse hot hotel hour house how however hundred hurry idea if
important in inch include industry inside instead interest into iron is island it job join journey judge jump just
keep kept key kind king kitchen knew know labour lady lake land language large last late laugh law lay lead learn
leave left length less letter level library life lift light like line list listen little live long look lost lot
love low machine made main make man many map mark market matter may mean measure meat meet member mention method
middle might mile milk million mind minute miss moment money month moon more morning most mother mountain mouth move
much music must name nation nature near necessary need neighbour never new next night nine noise north nose note
nothing notice now number object ocean of off offer office often oil old once one only open opposite or orange order
other our out over own page paint pair paper parent park part party pass past path pattern pay peace people perhaps
period person picture piece place plain plan plane plant play please plural poem point poor position possible pound
power practice prepare present press pretty print probable problem produce promise proper prove public pull purpose
push put quarter queen question quick quiet quite race radio rain raise ran reach read ready real reason receive
record red region remember repeat reply report require rest result return rich ride right ring rise river road rock
roll room root rope rose round row rule run safe said sail salt same sand saw say scale school science score sea
season seat second section see seed seem select self sell send sense sentence separate serve set seven several shall
shape share sharp she shell shine ship shoe shop short should shoulder shout show side sight sign silent silver
similar simple since sing single sister sit six size skill skin sky sleep slow small smell smile snow so soft soil
soldier solution some son song soon sound south space speak special speed spell spend spoke spread spring square
stand star start state station stay steam steel step stick still stone stood stop store storm story straight strange
stream street strong student study subject success such sudden sugar suggest summer sun supply support sure surface
surprise swim system table tail take talk tall teach team tell ten test than thank that the their them then there
these they thick thin thing think third this those though thought thousand three through throw thus tie time tiny to
together told tomorrow tone too took tool top total touch toward town track trade train travel tree triangle trip
trouble truck true try tube turn twelve twenty two type under unit until up upon us use usual valley value various
very view village visit voice vowel wait walk wall want war warm was wash watch water wave way we wear weather week
weight well went were west what wheel when where whether which while white who whole whose why wide wife wild will
wind window wing winter wire wish with woman wonder wood word work world worth would write written wrong yard year
yellow yes yesterday yet you young your
""".split()  # noqa: SIM905  # more readable than a list of literals


@dataclass(frozen=True, slots=True)
class Style:
    """The size of the text in pixels and in points, and how many columns a page has."""

    text_px: int
    points: int
    columns: int = 1

    @property
    def column_width(self) -> int:
        return (_WIDTH - 2 * _MARGIN - (self.columns - 1) * _GUTTER) // self.columns


LETTER, DENSE = Style(46, 11), Style(33, 8, columns=2)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan to read, and the text of each page if this module generated it."""

    path: Path
    page_count: int
    origin: str
    page_texts: tuple[str, ...] = ()

    @property
    def truth(self) -> str | None:
        """The text of all pages, or None if it is not known."""
        return "\n".join(self.page_texts) if self.page_texts else None


def make_scan(path: Path, page_count: int, style: Style = LETTER) -> Scan:
    """Write a PDF of `page_count` letter pages, each a grey JPEG of 300 dpi, the same at every call."""
    chance = random.Random(_SEED)
    texts: list[str] = []

    def pages() -> Iterator[Image.Image]:
        for number in range(1, page_count + 1):
            image, text = _page(chance, number, style)
            texts.append(text)
            yield image

    drawn = pages()
    first = next(drawn)
    first.save(path, "PDF", save_all=True, append_images=drawn, resolution=DPI, quality=_JPEG_QUALITY)
    face = f"{font(style.text_px).getname()[0]} {style.points} pt"
    origin = f"generated: {page_count} letter pages of {style.columns} columns, {DPI} dpi grey JPEG, {face}"
    return Scan(path, page_count, origin, tuple(texts))


def _page(chance: random.Random, number: int, style: Style) -> tuple[Image.Image, str]:
    """Return one page as a scanner would produce it, and its text."""
    page = Image.new("L", (_WIDTH, _HEIGHT), _PAPER)
    pen = ImageDraw.Draw(page)
    text_font, heading_font = font(style.text_px), font(_HEADING_PX)
    written = [f"{number} {sentence(chance, 4, 6).rstrip('.')}"]
    pen.text((_MARGIN, _MARGIN), written[0], font=heading_font, fill=_INK)
    for column in range(style.columns):
        left, top = _MARGIN + column * (style.column_width + _GUTTER), _MARGIN + 2 * _HEADING_PX
        while True:
            paragraph = " ".join(sentence(chance, 6, 18) for _ in range(chance.randint(4, 7)))
            lines = _wrapped(paragraph, text_font, style.column_width)
            height = round(len(lines) * style.text_px * _LEADING)
            if top + height > _HEIGHT - _MARGIN:
                break
            for line in lines:
                pen.text((left, top), line, font=text_font, fill=_INK)
                top += round(style.text_px * _LEADING)
            top += style.text_px // 2
            written += lines
    return _scanned(page, chance.uniform(-_LARGEST_SKEW_DEG, _LARGEST_SKEW_DEG)), "\n".join(written)


def sentence(chance: random.Random, shortest: int, longest: int) -> str:
    words = chance.choices(_WORDS, k=chance.randint(shortest, longest))
    if chance.random() < 0.2:
        words[-1] = str(chance.randint(2, 2026))
    if len(words) > 8:
        words[len(words) // 2] += ","
    return " ".join(words).capitalize() + "."


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _scanned(page: Image.Image, skew_deg: float) -> Image.Image:
    """Return the page slightly rotated, with the grain of paper and sensor."""
    turned = page.rotate(skew_deg, Image.Resampling.BICUBIC, fillcolor=_PAPER)
    grain = Image.effect_noise(turned.size, _NOISE_SIGMA)
    return ImageChops.add(turned, grain, scale=1.0, offset=-128)


def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return a serif font of the system, else the font that Pillow includes."""
    for path in _FONTS:
        if Path(path).is_file():
            return ImageFont.truetype(path, size_px)
    built_in = ImageFont.load_default(size_px)
    if not isinstance(built_in, ImageFont.FreeTypeFont):
        raise SystemExit("Pillow was built without FreeType, so there is no font for the scan. Install another build.")
    return built_in


def open_scan(path: Path, page_count: int | None, folder: Path) -> Scan:
    """Return another PDF, or its first pages, as a scan whose text is not known."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(path) as document:
        count = len(document)
        if page_count is None or page_count >= count:
            return Scan(path, count, f"{path.name}, {count} pages")
        with pdfium.PdfDocument.new() as cut:
            cut.import_pages(document, list(range(page_count)))
            cut.save(folder / "cut.pdf")
    return Scan(folder / "cut.pdf", page_count, f"{path.name}, its first {page_count} of {count} pages")
