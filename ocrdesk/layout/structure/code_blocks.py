"""Finds listings of code: by letters of one width and the signs of code, or by a monospaced font beside another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.code_indentation import find_listing, has_fixed_width
from ocrdesk.layout.structure.looks import PageLooks
from ocrdesk.layout.structure.markers import BULLETS
from ocrdesk.layout.structure.parts import is_plain

_SIGNS = re.compile(
    r"[{}();=<>\[\]_#|$\\]|[:,]$|^[-@/*]|\"\"\"|^(?:def|class|import|from|return|if|for|while|var|let)\b"
)
"""Signs of code on a line."""
_SURE_SIGNS = re.compile(r"[{}=\[\]_|\\]|\);?$|^[@#]|;$")
"""Signs that other text hardly has."""
_MIN_SHARE = 0.3
"""Share of a block's lines that have signs of code."""
_FEW = 2
"""Lines of a block that does not tell by itself whether it is code."""
_MIN_SURE_SHARE = 0.5
"""The same of sure signs, in a block whose letters are not known to have one width."""


def with_code(page: Page, looks: PageLooks) -> Page:
    """Return the page with the role of code for its listings. Lines in a monospaced font become blocks of their own."""
    if not looks.may_have_code:
        return page
    code = _code_of_listing(page.blocks, looks)
    blocks: list[Block] = []
    for number, block in enumerate(page.blocks):
        if not is_plain(block):
            blocks.append(block)
        elif number in code:
            blocks.append(block.with_lines(block.lines, role=BlockRole.CODE))
        else:
            blocks += _split(block, looks) if looks.is_styled else [block]
    return page.model_copy(update={"blocks": tuple(blocks)})


def _code_of_listing(blocks: Sequence[Block], looks: PageLooks) -> set[int]:
    """Return the numbers of the blocks of a listing that are code.

    Blocks of one or two lines are what the blocks that follow each other are together: each line may be a block.
    """
    code: set[int] = set()
    run: list[int] = []
    listing = find_listing(blocks)[0]
    for place, number in enumerate(listing):
        if run and number != run[-1] + 1:
            run = []
        run.append(number)
        if place + 1 < len(listing) and listing[place + 1] == number + 1:
            continue
        whole = blocks[run[0]].with_lines([line for each in run for line in blocks[each].lines])
        is_code = len(run) > 1 and _is_listing(whole, looks)
        code.update(
            each for each in run if (is_code and len(blocks[each].lines) <= _FEW) or _is_listing(blocks[each], looks)
        )
    return code


def _is_listing(block: Block, looks: PageLooks) -> bool:
    if any(line.text[:1] in BULLETS for line in block.lines):
        return False
    if looks.is_styled:
        return _has_signs(block) and 2 * sum(looks.of(line).is_monospace for line in block.lines) > len(block.lines)
    if has_fixed_width(block.lines):
        return _has_signs(block)
    sure = sum(_SURE_SIGNS.search(line.text) is not None for line in block.lines)
    return sure >= _MIN_SURE_SHARE * len(block.lines)


def _has_signs(block: Block) -> bool:
    return sum(_SIGNS.search(line.text) is not None for line in block.lines) >= _MIN_SHARE * len(block.lines)


def _split(block: Block, looks: PageLooks) -> Sequence[Block]:
    """Return the block with its lines in a monospaced font as code, where the body has another font."""
    fixed = [_is_fixed(line, looks) for line in block.lines]
    if not any(fixed):
        return [block]
    parts: list[Block] = []
    start = 0
    for index in range(1, len(block.lines) + 1):
        if index == len(block.lines) or fixed[index] != fixed[start]:
            found = block.with_lines(block.lines[start:index])
            is_code = fixed[start] and (len(found.lines) > 1 or all(fixed)) and _looks_like_code(found)
            parts.append(found.model_copy(update={"role": BlockRole.CODE}) if is_code else found)
            start = index
    if all(found.role is not BlockRole.CODE for found in parts):
        return [block]
    return parts


def _is_fixed(line: Line, looks: PageLooks) -> bool:
    look = looks.of(line)
    return look.is_monospace and look.other_font and line.words[0].text[0] not in BULLETS


def _looks_like_code(block: Block) -> bool:
    """Return whether lines have signs of code, or are several and begin as commands do."""
    return _has_signs(block) or (len(block.lines) > 1 and not any(line.text[:1].isupper() for line in block.lines))
