"""Writes an ONNX model.

ONNX files are protocol buffers. Only what a small graph needs is written; the package onnx, which could do it, is
larger than everything else that reading a page needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ocrdesk_worker.preprocess.pixels import np

_IR_VERSION, _OPSET, _MICROSOFT_OPSET = 9, 18, 1
MICROSOFT = "com.microsoft"
"""The domain of the operators that only ONNX Runtime has."""
_KINDS = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
"""Numbers of the types of elements."""
_NUMBER, _BYTES = 0, 2
"""Kinds of fields."""
_INTEGER, _TEXT, _INTEGERS = 2, 3, 7
"""Kinds of attributes."""


@dataclass(slots=True)
class Graph:
    """Collects the nodes and constants of a model."""

    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, values: np.ndarray) -> str:
        """Add a constant; return its name."""
        array = np.ascontiguousarray(values)
        kind = _KINDS[array.dtype.name]
        sides = b"".join(_number(1, side) for side in array.shape)
        data = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        self._constants.append(sides + _number(2, kind) + _bytes(8, name) + _bytes(9, data))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        attributes: Mapping[str, int | str | Sequence[int]] | None = None,
        domain: str = "",
    ) -> str:
        """Add an operator; return the name of its last output."""
        parts = [_bytes(1, name) for name in inputs] + [_bytes(2, name) for name in outputs]
        parts.append(_bytes(4, operator))
        parts += [_bytes(5, _attribute(name, value)) for name, value in (attributes or {}).items()]
        self._nodes.append(b"".join(parts) + _bytes(7, domain))
        return outputs[-1]

    def model(self, inputs: Mapping[str, tuple[str, Sequence[int | str]]], output: str) -> bytes:
        """Return the file's content. `inputs`: the type of elements and the sides of each; a name is any length."""
        graph = [*(_bytes(1, node) for node in self._nodes), _bytes(2, "graph")]
        graph += [_bytes(5, constant) for constant in self._constants]
        graph += [_bytes(11, _description(name, kind, sides)) for name, (kind, sides) in inputs.items()]
        graph.append(_bytes(12, _description(output, "float32", None)))
        versions = [_bytes(1, domain) + _number(2, version) for domain, version in _opsets()]
        return (
            _number(1, _IR_VERSION) + _bytes(7, b"".join(graph)) + b"".join(_bytes(8, version) for version in versions)
        )


def _opsets() -> Iterable[tuple[str, int]]:
    return ("", _OPSET), (MICROSOFT, _MICROSOFT_OPSET)


def _description(name: str, kind: str, sides: Sequence[int | str] | None) -> bytes:
    tensor = _number(1, _KINDS[kind])
    if sides is not None:
        dimensions = [_bytes(2, side) if isinstance(side, str) else _number(1, side) for side in sides]
        tensor += _bytes(2, b"".join(_bytes(1, dimension) for dimension in dimensions))
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: int | str | Sequence[int]) -> bytes:
    if isinstance(value, int):
        content, kind = _number(3, value), _INTEGER
    elif isinstance(value, str):
        content, kind = _bytes(4, value), _TEXT
    else:
        content, kind = b"".join(_number(8, one) for one in value), _INTEGERS
    return _bytes(1, name) + content + _number(20, kind)


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3 | _NUMBER) + _varint(value & (1 << 64) - 1)


def _bytes(number: int, value: bytes | str) -> bytes:
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:  # seven bits in each byte
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
