"""Tables and lists: figures in small print, statements of banks, telephone lists, indexes, timetables, coverage."""

from __future__ import annotations

from collections.abc import Callable

from drawn.sheet import Sheet

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def draw_figures(sheet: Sheet) -> None:
    """Draw tables of figures in small print: two rows of heads, sums in bold, rates in italics, and rules."""
    rng, line, top = sheet.rng, round(sheet.font.size * 1.2), sheet.line * 2
    left, right = sheet.line * 2, sheet.image.width - sheet.line * 2
    bold, italic = sheet.sized(1, "bold"), sheet.sized(1, "italic")
    while top < sheet.image.height - line * 12:
        columns, rows = rng.randint(5, 10), min(rng.randint(6, 14), int(sheet.image.height - top) // line - 5)
        first = (right - left) * 0.28
        step = (right - left - first) / columns
        sheet.write(f"{sheet.label(2)} ($ in millions)", left, top, font=bold)
        sheet.write("Actual", left + first + step * columns / 3, top, anchor="ma", font=bold)
        sheet.write("Estimates", right - step, top, anchor="ma", font=bold)
        for column in range(columns):
            head = rng.choice(
                (f"{rng.choice(_MONTHS)}-{rng.randint(10, 19)}", f"{rng.randint(1, 4)}Q{rng.randint(9, 20):02}E")
            )
            sheet.write(head, left + first + (column + 1) * step - 8, top + line, anchor="ra", font=bold)
        sheet.draw.line((left, top + 2 * line, right, top + 2 * line), fill=40, width=2)
        top += round(2.2 * line)
        for row in range(rows):
            font, is_rate = (bold if row % 5 == 4 else sheet.font), row % 5 == 3
            sheet.write(
                sheet.label(rng.randint(1, 3)), left + line * (row % 5 == 3), top, font=italic if is_rate else font
            )
            for column in range(columns):
                value = rng.choice((rng.random() * 10, rng.random() * 3000, rng.random() * 300))
                text = f"{value / 40:.1f}%" if is_rate else f"{value:,.1f}"
                text = rng.choice((text, text, text, text, f"({text})", f"${text}", "NA"))
                end = left + first + (column + 1) * step - 8
                sheet.write(text, end, top, anchor="ra", font=italic if is_rate else font)
            top += line
        sheet.draw.line((left, top, right, top), fill=40)
        top += 2 * line


def draw_bank(sheet: Sheet) -> None:
    """Draw the statement of an account: dates, entries with references, debits, credits and balances."""
    rng, line, left = sheet.rng, sheet.line, sheet.line * 2
    right = sheet.image.width - left
    ends = right - line * 11, right - line * 5.5, right
    sheet.write(f"STATEMENT OF ACCOUNT No. {rng.randint(10**7, 10**8)}", left, line * 2, font=sheet.sized(1.2, "bold"))
    top, balance = line * 5, 12_345.67
    for head, x in zip(("Debit", "Credit", "Balance"), ends, strict=True):
        sheet.write(head, x, top, anchor="ra", font=sheet.sized(1, "bold"))
    sheet.write("Date", left, top, font=sheet.sized(1, "bold"))
    sheet.write("Description", left + line * 5, top, font=sheet.sized(1, "bold"))
    while top < sheet.image.height - line * 5:
        top += line
        amount = rng.random() * 2000
        is_credit = rng.random() < 0.3
        balance += amount if is_credit else -amount
        sheet.write(f"{rng.randint(1, 12):02}/{rng.randint(1, 28):02}/20{rng.randint(10, 26)}", left, top)
        entry = rng.choice(
            (f"ACH {sheet.name().upper()} REF {rng.randint(10**6, 10**7)}", f"Check #{rng.randint(100, 999)}")
        )
        sheet.write(entry, left + line * 5, top)
        sheet.write(f"{amount:,.2f}", ends[is_credit], top, anchor="ra")
        sheet.write(f"{balance:,.2f}" if balance >= 0 else f"{-balance:,.2f}-", ends[2], top, anchor="ra")


def draw_phones(sheet: Sheet) -> None:
    """Draw a telephone list in three columns, with dots between name and number."""
    _dotted_columns(
        sheet,
        3,
        lambda: (
            f"{sheet.name()}, {sheet.name()[0]}.",
            f"{sheet.rng.randint(200, 999)}-{sheet.rng.randint(1000, 9999)}",
        ),
    )


def draw_index(sheet: Sheet) -> None:
    """Draw an index in two columns, with dots between an entry and its pages."""

    def entry() -> tuple[str, str]:
        pages = sorted(sheet.rng.randint(1, 400) for _ in range(sheet.rng.randint(1, 3)))
        return sheet.label(sheet.rng.randint(1, 3)), ", ".join(map(str, pages))

    _dotted_columns(sheet, 2, entry)


def _dotted_columns(sheet: Sheet, columns: int, entry: Callable[[], tuple[str, str]]) -> None:
    line, left = sheet.line, sheet.line * 2
    width = (sheet.image.width - 2 * left - line * (columns - 1)) / columns
    dot = sheet.font.getlength(".")
    for column in range(columns):
        start = left + column * (width + line)
        for row in range((sheet.image.height - 5 * line) // line):
            y = line * 2 + row * line
            text, number = entry()
            x = sheet.write(text, start, y) + dot
            end = start + width - sheet.font.getlength(number) - dot
            sheet.write(number, start + width, y, anchor="ra")
            while x < end - dot:
                sheet.draw.text((x, y), ".", font=sheet.font, fill=20)
                x += 1.6 * dot


def draw_timetable(sheet: Sheet) -> None:
    """Draw a timetable: stations, and times in many narrow columns."""
    rng, line, left = sheet.rng, sheet.line, sheet.line * 2
    right = sheet.image.width - left
    columns = rng.randint(8, 11)
    first = (right - left) * 0.25
    step = (right - left - first) / columns
    top = line * 2
    for heading in ("Monday to Friday", "Saturday"):
        sheet.write(heading, left, top, font=sheet.sized(1, "bold"))
        top += line
        for column in range(columns):
            sheet.write(
                str(rng.randint(100, 999)),
                left + first + (column + 0.5) * step,
                top,
                anchor="ma",
                font=sheet.sized(1, "bold"),
            )
        top += line
        starts = sorted(rng.randint(300, 1300) for _ in range(columns))
        for row in range(min(20, (sheet.image.height // 2 - 5 * line) // line)):
            sheet.write(f"{sheet.name()} {rng.choice(('Road', 'St', 'Park', 'Cross'))}", left, top)
            for column in range(columns):
                minute = starts[column] + row * 7 + rng.randint(0, 3)
                text = "--" if rng.random() < 0.08 else f"{minute // 60 % 24:02}:{minute % 60:02}"
                sheet.write(text, left + first + (column + 0.5) * step, top, anchor="ma")
            top += line
            if row % 5 == 4:
                sheet.draw.line((left, top, right, top), fill=150)
        top += 2 * line


def draw_coverage(sheet: Sheet) -> None:
    """Draw a list of companies with tickers, ratings with dates, and prices, under the names of analysts."""
    rng, line = sheet.rng, round(sheet.font.size * 1.15)
    left, right, top = sheet.image.width // 6, sheet.image.width * 5 // 6, line * 4
    while top < sheet.image.height - 22 * line:
        sheet.draw.line((left, top, right, top), fill=30, width=2)
        for head, x, anchor in (
            ("COMPANY (TICKER)", left, "la"),
            ("RATING (AS OF)", left + (right - left) * 0.52, "la"),
            ("PRICE* (11/04/2016)", right, "ra"),
        ):
            sheet.write(head, x, top + line // 2, anchor=anchor, font=sheet.sized(1, "bold"))
        top += 2 * line
        sheet.draw.line((left, top, right, top), fill=30)
        sheet.write(
            f"{sheet.name()} {rng.choice('ABCDN')} {sheet.name()}, CFA",
            left,
            top + line // 2,
            font=sheet.sized(1, "bold"),
        )
        top += 2 * line
        for _ in range(rng.randint(4, 12)):
            ticker = "".join(rng.choice("ABCDEFGILMNOPRSTVXY") for _ in range(4))
            sheet.write(f"{sheet.firm()} ({ticker}.{rng.choice('ON')})", left + line, top)
            date = f"({rng.randint(1, 12):02}/{rng.randint(1, 28):02}/201{rng.randint(4, 6)})"
            sheet.write(f"{rng.choice('OEU')} {date}", left + (right - left) * 0.52, top)
            sheet.write(f"${rng.random() * 200:.2f}", right, top, anchor="ra")
            top += line
        top += line
        sheet.write("* Historical prices are not split adjusted.", left, top)
        top += 2 * line


def draw_grid(sheet: Sheet) -> None:
    """Draw ruled tables with close cells: text near the rules, grey bands, dotted or solid rules."""
    rng, line, top = sheet.rng, round(sheet.font.size * 1.35), sheet.line * 2
    left, right, near = sheet.line * 2, sheet.image.width - sheet.line * 2, max(2, sheet.dpi // 80)
    while top < sheet.image.height - line * 12:
        columns, rows = rng.randint(4, 9), min(rng.randint(6, 16), int(sheet.image.height - top) // line - 5)
        step = (right - left) / (columns + 2)
        edges = [left, *(left + step * (number + 3) for number in range(columns - 1)), right]
        is_dotted, bottom = rng.random() < 0.3, top + (rows + 2) * line
        for row in range(0, rows, 2):
            if rng.random() < 0.5:
                sheet.draw.rectangle((left, top + (row + 2) * line, right, top + (row + 3) * line), fill=225)
        for row in (0, *range(2, rows + 3)):
            y = top + row * line
            for x in range(int(left), int(right), 4) if is_dotted else ():
                sheet.draw.point((x, y), fill=30)
            if not is_dotted:
                sheet.draw.line((left, y, right, y), fill=30)
        for x in edges:
            sheet.draw.line((x, top, x, bottom), fill=30)
        for row in range(-2, rows):
            y, font = top + (row + 2) * line + line // 8, sheet.sized(1, "bold" if row < 0 else "")
            for column in range(columns):
                room = edges[column + 1] - edges[column] - 2 * near
                text = sheet.label(1 + (column == 0)) if row < 0 or column == 0 else sheet.number()
                if sheet.font.getlength(text) * 1.1 > room or rng.random() < 0.05:
                    continue
                if column and row >= 0:
                    sheet.write(text, edges[column + 1] - near, y, anchor="ra", font=font)
                else:
                    sheet.write(text, edges[column] + near, y, font=font)
        top = bottom + 2 * line
