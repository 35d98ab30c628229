"""Tables without vertical lines: rows of several lines, heads over several columns, and what is around a table."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import with_word_boxes
from ocrdesk.layout.tables.finder import find_tables
from tests.helpers.ruled_pages import drawn
from tests.helpers.sample_pages import HEIGHT
from tests.layout.tables.test_ruled import rows, rows_of, spans, table_of


def test_lines_above_and_below_end_a_table() -> None:
    page, table = table_of("""
 Table 3   Rates
 ------------------------------
 Country        low      high
 ------------------------------
 Alpha           12        34
 Beta            11        33
 Gamma           10        32
 ------------------------------
 Source: the registry of both
 (1) a part of it       only
""")
    assert [row[0] for row in rows_of(page, table)] == ["Country", "Alpha", "Beta", "Gamma"]
    assert table.header_rows == 1


def test_words_between_lines_are_a_table() -> None:
    assert rows("""
 --------------------------------
 Animal      Action    Result
 --------------------------------
 Cat         says      meow
 Dog         says      bow-wow
 --------------------------------
""") == [["Animal", "Action", "Result"], ["Cat", "says", "meow"], ["Dog", "says", "bow-wow"]]


def test_two_columns_of_text_between_lines_are_none() -> None:
    page, marks = drawn("""
 ---------------------------------------------------------
 Journal of all things                        volume 12
 ---------------------------------------------------------
 It was the best of times      Spring of hope, it was the
 it was the worst of times     winter of despair, we had
 it was the age of wisdom      everything before us, we
 and the age of foolishness    had nothing before us, we
 it was the epoch of belief    were all going direct to
 ---------------------------------------------------------
""")
    assert find_tables(page, marks) == []


def test_a_header_of_several_lines_is_one_row() -> None:
    page, table = table_of("""
                  Amount        Share
                 borrowed      of all
 Country       per person    students
 Alpha               1200        44.8
 Beta                1100        44.4
 Gamma                900        40.0
""")
    assert rows_of(page, table)[0] == ["Country", "Amount borrowed per person", "Share of all students"]
    assert (table.row_count, table.header_rows) == (4, 1)


def test_heads_over_several_columns_are_over_them() -> None:
    page, table = table_of("""
                 All items         New items
               ---------------   ---------------
 Content       Number  Percent   Number  Percent
 ------------------------------------------------
 Literary          72       53       33       55
 Other             63       47       27       45
 Total            135      100       60      100
 ------------------------------------------------
""")
    assert rows_of(page, table)[:2] == [
        ["", "All items", "", "New items", ""],
        ["Content", "Number", "Percent", "Number", "Percent"],
    ]
    assert spans(table) == {(0, 1): (1, 2), (0, 3): (1, 2)}
    assert table.header_rows == 2


def test_years_are_heads() -> None:
    _, table = table_of("""
 Income        2009     2010     2011
 Sales          120      130      140
 Rent            12       13       14
 Interest         2        3        4
""")
    assert table.header_rows == 1


def test_a_label_of_two_lines_is_one_cell() -> None:
    assert rows("""
 Measure                    1997    1998
 Household income           49.4    51.2
 Between-state income
 inequality                 0.06    0.07
 Premature mortality by
 cause and by state         0.76    0.77
 Other                      0.11    0.12
""")[2:4] == [
        ["Between-state income inequality", "0.06", "0.07"],
        ["Premature mortality by cause and by state", "0.76", "0.77"],
    ]


def test_a_heading_above_rows_is_a_row() -> None:
    found = rows("""
 Measure              1997    1998
 Household income     49.4    51.2
 Sex
 Male                  0.6     0.7
 Female                0.5     0.6
""")
    assert found[2] == ["Sex", "", ""]


def test_the_lines_of_a_cell_above_its_label_are_its_own() -> None:
    assert rows("""
 Number   Name         Address             Zip
 6487     Airline      12 Elm Lane           74115
                       9620 North May
 6488     Cafe         Avenue              73120
 6489     Hotel        1 Great Western Rd  73121
""")[1:3] == [
        ["6487", "Airline", "12 Elm Lane", "74115"],
        ["6488", "Cafe", "9620 North May Avenue", "73120"],
    ]


def test_leaders_are_no_column() -> None:
    found = rows("""
 Item                  one    two
 Total . . . . . .      10     20
 Violent crime . .      11     21
 Robbery . . . . .      12     22
