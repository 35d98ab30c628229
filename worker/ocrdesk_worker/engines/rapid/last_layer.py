"""Reads the characters that a recogniser knows, and the weights of its last layer, which has an output for each.

Most of the 18,710 characters are of no use on a page. With the weights of the others alone, reading is cheaper, and the
characters that are read are the same. ONNX files are protocol buffers, of which only the needed fields are parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk_worker.preprocess.pixels import np

_GRAPH, _METADATA = 7, 14
_KEY, _VALUE = 1, 2
_NODE, _INITIALIZER = 1, 5
_INPUT, _KIND = 1, 4
_SIDES, _NAME, _DATA = 1, 8, 9
"""Fields of a model, its metadata, its graph, a node, and an initializer, as the ONNX format numbers them."""
_NUMBER, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
"""Kinds of fields."""


@dataclass(frozen=True, slots=True)
class LastLayer:
    """The names of the weights and of the bias in the file, and their values: a column for each output."""

    names: tuple[str, str]
    weights: np.ndarray
    bias: np.ndarray

    def cut(self, outputs: list[int]) -> dict[str, np.ndarray]:
        """Return the values, by their names, for a model with these outputs alone."""
        values = self.weights[:, outputs], self.bias[outputs]
        return {name: np.ascontiguousarray(value) for name, value in zip(self.names, values, strict=True)}


def read_model(path: Path) -> tuple[dict[str, str], LastLayer | None]:
    """Return the metadata of an ONNX model, and its last layer; None if the model ends otherwise. Raises OSError."""
    graph, metadata = b"", {}
    for number, value in _fields(path.read_bytes()):
        if number == _GRAPH:
            graph = value
        elif number == _METADATA:
            entry = dict(_fields(value))
            metadata[bytes(entry[_KEY]).decode()] = bytes(entry[_VALUE]).decode()
    return metadata, _last_layer(graph)


def _last_layer(graph: bytes) -> LastLayer | None:
    tensors: dict[str, bytes] = {}
    last: dict[str, list[str]] = {}
    for number, value in _fields(graph):
        if number == _NODE:
            parts = list(_fields(value))
            kind = next((bytes(part).decode() for field, part in parts if field == _KIND), "")
            last[kind] = [bytes(part).decode() for field, part in parts if field == _INPUT]
        elif number == _INITIALIZER:
            name = next((bytes(part).decode() for field, part in _fields(value) if field == _NAME), "")
            tensors[name] = value
    names = [next((name for name in last.get(kind, ()) if name in tensors), "") for kind in ("MatMul", "Add")]
    if not all(names):
        return None
    weights, bias = (_values(tensors[name]) for name in names)
    if weights.ndim != 2 or bias.ndim != 1 or weights.shape[1] != len(bias):
        return None
    return LastLayer((names[0], names[1]), weights, bias)


def _values(tensor: bytes) -> np.ndarray:
    parts = list(_fields(tensor))
    sides = [int.from_bytes(value, "little") for number, value in parts if number == _SIDES]
    data = next((value for number, value in parts if number == _DATA), b"")
    return np.frombuffer(data, np.float32).reshape(sides)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the value of each field; a number is given as eight bytes."""
    view, place = memoryview(message), 0
    while place < len(view):
        tag, place = _read_number(view, place)
        kind = tag & 7
        if kind == _NUMBER:
            value, place = _read_number(view, place)
            yield tag >> 3, value.to_bytes(8, "little")
            continue
        length = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind, 0)
        if kind == _BYTES:
            length, place = _read_number(view, place)
        yield tag >> 3, view[place : place + length]  # type: ignore[misc]  # a view of the bytes, not copied
        place += length


def _read_number(view: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place
