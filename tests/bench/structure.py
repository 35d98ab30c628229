"""The benchmark command for structure: headings, lists, tables, notes, columns and figures of drawn pages.

python tests/bench/structure.py [--kinds KIND,…] [--forms FORM,…] [--pages N] [--keep DIR] [--verbose]

Draws each page as a PDF and as scans of it, reads it with all steps, and prints for each kind and form: the F1 of its
parts (role, level and text, and the relations of a table's cells), how well all text is in order (1 minus the edit
distance over the longer text), and how many words of its figures are text in Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from statistics import fmean

os.environ["OMP_THREAD_LIMIT"] = "1"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pypdfium2
from drawn import structure_kinds, structure_tables
from drawn.paper import SANS, SERIF, Paper, Said
from PIL import Image, ImageFilter
from PySide6.QtGui import QGuiApplication

from ocrdesk.contract.document import Block, DocumentHead, Page
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.markdown import markdown
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source

_SEED = 20261130
_SAME = 0.9
"""How similar texts of the same part are."""
KINDS: dict[str, Callable[[Paper], None]] = {
    name.removeprefix("draw_"): draw
    for module in (structure_kinds, structure_tables)
    for name, draw in vars(module).items()
    if name.startswith("draw_")
}


@dataclass(frozen=True, slots=True)
class Form:
    """How a page is delivered: 0 dpi is the PDF itself; skew in degrees; whether it is grainy."""

    dpi: int
    skew: float = 0.0
    grain: bool = False


FORMS = {
    "pdf": Form(0),
    "300": Form(300),
    "200 skewed": Form(200, 1.3),
    "200 steep": Form(200, 3.0),
    "150 grainy": Form(150, 0.0, grain=True),
}


def draw(kind: str, number: int, path: Path) -> Paper:
    """Draw page `number` of a kind; the same one in every run."""
    rng = random.Random(f"{_SEED}/{kind}/{number}")
    paper = Paper(path, rng, family=(SERIF, SANS)[number % 2], size=(11.0, 10.5)[number % 2])
    KINDS[kind](paper)
    paper.end()
    return paper


def scan(path: Path, form: Form, rng: random.Random) -> Image.Image:
    """Return the PDF's page as a scanner delivers it."""
    document = pypdfium2.PdfDocument(path)
    image = document[0].render(scale=form.dpi / 72).to_pil().convert("L")
    document.close()
    if form.skew:
        image = image.rotate(rng.choice((-1, 1)) * form.skew, Image.Resampling.BICUBIC, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(image.width / 2600))
    if form.grain:
        image = Image.blend(image, Image.effect_noise(image.size, rng.randint(20, 30)), 0.15)
    return image


# ── the judgement ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of 0 to 1: of the parts, of the order of the text; and how many words of figures are text."""

    parts: float
    order: float
    unsaid: int
    wrong: tuple[str, ...]