""")
    assert {len(row) for row in found} == {3}
    assert found[1][1:] == ["10", "20"]


def test_tables_side_by_side_are_two() -> None:
    page, marks = drawn("""
 +--------+----+   +--------+----+
 | Spain  | 26 |   | France | 15 |
 +--------+----+   +--------+----+
 | Italy  | 23 |   | Poland | 11 |
 +--------+----+   +--------+----+
""")
    assert [rows_of(page, table)[0][0] for table in find_tables(page, marks)] == ["Spain", "France"]


def test_lines_between_rows_tell_the_rows() -> None:
    assert rows("""
 ---------------------------------
 Item            Description
 ---------------------------------
 Tuition         The cost of it
 ---------------------------------
 Room and        Lodging, food
 Board           And water
 ---------------------------------
 Fees            Activity fees
 ---------------------------------
 Travel          By air or sea
 ---------------------------------
""") == [
        ["Item", "Description"],
        ["Tuition", "The cost of it"],
        ["Room and Board", "Lodging, food And water"],
        ["Fees", "Activity fees"],
        ["Travel", "By air or sea"],
    ]


def test_headings_between_lines_are_rows() -> None:
    assert [
        row[0]
        for row in rows("""
 -------------------------------
 Indicator               Weight
 -------------------------------
 Effect
 -------------------------------
 Employment                  40
 Studies                     15
 -------------------------------
 Process
 -------------------------------
 Dropouts                    15
 Ratio                       13
 -------------------------------
""")
    ] == ["Indicator", "Effect", "Employment", "Studies", "Process", "Dropouts", "Ratio"]


def test_a_header_without_a_name_for_the_labels_is_one_row() -> None:
    _, table = table_of("""
 ------------------------------
             Q1     Q2     Q3
 ------------------------------
 2004      34.7   36.2   44.5
 ------------------------------
 2005      58.1   63.4   61.6
 ------------------------------
 2006      74.7   84.1   96.5
 ------------------------------
""")
    assert (table.row_count, table.header_rows) == (4, 1)


def test_cells_of_several_lines_between_lines_are_one_each() -> None:
    assert rows("""
 ------------------------------------------
 No.   Works                        Cost
 ------------------------------------------
 W1    The pump at the lower        1,629
       lock is replaced by a
       new one
 ------------------------------------------
 W2    Paint and repairs            3,842
 ------------------------------------------
 W3    The roof of the hall         8,224
       is covered with slate
       before the winter
 ------------------------------------------
""") == [
        ["No.", "Works", "Cost"],
        ["W1", "The pump at the lower lock is replaced by a new one", "1,629"],
        ["W2", "Paint and repairs", "3,842"],
        ["W3", "The roof of the hall is covered with slate before the winter", "8,224"],
    ]


def test_cells_of_several_lines_without_lines_are_one_each() -> None:
    assert rows("""
 No.   Works                        Cost
 W1    The pump at the lower        1,629
       lock is replaced by a
       new one of twice the
       power
 W2    Paint and small repairs      3,842
 W3    The roof of the old hall     8,224
       is covered with slate
 W4    Two windows are mended       3,907
       and the door widened
 W5    New cables in all rooms      1,111
""") == [
        ["No.", "Works", "Cost"],
        ["W1", "The pump at the lower lock is replaced by a new one of twice the power", "1,629"],
        ["W2", "Paint and small repairs", "3,842"],
        ["W3", "The roof of the old hall is covered with slate", "8,224"],
        ["W4", "Two windows are mended and the door widened", "3,907"],
        ["W5", "New cables in all rooms", "1,111"],
    ]


def test_rows_outside_the_edges_of_shaded_rows_belong_to_the_table() -> None:
    assert [
        row[0]
        for row in rows("""
 Task              Owner      Due
 ----------------------------------
 Water supply      Elm        June
 ----------------------------------
 School meals      Oak        Monday
 ----------------------------------
 Fire service      Ash        Friday
 ----------------------------------
 Sports grounds    Yew        Friday
 ----------------------------------
 Winter service    Fir        Friday
