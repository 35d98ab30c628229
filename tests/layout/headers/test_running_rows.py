"""Headers and footers that are repeated from page to page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ocrdesk.contract.document import Block, BlockKind, Box, Line, Page
from ocrdesk.contract.structure import BlockRole, Cell, TableGrid
from ocrdesk.layout.headers import running_rows
from ocrdesk.layout.headers.running_rows import PageEdges, RunningRows, find_running_rows, mark_running_rows, page_edges
from tests.helpers.sample_pages import block, page

_WORDS = (
    *("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath"),
    *("inlet", "jetty", "knoll", "ledge", "marsh", "notch", "oasis"),
)


def body(number: int, rows: int = 8, top: int = 400) -> Block:
    """Return lines of a page that are unlike those of other pages."""
    words = [_WORDS[(number * 7 + at * number + at) % len(_WORDS)] for at in range(rows + 5)]
    return block(*(" ".join(words[row : row + 5]) for row in range(rows)), top=top)


def book(
    count: int, header: Callable[[int], str], footer: Callable[[int], str] = lambda _: "", *, header_top: int = 100
) -> list[Page]:
    pages = []
    for number in range(1, count + 1):
        parts = [block(header(number), top=header_top)] if header(number) else []
        parts.append(body(number))
        parts += [block(footer(number), top=2850)] if footer(number) else []
        pages.append(page(*parts, number=number))
    return pages


def marked(pages: Sequence[Page]) -> list[Page]:
    found = find_running_rows([page_edges(one) for one in pages])
    return [mark_running_rows(one, found[one.number]) if one.number in found else one for one in pages]


def headers(pages: Sequence[Page]) -> list[str]:
    """Return the text of each page's header and footer."""
    return [
        " / ".join(line.text for part in one.blocks if part.kind.is_header_or_footer for line in part.lines)
        for one in marked(pages)
    ]


def test_what_is_repeated_at_the_same_place_is_a_header_and_a_footer() -> None:
    assert (
        headers(book(4, lambda _: "Waterworks Report", lambda _: "Northern District"))
        == ["Waterworks Report / Northern District"] * 4
    )


def test_two_pages_alone_may_begin_alike() -> None:
    assert headers(book(2, lambda _: "Dear reader")) == ["", ""]


@pytest.mark.parametrize(
    "counted",
    [
        lambda n: f"Page {n} of 9",
        lambda n: f"{n + 11}",
        lambda n: f"- {n + 11} -",
        lambda n: ("i", "ii", "iii", "iv", "v")[n - 1],
        lambda n: f"ABC{n + 122:06}",
        lambda n: f"Report 2024          {n + 40}",
        lambda n: f"صفحة {n}",
    ],
)
def test_a_number_that_counts_up_with_the_pages_is_repeated(counted: Callable[[int], str]) -> None:
    assert all(headers(book(5, counted)))
    assert all(headers(book(5, lambda _: "", counted)))


def test_other_numbers_are_what_the_page_says() -> None:
    amounts = ("12.50", "7.20", "19.99", "8.00", "101.10")
    assert headers(book(5, lambda n: f"Balance {amounts[n - 1]}")) == [""] * 5
    assert headers(book(5, lambda _: "100")) == [""] * 5  # a number alone that stays may be a scale's


def test_left_and_right_pages_may_differ() -> None:
    def header(number: int) -> str:
        return f"{number}      A Short History" if number % 2 else f"The Harbour      {number}"

    found = headers(book(7, header))
    assert found[0] == "1 A Short History"
    assert found[1] == "The Harbour 2"
    assert all(found)


def test_a_header_that_is_misread_on_some_pages_is_one_there_too() -> None:
    read = ["Waterworks Report", "Waterw0rks Report", "Waterworks Repart", "Watervvorks Report", "Waterworks Report"]
    assert headers(book(5, lambda n: read[n - 1])) == read


def test_a_page_number_that_is_misread_is_one() -> None:
    read = ["Page 1 of 6", "Page 2 of 6", "Page 8 of 6", "Page 4 of 6", "Page 5 of 6", "Page 6 of 6"]
    assert headers(book(6, lambda n: read[n - 1])) == read
    numbers = ["11", "12", "18", "14", "15", "16"]
    assert headers(book(6, lambda _: "", lambda n: numbers[n - 1])) == numbers


