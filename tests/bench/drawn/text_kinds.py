"""Pages of text: journals, depositions, filings, small legal print, and headings of all kinds."""

from __future__ import annotations

from PIL import ImageFont

from drawn.sheet import Sheet

_QUOTED = ("Q.", "A.")


def draw_journal(sheet: Sheet) -> None:
    """Draw two columns of prose with marks of footnotes, footnotes in small print, and a running head."""
    rng, line, left = sheet.rng, sheet.line, sheet.line * 2
    width = (sheet.image.width - 2 * left - line) / 2
    sheet.write(f"{sheet.name()} and {sheet.name()}", left, line, font=sheet.sized(0.85, "italic"))
    sheet.write(str(rng.randint(2, 900)), sheet.image.width - left, line, anchor="ra", font=sheet.sized(0.85))
    small = sheet.sized(0.6)
    for column in range(2):
        start, top, number = left + column * (width + line), line * 3.0, 1
        while top < sheet.image.height * 0.8:
            if rng.random() < 0.15:
                sheet.write(f"{rng.randint(1, 5)}. {sheet.label(3)}", start, top, font=sheet.sized(1, "bold"))
                top += line * 1.5
            text = " ".join(sheet.sentence() for _ in range(rng.randint(2, 4)))
            top = sheet.paragraph(text, start, top, width) + line // 3
            if rng.random() < 0.4 and number < 4:
                last = sheet.words[-1]
                sheet.write(str(number), last.right + 1, last.top - small.size // 4, font=small)
                number += 1
        top = max(top, sheet.image.height * 0.85)
        sheet.draw.line((start, top, start + width / 3, top), fill=30)
        for note in range(1, number):
            top = sheet.paragraph(f"{note} {sheet.sentence()}", start, top + 4, width, factor=0.75)


def draw_deposition(sheet: Sheet) -> None:
    """Draw a page of testimony in typewriter letters: numbered lines, questions and answers, a stamp at the foot."""
    rng, left = sheet.rng, sheet.line * 5
    sheet.write(f"Page {rng.randint(2, 300)}", sheet.image.width - left, sheet.line, anchor="ra")
    step = (sheet.image.height - 5 * sheet.line) / 25
    lines: list[str] = []
    letters = int((sheet.image.width - 2 * left) / sheet.font.getlength("a")) - 8
    while len(lines) < 25:
        text = (
            f"{_QUOTED[len(lines) % 2]} {sheet.sentence()}"
            if rng.random() < 0.8
            else f"MR. {sheet.name().upper()}: Objection."
        )
        row = "     "
        for word in text.split():
            if len(row) + len(word) > letters:
                lines.append(row)
                row = ""
            row += f"{word} "
        lines.append(row)
    for number, text in enumerate(lines[:25], 1):
        y = sheet.line * 3 + (number - 1) * step
        sheet.write(str(number), left - sheet.line * 1.5, y, anchor="ra")
        indent = (len(text) - len(text.lstrip())) * sheet.font.getlength("a")
        sheet.write(text, left + indent, y)
    sheet.write(
        f"CONFIDENTIAL - {sheet.name().upper()}_{rng.randint(10**6, 10**7):08}",
        sheet.image.width - left,
        sheet.image.height - sheet.line * 2,
        anchor="ra",
        font=sheet.sized(0.8, "bold"),
    )


def draw_filing(sheet: Sheet) -> None:
    """Draw a pleading: line numbers beside a double rule, double-spaced text, citations and a footnote."""
    rng, left, step = sheet.rng, sheet.line * 5, (sheet.image.height - 8 * sheet.line) / 28
    for x in (left - 12, left - 6, sheet.image.width - sheet.line * 2):
        sheet.draw.line((x, 0, x, sheet.image.height), fill=60)
    sheet.write(
        f"Case {rng.randint(1, 9)}:{rng.randint(10, 20)}-cv-{rng.randint(1, 99999):05}-ABC "
        f"Document {rng.randint(1, 400)} Filed 0{rng.randint(1, 9)}/12/18",
        sheet.image.width / 2,
        sheet.line // 2,
        anchor="ma",
        font=sheet.sized(0.85),
    )
    for number in range(1, 29):
        sheet.write(str(number), left - 24, sheet.line * 2 + (number - 1) * step, anchor="ra")
    y, width = sheet.line * 2.0, sheet.image.width - left - sheet.line * 3
    sheet.write(
        f"{rng.choice(('A.', 'III.', '2.'))} {sheet.label(4).upper()}",
        left + width / 2,
        y,
        anchor="ma",
        font=sheet.sized(1, "bold"),
    )
    y += step
    row: list[str] = []
    while y < sheet.line * 2 + 22 * step:
        volume, year = rng.randint(100, 600), rng.randint(1950, 1999)
        cited = f"See {sheet.name()} v. {sheet.name()}, {volume} U.S. {rng.randint(1, 900)} ({year})."
        for word in f"{sheet.sentence()} {cited if rng.random() < 0.4 else ''}".split():
            if sheet.font.getlength(" ".join([*row, word])) > width:
                sheet.write(" ".join(row), left + 10, y)
                row, y = [], y + step
            row.append(word)
    sheet.draw.line((left + 10, y + step, left + width / 3, y + step), fill=30)
    sheet.paragraph(f"1 {sheet.sentence()} {sheet.sentence()}", left + 10, y + 1.2 * step, width, factor=0.85)


def draw_disclosures(sheet: Sheet) -> None:
    """Draw dense legal print in three columns, with headings in capitals."""
    line, left = sheet.line, sheet.line * 2
    sheet.write("IMPORTANT DISCLOSURES", left, line, font=sheet.sized(1.8, "bold"))
    width = (sheet.image.width - 2 * left - 2 * line) / 3
    for column in range(3):
        top = line * 5.0
        start = left + column * (width + line)
        while top < sheet.image.height - line * 8:
            top = sheet.paragraph(sheet.label(3).upper(), start, top, width, style="bold")
            text = " ".join(sheet.sentence() for _ in range(sheet.rng.randint(2, 6)))
            top = sheet.paragraph(text, start, top, width) + line // 3


def draw_headings(sheet: Sheet) -> None:
    """Draw headings in capitals, with space between letters, underlined, huge and light grey, with text below them."""
    rng, line, left = sheet.rng, sheet.line, sheet.line * 3
    top, width = line * 2.0, sheet.image.width - 2 * left
    while top < sheet.image.height - line * 9:
        kind = rng.choice(("capitals", "spread", "underlined", "huge", "grey", "bullets"))
        text = sheet.label(rng.randint(2, 4))
        if kind == "capitals":
            sheet.write(text.upper(), left, top, font=sheet.sized(1.3, "bold"))
        elif kind == "spread":
            sheet.write(text.upper(), left, top, spread=sheet.font.size * rng.choice((0.15, 0.25)))
        elif kind == "underlined":
            end = sheet.write(text, left, top, font=sheet.sized(1.1))
            foot = top + sheet.sized(1.1).getbbox("x")[3] + max(2, sheet.dpi // 100)
            sheet.draw.line((left, foot, end, foot), fill=20, width=max(1, sheet.dpi // 120))
        elif kind == "huge":
            top += _huge(sheet, text, left, top, sheet.sized(2.6, "bold"))
        elif kind == "grey":
            sheet.write(text, left, top, ink=150)
        top += line * (0.3 if kind == "bullets" else 1.6)
        for _ in range(rng.randint(1, 3)):
            if kind == "bullets":
                sheet.write("\N{BULLET}", left, top)
            top = sheet.paragraph(sheet.sentence(), left + 2 * line * (kind == "bullets"), top, width * 0.9)
        top += line * 0.7


def _huge(sheet: Sheet, text: str, left: float, top: float, font: ImageFont.FreeTypeFont) -> float:
    sheet.write(" ".join(text.split()[:2]), left, top, font=font)
    return font.size


def draw_letter(sheet: Sheet) -> None:
    """Draw a letter: addresses, a date, a subject, paragraphs, a numbered list and a signature."""
    rng, line, left = sheet.rng, sheet.line, sheet.line * 4
    right = sheet.image.width - left
    top = line * 3.0
    for text in (
        sheet.firm(),
        f"{rng.randint(1, 900)} {sheet.name()} Street",
        f"{sheet.name()}, NY {rng.randint(10000, 14999)}",
    ):
        sheet.write(text, right, top, anchor="ra")
        top += line
    sheet.write(f"March {rng.randint(1, 28)}, 20{rng.randint(10, 26)}", left, top + line)
    top += 3 * line
    sheet.write(
        f"Re: {sheet.label(3)} (File No. {rng.randint(100, 999)}-{rng.randint(10, 99)})",
        left,
        top,
        font=sheet.sized(1, "bold"),
    )
    top = sheet.paragraph(f"Dear Mr. {sheet.name()}:", left, top + 2 * line, right - left) + line / 2
    for number in range(1, 8):
        text = " ".join(sheet.sentence() for _ in range(3))
        if number in (3, 4, 5):
            sheet.write(f"{number - 2}.", left + line, top)
            top = sheet.paragraph(text, left + 2.5 * line, top, right - left - 2.5 * line) + line / 2
        else:
            top = sheet.paragraph(text, left, top, right - left) + line / 2
        if top > sheet.image.height - 12 * line:
            break
    sheet.write("Sincerely,", left, top)
    sheet.write(f"{sheet.name()} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {sheet.name()}", left, top + 3 * line)
