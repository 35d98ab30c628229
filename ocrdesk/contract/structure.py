"""What parts of a page are: the roles of blocks, the cells of tables, figures and form fields."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ocrdesk.contract.box import Box

MAX_ROWS = 10_000
MAX_COLUMNS = 500
_MAX_PLACES = 200_000
"""Rows times columns: readers may keep something for each place of a table."""
MAX_LEVEL = 6


class Record(BaseModel):
    """An immutable record of the wire format. Unknown fields are ignored. Numbers are finite, as in JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Do what Pydantic does, for records without private attributes: a page is copied word by word several times.

        It takes half of the time.
        """
        if deep or self.__pydantic_private__ is not None or self.__pydantic_extra__ is not None:
            return super().model_copy(update=update, deep=deep)
        changes, copied, put = update or {}, self.__class__.__new__(self.__class__), object.__setattr__
        put(copied, "__dict__", {**self.__dict__, **changes})
        put(copied, "__pydantic_extra__", None)
        put(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__.union(changes))
        put(copied, "__pydantic_private__", None)
        return copied


class BlockRole(StrEnum):
    """What a block is on its page.

    Line breaks of `code`, `verse`, `address` and `pairs`, labels with values, carry meaning; those of other roles are
    the page's only.
    """

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    CODE = "code"
    VERSE = "verse"
    ADDRESS = "address"
    PAIRS = "pairs"

    @property
    def keeps_line_breaks(self) -> bool:
        return self in (BlockRole.CODE, BlockRole.VERSE, BlockRole.ADDRESS, BlockRole.PAIRS)


_ROLES = {role.value for role in BlockRole}


def _known_role(value: Any) -> Any:
    """Return a role that a newer version may have sent as a paragraph."""
    return value if not isinstance(value, str) or value in _ROLES else BlockRole.PARAGRAPH


Role = Annotated[BlockRole, BeforeValidator(_known_role)]


class Cell(Record):
    """A cell of a table. Row and column are those of its first place, from 0; columns are counted in reading order.

    `box` contains the cell's words; in a ruled table it is the area between the ruling lines.
    """

    row: Annotated[int, Field(ge=0, lt=MAX_ROWS)]
    column: Annotated[int, Field(ge=0, lt=MAX_COLUMNS)]
    row_span: Annotated[int, Field(ge=1, le=MAX_ROWS)] = 1
    column_span: Annotated[int, Field(ge=1, le=MAX_COLUMNS)] = 1
    box: Box


class TableGrid(Record):
    """The cells of a table, row by row in reading order. A place that no cell covers is empty.

    `header_rows` are the rows at its top that name the columns. `confidence` is how sure it is that this is a table
    with these rows and columns; how sure its text is, the words say.
    """

    rows: Annotated[int, Field(ge=1, le=MAX_ROWS)]
    columns: Annotated[int, Field(ge=1, le=MAX_COLUMNS)]
    header_rows: Annotated[int, Field(ge=0)] = 0
    confidence: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    cells: tuple[Cell, ...]

    @model_validator(mode="after")
    def _cells_fit(self) -> TableGrid:
        if not may_have_places(self.rows, self.columns):
            raise ValueError(f"a table has at most {_MAX_PLACES} places")
        if self.header_rows > self.rows:
            raise ValueError("a table has no more header rows than rows")
        taken: set[tuple[int, int]] = set()
        for cell in self.cells:
            if cell.row + cell.row_span > self.rows or cell.column + cell.column_span > self.columns:
                raise ValueError(f"the cell in row {cell.row}, column {cell.column} reaches beyond its table")
            places = {
                (row, column)
                for row in range(cell.row, cell.row + cell.row_span)
                for column in range(cell.column, cell.column + cell.column_span)
            }
            if not places.isdisjoint(taken):
                raise ValueError(f"the cell in row {cell.row}, column {cell.column} covers another one")
            taken |= places
        return self


def may_have_places(rows: int, columns: int) -> bool:
    """Return whether a table may have so many rows and columns."""
    return rows <= MAX_ROWS and columns <= MAX_COLUMNS and rows * columns <= _MAX_PLACES


class Figure(Record):
    """A picture, chart or drawing of the page. Its caption is a block of its own, next to it in reading order."""

    box: Box


class FieldKind(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    CHOICE = "choice"
    SIGNATURE = "signature"


class FormField(Record):
    """A field of a form: one of the PDF's, with its name and value, or a box drawn on the page.

    `ticked` is None for fields that cannot be ticked. The value, and the mark of a ticked box, are also words of the
    page.
    """

    kind: FieldKind
    box: Box
    name: str = ""
    value: str = ""
    ticked: bool | None = None
