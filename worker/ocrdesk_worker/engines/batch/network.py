"""Reads the neural network of a .traineddata file.

Tesseract's fast models have all the same layers; only their sizes differ. Networks of other shapes, with other weights
than 8-bit integers, or whose characters are coded by more than one output, are not supported.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from ocrdesk_worker.engines.languages.traineddata import Part, part_of
from ocrdesk_worker.engines.languages.unicharset import outputs_of
from ocrdesk_worker.preprocess.pixels import np

_IS_INTEGER = 1
_HAS_RATES = 64
"""A flag of a layer: a learning rate for each of its layers follows."""
_GATES = 4
_MOST_LAYERS = 32
_LONGEST = 4096
_FEATURES = 9
"""Pixels of the window of the first layer, 3 by 3."""
_SPACE = "NULL"
"""How the list of characters calls the space."""


class UnsupportedNetworkError(Exception):
    """The network cannot be run by ocrdesk itself."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Weights of a layer: a row of integers for each output, whose last column is the bias, and a factor for each."""

    weights: np.ndarray
    scales: np.ndarray

    def values(self) -> np.ndarray:
        """Return the weights as numbers, a row for each output."""
        values: np.ndarray = (self.weights * self.scales[:, None]).astype(np.float32)
        return values


@dataclass(frozen=True, slots=True)
class Lstm:
    """A layer with memory: its gates in Tesseract's order (cell, input, forget, output)."""

    inputs: int
    outputs: int
    gates: tuple[Matrix, ...]
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The network that reads a line, and the character of each of its outputs."""

    height: int
    """Of a line image, in pixels."""
    convolution: Matrix
    pool: tuple[int, int]
    """Width and height in pixels that become one."""
    column: Lstm
    """Reads the pixels of a column from the top, and keeps its last output."""
    row: tuple[Lstm, ...]
    last: Matrix
    blank: int
    """The output that stands for no new character."""
    characters: tuple[str, ...]


def read_network(file: Path) -> Network:
    """Return the network of a .traineddata file. Raises UnsupportedNetworkError and OSError."""
    try:
        return _Reader(part_of(file, Part.NETWORK)).network(_characters(file))
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise UnsupportedNetworkError("the network cannot be parsed") from error


def _characters(file: Path) -> dict[int, str]:
    """Return the character of each output."""
    recoder, names = part_of(file, Part.CODES), outputs_of(file)
    (count,) = struct.unpack_from("<I", recoder)
    place = 4
    found: dict[int, str] = {}
    for number in range(min(count, len(names))):
        _, length = struct.unpack_from("<bI", recoder, place)
        if length != 1:
            raise UnsupportedNetworkError("a character has several codes")
        (code,) = struct.unpack_from("<i", recoder, place + 5)
        place += 9
        found.setdefault(code, " " if names[number] == _SPACE else names[number])
    return found


class _Reader:
    """Reads the fields of the network's part one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0
        self._layers = 0

    def network(self, characters: dict[int, str]) -> Network:
        kind, flags, *_ = self._head()
        layers = self._members(flags) if kind == "Series" else []
        if len(layers) < 5:  # input, convolution, pooling, columns, ..., outputs
            raise UnsupportedNetworkError("the network has other layers")
        shape, convolution, pool, columns, *row, last = layers
        self._text()
        *_, blank = self._numbers("4i")
        match shape, convolution, pool, columns, last:
            case (
                (1, int(height), 0, 1),
                [(1, 1), Matrix() as window],
                (int(across), int(down)),
                [Lstm() as column],
                Matrix() as outputs,
            ) if window.weights.shape[1] == _FEATURES + 1:
                along = tuple(_row_layer(layer) for layer in row)
                texts = tuple(
                    "" if number == blank else characters.get(number, "") for number in range(len(outputs.weights))
                )
                return Network(height, window, (across, down), column, along, outputs, blank, texts)
        raise UnsupportedNetworkError("the network has other layers")

    def _members(self, flags: int) -> list[object]:
        (count,) = self._numbers("I")
        if count > _MOST_LAYERS:
            raise UnsupportedNetworkError("the network has too many layers")
        members = [self._layer() for _ in range(count)]
        if flags & _HAS_RATES:
            (count,) = self._numbers("I")
            self._numbers(f"{min(count, _MOST_LAYERS)}f")
        return members

    def _layer(self) -> object:
        kind, flags, inputs, outputs = self._head()
        match kind:
            case "Input":
                shape = self._numbers("4i")
                self._numbers("i")
                return shape
            case "Convolve" | "Maxpool":
                return self._numbers("2i")
            case "Tanh" | "Softmax":
                return self._matrix()
            case "LSTM" | "SummLSTM":
                self._numbers("i")
                return Lstm(inputs, outputs, tuple(self._matrix() for _ in range(_GATES)), is_reversed=False)
            case "Series" | "XYTranspose" | "RTLReversed":
                members = self._members(flags)
                return (kind, members) if kind == "RTLReversed" else members
        raise UnsupportedNetworkError(f"the network has a layer of kind {kind}")

    def _head(self) -> tuple[str, int, int, int]:
        """Return a layer's kind, flags, and number of inputs and outputs."""
        self._layers += 1
        (kind,) = self._numbers("b")
        if kind != 0 or self._layers > _MOST_LAYERS:
            raise UnsupportedNetworkError("the network has an old format")
        name = self._text()
        _, _, flags, inputs, outputs, _ = self._numbers("bb4i")
        self._text()
        return name, flags, inputs, outputs

    def _matrix(self) -> Matrix:
        mode, *_ = self._numbers("B")
        if not mode & _IS_INTEGER:
            raise UnsupportedNetworkError("the weights are no integers")
        rows, columns, _ = self._numbers("IIb")
        if max(rows, columns) > _LONGEST:
            raise UnsupportedNetworkError("a layer is too large")
        weights = self._array(np.int8, rows * columns).reshape(rows, columns)
        (count,) = self._numbers("I")
        if count < rows:
            raise UnsupportedNetworkError("factors of weights are missing")
        return Matrix(weights, self._array(np.float64, count)[:rows])

    def _numbers(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from(f"<{layout}", self._data, self._place)
        self._place += struct.calcsize(f"<{layout}")
        return found

    def _text(self) -> str:
        (length,) = self._numbers("I")
        begin, self._place = self._place, self._place + length
        return self._data[begin : self._place].decode()

    def _array(self, kind: type, count: int) -> np.ndarray:
        found: np.ndarray = np.frombuffer(self._data, kind, count, self._place)
        self._place += found.nbytes
        return found


def _row_layer(layer: object) -> Lstm:
    match layer:
        case Lstm():
            return layer
        case ("RTLReversed", [Lstm() as inner]):
            return Lstm(inner.inputs, inner.outputs, inner.gates, is_reversed=True)
    raise UnsupportedNetworkError("the network has other layers")
