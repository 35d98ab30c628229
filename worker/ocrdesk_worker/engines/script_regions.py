"""Reads each region of a page with several scripts in its own languages.

Tesseract has read the page in all its languages together. The letters that it is sure of say in which script a line is
written. Lines of one script that follow each other are a run; all runs of a script are read again as a page of their
own, on which everything else is painted over. Latin runs stay as they were read, because Tesseract reads them as well
beside other languages. Runs whose lines mix scripts stay too, unless they are from right to left: in other languages
Tesseract reads their words in the wrong order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ocrdesk.contract.box import Box, contains_center
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk_worker.engines.languages.letters import LATIN, languages_by_script, look_like_others, script_of_letter
from ocrdesk_worker.engines.languages.scripts import are_vertical
from ocrdesk_worker.preprocess.pixels import Pixels, np

_SURE = 0.85
"""Confidence of a word whose letters count."""
_SURE_OF_FOREIGN = 0.88
"""The same for a word in another script than its run: what is read of unknown letters is sometimes a Latin word."""
_PURE = 0.9
"""Share of a line's letters in one script that makes it a line of this script."""
_FEWEST = 4
"""Letters that a run has at least, and a word in another script than its run."""
_ON_PAGE = 2
"""A page has so many times as many letters in each of its scripts."""
_SHORT_WORDS = {"Han": 2, "Korean": 2}
"""The same in scripts whose words have fewer letters."""
_CREDIBLE = 0.7
"""The least mean confidence with which a run of no clear script must be read to be in a script."""
_DOUBTED = 0.5
"""Confidence of a word that has letters of another script than its run."""
_LOST = 0.7
"""A second reading with less of the letters than this has lost lines."""
_COVERED = 0.3
"""Share of an unclear run that another run covers, of which it is a part then."""
_RIGHT_TO_LEFT = ("Arabic", "Hebrew", "Syriac", "Thaana")
"""Scripts whose lines Tesseract reads in the wrong order in languages of which the first is written to the right."""
_ALIKE = ("Cyrillic", "Greek")
"""Scripts with letters that look like Latin ones."""
_MARGIN = 8
"""In heights of a line: lines that Tesseract did not find may be so far above or below those that it found."""

_TOUCHING = 4
"""Boxes of lines overlap by less than this fraction of their height."""
_COLUMN_GAP = 1.2
"""In heights of the line: no words of a sentence are so far apart."""

Languages = tuple[str, ...]
Recognise = Callable[[Pixels, Languages], tuple[Block, ...]]
"""Reads a page image in these languages, with confidence as the engine states it."""
ReadPart = Callable[[Pixels, Languages, tuple[Block, ...] | None], tuple[Block, ...]]
"""Reads a page image in these languages and returns the finished blocks; some are known from the first reading."""


@dataclass(eq=False, slots=True)
class Run:
    """Lines of a block that follow each other and are in one script."""

    lines: list[Line]
    letters: Counter[str] = field(default_factory=Counter)
    """Letters of sure words, by script."""

    @property
    def box(self) -> Box:
        return Box.around([line.box for line in self.lines])

    @property
    def block(self) -> Block:
        return Block(box=self.box, lines=tuple(self.lines))

    @property
    def script(self) -> str | None:
        """The script of most sure letters; None if there are too few."""
        script = max(self.letters, key=lambda it: self.letters[it] / _fewest(it), default="")
        return script if self.letters[script] >= _fewest(script) else None

    @property
    def is_unclear(self) -> bool:
        """Whether it has letters, but none of them is sure."""
        words = _words([self.block])
        has_letters = any(script_of_letter(character) for word in words for character in word.text)
        return self.script is None and has_letters and _confidence(words) < _SURE


