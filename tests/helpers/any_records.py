"""Hypothesis strategies for the records of the contract: any value that their fields allow, also extreme ones."""

from __future__ import annotations

import importlib
import pkgutil
import types
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, Lt, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from ocrdesk import contract
from ocrdesk.contract.box import Box
from ocrdesk.contract.choices import RecognitionMode
from ocrdesk.contract.document import Block, BlockKind, Code, Document, Line, Page, Word
from ocrdesk.contract.error_messages import TEMPLATES, ErrorMessage
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.structure import MAX_LEVEL, BlockRole, Cell, Figure, TableGrid
from tests.helpers.sample_pages import NASTY, block_of, failed, line_of

TROUBLE = (
    *NASTY,
    "\u202eabc",
    "\u2066x\u2069",
    "\x1b[31m",
    "\x85",
    "\x7f",
    "\u00ad",
    "\u200b",
    "a\ufeff",
    "%",
    "{x}",
    "\\u0041",
)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
"""Names of engines and sources."""
texts = st.one_of(st.text(max_size=12), st.sampled_from(TROUBLE))
moments = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))
_INTEGERS = st.one_of(st.integers(-(2**80), 2**80), st.integers(-2, 5))
_params = st.dictionaries(texts, texts, max_size=2)
_PATTERNED = {"source": NAMES, "engine": NAMES}


