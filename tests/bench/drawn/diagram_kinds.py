"""Pages whose words stand apart: flow charts, charts with legends, forms with boxes."""

from __future__ import annotations

from drawn.sheet import Sheet


def draw_flow(sheet: Sheet) -> None:
    """Draw boxes and diamonds with centred text, joined by arrows, with YES and NO beside them."""
    rng, line = sheet.rng, sheet.line
    columns, rows = 3, 6
    wide, high = sheet.image.width / columns, (sheet.image.height - 6 * line) / rows
    sheet.write(sheet.label(4), line * 2, line, font=sheet.sized(1.3))
    for row in range(rows):
        for column in range(columns):
            if rng.random() < 0.25:
                continue
            x, y = (column + 0.5) * wide, line * 4 + (row + 0.45) * high
            half_w, half_h = wide * 0.36, high * 0.3
            texts = [sheet.label(rng.randint(1, 2)) for _ in range(rng.randint(1, 3))]
            if rng.random() < 0.3:
                texts = [texts[0][:9], "OK?"]
                half_h = high * 0.36
                sheet.draw.polygon(((x, y - half_h), (x + half_w, y), (x, y + half_h), (x - half_w, y)), outline=30)
                sheet.write("NO", x + half_w + line // 2, y - line * 1.2)
                sheet.write("YES", x + line // 2, y + half_h + 2, font=sheet.sized(0.8))
            else:
                sheet.draw.rectangle(
                    (x - half_w, y - half_h, x + half_w, y + half_h), outline=30, width=rng.randint(1, 3)
                )
            for number, text in enumerate(texts):
                sheet.write(text, x, y + (number - len(texts) / 2) * line, anchor="ma")
            sheet.draw.line((x, y + half_h, x, y + high - half_h), fill=30, width=2)
            sheet.draw.polygon(
                ((x - 5, y + high - half_h - 9), (x + 5, y + high - half_h - 9), (x, y + high - half_h)), fill=30
            )
    sheet.write(
        f"MNK-T1_{rng.randint(10**6, 10**7):010}",
        sheet.image.width - line * 2,
        sheet.image.height - 2 * line,
        anchor="ra",
        font=sheet.sized(1, "bold"),
    )


def draw_curves(sheet: Sheet) -> None:
    """Draw charts with lines, numbers at both axes, upright dates below, a legend, and a source in small print."""
    rng, line = sheet.rng, sheet.line
    small = sheet.sized(0.85)
    wide, high = sheet.image.width / 2, sheet.image.height / 3
    for number in range(6):
        x, y = number % 2 * wide + line * 4, number // 2 * high + line * 1.5
        right, bottom = x + wide - line * 7, y + high - line * 6.5
        sheet.write(
            f"Exhibit {number + 1}: {sheet.label(4)}", x - line * 2, y - line * 0.5, font=sheet.sized(1, "bold")
        )
        step, sign = rng.choice((5, 20, 100, 0.5)), rng.choice(("", "%", "$"))
        for tick in range(7):
            level = bottom - (bottom - y - 2 * line) * tick / 6
            text = f"{tick * step:,.1f}" if step < 1 else f"{tick * step:,}"
            sheet.write(
                f"${text}" if sign == "$" else text + sign, x - 8, level - small.size / 2, anchor="ra", font=small
            )
            sheet.draw.line((x, level, right, level), fill=190)
            if number % 3 == 0:
                sheet.write(str(tick), right + 8, level - small.size / 2, font=small)
        sheet.draw.line((x, y + line, x, bottom), fill=30)
        points = [(x + (right - x) * at / 20, bottom - (bottom - y - 2 * line) * rng.random()) for at in range(21)]
        sheet.draw.line(points, fill=60, width=3)
        for at in range(6):
            place = x + (right - x) * at / 5.5
            date = f"{rng.choice(('Jan', 'May', 'Sep'))}-{10 + at}"
            if number % 2:
                sheet.write_upright(date, place, bottom + small.size * 3.4, font=small)
            else:
                sheet.write(date, place, bottom + 6, font=small)
        for entry in range(2):
            left = x + entry * (right - x) / 2
            foot = bottom + small.size * 3.8
            sheet.draw.line((left, foot + small.size / 2, left + line, foot + small.size / 2), fill=60, width=3)
            sheet.write(sheet.label(2), left + line * 1.3, foot, font=small)
        sheet.write(
            f"Source: Company data, {sheet.firm()} Research.",
            x - line * 2,
            bottom + small.size * 5.2,
            font=sheet.sized(0.75),
        )


def draw_bars(sheet: Sheet) -> None:
    """Draw bar charts with a value above each bar, names below, and a table of the data under them."""
    rng, line = sheet.rng, sheet.line
    small = sheet.sized(0.9)
    for number in range(2):
        top = line * 2 + number * (sheet.image.height / 2 - line)
        left, right, bottom = line * 4, sheet.image.width - line * 3, top + sheet.image.height / 2 - line * 9
        sheet.write(sheet.label(5), sheet.image.width / 2, top, anchor="ma", font=sheet.sized(1.2, "bold"))
        bars = rng.randint(7, 12)
        values = [[rng.random() * 90 + 5 for _ in range(bars)] for _ in range(2)]
        for bar in range(bars):
            middle = left + line * 3 + (right - left - line * 3) * (bar + 0.5) / bars
            for series in range(2):
                x = middle + (series - 1) * line * 0.9
                tall = (bottom - top - 4 * line) * values[series][bar] / 100
                sheet.draw.rectangle((x, bottom - tall, x + line * 0.8, bottom), fill=(70, 160)[series])
            sheet.write(
                f"{values[0][bar]:.0f}%",
                middle,
                bottom - (bottom - top - 4 * line) * max(values[0][bar], values[1][bar]) / 100 - line,
                anchor="ma",
                font=small,
            )
            sheet.write(f"FY{10 + bar}{'E' if bar > bars - 3 else ''}", middle, bottom + 6, anchor="ma", font=small)
            for series in range(2):
                sheet.write(
                    f"{values[series][bar]:.1f}", middle, bottom + line * (1.5 + series), anchor="ma", font=small
                )
        for series in range(2):
            sheet.write(sheet.label(1), left - line * 2, bottom + line * (1.5 + series), font=small)
        sheet.draw.line((left, bottom, right, bottom), fill=30)


def draw_boxes(sheet: Sheet) -> None:
    """Draw a form: boxes with a small label in their corner and an entry below it, some of them empty."""
    rng, line, left = sheet.rng, sheet.line, sheet.line * 2
    width, y = sheet.image.width - 2 * left, line * 4
    sheet.write(f"FORM {rng.randint(100, 999)}-{rng.choice('ABC')}", left, line, font=sheet.sized(1.5, "bold"))
    small = sheet.sized(0.65)
    number = 0
    while y < sheet.image.height - line * 4:
        cells = rng.randint(1, 4)
        high = round(line * 2.3)
        for cell in range(cells):
            number += 1
            x = left + width * cell / cells
            sheet.draw.rectangle((x, y, x + width / cells, y + high), outline=40, width=max(1, sheet.dpi // 150))
            sheet.write(f"{number} {sheet.label(rng.randint(1, 5 if cells < 3 else 2))}", x + 6, y + 4, font=small)
            entry = rng.choice(
                (
                    f"{rng.randint(1, 99999):,}.00",
                    sheet.firm(),
                    f"{rng.randint(100, 999)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}",
                    "X",
                    "",
                    sheet.label(2).upper(),
                )
            )
            if entry and sheet.font.getlength(entry) < width / cells - 12:
                sheet.write(entry, x + 12, y + high - line * 1.15)
        y += high
        if rng.random() < 0.2:
            sheet.write(
                f"Part {rng.choice(('I', 'II', 'III', 'IV'))} {sheet.label(4)}",
                left,
                y + 8,
                font=sheet.sized(1, "bold"),
            )
            y += round(line * 1.6)