def test_pages_without_the_header_may_be_between() -> None:
    found = headers(book(9, lambda n: "" if n in (2, 4, 5) else "Waterworks Report"))
    assert found == ["" if n in (2, 4, 5) else "Waterworks Report" for n in range(1, 10)]


def test_pages_far_from_each_other_are_not_compared() -> None:
    assert not any(headers(book(60, lambda n: "Notes" if n % 20 == 0 else "")))


def test_a_title_with_the_words_of_the_header_stays() -> None:
    pages = book(5, lambda n: "" if n == 1 else "Waterworks Report")
    title = block("Waterworks Report", top=250)
    pages[0] = page(title, body(1, top=600), number=1)
    assert headers(pages) == ["", *["Waterworks Report"] * 4]
    large = Line(
        box=Box(100, 80, 900, 150),
        words=tuple(
            word.model_copy(update={"box": Box(word.box.left, 80, word.box.right, 150)})
            for word in title.lines[0].words
        ),
    )
    pages[0] = page(Block(box=large.box, lines=(large,)), body(1), number=1)
    assert headers(pages) == ["", *["Waterworks Report"] * 4]


def test_a_large_row_at_the_top_is_a_title_although_it_is_repeated() -> None:
    pages = book(5, lambda _: "")
    large = tuple(word.model_copy(update={"box": Box(100, 80, 700, 150)}) for word in block("Results").lines[0].words)
    title = Block(
        role=BlockRole.HEADING,
        level=1,
        box=Box(100, 80, 700, 150),
        lines=(Line(box=Box(100, 80, 700, 150), words=large),),
    )
    assert not any(headers([one.model_copy(update={"blocks": (title, *one.blocks)}) for one in pages]))


def test_a_heading_that_counts_is_no_header() -> None:
    pages = [
        one.model_copy(
            update={
                "blocks": (one.blocks[0].model_copy(update={"role": BlockRole.HEADING, "level": 1}), *one.blocks[1:])
            }
        )
        for one in book(5, lambda n: f"Day {n}")
    ]
    assert not any(headers(pages))


def test_rows_of_tables_stay() -> None:
    pages = []
    for one in book(5, lambda _: "Date      Amount"):
        first = one.blocks[0]
        grid = TableGrid(rows=1, columns=1, cells=(Cell(row=0, column=0, box=first.box),))
        table = first.model_copy(update={"role": BlockRole.TABLE, "table": grid})
        pages.append(one.model_copy(update={"blocks": (table, *one.blocks[1:])}))
    assert not any(headers(pages))


def test_a_row_as_near_to_the_text_as_its_lines_is_text() -> None:
    pages = [
        page(block("Once upon a time", *(line.text for line in body(n).lines), top=100), number=n) for n in range(1, 6)
    ]
    assert not any(headers(pages))


def test_rows_far_in_the_page_stay() -> None:
    assert not any(headers(book(5, lambda _: "Chapter", header_top=700)))


def test_up_to_three_rows_are_a_header() -> None:
    pages = [page(block("Harbour Office", "Annual Report", "Public", top=60), body(n), number=n) for n in range(1, 5)]
    assert headers(pages) == ["Harbour Office / Annual Report / Public"] * 4


def test_a_page_marked_already_is_enough_for_another_one() -> None:
    first, second = book(2, lambda _: "Waterworks Report")
    head = first.blocks[0].model_copy(update={"kind": BlockKind.HEADER})
    first = first.model_copy(update={"blocks": (head, *first.blocks[1:])})
    assert headers([first, second]) == ["Waterworks Report"] * 2


def test_a_page_far_from_others_is_like_the_nearest_one_that_has_a_header() -> None:
    pages = book(12, lambda n: "Waterworks Report" if n in (1, 2, 3, 9) else "")
    assert [number for number, text in enumerate(headers(pages), 1) if text] == [1, 2, 3, 9]


