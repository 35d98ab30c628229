"""Tables that are hard to find: side by side, without rules, with rotated heads, wrapped cells and white text."""

from __future__ import annotations

from drawn.paper import BLACK, LEFT, RIGHT, SANS, Paper


def _amount(paper: Paper) -> str:
    return f"{paper.rng.randint(100, 99999) / 100:,.2f}"


def _say_table(paper: Paper, rows: list[list[str]]) -> None:
    paper.say("table", " ".join(" ".join(row) for row in rows), None, rows)


def draw_rotated_heads(paper: Paper) -> None:
    paper.paragraph(paper.prose(2))
    heads = ["Region", *(paper.label(1) for _ in range(5))]
    rows = [[paper.label(1), *(str(paper.rng.randint(10, 999)) for _ in range(5))] for _ in range(6)]
    top, height, width = paper.y, 70.0, 55.0
    bottom = top + height + 18 * len(rows)
    for column in range(7):
        x = LEFT + (100 + width * (column - 1) if column else 0)
        paper.line(x, top, x, bottom)
    right = LEFT + 100 + 5 * width
    for y in (top, *(top + height + 18 * number for number in range(len(rows) + 1))):
        paper.line(LEFT, y, right, y)
    paper.put(heads[0], LEFT + 4, top + height - 6, paper.font(10, bold=True))
    for column, head in enumerate(heads[1:]):
        paper.put_upright(head, LEFT + 130 + width * column, top + height - 6, paper.font(10, bold=True))
    for number, row in enumerate(rows):
        y = top + height + 18 * number + 13
        for column, text in enumerate(row):
            if column:
                paper.put(text, LEFT + 100 + width * column - 6, y, paper.font(10), anchor="r")
            else:
                paper.put(text, LEFT + 4, y, paper.font(10))
    _say_table(paper, [heads, *rows])
    paper.y = bottom + 25
    paper.paragraph(paper.prose(2))


def draw_two_tables(paper: Paper) -> None:
    """Two tables side by side, with and without rules."""
    for ruled in (True, False):
        paper.paragraph(paper.prose(2))
        top = paper.y + 5
        for left in (LEFT, 310.0):
            rows = [["Item", "Count", "Price"]]
            rows += [[paper.label(1), str(paper.rng.randint(1, 99)), _amount(paper)] for _ in range(6)]
            edges = (left, left + 90, left + 140, left + 205)
            for number, row in enumerate(rows):
                y = top + 16 * number + 12
                font = paper.font(10, bold=not number)
                paper.put(row[0], edges[0] + 4, y, font)
                paper.put(row[1], edges[2] - 4, y, font, anchor="r")
                paper.put(row[2], edges[3] - 4, y, font, anchor="r")
            if ruled:
                for number in range(len(rows) + 1):
                    paper.line(edges[0], top + 16 * number, edges[-1], top + 16 * number)
                for x in edges:
                    paper.line(x, top, x, top + 16 * len(rows))
            _say_table(paper, rows)
        paper.y = top + 16 * 7 + 25
    paper.paragraph(paper.prose(2))


def draw_wrapped_cells(paper: Paper) -> None:
    """A table without rules whose middle column has cells of several lines."""
    paper.paragraph(paper.prose(2))
    heads = ["Code", "Description", "Qty", "Amount"]
    columns = (LEFT, LEFT + 70, 420.0, 500.0)
    rows = [
        [
            f"K-{paper.rng.randint(100, 999)}",
            paper.label(paper.rng.choice((3, 9, 15))),
            str(paper.rng.randint(1, 40)),
            _amount(paper),
        ]
        for _ in range(7)
    ]
    bold = paper.font(bold=True)
    for number, row in enumerate((heads, *rows)):
        font = paper.font() if number else bold
        paper.put(row[0], columns[0], paper.y, font)
        paper.put(row[2], columns[2], paper.y, font, anchor="r")
        paper.put(row[3], columns[3], paper.y, font, anchor="r")
        for line in paper.lines_of(row[1], 240, font):
            paper.put(line, columns[1], paper.y, font)
            paper.y += 13.5
        paper.y += 7
    _say_table(paper, [heads, *rows])
    paper.y += 15
    paper.paragraph(paper.prose(2))


def draw_dark_cells(paper: Paper) -> None:
    """A table with a white head on black, and bands behind every other row."""
    paper.paragraph(paper.prose(2))
    rows = [["Name", "City", "Visits", "Fee"]]
    rows += [[paper.label(1), paper.label(2), str(paper.rng.randint(1, 99)), _amount(paper)] for _ in range(8)]
    columns = (LEFT + 5, LEFT + 120, 400.0, 500.0)
    top = paper.y
    for number, row in enumerate(rows):
        y = top + 18 * number
        dark = not number
        fill = "#101010" if dark else "#dde6f2" if number % 2 else ""
        if fill:
            paper.box(LEFT, y, RIGHT, y + 18, fill=fill)
        for column, text in enumerate(row):
            font = paper.font(10, bold=dark, family=SANS)
            ink = "#ffffff" if dark else BLACK
            paper.put(text, columns[column], y + 13, font, anchor="lr"[column > 1], ink=ink)
    _say_table(paper, rows)
    paper.y = top + 18 * len(rows) + 25
    paper.paragraph(paper.prose(2))


def draw_two_line_heads(paper: Paper) -> None:
    """A table with three horizontal rules, and heads of two lines over groups of columns."""
    caption = f"Table 1. {paper.label(6)}."
    paper.paragraph(paper.prose(2))
    paper.put(caption, LEFT, paper.y, paper.font(10))
    paper.say("caption", caption)
    paper.y += 8
    names = [paper.label(2) for _ in range(6)]
    heads = ["Company", *(f"{paper.label(1)} {year}" for year in (2023, 2024, 2025))]
    rows = [[name, *(_amount(paper) for _ in range(3))] for name in names]
    paper.line(LEFT, paper.y, RIGHT, paper.y, 1.2)
    for column, head in enumerate(heads):
        x = LEFT if not column else 250 + 90 * column
        for number, word in enumerate(head.split()):
            paper.put(word, x, paper.y + 14 + 12 * number, paper.font(10, bold=True), anchor="lr"[column > 0])
    paper.y += 32
    paper.line(LEFT, paper.y, RIGHT, paper.y, 0.6)
    for row in rows:
        paper.y += 15
        for column, text in enumerate(row):
            paper.put(text, LEFT if not column else 250 + 90 * column, paper.y, paper.font(10), anchor="lr"[column > 0])
    paper.y += 6
    paper.line(LEFT, paper.y, RIGHT, paper.y, 1.2)
    _say_table(paper, [heads, *rows])
    paper.y += 25
    paper.paragraph(paper.prose(2))
