"""Code keeps its indentation; all other text begins at its margin."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocrdesk.contract.document import Block, BlockKind, Page
from ocrdesk.export.text import page_text
from ocrdesk.layout.code_indentation import indentations
from tests.helpers.code_pages import PYTHON, blocks, fixed, proportional

SCRIPT = """function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }
  return sum;
}"""
CONFIGURATION = """server:
  host: example.org
  ports:
    - 8080
    - 8081
  tls: true"""
LETTER = """Dear Sir or Madam,
    we thank you for the order of May and send it
    today by rail; it arrives in a week
        at the latest. Yours faithfully"""


def text_of(*parts: Block) -> str:
    return page_text(Page(number=1, width=1200, height=1600, blocks=parts)).rstrip("\n")


@pytest.mark.parametrize("code", [PYTHON, SCRIPT, CONFIGURATION, PYTHON.replace("\n", "\n\n")])
def test_code_is_as_it_was_printed(code: str) -> None:
    assert text_of(*blocks(code)) == code


def test_code_in_which_words_were_split_keeps_its_indentation() -> None:
    code = "class Counter:\n    def _ _init_ _ (self):\n        self.total = 0\n    def add(self, value):"
    assert text_of(*blocks(code)) == code


@pytest.mark.parametrize(
    ("text", "width_of"),
    [(LETTER, fixed), (LETTER, proportional), (PYTHON, proportional), (SCRIPT, proportional)],
    ids=["typed letter", "letter", "code in letters of many widths", "script in letters of many widths"],
)
def test_other_text_is_not_indented(text: str, width_of: Callable[[str], float]) -> None:
    assert text_of(*blocks(text, width_of)) == "\n".join(line.lstrip() for line in text.split("\n"))


def test_prose_beside_code_is_not_indented_and_does_not_move_it() -> None:
    prose = blocks("It follows that of the last chapter\nwhile the sum of all of them is left", proportional, left=20)
    code = blocks(PYTHON, top=200, left=140)
    assert text_of(*prose, *code).endswith("\n\n" + PYTHON)
    assert text_of(*prose) in text_of(*prose, *code)


def test_headers_and_footers_are_no_code() -> None:
    header = blocks("listing.py")[0].model_copy(update={"kind": BlockKind.HEADER})
    assert not any(number == 0 for number, _ in indentations([header, *blocks(PYTHON, top=200, left=140)]))


def test_a_page_without_text_has_no_indentation() -> None:
    assert indentations([]) == {}
