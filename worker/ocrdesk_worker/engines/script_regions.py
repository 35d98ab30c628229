"""Reads each region of a page with several scripts in its own languages.

Tesseract has read the page in all its languages together. The letters that it is sure of say in which script a line is
written. Lines of one script that follow each other are a run; all runs of a script are read again as a page of their
own, on which everything else is painted over. Latin runs stay as they were read, because all models read Latin letters
well beside others; only a run whose lines mix scripts is read in several languages, those of its main script first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ocrdesk.contract.box import Box, contains_center
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk_worker.engines.languages.letters import LATIN, languages_by_script, look_like_others, script_of_letter
from ocrdesk_worker.engines.languages.scripts import are_vertical
from ocrdesk_worker.engines.script_coverage import reads_more
from ocrdesk_worker.preprocess.pixels import Pixels, np

_SURE = 0.85
"""Confidence of a word whose letters count."""
_SURE_OF_FOREIGN = 0.88
"""The same for a word in another script than its run: what is read of unknown letters is sometimes a Latin word."""
_PURE = 0.9
"""Share of a line's letters in one script that makes it a line of this script."""
_FEWEST = 3
"""Letters that a run has at least, and a word in another script than its run."""
_SHORT_WORDS = {"Han": 2, "Korean": 2}
"""Scripts whose words are shorter."""
_CREDIBLE = 0.7
"""The least mean confidence with which a run of no clear script must be read to be in a script."""
_DOUBTED = 0.5
"""Confidence of a word that has letters of another script than its run."""
_ALIKE = ("Cyrillic", "Greek")
"""Scripts with letters that look like Latin ones."""
_MARGIN = 0.15
"""In heights of a line: accents may be so far outside of it."""

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
        script, count = max(self.letters.items(), key=lambda it: it[1], default=("", 0))
        return script if count >= _SHORT_WORDS.get(script, _FEWEST) else None

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
        """Return the places of the runs. What is between two of them belongs to them, if no other part is there."""
        areas: list[Box] = []
        for run in self.runs:
            height = sorted(line.box.height for line in run.lines)[len(run.lines) // 2]
            margin = round(_MARGIN * height)
            box = run.box
            box = Box(max(0, box.left - height), max(0, box.top - margin), box.right + height, box.bottom + margin)
            joined = Box.around([areas[-1], box]) if areas else box
            if areas and not any(joined.overlaps(other) for other in others):
                areas[-1] = joined
            else:
                areas.append(box)
        return areas


def have_several_scripts(languages: Languages) -> bool:
    """Return whether the languages have several scripts, and none of them is for upright lines alone."""
    return len(languages_by_script(languages)) > 1 and not any(are_vertical((name,)) for name in languages)


def read_regions(
    image: Pixels, blocks: Sequence[Block], languages: Languages, recognise: Recognise, read_part: ReadPart
) -> tuple[Block, ...] | None:
    """Return the finished blocks of a page that was read in all its languages; None if it is in one script."""
    runs = find_runs(blocks, languages)
    if len({run.script for run in runs} - {None}) < 2:
        return None
    _try_unclear(image, runs, languages, recognise)
    parts = find_parts(runs, languages)
    if len(parts) < 2:
        return None
    found: list[tuple[int, Block]] = []
    for part in parts:
        others = [other for other in parts if other is not part]
        if part.is_kept:
            foreign = [area for other in others for area in other.areas(_boxes(part.runs))]
            read = read_part(_without(image, foreign), part.languages, _checked(part))
        else:
            areas = part.areas([box for other in others for box in _boxes(other.runs)])
            again = read_part(_only(image, areas), part.languages, None)
            before = tuple(run.block for run in part.runs)
            read = before if reads_more(before, again) else again
        found += _numbered(read, part.runs, runs)
    return tuple(block for _, block in sorted(found, key=lambda it: it[0]))


def find_runs(blocks: Iterable[Block], languages: Languages) -> list[Run]:
    """Return the runs of the blocks in reading order."""
    scripts = languages_by_script(languages)
    runs: list[Run] = []
    for block in blocks:
        run = Run([])
        for line in block.lines:
            letters = _sure_letters(line.words, scripts)
            script = _script_of_line(letters)
            if script and run.script not in (None, script):
                runs.append(run)
                run = Run([])
            run.lines.append(line)
            run.letters += letters
        runs.append(run)
    return runs


def find_parts(runs: Sequence[Run], languages: Languages) -> list[Part]:
    """Return the parts of the page. The kept ones are first."""
    scripts = languages_by_script(languages)
    parts: dict[Languages, Part] = {}
    for run in runs:
        main = run.script
        others = _foreign_scripts(run, main) if main else set()
        if main is None or (main == LATIN and others):
            key, is_kept = languages, True
        else:
            wanted = [main, *(script for script in scripts if script in others)]
            key, is_kept = tuple(name for script in wanted for name in scripts[script]), main == LATIN
        parts.setdefault(key, Part(key, [], is_kept)).runs.append(run)
    return sorted(parts.values(), key=lambda part: not part.is_kept)


def _sure_letters(words: Iterable[Word], scripts: Iterable[str], at_least: float = _SURE) -> Counter[str]:
    """Return the letters of sure words, by those of the scripts that the page has."""
    text = "".join(word.text for word in words if word.confidence >= at_least)
    letters = Counter(map(script_of_letter, text))
    return Counter({script: letters[script] for script in scripts if letters[script]})


def _script_of_line(letters: Counter[str]) -> str | None:
    """Return the script of nearly all of these letters; None if there are few, or they are in several scripts."""
    script, count = max(letters.items(), key=lambda it: it[1], default=("", 0))
    enough = count >= _SHORT_WORDS.get(script, _FEWEST) and count >= _PURE * letters.total()
    return script if enough else None


def _foreign_scripts(run: Run, main: str) -> set[str]:
    """Return the scripts of words in a run that are surely in another script than its own."""
    found = set()
    for word in _words([run.block]):
        if word.confidence < _SURE_OF_FOREIGN:
            continue
        for script, count in Counter(map(script_of_letter, word.text)).items():
            if script in (None, main) or count < _SHORT_WORDS.get(str(script), _FEWEST):
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
    """Return the part's blocks. A word with letters of a script that the part does not have is in doubt."""
    scripts = languages_by_script(part.languages)

    def change(word: Word) -> Word:
        known = all(script in scripts for script in map(script_of_letter, word.text) if script)
        return word if known else word.model_copy(update={"confidence": min(word.confidence, _DOUBTED)})

    return tuple(run.block.with_words(change) for run in part.runs)


def _numbered(blocks: Iterable[Block], own: Sequence[Run], runs: Sequence[Run]) -> list[tuple[int, Block]]:
    """Return the blocks of a part in their order, each with the number of the run at its place."""
    boxes = [(runs.index(run), run.box) for run in own]
    found: list[tuple[int, Block]] = []
    for block in blocks:
        number, _ = max(boxes, key=lambda it: (it[1].shared_area(block.box), -it[1].gap(block.box)))
        found.append((max(number, found[-1][0] if found else 0), block))
    return found


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