""")
    ] == ["Task", "Water supply", "School meals", "Fire service", "Sports grounds", "Winter service"]


_BAR_ABOVE = """
 Task              Budget     Spent


 Water supply        31.5       7.4
 ----------------------------------
 School meals        12.9       8.1
 ----------------------------------
 Fire service        46.2       1.5
 ----------------------------------
 Sports grounds      80.4      22.6
 ----------------------------------
 Winter service      63.7      50.3
 ----------------------------------
"""


def test_a_head_in_a_dark_bar_is_higher_than_a_row() -> None:
    names = ["Task", "Water supply", "School meals", "Fire service", "Sports grounds", "Winter service"]
    assert [row[0] for row in rows(_BAR_ABOVE)] == names


def test_boxes_of_numbers_that_have_a_line_in_them_change_no_rows() -> None:
    page, marks = drawn(_BAR_ABOVE)
    tall = {word.box for word in page.words() if word.text in ("7.4", "1.5", "12.9")}
    as_read = with_word_boxes(
        page.blocks, lambda box: Box(box.left, box.top, box.right, box.bottom + 2 * HEIGHT) if box in tall else box
    )
    page = page.model_copy(update={"blocks": as_read})
    (table,) = find_tables(page, marks)
    assert [len(row) for row in rows_of(page, table)] == [3] * 6


def test_a_heading_between_lines_may_be_in_a_high_row() -> None:
    rule = "-" * 32
    rows_as_drawn = [
        "Service      2021     2022",
        "",
        "Income",
        "",
        "Rents        14,2     87,0",
        "",
        "Fees         83,1     84,0",
    ]
    text = "\n".join(f" {rule}\n\n {row}\n" for row in rows_as_drawn if row) + f"\n {rule}"
    assert [row[0] for row in rows(text)] == ["Service", "Income", "Rents", "Fees"]


def test_a_table_across_two_columns_of_text_is_one() -> None:
    page, marks = drawn("""
 the towns along the river gain     members wanted to wait until
 most from the shorter journeys     the survey is complete, since
 and will carry a part of them      nobody knows what the repairs
 Table 1 Results of all methods on the sets of letters and maps
 Method       Alpha      Beta      Gamma      Mean
 Rowan         46.4       4.9       11.9      94.7
 Birch          4.6      83.5       91.6      48.7
 Teak          92.8       8.0       44.5      64.0
 Quince        24.9      40.7        6.3      58.0
 the question was left open and     their answers differ widely and
 the secretary was asked to ask     are summed up below with the
 each of them before the summer     figures that engineers gave us
""")
    (table,) = find_tables(page, marks)
    assert [row[0] for row in rows_of(page, table)] == ["Method", "Rowan", "Birch", "Teak", "Quince"]


def test_heads_in_the_middle_of_columns_of_numbers_are_over_both() -> None:
    page, table = table_of("""
                   North                 South
 Region        Income     Costs      Income     Costs
 Teak            5.30  7,542.83    2,918.19  8,918.89
 Maple       8,567.78  7,257.03       29.79  6,974.02
 Hazel       8,972.87  1,565.13    1,113.03  2,590.72
""")
    assert rows_of(page, table)[:2] == [
        ["", "North", "", "South", ""],
        ["Region", "Income", "Costs", "Income", "Costs"],
    ]


def test_lines_with_prices_are_no_head() -> None:
    page, table = table_of("""
 Item                 Amount
 Coffee               2 X 1.45
 Tea and cake         1 X 4.20
 Total                    7.10
 Cash                    10.00
 Change                   2.90
""")
    assert [row[0] for row in rows_of(page, table)] == ["Item", "Coffee", "Tea and cake", "Total", "Cash", "Change"]
    assert table.header_rows == 1


def test_a_head_on_a_dark_bar_belongs_to_the_rows_below_it() -> None:
    text = """
 Service           2021      2022

 Transport       38,996    29,948
 --------------------------------
 Winter           5,325    22,945
 --------------------------------
 Water           38,895    66,919
 --------------------------------
 Parks           16,694    75,269
 --------------------------------
 Roads           11,607    88,712
 --------------------------------
"""
    assert [row[0] for row in rows(text)] == ["Service", "Transport", "Winter", "Water", "Parks", "Roads"]
