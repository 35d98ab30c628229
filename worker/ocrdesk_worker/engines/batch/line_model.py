"""Runs Tesseract's own network for many lines at once, on ONNX Runtime.

Libtesseract reads one line after the other, a column at a time. Batches of lines take a third of the time, and the
result is the same but for rounding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocrdesk_worker.engines.batch.network import Lstm, Matrix, Network, UnsupportedNetworkError
from ocrdesk_worker.engines.batch.onnx_file import MICROSOFT, Graph
from ocrdesk_worker.engines.rapid.models import Floats, open_session
from ocrdesk_worker.engines.rapid.width_batches import batches_by_width
from ocrdesk_worker.errors import engine_failed
from ocrdesk_worker.preprocess.pixels import np

_MOST_COLUMNS = 12_000
"""Pixels of width of all lines in a batch."""
_TRIED_WIDTH = 30
"""Pixels of the empty line that shows whether a network works."""
_SIMILAR = 1.2
"""Lines in one batch differ in width by no more than this factor."""
_ZERO = 128
"""Weights are unsigned: processors without special instructions for signed ones would round them wrongly."""
_GATE_ORDER = (1, 3, 2, 0)
"""ONNX wants input, output, forget, cell."""


class LineModel:
    """A network that is ready to read line images. Raises UnsupportedNetworkError if its layers do not fit together."""

    def __init__(self, network: Network) -> None:
        self.network = network
        empty = np.ones((network.height, _TRIED_WIDTH), np.float32)
        try:
            self._session = open_session(_as_onnx(network))
            (logs,) = self.read([empty])
        except Exception as error:  # the errors of ONNX Runtime have no common type
            raise UnsupportedNetworkError("the network's layers do not fit together") from error
        if logs.shape[1] != len(network.characters):
            raise UnsupportedNetworkError("the network has other outputs than its last layer")

    def read(self, lines: Sequence[Floats]) -> list[Floats]:
        """Return for each line the logarithm of the likelihood of each output: a row for each step of `pool` pixels.

        A line is an array of `network.height` rows; 1 is paper, -1 is ink. Raises ProcessingError.
        """
        results: list[Floats] = [np.zeros((0, 0), np.float32)] * len(lines)
        across = self.network.pool[0]
        widths = [line.shape[1] for line in lines]
        for numbers in batches_by_width(widths, _SIMILAR, _MOST_COLUMNS):
            steps = math.ceil(widths[numbers[-1]] / across)
            batch = np.zeros((len(numbers), 1, self.network.height, steps * across), np.float32)
            for index, number in enumerate(numbers):
                batch[index, 0, :, : lines[number].shape[1]] = lines[number]
            lengths = np.array([max(1, lines[number].shape[1] // across) for number in numbers], np.int32)
            try:
                found = self._session.run(None, {"image": batch, "lengths": lengths})[0]
            except Exception as error:  # its errors have no common type
                raise engine_failed() from error
            for index, number in enumerate(numbers):
                results[number] = found[: lengths[index], index]
        return results


def _as_onnx(network: Network) -> bytes:
    """Return the network as an ONNX model: from line images and their lengths in steps to the outputs of each step."""
    graph = Graph()
    across, down = network.pool
    window = network.convolution.values()
    # Tesseract goes through the window column by column. Pooling before tanh is the same, with a ninth of the values.
    weights = window[:, :-1].reshape(-1, 1, 3, 3).transpose(0, 1, 3, 2)
    names = ["image", graph.constant("window", weights), graph.constant("window_bias", window[:, -1])]
    graph.node("Conv", names, ["convolved"], {"pads": [1, 1, 1, 1]})
    graph.node("MaxPool", ["convolved"], ["pooled"], {"kernel_shape": [down, across], "strides": [down, across]})
    graph.node("Tanh", ["pooled"], ["features"])
    graph.node("Transpose", ["features"], ["by_row"], {"perm": [2, 0, 3, 1]})
    columns = graph.constant("columns", np.array([network.height // down, -1, network.column.inputs], np.int64))
    graph.node("Reshape", ["by_row", columns], ["columns_in"])
    _add_lstm(graph, "down", network.column, "columns_in", "", "", "columns_out")
    graph.node("Shape", ["features"], ["sides"])
    graph.node("Gather", ["sides", graph.constant("first", np.array([0], np.int64))], ["lines"])
    rest = graph.constant("rest", np.array([-1, network.column.outputs], np.int64))
    graph.node("Concat", ["lines", rest], ["line_sides"], {"axis": 0})
    graph.node("Reshape", ["columns_out", "line_sides"], ["by_line"])
    current = graph.node("Transpose", ["by_line"], ["by_step"], {"perm": [1, 0, 2]})
    direction = graph.constant("direction", np.array([1], np.int64))
    for number, layer in enumerate(network.row):
        name = f"row{number}"
        _add_lstm(graph, name, layer, current, "lengths", f"{name}_all", f"{name}_last")
        current = graph.node("Squeeze", [f"{name}_all", direction], [f"{name}_out"])
    last = network.last.values()
    graph.node("MatMul", [current, graph.constant("last", last[:, :-1].T)], ["unbiased"])
    graph.node("Add", ["unbiased", graph.constant("last_bias", last[:, -1])], ["outputs"])
    graph.node("LogSoftmax", ["outputs"], ["logs"], {"axis": -1})
    sides: Sequence[int | str] = ("lines", 1, network.height, "width")
    return graph.model({"image": ("float32", sides), "lengths": ("int32", ("lines",))}, "logs")


def _add_lstm(graph: Graph, name: str, layer: Lstm, source: str, lengths: str, every: str, last: str) -> None:
    gates = [layer.gates[number] for number in _GATE_ORDER]
    bias = np.concatenate([gate.values()[:, -1] for gate in gates])
    scales = np.concatenate([gate.scales for gate in gates]).astype(np.float32)[None]
    zeros = np.full(scales.shape, _ZERO, np.uint8)
    parts = {
        "inputs": _unsigned(gates, 0, layer.inputs),
        "memory": _unsigned(gates, layer.inputs, -1),
        "bias": np.concatenate([bias, np.zeros_like(bias)])[None],
        "scales": scales,
        "zeros": zeros,
    }
    made = {part: graph.constant(f"{name}_{part}", values) for part, values in parts.items()}
    graph.node(
        "DynamicQuantizeLSTM",
        [
            *(source, made["inputs"], made["memory"], made["bias"], lengths, "", "", ""),
            *(made["scales"], made["zeros"], made["scales"], made["zeros"]),
        ],
        [every, last],
        {"hidden_size": layer.outputs, "direction": "reverse" if layer.is_reversed else "forward"},
        MICROSOFT,
    )


def _unsigned(gates: Sequence[Matrix], begin: int, end: int) -> np.ndarray:
    """Return some inputs' weights of all gates: a row for each input."""
    weights = np.concatenate([gate.weights[:, begin:end] for gate in gates])
    return (weights.T.astype(np.int16) + _ZERO).astype(np.uint8)[None]