def contract_models() -> list[type[BaseModel]]:
    """Return all models of `ocrdesk.contract`."""
    found: set[type[BaseModel]] = set()
    for module in pkgutil.iter_modules(contract.__path__, "ocrdesk.contract."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == module.name:
                found.add(value)
    return sorted(found, key=lambda model: model.__qualname__)


@cache
def records(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Return a strategy for the records of a model."""
    if model is TableGrid:
        return _grids()
    fields = {
        name: _PATTERNED[name] if name in _PATTERNED else _values(info.annotation, tuple(info.metadata))
        for name, info in model.model_fields.items()
    }

    @st.composite
    def made(draw: st.DrawFn) -> BaseModel:
        values = {name: draw(strategy) for name, strategy in fields.items()}
        if model is Block:
            values["lines"] = tuple(_in_a_cell(line, values["table"]) for line in values["lines"])
        try:
            return model.model_validate(values)
        except ValidationError:
            fitting = {name: value for name, value in values.items() if model.model_fields[name].is_required()}
            return model.model_validate(fitting)  # without those of the optional fields that do not fit together

    return made()


def _in_a_cell(line: Line, table: TableGrid | None) -> Line:
    """Return the line with a cell that its table has; without one outside of tables."""
    cells = len(table.cells) if table else 0
    cell = line.cell % cells if cells and line.cell is not None else None
    return line.model_copy(update={"cell": cell})


@st.composite
def _grids(draw: st.DrawFn) -> TableGrid:
    """Draw a table whose cells do not cover each other: some of one place, under one over the whole first row."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    places = draw(st.sets(st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))))
    boxes = records(Cell).map(lambda cell: cell.box)
    title = draw(st.booleans())
    cells = [Cell(row=0, column=0, column_span=columns, box=draw(boxes))] if title else []
    cells += [Cell(row=row, column=column, box=draw(boxes)) for row, column in sorted(places) if row or not title]
    header_rows, confidence = draw(st.integers(0, rows)), draw(st.floats(0, 1))
    return TableGrid(rows=rows, columns=columns, header_rows=header_rows, confidence=confidence, cells=tuple(cells))


def _values(annotation: Any, limits: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """Return a strategy for a type, with the limits in the metadata of a field."""
    kind, parts = get_origin(annotation), get_args(annotation)
    if kind is Literal:
        return st.sampled_from(parts)
    if kind in (Union, types.UnionType):
        return st.one_of([_values(part, limits) for part in parts])
    if kind is tuple:
        least = next((limit.min_length for limit in limits if isinstance(limit, MinLen)), 0)
        return st.lists(_values(parts[0]), min_size=least, max_size=3).map(tuple)
    if kind in (dict, types.MappingProxyType) or getattr(kind, "__name__", "") == "Mapping":
        return st.dictionaries(st.text(min_size=1, max_size=5), _values(parts[1]), max_size=3)
    if hasattr(annotation, "__metadata__"):
        metadata = [item for part in annotation.__metadata__ for item in getattr(part, "metadata", [part])]
        return _values(parts[0], (*limits, *metadata))
    return _simple(annotation, limits)


def _simple(annotation: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if annotation is Box:
        return st.builds(Box, _INTEGERS, _INTEGERS, _INTEGERS, _INTEGERS)
    if annotation is ErrorMessage:
        return st.one_of(
            st.builds(ErrorMessage, texts),
            st.builds(ErrorMessage, texts, st.sampled_from(sorted(TEMPLATES)), _params),
        )
    if annotation is datetime:
        return moments
    if annotation is date:
        return st.dates()
    if annotation in (bool, type(None)):
        return st.sampled_from([True, False]) if annotation is bool else st.none()
    if annotation in (int, float):
        low = next((limit.ge for limit in limits if isinstance(limit, Ge)), None)
        high = next((limit.le for limit in limits if isinstance(limit, Le)), None)
        below = next((limit.lt for limit in limits if isinstance(limit, Lt)), None)
        if annotation is float:
            return st.floats(low, high, allow_nan=False, allow_infinity=False)
        return st.integers(low if low is not None else -(2**80), high if high is not None else (below or 2**80 + 1) - 1)
    if annotation is str and any(getattr(limit, "strip_whitespace", False) for limit in limits):
        return NAMES  # checked further
    if annotation is str:
        least = next((limit.min_length for limit in limits if isinstance(limit, MinLen)), 0)
        return texts.filter(lambda text: len(text) >= least)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return st.deferred(lambda: records(annotation))
    return texts


# ── documents as servers have them: boxes are on their pages ─────────────────────────────────────

_PAGE_WIDTH, _PAGE_HEIGHT = 900, 600
_WORD_TEXTS = st.one_of(
    st.text(min_size=1, max_size=8),
    st.sampled_from([*TROUBLE, "12", "3.50", "-7%", "Total", "$", "the", ".", "-", "\u0640"]),
)


@st.composite
def words(draw: st.DrawFn) -> Word:
    """Draw a word at a place of a coarse grid, so that lines, blocks and tables occur by chance; some have no size."""
    left, top = 90 * draw(st.integers(0, 9)), 40 * draw(st.integers(0, 12))
    width, height = draw(st.integers(0, 85)), draw(st.sampled_from([25, 25, 25, 0, 100]))
    box = Box(left, top, min(_PAGE_WIDTH, left + width), min(_PAGE_HEIGHT, top + height))
    source = draw(st.sampled_from(["tesseract", "text-layer", "corrected"]))
    return Word(text=draw(_WORD_TEXTS), box=box, confidence=draw(st.floats(0, 1)), source=source)


_lines = st.lists(words(), min_size=1, max_size=5).map(line_of)
_empty_line = Line(box=Box(0, 0, 0, 0), words=())
_empty_block = Block(box=Box(3, 3, 3, 3), lines=(_empty_line,))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    if draw(st.integers(0, 20)) == 0:
        return _empty_block
    made = block_of(draw(st.lists(_lines, min_size=1, max_size=3)))
    role = draw(st.sampled_from([BlockRole.PARAGRAPH, *BlockRole]))
    fields: dict[str, Any] = {"kind": draw(st.sampled_from([BlockKind.TEXT, BlockKind.TEXT, *BlockKind])), "role": role}
    if role is BlockRole.TABLE:
        fields["table"] = grid = draw(_grids())
        cells = draw(st.lists(st.sampled_from([None, *range(len(grid.cells))]), min_size=3, max_size=3))
        lines = zip(made.lines, cells[: len(made.lines)], strict=True)
        fields["lines"] = tuple(line.model_copy(update={"cell": cell}) for line, cell in lines)
    if role in (BlockRole.HEADING, BlockRole.LIST_ITEM):
        fields["level"] = draw(st.sampled_from([None, *range(1, MAX_LEVEL + 1)]))
    if role in (BlockRole.LIST_ITEM, BlockRole.FOOTNOTE):
        fields["marker"] = draw(st.sampled_from([made.lines[0].words[0].text, *_MARKERS]))
    if role is BlockRole.LIST_ITEM:
        fields["ticked"] = draw(st.sampled_from([None, None, True, False]))
    return made.model_copy(update=fields)


_MARKERS = (None, "", "-", "1.", "*", "(a)", "iv)", "[0]", "999999999.", "z.", "\u00a7 3", "\u0661.", "\x00", "<b>")


_codes = st.builds(
    Code, format=st.just("QRCode"), text=texts, box=st.just(Box(1, 1, 9, 9)), rotation=st.integers(0, 359)
)
_LANGUAGES = [("eng",), (), ("ara", "eng"), ("chi_sim",), ("script/Latin", 'x"<'), ("my_model",)]


@st.composite
def pages(draw: st.DrawFn, number: int = 1) -> Page:
    if draw(st.integers(0, 6)) == 0:
        return failed(number, draw(st.text(max_size=8)))
    return Page(
        number=number,
        width=_PAGE_WIDTH,
        height=_PAGE_HEIGHT,
        dpi=draw(st.sampled_from([0.0, 72.0, 300.0, 1e6])),
        rotation=draw(st.sampled_from([0, 90, 180, 270])),
        languages=draw(st.sampled_from(_LANGUAGES)),
        blocks=tuple(draw(st.lists(blocks(), max_size=3))),
        codes=tuple(draw(st.lists(_codes, max_size=2))),
        has_structure=draw(st.booleans()),
        figures=tuple(
            Figure(box=Box(left, 40, left + 80, 90)) for left in draw(st.sets(st.integers(0, 9), max_size=2))
        ),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a Document of up to three pages, whose numbers may have gaps."""
    numbers = draw(st.sampled_from([(), (1,), (1, 2), (1, 2, 3), (7, 1000000)]))
    made = tuple(draw(pages(number)) for number in numbers)
    return Document(job_id="0f8f", file_name=draw(texts), media_type="application/pdf", pages=made)


errors = st.builds(ErrorInfo, code=st.sampled_from(ErrorCode), message=texts)
job_options = st.builds(
    JobOptions,
    languages=st.lists(texts, min_size=1, max_size=3).map(tuple),
    engine=NAMES,
    pages=st.sampled_from(["", "1-3,7,10-", "2-"]),
    mode=st.sampled_from(RecognitionMode),
    attachments=st.booleans(),
)
