"""Pages whose structure is hard to find: lists, headings, notes, columns, figures, forms and special text."""

from __future__ import annotations

import math

from drawn.paper import BLACK, FIXED, LEFT, RIGHT, SANS, Paper

_MIDDLE = 297.0
_SECOND = 310.0
_COLUMN = 285.0
BULLETS = "•–▪○‣►✓"


def draw_columns(paper: Paper) -> None:
    """Two columns above and below a chart that is as wide as both."""
    paper.heading(paper.label(4), 1, 18)
    paper.y = _two_columns(paper, paper.y, 5)
    top = paper.y + 10
    _chart(paper, LEFT + 40, top, RIGHT - 40, top + 150)
    caption = f"Figure 1: {paper.label(7)}."
    paper.put(caption, _MIDDLE, top + 185, paper.font(9, italic=True), anchor="m")
    paper.say("caption", caption)
    paper.y = _two_columns(paper, top + 215, 4)


def _two_columns(paper: Paper, top: float, paragraphs: int) -> float:
    bottoms = []
    for left, right in ((LEFT, _COLUMN), (_SECOND, RIGHT)):
        paper.y = top
        for _ in range(paragraphs // 2):
            paper.paragraph(paper.prose(3), left, right)
        bottoms.append(paper.y)
    return max(bottoms)


def _chart(paper: Paper, left: float, top: float, right: float, bottom: float) -> None:
    """A chart of bars with a title, labels of both axes, and a legend."""
    small = paper.font(8, family=SANS)
    paper.line(left, top, left, bottom)
    paper.line(left, bottom, right, bottom)
    for number in range(5):
        y = bottom - number * (bottom - top) / 5
        label = str(number * 25)
        paper.put(label, left - 5, y + 3, small, anchor="r")
        paper.unsaid.append(label)
    for number in range(6):
        x = left + 20 + number * (right - left - 90) / 6
        height = paper.rng.uniform(0.3, 0.9) * (bottom - top)
        paper.box(x, bottom - height, x + 25, bottom, fill=("#305090", "#a03030")[number % 2])
        label = f"Y{2010 + number}"
        paper.put(label, x + 12, bottom + 11, small, anchor="m")
        paper.unsaid.append(label)
    for number, label in enumerate(("Outgoing", "Incoming")):
        paper.box(right - 60, top + 12 * number, right - 53, top + 7 + 12 * number, fill=("#305090", "#a03030")[number])
        paper.put(label, right - 50, top + 7 + 12 * number, small)
        paper.unsaid.append(label)


def draw_sidebar(paper: Paper) -> None:
    paper.heading(paper.label(4), 1, 18)
    top = paper.y
    for _ in range(5):
        paper.paragraph(paper.prose(3), LEFT, 350)
    paper.box(370, top - 14, RIGHT + 10, top + 290, fill="#e4e8f0")
    paper.y = top
    paper.heading(paper.label(2), 2, 12, left=382)
    for _ in range(3):
        paper.paragraph(paper.prose(2), 382, RIGHT)


def draw_footnotes(paper: Paper) -> None:
    notes = [f"{number} {paper.sentence()}" for number in (1, 2, 3)]
    raised = "¹²³"
    for number in range(5):
        text = paper.prose(3)
        *_, last = paper.lines_of(text, RIGHT - LEFT - 10, paper.font())
        paper.flow(text, LEFT, RIGHT - 10)
        if number < 3:
            paper.put(str(number + 1), LEFT + paper.length(last, paper.font()), paper.y - 17.75, paper.font(7))
        paper.y += 7
        paper.say("paragraph", text + raised[number : number + 1])
    paper.line(LEFT, 700, LEFT + 120, 700)
    paper.y = 715
    for number, note in enumerate(notes):
        paper.put(str(number + 1), LEFT, paper.y - 3, paper.font(6))
        paper.flow(note[2:], LEFT + 7, RIGHT, paper.font(8.5))
        paper.y += 2
        paper.say("footnote", raised[number] + note[1:])


def draw_numbered_lines(paper: Paper) -> None:
    """Text as of a statute or a poem edition: every fifth line has its number in the margin."""
    number = 0
    for _ in range(6):
        text = paper.prose(3)
        for line in paper.lines_of(text, 430, paper.font()):
            number += 1
            if number % 5 == 0:
                paper.put(str(number), LEFT - 15, paper.y, paper.font(9), anchor="r")
            paper.put(line, LEFT, paper.y)
            paper.y += 15
        paper.y += 7
        paper.say("paragraph", text)


def draw_receipt(paper: Paper) -> None:
    """Items with wrapped names: each amount is beside the last line of its name."""
    paper.family = FIXED
    left, right = 150, 420
    paper.put("CORNER MARKET", (left + right) / 2, paper.y, paper.font(14, bold=True), anchor="m")
    paper.y += 30
    rows = []
    for _ in range(8):
        name, amount = paper.label(paper.rng.choice((2, 3, 6))), f"{paper.rng.randint(100, 9999) / 100:.2f}"
        lines = paper.lines_of(name, 180, paper.font(10))
        for line in lines:
            paper.put(line, left, paper.y, paper.font(10))
            paper.y += 13
        paper.put(amount, right, paper.y - 13, paper.font(10), anchor="r")
        rows.append(f"{name} {amount}")
    paper.line(left, paper.y - 4, right, paper.y - 4)
    paper.y += 12
    for label in ("Subtotal", "Tax", "Total"):
        amount = f"{paper.rng.randint(1000, 9999) / 100:.2f}"
        paper.put(label, left, paper.y, paper.font(10))
        paper.put(amount, right, paper.y, paper.font(10), anchor="r")
        paper.y += 13
        rows.append(f"{label} {amount}")
    paper.say("text", " ".join(("CORNER MARKET", *rows)))


def draw_form(paper: Paper) -> None:
    """Labels to the left of their values, and below a rule labels above them."""
    paper.heading(paper.label(3), 1, 19)
    rows = [(f"{paper.label(2)}:", paper.label(2)) for _ in range(6)]
    for label, value in rows:
        paper.put(label, LEFT, paper.y, paper.font(bold=True))
        paper.put(value, LEFT + 150, paper.y)
        paper.y += 20
    paper.say("text", " ".join(f"{label} {value}" for label, value in rows))
    paper.line(LEFT, paper.y, RIGHT, paper.y)
    paper.y += 20
    for _ in range(3):
        cells = [(paper.label(2), paper.label(3)) for _ in range(2)]
        for (label, value), x in zip(cells, (LEFT, _SECOND), strict=True):
            paper.put(label, x, paper.y, paper.font(7.5, family=SANS))
            paper.put(value, x, paper.y + 14)
            paper.line(x, paper.y + 18, x + 200, paper.y + 18, 0.4)
            paper.say("text", f"{label} {value}")
        paper.y += 45


def draw_stacked_form(paper: Paper) -> None:
    """Labels above their values in a grid; the labels are small, bold, end with colons, or look like the values."""
    way = paper.rng.randrange(4)
    paper.heading(paper.label(3), 1, 17)
    paper.paragraph(paper.prose(1), gap=18.0)
    label_font = (paper.font(0.72 * paper.size), paper.font(bold=True), paper.font(), paper.font())[way]
    labels = [paper.label(paper.rng.choice((1, 2))) + ":" * (way == 2) for _ in range(24)]
    for _ in range(5):
        columns = paper.rng.choice((2, 3, 4))
        step = (RIGHT - LEFT) / columns
        for number in range(columns):
            label, value = labels.pop(), paper.rng.choice((paper.label(1), str(paper.rng.randint(100, 99_999))))
            paper.put(label, LEFT + number * step, paper.y, label_font)
            paper.put(value, LEFT + number * step, paper.y + 1.35 * paper.size)
            paper.say("pairs", f"{label} {value}")
        paper.y += 3.6 * paper.size
    paper.y += 10
    paper.paragraph(paper.prose(2))


def draw_checkboxes(paper: Paper) -> None:
    paper.paragraph(paper.prose(2))
    for number in range(6):
        text = paper.label(4)
        paper.box(LEFT, paper.y - 9, LEFT + 9, paper.y, edge=0.9)
        if number % 3 == 0:
            paper.line(LEFT + 2, paper.y - 7, LEFT + 7, paper.y - 2, 1.2)
            paper.line(LEFT + 2, paper.y - 2, LEFT + 7, paper.y - 7, 1.2)
        paper.put(text, LEFT + 16, paper.y)
        paper.y += 19
        paper.say("list_item", f"{'☒' if number % 3 == 0 else '☐'} {text}", 1)
    paper.y += 10
    paper.paragraph(paper.prose(2))


def draw_headings(paper: Paper) -> None:
    """Three levels; the lowest is bold and as large as the text."""
    for chapter in ("1", "2"):
        paper.heading(f"{chapter} {paper.label(3)}", 1, 18)
        paper.paragraph(paper.prose(2))
        for section in ("1", "2"):
            paper.heading(f"{chapter}.{section} {paper.label(3)}", 2, 14)
            paper.paragraph(paper.prose(2))
            if section == "1":
                paper.heading(paper.label(3), 3, 11)
                paper.paragraph(paper.prose(2))


def draw_plain_headings(paper: Paper) -> None:
    """Three levels without numbers: a title in the middle, bold heads, italic heads."""
    title = paper.label(4)
    paper.put(title, _MIDDLE, paper.y, paper.font(20, bold=True), anchor="m")
    paper.y += 34
    paper.say("heading", title, 1)
    for _ in range(3):
        paper.heading(paper.label(3), 2, 14)
        paper.paragraph(paper.prose(2))
        text = paper.label(3)
        paper.y += 6
        paper.put(text, LEFT, paper.y, paper.font(12, italic=True, bold=True))
        paper.y += 17
        paper.say("heading", text, 3)
        paper.paragraph(paper.prose(2))


def draw_nested(paper: Paper) -> None:
    """Lists of three depths, with bullets and with numbers, letters and Roman numbers; some items are of two lines."""
    paper.paragraph(paper.prose(2))
    for signs in (("•", "–", "▪", "▪", "–"), ("1.", "a)", "i.", "ii.", "b)")):
        for first in (signs[0], "2." if signs[0] == "1." else signs[0]):
            for level, sign in zip((1, 2, 3, 3, 2), (first, *signs[1:]), strict=True):
                paper.item(sign, paper.sentence() if level == 1 else paper.label(5), level)
        paper.y += 8
        paper.paragraph(paper.prose(2))


def draw_long_list(paper: Paper) -> None:
    """A numbered list that goes beyond 99; its numbers are aligned on the right."""
    for number in range(88, 116):
        text = paper.sentence() if number % 4 == 0 else paper.label(6)
        marker = f"{number}."
        paper.put(marker, LEFT + 22, paper.y, anchor="r")
        paper.flow(text, LEFT + 30)
        paper.say("list_item", f"{marker} {text}", 1)


def draw_bullets(paper: Paper) -> None:
    for sign in BULLETS:
        paper.paragraph(paper.prose(1))
        for _ in range(3):
            paper.item(sign, paper.label(paper.rng.choice((3, 5, 16))))
        paper.y += 6


def draw_drop_cap(paper: Paper) -> None:
    paper.heading(paper.label(3), 1, 18)
    for _ in range(2):
        text = paper.prose(5)
        big = paper.font(42)
        width = paper.length(text[0], big) + 4
        first = paper.lines_of(text[1:], RIGHT - LEFT - width, paper.font())
        paper.put(text[0], LEFT, paper.y + 27.5, big)
        for line in first[:3]:
            paper.put(line, LEFT + width, paper.y)
            paper.y += 13.75
        paper.flow(" ".join(first[3:]))
        paper.y += 10
        paper.say("paragraph", text)
        paper.paragraph(paper.prose(3))


def draw_verse(paper: Paper) -> None:
    paper.heading(paper.label(2), 1, 19)
    for _ in range(3):
        lines = [paper.label(paper.rng.randint(4, 7)) + "," * (number < 3) for number in range(4)]
        for number, line in enumerate(lines):
            paper.put(line, LEFT + 60 + 14 * (number % 2), paper.y)
            paper.y += 15
        paper.y += 14
        paper.say("verse", "\n".join(lines))


def draw_letter(paper: Paper) -> None:
    for left in (330.0, LEFT):
        city = paper.label(1)
        lines = [
            f"{paper.label(1)} {paper.label(1)}",
            f"{paper.rng.randint(2, 90)} {paper.label(1)} Street",
            f"{city} NY {paper.rng.randint(10001, 14900)}",
        ]
        for line in lines:
            paper.put(line, left, paper.y)
            paper.y += 14
        paper.y += 20
        paper.say("address", "\n".join(lines))
    paper.paragraph("Dear Ms Harper,")
    for _ in range(3):
        paper.paragraph(paper.prose(3))
    paper.paragraph("Yours sincerely,")


def draw_code(paper: Paper) -> None:
    lines = (
        "def total(rows):",
        "    found = 0",
        "    for row in rows:",
        "        if row.price > 0:",
        "            found += row.price",
        "    return found",
    )
    for _ in range(2):
        paper.paragraph(paper.prose(2))
        paper.y += 4
        for line in lines:
            paper.put(
                line.lstrip(), LEFT + 10 + 6 * (len(line) - len(line.lstrip())), paper.y, paper.font(10, family=FIXED)
            )
            paper.y += 13
        paper.y += 10
        paper.say("code", "\n".join(lines))
    paper.paragraph(paper.prose(2))


def draw_diagram(paper: Paper) -> None:
    """Boxes with labels and arrows, a curve with its axes, and their captions, between paragraphs."""
    paper.paragraph(paper.prose(3))
    top = paper.y + 5
    small = paper.font(9, family=SANS)
    for number in range(3):
        x = LEFT + 20 + 150 * number
        label = paper.label(2)
        paper.box(x, top, x + 100, top + 45, edge=1)
        paper.put(label, x + 50, top + 26, small, anchor="m")
        paper.unsaid += label.split()
        if number < 2:
            paper.line(x + 100, top + 22, x + 150, top + 22)
            paper.line(x + 144, top + 18, x + 150, top + 22)
            paper.line(x + 144, top + 26, x + 150, top + 22)
    paper.y = top + 70
    _caption(paper, 1)
    paper.paragraph(paper.prose(3))
    top = paper.y + 5
    left, right, bottom = LEFT + 60, RIGHT - 60, top + 150
    paper.box(left, top, right, bottom, edge=0.8)
    for curve, ink in enumerate(("#204080", "#b03020")):
        paper.curve(
            [
                (
                    left + step * (right - left) / 60,
                    bottom - 20 - (50 + 30 * curve) * (1 + math.sin(step / 9 + curve)) / 1.6,
                )
                for step in range(61)
            ],
            ink=ink,
        )
    for number in range(5):
        for text, x, y, anchor in (
            (f"0.{number}", left - 4, bottom - number * 35, "r"),
            (str(number * 10), left + number * 70, bottom + 11, "m"),
        ):
            paper.put(text, x, y, small, anchor=anchor)
            paper.unsaid.append(text)
    paper.put_upright("Measured pressure", left - 25, bottom - 30, small)
    paper.put("Elapsed seconds", (left + right) / 2, bottom + 24, small, anchor="m")
    paper.unsaid += ["Measured", "pressure", "Elapsed", "seconds"]
    paper.y = bottom + 45
    _caption(paper, 2)
    paper.paragraph(paper.prose(3))


def _caption(paper: Paper, number: int) -> None:
    caption = f"Figure {number}. {paper.label(6)}."
    paper.put(caption, _MIDDLE, paper.y, paper.font(9), anchor="m")
    paper.say("caption", caption)
    paper.y += 25


def draw_marked(paper: Paper) -> None:
    """Paragraphs under a highlighter, in coloured bands, and white on a dark colour."""
    for fill, ink in (("#fff060", BLACK), ("", BLACK), ("#c8e0f8", BLACK), ("#203a70", "#ffffff"), ("", BLACK)):
        text = paper.prose(2)
        height = 13.75 * len(paper.lines_of(text, RIGHT - LEFT, paper.font()))
        if fill:
            paper.box(LEFT - 6, paper.y - 15, RIGHT + 6, paper.y + height - 6, fill=fill)
        paper.flow(text, ink=ink)
        paper.y += 18
        paper.say("paragraph", text)
