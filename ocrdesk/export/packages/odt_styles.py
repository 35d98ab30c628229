"""The styles of OpenDocument texts: for each kind of part, and for the lists that a document has."""

from __future__ import annotations

from ocrdesk.contract.structure import MAX_LEVEL
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.parts.list_numbers import ListNumber, NumberKind
from ocrdesk.export.xml_text import quoted

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)
_NUMBER_FORMATS = {
    NumberKind.DECIMAL: "1",
    NumberKind.LOWER_LETTER: "a",
    NumberKind.UPPER_LETTER: "A",
    NumberKind.LOWER_ROMAN: "i",
    NumberKind.UPPER_ROMAN: "I",
}
_BULLETS = "•◦▪"
_INDENT_CM = 0.8
_PARAGRAPHS = {
    "Text_20_body": ("Text body", "", 'fo:margin-bottom="0.25cm"', ""),
    "Caption": ("Caption", "", 'fo:margin-bottom="0.25cm"', 'fo:font-style="italic"'),
    "Header_20_text": ("Header text", "Text_20_body", "", 'fo:color="#595959"'),
    "Preformatted_20_Text": ("Preformatted Text", "", "", 'style:font-name="Monospace" fo:font-size="10pt"'),
    "Quotations": ("Quotations", "Text_20_body", f'fo:margin-left="{_INDENT_CM}cm"', ""),
    "Sender": ("Sender", "Text_20_body", "", ""),
    "Footnote": ("Footnote", "", 'fo:margin-bottom="0.1cm"', 'fo:font-size="10pt"'),
    "Table_20_Contents": ("Table Contents", "", "", ""),
    "Table_20_Heading": ("Table Heading", "Table_20_Contents", "", 'fo:font-weight="bold"'),
    "List_20_Contents": ("List Contents", "", 'fo:margin-bottom="0.1cm"', ""),
}
"""The name of each style, what it is shown as, its parent, and its properties of paragraphs and of texts."""
_HEADING_SIZES = ("20pt", "16pt", "14pt", "12pt", "11pt", "11pt")


class Styles:
    """The styles that a document uses. Those that depend on it are named when they are used first."""

    def __init__(self) -> None:
        self._variants: dict[str, tuple[str, bool, bool]] = {}
        self._lists: dict[str, ListNumber | None] = {}

    def paragraph(self, name: str, *, rtl: bool = False, breaks: bool = False) -> str:
        """Return the name of a style; `breaks` begins a new page."""
        if not rtl and not breaks:
            return name
        variant = f"{name}{'_RTL' if rtl else ''}{'_Page' if breaks else ''}"
        self._variants[variant] = (name, rtl, breaks)
        return variant

    def list(self, number: ListNumber | None, *, is_bullet: bool) -> str:
        """Return the name of the style of a list: with numbers like this one, with bullets, or with neither."""
        if number is None:
            name = "Bullets" if is_bullet else "Labels"
        else:
            signs = "".join(f"_{ord(sign)}" for sign in f"{number.before}-{number.after}")
            name = f"Numbers_{number.kind.name}{signs}"
        self._lists[name] = number
        return name

    def document(self, languages: tuple[str, ...], *, rtl: bool, size_inches: tuple[float, float] | None) -> str:
        """Return the file of styles."""
        width, height = size_inches or (8.27, 11.69)
        mode = "rl-tb" if rtl else "lr-tb"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {NAMESPACES} office:version="1.3">\n'
            '<office:font-face-decls><style:font-face style:name="Monospace" svg:font-family="monospace"'
            ' style:font-family-generic="modern" style:font-pitch="fixed"/></office:font-face-decls>\n<office:styles>\n'
            f'<style:default-style style:family="paragraph"><style:paragraph-properties style:writing-mode="lr-tb"/>'
            f"<style:text-properties{_language(languages)}/></style:default-style>\n"
            + "".join([*_paragraph_styles(), *map(_heading_style, range(1, MAX_LEVEL + 1))])
            + "".join(_variant_style(name, *variant) for name, variant in sorted(self._variants.items()))
            + "".join(_list_style(name, number) for name, number in sorted(self._lists.items()))
            + "</office:styles>\n<office:automatic-styles>"
            '<style:page-layout style:name="Page"><style:page-layout-properties'
            f' fo:page-width="{width:.3f}in" fo:page-height="{height:.3f}in" fo:margin="1in"'
            f' style:writing-mode="{mode}"/></style:page-layout></office:automatic-styles>\n'
            '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Page"/>'
            "</office:master-styles>\n</office:document-styles>\n"
        )


def _language(languages: tuple[str, ...]) -> str:
    tag = language_tag(languages)
    return f' fo:language={quoted(tag.partition("-")[0])} fo:country="none"' if tag else ""


def _paragraph_styles() -> list[str]:
    return [
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph"'
        + (f' style:parent-style-name="{parent}">' if parent else ">")
        + (f"<style:paragraph-properties {paragraph}/>" if paragraph else "")
        + (f"<style:text-properties {text}/>" if text else "")
        + "</style:style>\n"
        for name, (shown, parent, paragraph, text) in _PARAGRAPHS.items()
    ]


def _heading_style(level: int) -> str:
    return (
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph"'
        f' style:default-outline-level="{level}"><style:paragraph-properties fo:margin-top="0.4cm"'
        ' fo:margin-bottom="0.2cm" fo:keep-with-next="always"/><style:text-properties fo:font-weight="bold"'
        f' fo:font-size="{_HEADING_SIZES[level - 1]}"/></style:style>\n'
    )


def _variant_style(name: str, parent: str, rtl: bool, breaks: bool) -> str:
    # "end" is right for LibreOffice, whatever the writing mode is
    properties = ' style:writing-mode="rl-tb" fo:text-align="end"' if rtl else ""
    properties += ' fo:break-before="page"' if breaks else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{parent}">'
        f"<style:paragraph-properties{properties}/></style:style>\n"
    )


def _list_style(name: str, number: ListNumber | None) -> str:
    levels = "".join(_list_level(name, number, level) for level in range(1, MAX_LEVEL + 1))
    return f'<text:list-style style:name="{name}">{levels}</text:list-style>\n'


def _list_level(name: str, number: ListNumber | None, level: int) -> str:
    indent = _INDENT_CM * level
    position = (
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        f'<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-{_INDENT_CM}cm"'
        f' fo:margin-left="{indent:.1f}cm"/></style:list-level-properties>'
    )
    if number is not None:
        signs = f' style:num-prefix="{number.before}"' if number.before else ""
        signs += f' style:num-suffix="{number.after}"' if number.after else ""
        form = _NUMBER_FORMATS[number.kind]
        start = f'<text:list-level-style-number text:level="{level}"{signs} style:num-format="{form}">'
        return f"{start}{position}</text:list-level-style-number>"
    if name == "Labels":
        start = f'<text:list-level-style-number text:level="{level}" style:num-format="">'
        return f"{start}{position}</text:list-level-style-number>"
    bullet = _BULLETS[(level - 1) % len(_BULLETS)]
    start = f'<text:list-level-style-bullet text:level="{level}" text:bullet-char="{bullet}">'
    return f"{start}{position}</text:list-level-style-bullet>"