def test_marks_of_an_earlier_comparison_change_nothing() -> None:
    edges = [page_edges(one) for one in book(12, lambda n: "Waterworks Report" if n in (1, 2, 3, 9) else "", str)]
    whole = find_running_rows(edges)
    for start in range(10):
        early = find_running_rows(edges[start : start + 4])
        again = [one.marked(early[one.number]) if one.number in early else one for one in edges]
        both = early, find_running_rows(again)
        for number, expected in whole.items():
            found = [one.get(number, RunningRows()) for one in both]
            assert max(one.top for one in found) == expected.top
            assert max(one.bottom for one in found) == expected.bottom


def test_a_page_with_nothing_but_its_header_has_one() -> None:
    pages = book(5, lambda _: "Waterworks Report")
    pages[2] = page(block("Waterworks Report", top=100), number=3)
    assert headers(pages)[2] == "Waterworks Report"


def test_more_pages_never_make_a_header_text_again() -> None:
    pages = book(12, lambda n: "The Harbour" if n % 3 else f"Tides      {n}", lambda n: f"{n}")
    edges = [page_edges(one) for one in pages]
    whole = find_running_rows(edges)
    for start in range(8):
        for number, found in find_running_rows(edges[start : start + 5]).items():
            assert found.top <= whole[number].top
            assert found.bottom <= whole[number].bottom


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────


def test_every_word_stays_and_a_header_within_a_paragraph_is_split_off() -> None:
    whole = block("Waterworks Report", "", "", *(line.text for line in body(1).lines), top=100)
    before = page(whole)
    after = mark_running_rows(before, RunningRows(top=1))
    assert [(part.kind, len(part.lines)) for part in after.blocks] == [(BlockKind.HEADER, 1), (BlockKind.TEXT, 8)]
    assert list(after.words()) == list(before.words())


def test_what_is_left_of_an_item_keeps_its_role_only_with_its_marker() -> None:
    item = {"role": BlockRole.LIST_ITEM, "marker": "-", "level": 1}
    at_end = block("- one", "more", "", "", "Footer", top=2600).model_copy(update=item)
    blocks = mark_running_rows(page(body(1), at_end), RunningRows(bottom=1)).blocks
    assert [(part.kind, part.role) for part in blocks[1:]] == [
        (BlockKind.TEXT, BlockRole.LIST_ITEM),
        (BlockKind.FOOTER, BlockRole.PARAGRAPH),
    ]
    at_start = block("- Header", "", "", "more", top=100).model_copy(update=item)
    blocks = mark_running_rows(page(at_start, body(1)), RunningRows(top=1)).blocks
    assert [(part.kind, part.role, part.marker) for part in blocks[:2]] == [
        (BlockKind.HEADER, BlockRole.PARAGRAPH, None),
        (BlockKind.TEXT, BlockRole.PARAGRAPH, None),
    ]


def test_pages_without_text_or_size_have_no_edges() -> None:
    assert page_edges(page()) == PageEdges(1)
    assert page_edges(page(body(1)).model_copy(update={"height": 0})) == PageEdges(1)
    assert mark_running_rows(page(), RunningRows(top=1)) == page()


# ── as text ──────────────────────────────────────────────────────────────────────────────────────


def test_edges_are_the_same_after_they_were_text() -> None:
    edges = page_edges(book(3, lambda n: f"Übersicht {n}", lambda n: f"- {n} -")[1])
    assert PageEdges.from_text(edges.as_text()) == edges
    assert len(edges.as_text()) < 1000


@pytest.mark.parametrize(
    "text", ["", "[]", "[1]", "[1, 2, 3]", '[1, [["a"]], []]', "{}", '[1, [["a", [1], "x", 2, true, true, true]], []]']
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # JSON and unpacking word it in many ways
        PageEdges.from_text(text)


def test_the_effort_does_not_grow_with_the_square_of_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    compare = running_rows._are_in_one_place
    monkeypatch.setattr(running_rows, "_are_in_one_place", lambda one, other: calls.append(1) or compare(one, other))
    edges = page_edges(book(1, lambda _: "Waterworks Report", lambda _: "1")[0])
    find_running_rows([PageEdges(number, edges.top, edges.bottom) for number in range(300)])
    assert len(calls) <= 300 * running_rows.WINDOW * 2 * 9
