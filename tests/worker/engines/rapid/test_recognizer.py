"""Line images are read as characters of an alphabet."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.last_layer import read_model
from ocrdesk_worker.engines.rapid.models import Floats, model_path
from ocrdesk_worker.engines.rapid.recognizer import Glyph, LineRecognizer
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import Pixels, np
from tests.helpers.sample_files import text_image

ENGLISH = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,")


@pytest.fixture(scope="module")
def line() -> Pixels:
    return pixels_of(text_image("Sphinx of quartz, 1879").convert("L").crop((0, 0, 800, 110)))


def text_of(glyphs: list[Glyph] | None) -> str:
    return "".join(glyph.text for glyph in glyphs or ())


def test_fewer_outputs_read_alike(line: Pixels) -> None:
    recognizer = LineRecognizer()
    assert recognizer._narrow is not None
    narrow, places = recognizer._narrow
    recognizer._narrow = None
    [before] = recognizer.read([line], ENGLISH)
    used: list[int] = []

    def counted(batch: Floats) -> Floats:
        output = narrow(batch)
        used.append(output.shape[2])
        return output

    recognizer._narrow = counted, places  # type: ignore[assignment]
    [after] = recognizer.read([line], ENGLISH)
    assert used == [np.count_nonzero(places >= 0)]
    assert 4 * used[0] < len(recognizer._characters)
    assert text_of(before) == text_of(after) == "Sphinx of quartz, 1879"
    for one, other in zip(before or (), after or (), strict=True):
        assert (one.start, one.end) == (other.start, other.end)
        assert other.confidence >= one.confidence - 1e-4


def test_an_alphabet_with_ideographs_is_read_by_the_whole_model(line: Pixels) -> None:
    recognizer = LineRecognizer()
    assert recognizer._narrow is not None

    def unexpected(_batch: Floats) -> Floats:
        raise AssertionError

    recognizer._narrow = unexpected, recognizer._narrow[1]  # type: ignore[assignment]
    assert text_of(recognizer.read([line], ENGLISH | {"\N{CJK UNIFIED IDEOGRAPH-4E2D}"})[0]) == "Sphinx of quartz, 1879"


def test_the_model_of_all_characters_is_loaded_when_it_is_needed(line: Pixels) -> None:
    recognizer = LineRecognizer()
    recognizer.read([line], ENGLISH)
    assert recognizer._whole is None
    recognizer.prepare()
    assert recognizer._whole is not None


def test_the_last_layer_has_an_output_for_each_character() -> None:
    metadata, layer = read_model(model_path("rec"))
    assert layer is not None
    assert len(metadata["character"].splitlines()) == len(layer.bias) - 2
    assert layer.weights.shape[1] == len(layer.bias) == len(LineRecognizer()._characters)


def test_a_model_that_ends_otherwise_has_no_such_layer() -> None:
    assert read_model(model_path("det"))[1] is None