@dataclass(eq=False, slots=True)
class Part:
    """Runs that are read together, in these languages. `is_kept`: they stay as they were read."""

    languages: Languages
    runs: list[Run]
    is_kept: bool

    def areas(self, others: Sequence[Box]) -> list[Box]:
        """Return the places of the runs. What is between two of them belongs to them, if nothing else is there.

        `others` are the boxes of all runs of other parts.
        """
        areas: list[Box] = []
        for run in self.runs:
            joined = Box.around([areas[-1], run.box]) if areas else run.box
            if areas and not any(joined.overlaps(other) for other in others):
                areas[-1] = joined
            else:
                areas.append(run.box)
        heights = [line.box.height for run in self.runs for line in run.lines]
        return [_with_margin(area, sorted(heights)[len(heights) // 2], others) for area in areas]


def _with_margin(area: Box, height: int, others: Iterable[Box]) -> Box:
    """Return the area with a margin, which ends half-way to other regions, in pixels; `height` is that of its lines."""
    top, bottom = area.top - _MARGIN * height, area.bottom + _MARGIN * height
    left, right = area.left - height, area.right + height
    for other in others:
        if other.shares_columns(area):
            if other.center_y < area.center_y:
                top = max(top, (other.bottom + area.top) // 2)
            else:
                bottom = min(bottom, (other.top + area.bottom) // 2)
        elif other.crosses_rows(area):
            if other.center_x < area.center_x:
                left = max(left, (other.right + area.left) // 2)
            else:
                right = min(right, (other.left + area.right) // 2)
    least = height // _TOUCHING
    return Box(max(0, left), max(0, min(top, area.top + least)), right, max(bottom, area.bottom - least))


def have_several_scripts(languages: Languages) -> bool:
    """Return whether the languages have several scripts, and none of them is for upright lines alone."""
    return len(languages_by_script(languages)) > 1 and not any(are_vertical((name,)) for name in languages)


def read_regions(
    image: Pixels, blocks: Sequence[Block], languages: Languages, recognise: Recognise, read_part: ReadPart
) -> tuple[Block, ...] | None:
    """Return the finished blocks of a page that was read in all its languages; None if it is in one script."""
    runs = find_runs(blocks, languages)
    if len(_scripts_of(runs)) < 2:
        return None
    _try_unclear(image, runs, languages, recognise)
    parts = find_parts(runs, languages)
    if len(parts) < 2:
        return None
    areas = [part.areas(_boxes(run for run in runs if run not in part.runs)) for part in parts]
    found: list[tuple[int, Block]] = []
    for part, own in zip(parts, areas, strict=True):
        is_rest = part is parts[0]  # what is in no run, and may be text, belongs to the first part
        shown = _without(image, [area for other in areas[1:] for area in other]) if is_rest else _only(image, own)
        known = _checked(part)
        read = read_part(shown, part.languages, known if part.is_kept else None)
        if _letters(read) < _LOST * _letters(known):
            read = read_part(shown, languages, known)
        found += _numbered(read, part.runs, runs)
    return tuple(block for _, block in sorted(found, key=lambda it: it[0]))


def shows_more_scripts(before: Iterable[Block], after: Iterable[Block], languages: Languages) -> bool:
    """Return whether the page has a script that was not in its first reading.

    Tesseract sometimes finds none of the lines of Chinese, Japanese and Korean: their characters are also aligned in
    columns.
    """
    return bool(_scripts_of(find_runs(after, languages)) - _scripts_of(find_runs(before, languages)))


def find_runs(blocks: Iterable[Block], languages: Languages) -> list[Run]:
    """Return the runs of the blocks in reading order."""
    scripts = languages_by_script(languages)
    runs: list[Run] = []
    for lines in (lines for block in blocks for lines in _columns(block, scripts)):
        run = Run([])
        for line in lines:
            letters = _sure_letters(line.words, scripts)
            if run.lines and _begins_run(run, Run([line], letters)):
                runs.append(run)
                run = Run([])
            run.lines.append(line)
            run.letters += letters
        runs.append(run)
    return runs


def _columns(block: Block, scripts: Collection[str]) -> list[list[Line]]:
    """Return the block's lines; those of each script apart if some lines go across columns of several scripts."""
    parts = [part for line in block.lines for part in _line_parts(line, scripts)]
    if len(parts) == len(block.lines):
        return [list(block.lines)]
    columns: dict[str | None, list[Line]] = {}
    for part in parts:
        script = _script_of_line(_sure_letters(part.words, scripts))
        near = min(columns, key=lambda it: _distance(columns[it][-1].box, part.box), default=None)
        columns.setdefault(script or near, []).append(part)
    return list(columns.values())


def _line_parts(line: Line, scripts: Collection[str]) -> list[Line]:
    """Return the parts of a line between wide gaps, if they are in different scripts."""
    parts: list[list[Word]] = []
    right = 0
    for word in sorted(line.words, key=lambda it: it.box.left):  # their own order may be from right to left
        if not parts or word.box.left - right > _COLUMN_GAP * line.box.height:
            parts.append([])
        parts[-1].append(word)
        right = max(right, word.box.right)
    found = {_script_of_line(_sure_letters(words, scripts)) for words in parts} - {None}
    if len(found) < 2:
        return [line]
    return [line.with_words([word for word in line.words if word in words]) for words in parts]


def _distance(one: Box, other: Box) -> float:
    return abs(one.center_x - other.center_x) + abs(one.center_y - other.center_y)


def _begins_run(run: Run, line: Run) -> bool:
    """Return whether a line is in another script than the run before it, or may be while the run is in Latin letters.

    Latin runs are not read again. An unclear line is read with a following one in another script.
    """
    before, script = _script_of_line(run.letters), _script_of_line(line.letters)
    if line.is_unclear:
        return run.script == LATIN
    return script is not None and (before not in (None, script) or (script == LATIN and run.is_unclear))


def find_parts(runs: Sequence[Run], languages: Languages) -> list[Part]:
    """Return the parts of the page. The kept ones are first, and have the runs of which nothing is clear."""
    scripts, present = languages_by_script(languages), _scripts_of(runs)
    usual = LATIN if LATIN in scripts else None
    parts: dict[tuple[Languages, bool], Part] = {}
    for run in runs:
        main = run.script if run.script in present else _script_around(run, runs) or usual
        others = _foreign_scripts(run, main) if main else set()
        is_kept = main in (None, LATIN) or (bool(others) and main not in _RIGHT_TO_LEFT)
        names = languages
        if main and not (others and is_kept):
            wanted = (main, *(script for script in scripts if script in others))
            names = tuple(name for script in wanted for name in scripts[script])
        parts.setdefault((names, is_kept), Part(names, [], is_kept)).runs.append(run)
    return sorted(parts.values(), key=lambda part: not part.is_kept)


def _scripts_of(runs: Iterable[Run]) -> set[str]:
    """Return the scripts of the page. Specks and strokes are sometimes read as a few characters of another one."""
    letters: Counter[str] = Counter()
    for run in runs:
        if script := run.script:
            letters[script] += run.letters[script]
    return {script for script, count in letters.items() if count >= _ON_PAGE * _fewest(script)}


def _script_around(run: Run, runs: Iterable[Run]) -> str | None:
    """Return the script of a run that covers much of this one, which is then a part of its letters."""
    box = run.box
    covering = (other for other in runs if other.script and other.box.shared_area(box) > _COVERED * box.area)
    return next((other.script for other in covering), None)


def _sure_letters(words: Iterable[Word], scripts: Collection[str]) -> Counter[str]:
    """Return the letters of sure words, by those of the scripts that the page has."""
    texts = (word.text for word in words if word.confidence >= _SURE)
    if any(script in scripts for script in _ALIKE):
        texts = (text for text in texts if not look_like_others(text))
    letters = Counter(map(script_of_letter, "".join(texts)))
    return Counter({script: letters[script] for script in scripts if letters[script]})


def _fewest(script: str) -> int:
    return _SHORT_WORDS.get(script, _FEWEST)


def _script_of_line(letters: Counter[str]) -> str | None:
    """Return the script of nearly all of these letters; None if there are few, or they are in several scripts."""
    script, count = max(letters.items(), key=lambda it: it[1], default=("", 0))
    enough = count >= _fewest(script) and count >= _PURE * letters.total()
    return script if enough else None


def _foreign_scripts(run: Run, main: str) -> set[str]:
    """Return the scripts of words in a run that are surely in another script than its own."""
    found = set()
    for word in _words([run.block]):
        if word.confidence < _SURE_OF_FOREIGN:
            continue
        for script, count in Counter(map(script_of_letter, word.text)).items():
            if script in (None, main) or count < _fewest(str(script)):
                continue
            if script != LATIN or main not in _ALIKE or not look_like_others(word.text):
                found.add(str(script))
    return found


def _try_unclear(image: Pixels, runs: Sequence[Run], languages: Languages, recognise: Recognise) -> None:
    """Give each unclear run the script in which it is read with most confidence."""
    unclear = [run for run in runs if run.is_unclear]
    if not unclear:
        return
    best = {id(run): (max(_CREDIBLE, _confidence(_words([run.block]))), "") for run in unclear}
    for script, names in languages_by_script(languages).items():
        areas = Part(names, unclear, is_kept=False).areas(_boxes(run for run in runs if run not in unclear))
        words = _words(recognise(_only(image, areas), names))
        for run in unclear:
            box = run.box
            confidence = _confidence([word for word in words if contains_center(box, word.box)])
            best[id(run)] = max(best[id(run)], (confidence, script))
    for run in unclear:
        if script := best[id(run)][1]:
            run.letters = Counter({script: sum(len(line.text) for line in run.lines) + _FEWEST})


def _checked(part: Part) -> tuple[Block, ...]:
    """Return the part's blocks. A word with letters of a script that the part does not have is in doubt.

    Greek letters are not: they are signs of mathematics.
    """
    scripts = {*languages_by_script(part.languages), "Greek", None}

    def change(word: Word) -> Word:
        known = all(script in scripts for script in map(script_of_letter, word.text))
        return word if known else word.model_copy(update={"confidence": min(word.confidence, _DOUBTED)})

    return tuple(run.block.with_words(change) for run in part.runs)


def _numbered(blocks: Iterable[Block], own: Sequence[Run], runs: Sequence[Run]) -> list[tuple[int, Block]]:
    """Return the blocks of a part in their order, each with the number of the run at its place.

    Lines of several runs are separate blocks: what was between them is on the page, but not in this part.
    """
    boxes = [(runs.index(run), run.box) for run in own]
    found: list[tuple[int, Block]] = []
    for block in blocks:
        for number, lines in groupby(block.lines, key=lambda line: _number_at(line.box, boxes)):
            found.append((max(number, found[-1][0] if found else 0), block.with_lines(list(lines))))
    return found


def _number_at(box: Box, runs: Sequence[tuple[int, Box]]) -> int:
    """Return the number of the run at a place, or of the nearest."""
    return max(runs, key=lambda it: (it[1].shared_area(box), -it[1].gap(box)))[0]


def _letters(blocks: Iterable[Block]) -> int:
    """Return how many letters were read in words that are not mere noise."""
    return sum(map(str.isalpha, "".join(word.text for word in _words(blocks) if word.confidence >= _DOUBTED)))


def _words(blocks: Iterable[Block]) -> list[Word]:
    return [word for block in blocks for line in block.lines for word in line.words]


def _confidence(words: Sequence[Word]) -> float:
    """Return the mean, weighted by letters; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / letters if letters else 0.0


def _boxes(runs: Iterable[Run]) -> list[Box]:
    return [run.box for run in runs]


def _only(image: Pixels, areas: Iterable[Box]) -> Pixels:
    """Return the image with paper everywhere but in these areas."""
    shown = np.full_like(image, _paper(image))
    for left, top, right, bottom in areas:
        shown[top:bottom, left:right] = image[top:bottom, left:right]
    return shown


def _without(image: Pixels, areas: Iterable[Box]) -> Pixels:
    """Return the image with paper in these areas."""
    shown = image.copy()
    for left, top, right, bottom in areas:
        shown[top:bottom, left:right] = _paper(image)
    return shown


def _paper(image: Pixels) -> int:
    """Return the tone of the paper, which is that of most pixels."""
    return int(np.bincount(image[::4, ::4].ravel(), minlength=256).argmax())
