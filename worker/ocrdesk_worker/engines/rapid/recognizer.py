"""Recognises a line image.

The result is characters with their confidence and position.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ocrdesk_worker.engines.effort import Effort
from ocrdesk_worker.engines.rapid.last_layer import LastLayer, read_model
from ocrdesk_worker.engines.rapid.models import Floats, Model, Numbers, model_path
from ocrdesk_worker.engines.rapid.width_batches import batches_by_width
from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.resizing import resize

_HEIGHT = 48
_MAX_COLUMNS = 1000
"""Of all images in a batch: a larger batch does not fit in the processor's cache, and takes half as long again."""
_MAX_WIDTH = 4800
_SIMILAR = 1.15
"""Images in one batch differ in width by no more than this factor."""
_STEP = 8
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH, _FIRST_SUPPLEMENTARY = "\u3400", "\u9fff", "\U00020000"
_MIN_LIKELIHOOD = 0.002
_MAX_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or a space. `start` and `end` are fractions of the image's width.

    `others` are other characters that it may be, with their likelihood.
    """

    text: str
    confidence: float
    start: float
    end: float
    others: tuple[tuple[str, float], ...] = ()


class LineRecognizer:
    """Reads line images. Raises EngineUnavailableError if the model is missing."""

    def __init__(self) -> None:
        self._path = model_path("rec")
        metadata, layer = read_model(self._path)
        # the first output means "no new character", the last a space
        self._characters = ["", *metadata["character"].splitlines(), " "]
        self._outputs: dict[frozenset[str], Numbers] = {}
        self._narrow = self._without_ideographs(layer)
        """The model without ideographs, and which of its outputs is that of each character; -1 for none."""
        self._whole: Model | None = None

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters that it can read."""
        return frozenset(self._characters)

    def prepare(self) -> None:
        """Load the model of all characters, which only alphabets with ideographs need.

        It is loaded anyway when it is needed: this is for the process from which task processes are forked.
        """
        if self._whole is None:
            self._whole = Model(self._path)

    def _without_ideographs(self, layer: LastLayer | None) -> tuple[Model, Numbers] | None:
        """Return a model for the alphabets that have no ideographs: it takes an eighth less time."""
        if layer is None or len(layer.bias) != len(self._characters):
            return None
        kept = [number for number, character in enumerate(self._characters) if not _is_ideograph(character)]
        outputs = np.full(len(self._characters), -1, np.intp)
        outputs[kept] = np.arange(len(kept))
        return Model(self._path, layer.cut(kept)), outputs

    def read(
        self, images: Sequence[Pixels], alphabet: frozenset[str], effort: Effort | None = None
    ) -> list[list[Glyph] | None]:
        """Return the glyphs of each grey image. Only the alphabet's characters and spaces are considered.

        The narrowest images are read first; None stands for those that are beyond `effort`.
        """
        results: list[list[Glyph] | None] = [None for _ in images]
        outputs = self._considered(alphabet)
        effort = effort or Effort()
        columns = 0
        all_widths = [_width(image) for image in images]
        for numbers in batches_by_width(all_widths, _SIMILAR, _MAX_COLUMNS):
            width = _rounded(all_widths[numbers[-1]])
            columns += width * len(numbers)
            if columns > effort.columns or effort.is_over():
                break
            widths = [min(width, _width(images[number])) for number in numbers]
            batch = np.zeros((len(numbers), 3, _HEIGHT, width), np.float32)
            for index, number in enumerate(numbers):
                batch[index, :, :, : widths[index]] = _prepared(images[number], widths[index])
            likelihoods = self._likelihoods(batch, outputs)
            for index, number in enumerate(numbers):
                results[number] = self._glyphs(likelihoods[index], outputs, width / widths[index])
        return results

    def _likelihoods(self, batch: Floats, outputs: Numbers) -> Floats:
        """Return the likelihood of these outputs in each column of each image."""
        if self._narrow is not None:
            model, places = self._narrow
            if (places[outputs] >= 0).all():
                return model(batch)[:, :, places[outputs]]
        self.prepare()
        assert self._whole is not None  # noqa: S101  # loaded above
        return self._whole(batch)[:, :, outputs]

    def _considered(self, alphabet: frozenset[str]) -> Numbers:
        if alphabet not in self._outputs:
            wanted = alphabet | {"", " "}
            numbers = [number for number, character in enumerate(self._characters) if character in wanted]
            self._outputs[alphabet] = np.array(numbers)
        return self._outputs[alphabet]

    def _glyphs(self, likelihoods: Floats, outputs: Numbers, stretch: float) -> list[Glyph]:
        """Return the glyphs of one image from the likelihood of each output in each column. Repeats are one glyph."""
        best, confidences = likelihoods.argmax(1), likelihoods.max(1)
        step = stretch / len(best)
        changes = np.flatnonzero(np.diff(best, prepend=-1))
        glyphs: list[Glyph] = []
        for first, end in zip(changes.tolist(), [*changes[1:].tolist(), len(best)], strict=True):
            if not best[first]:
                continue
            surest = first + int(confidences[first:end].argmax())
            text = self._characters[outputs[best[first]]]
            others = self._others(likelihoods[surest], outputs, text)
            edges = min(1.0, first * step), min(1.0, end * step)
            glyphs.append(Glyph(text, float(confidences[surest]), *edges, others))
        return glyphs

    def _others(self, likelihoods: Floats, outputs: Numbers, chosen: str) -> tuple[tuple[str, float], ...]:
        """Return the likeliest other characters of one column."""
        above = np.flatnonzero(likelihoods > _MIN_LIKELIHOOD)
        candidates = ((float(likelihoods[output]), self._characters[outputs[output]]) for output in above)
        ranked = sorted(candidates, reverse=True)
        return tuple((text, likelihood) for likelihood, text in ranked if text and text != chosen)[:_MAX_OTHERS]


def _is_ideograph(character: str) -> bool:
    """Return whether a character is Chinese: most that the model knows are."""
    return _FIRST_IDEOGRAPH <= character <= _LAST_IDEOGRAPH or character > _FIRST_SUPPLEMENTARY


def _width(image: Pixels) -> int:
    """Return the image's width when it is scaled to the model's height."""
    height, width = (int(side) for side in image.shape)
    return min(_MAX_WIDTH, max(_STEP * 2, math.ceil(_HEIGHT * width / height)))


def _prepared(image: Pixels, width: int) -> Floats:
    return resize(image, width, _HEIGHT, cubic=True).astype(np.float32) / 127.5 - 1


def _rounded(width: int) -> int:
    return max(4 * _STEP, math.ceil(width / _STEP) * _STEP)