_FOLDED = str.maketrans({"—": "–", "-": "–", "’": "'", "‘": "'", "“": '"', "”": '"', "☑": "☒"})


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_FOLDED)).strip().casefold()


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _said(block: Block) -> Said:
    text = " ".join(line.text for line in block.lines)
    if block.role is BlockRole.LIST_ITEM and block.ticked is not None:
        text = f"{'☒' if block.ticked else '☐'} {re.sub(r'^[☐☒☑] *', '', text)}"
    rows: list[list[str]] = []
    if block.table is not None:
        rows = [[""] * block.table.columns for _ in range(block.table.rows)]
        for line in block.lines:
            if line.cell is not None:
                cell = block.table.cells[line.cell]
                rows[cell.row][cell.column] = f"{rows[cell.row][cell.column]} {line.text}".strip()
    return Said(block.role.value, text, block.level, tuple(map(tuple, rows)))


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with those of a listing, which are shown as one, as one."""
    joined: list[Block] = []
    for block in blocks:
        if joined and joined[-1].role is block.role is BlockRole.CODE:
            joined[-1] = joined[-1].with_lines((*joined[-1].lines, *block.lines))
        else:
            joined.append(block)
    return joined


def _relations(rows: Sequence[Sequence[str]]) -> Counter[tuple[str, str, str]]:
    """Return each filled cell with the next one to its right and below."""
    found: Counter[tuple[str, str, str]] = Counter()
    for direction, lines in (("right", rows), ("below", [list(column) for column in zip(*rows, strict=True)])):
        for line in lines:
            texts = [re.sub(r"\s", "", _folded(text)) for text in line if text]
            found.update((one, two, direction) for one, two in pairwise(texts))
    return found


def _right(wanted: Said, got: Said) -> float:
    """Return how right a part is: 1, 0, or between for a table."""
    if wanted.role == "table":
        true, found = _relations(wanted.rows), _relations(got.rows) if got.rows else Counter()
        return 2 * (true & found).total() / max(1, true.total() + found.total())
    if wanted.role != got.role or _likeness(_folded(wanted.text), _folded(got.text)) < _SAME:
        return 0.0
    return float(wanted.level is None or wanted.level == got.level)


def judge(paper: Paper, page: Page) -> Score:
    blocks = [block for block in page.blocks if block.lines]
    got = [_said(block) for block in _joined(blocks)]
    text = "".join(markdown(DocumentHead.model_construct(), [page]))
    words = Counter(re.findall(r"\w+(?:\.\w+)?", text))
    elsewhere = Counter(word for part in paper.said for word in re.findall(r"\w+(?:\.\w+)?", part.text))
    unsaid = sum(min(count, max(0, words[word] - elsewhere[word])) for word, count in Counter(paper.unsaid).items())
    left = dict(enumerate(got))
    right, matched, wrong = 0.0, 0, []
    wanted = [part for part in paper.said if part.role != "text"]
    for part in wanted:
        ranked = [(_right(part, other), number) for number, other in left.items()]
        best, number = max(ranked, default=(0.0, 0))
        if best:
            right += best
            matched += 1
            del left[number]
        if best < 1:
            like = max(
                got, key=lambda other: _likeness(_folded(part.text)[:80], _folded(other.text)[:80]), default=None
            )
            wrong.append(
                f"{part.role} {part.level} {part.text[:50]!r} {best:.2f}:"
                f" {like and (like.role, like.level, like.text[:60])}"
            )
    figures = {word.casefold() for word in paper.unsaid}
    extra = [part for part in left.values() if not all(_is_beside(word, figures) for word in part.text.split())]
    if any(part.role == "text" for part in paper.said):
        extra = [part for part in extra if part.role in ("list_item", "code", "footnote")]
    wrong += [f"extra {part.role} {part.level} {part.text[:60]!r}" for part in extra]
    body = [part.text for part in got if not all(_is_beside(word, figures) for word in part.text.split())]
    order = _likeness(_folded(" ".join(part.text for part in paper.said)), _folded(" ".join(body)))
    parts = 2 * right / (len(wanted) + matched + len(extra)) if wanted else 1.0
    return Score(parts, order, unsaid, tuple(wrong))


def _is_beside(word: str, figures: set[str]) -> bool:
    """Return whether a word is of a figure, or a number: those of lines are in the margin."""
    return word.casefold() in figures or word.isdecimal()


def _read(path: Path, engines: Engines) -> Page:
    source = open_source(path, MediaType.PDF if path.suffix == ".pdf" else MediaType.PNG)
    try:
        return read_page(source, 1, lambda: engines.choose("auto", ("eng",)), ("eng",))
    finally:
        source.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--kinds", type=lambda text: text.split(","), default=tuple(KINDS), help=f"of {','.join(KINDS)}"
    )
    parser.add_argument(
        "--forms", type=lambda text: text.split(","), default=tuple(FORMS), help=f"of {','.join(FORMS)}"
    )
    parser.add_argument("--pages", type=int, default=2, help="pages of each kind (default: 2)")
    parser.add_argument("--keep", type=Path, help="keeps the pages, and what was read, in this folder")
    parser.add_argument("--verbose", action="store_true", help="prints the parts that are wrong")
    options = parser.parse_args(arguments)
    _application = QGuiApplication.instance() or QGuiApplication([])
    engines = Engines(collect())
    engines.preload(("eng",))
    totals: dict[str, list[Score]] = {name: [] for name in options.forms}
    print("| kind | " + " | ".join(options.forms) + " |\n|---" + "|---" * len(options.forms) + "|")
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        for kind in options.kinds:
            cells = []
            for name in options.forms:
                scores = [_score(kept, kind, name, number, engines) for number in range(options.pages)]
                totals[name] += scores
                cells.append(_cell(scores))
                if options.verbose:
                    for score in scores:
                        for wrong in score.wrong:
                            print(f"    {name}: {wrong}")
            print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)
    print("| all | " + " | ".join(_cell(scores) for scores in totals.values()) + " |")
    return 0


def _cell(scores: Sequence[Score]) -> str:
    parts, order = fmean(score.parts for score in scores), fmean(score.order for score in scores)
    unsaid = sum(score.unsaid for score in scores)
    return f"{parts:.2f} {order:.3f}" + (f" ({unsaid})" if unsaid else "")


def _score(folder: Path, kind: str, name: str, number: int, engines: Engines) -> Score:
    form = FORMS[name]
    path = folder / f"{kind} {number}.pdf"
    paper = draw(kind, number, path)
    if form.dpi:
        image = scan(path, form, random.Random(f"{_SEED}/{name}/{number}"))
        path = folder / f"{kind} {number} {name}.png"
        image.save(path, dpi=(form.dpi, form.dpi))
    page = _read(path, engines)
    path.with_suffix(f"{path.suffix}.json").write_text(page.model_dump_json(indent=1), "utf-8")
    return judge(paper, page)


if __name__ == "__main__":
    sys.exit(main())
