"""Pages of numbers: tables, ruled forms, charts and statements."""

from __future__ import annotations

from drawn.sheet import Sheet


def draw_table(sheet: Sheet) -> None:
    """Draw a table of numbers, perhaps with rules, a shaded column, and a column of single digits."""
    rng, line = sheet.rng, sheet.line
    left, top = line * 2, line * 2
    width = sheet.image.width - 2 * left
    columns = rng.randint(3, 7)
    first = width * 0.3
    step = (width - first) / columns
    rows = min(rng.randint(12, 30), (sheet.image.height - 4 * line) // line)
    if rng.random() < 0.4:
        column = rng.randrange(columns)
        area = (left + first + column * step + 4, top, left + first + (column + 1) * step, top + rows * line)
        sheet.draw.rectangle(area, fill=rng.choice((232, 215, 200)))
    has_rules = rng.random() < 0.5
    for row in range(rows):
        y = top + row * line
        if has_rules:
            sheet.draw.line((left, y - 2, left + width, y - 2), fill=60)
        sheet.write(sheet.label(rng.randint(1, 3)), left, y)
        for column in range(columns):
            text = str(rng.randint(0, 9)) if column == columns - 1 else sheet.number()
            sheet.write(text, left + first + (column + 1) * step - 8, y, anchor="ra")


def draw_form(sheet: Sheet) -> None:
    """Draw a form: boxes with a small label and a number, and a column of line numbers at both margins."""
    rng, line = sheet.rng, sheet.line
    left, right = line * 2, sheet.image.width - line * 2
    height = round(line * 1.5)
    for row in range(min(24, (sheet.image.height - 4 * line) // height)):
        y = line * 2 + row * height
        sheet.draw.rectangle((left, y, right, y + height), outline=40)
        sheet.draw.line((right - line * 8, y, right - line * 8, y + height), fill=40)
        sheet.draw.line((right - line * 10, y, right - line * 10, y + height), fill=40)
        sheet.write(f"{row + 1} {sheet.label(4)}", left + 6, y + line // 5)
        sheet.write(str(row + 1), right - line * 8 - 10, y + line // 5, anchor="ra")
        if rng.random() < 0.8:
            sheet.write(f"{rng.randint(1, 999999):,}", right - 8, y + line // 5, anchor="ra")


def draw_chart(sheet: Sheet) -> None:
    """Draw two bar charts with numbers at both axes and above the bars."""
    rng, line = sheet.rng, sheet.line
    for top in (line * 2, sheet.image.height // 2 + line):
        left, right = line * 5, sheet.image.width - line * 5
        bottom = top + sheet.image.height // 2 - line * 6
        sheet.write(sheet.label(4), left, top)
        ticks, step = rng.randint(5, 10), rng.choice((1, 5, 10, 20, 250))
        for tick in range(ticks + 1):
            y = bottom - (bottom - top - 2 * line) * tick // ticks
            sheet.draw.line((left - 5, y, right, y), fill=170)
            sheet.write(f"{tick * step:,}", left - 10, y - line // 2, anchor="ra")
            sheet.write(f"{tick * 2}%", right + 10, y - line // 2)
        sheet.draw.line((left, top + line, left, bottom), fill=30)
        bars = rng.randint(4, 9)
        for bar in range(bars):
            x = left + (right - left) * (bar + 0.5) / bars
            tall = (bottom - top - 3 * line) * rng.random()
            sheet.draw.rectangle((x - line / 2, bottom - tall, x + line / 2, bottom), fill=rng.choice((90, 140, 190)))
            sheet.write(str(2001 + bar), x - line, bottom + line // 3)


def draw_statement(sheet: Sheet) -> None:
    """Draw a statement: labels with dots that lead to two columns of amounts."""
    rng, line = sheet.rng, sheet.line
    left, right = line * 2, sheet.image.width - line * 2
    dot = sheet.font.getlength(".")
    for row in range(min(32, (sheet.image.height - 4 * line) // line)):
        y = line * 2 + row * line
        if row % 8 == 0:
            sheet.write(sheet.label(2).upper(), left, y)
            continue
        end = sheet.write(sheet.label(rng.randint(2, 4)), left, y)
        x = end + 2 * dot
        while x < right - line * 12:
            sheet.draw.text((x, y), ".", font=sheet.font, fill=20)
            x += 2 * dot
        for column in (line * 6, 0):
            sign = "$ " if row % 8 == 1 else ""
            sheet.write(f"{sign}{rng.randint(100, 9999999):,}", right - column, y, anchor="ra")
