"""The engine `auto`."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Source
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import engine_failed
from tests.helpers.sample_files import text_image

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.recognizer import LineRecognizer
from ocrdesk_worker.engines.rapid.rereading import Rereader
from tests.helpers.changed_engine import ENGLISH, LINES, Pretender, auto, lines_of, page, with_word, words_in


def test_when_the_pages_time_is_short_the_first_reading_stays(engines: Engines, data: TessData) -> None:
    first = Pretender(engines, lambda line: with_word(line, "lazy", "1azv", 0.4))
    engine = AutoEngine(data, first, engines.rereader, within_s=0.0)
    assert lines_of(engine.recognise(page(), 300, ENGLISH))[1] == "jumps over the 1azv dog"


def test_what_is_read_again_does_not_depend_on_the_clock(
    engines: Engines, data: TessData, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = iter(range(0, 10**9, 1000))
    monkeypatch.setattr("time.monotonic", lambda: float(next(passed)))
    first = Pretender(engines, lambda line: with_word(line, "lazy", "1azv", 0.4))
    engine = AutoEngine(data, first, engines.rereader, within_s=10.0)
    assert lines_of(engine.recognise(page(), 300, ENGLISH))[1] == "jumps over the lazy dog"


def test_a_clear_page_is_not_read_again(engines: Engines, data: TessData, monkeypatch: pytest.MonkeyPatch) -> None:
    rereader = engines.rereader()
    asked: list[int] = []
    monkeypatch.setattr(rereader._detector, "detect", lambda *_: asked.append(1) or [])
    monkeypatch.setattr(rereader._recognizer, "read", lambda pictures, *_: asked.append(len(pictures)) or [])
    sure = lambda line: line.model_copy(  # noqa: E731
        update={"words": tuple(word.model_copy(update={"confidence": 0.95}) for word in line.words)}
    )
    assert lines_of(auto(engines, data, sure).recognise(page(), 300, ENGLISH)) == LINES
    assert asked == []


def test_tall_letters_are_read_smaller_and_placed_on_the_page(engines: Engines, data: TessData) -> None:
    large = text_image("\n".join(LINES), (2400, 800), font_size=110).convert("L")
    engine = auto(engines, data)
    blocks = engine.recognise(large, 0, ENGLISH)
    assert isinstance(engine._first, Pretender)
    assert engine._first.sizes[0][0] < large.width
    assert lines_of(blocks) == LINES
    assert max(word.box.right for word in words_in(blocks)) > 1000


@pytest.mark.parametrize("has_rereader", [True, False])
def test_nothing_is_read_again_if_the_check_ends_the_reading(
    engines: Engines, data: TessData, monkeypatch: pytest.MonkeyPatch, *, has_rereader: bool
) -> None:
    class EndedError(Exception):
        pass

    def end(blocks: tuple[Block, ...]) -> None:
        assert lines_of(blocks)[1] == "jumps over the 1azv dog"
        raise EndedError

    def missing() -> Rereader:
        raise EngineUnavailableError("get it")

    monkeypatch.setattr(Rereader, "improve", lambda *_: pytest.fail("it was read again"))
    first = Pretender(engines, lambda line: with_word(line, "lazy", "1azv", 0.4))
    engine = AutoEngine(data, first, engines.rereader if has_rereader else missing)
    with pytest.raises(EndedError):
        engine.recognise_checked(page(), 300, ENGLISH, end)


def test_without_the_extra_auto_is_tesseract_alone(engines: Engines, data: TessData) -> None:
    def missing() -> Rereader:
        raise EngineUnavailableError("get it")

    engine = AutoEngine(data, Pretender(engines, lambda line: line), missing)
    blocks = engine.recognise(page(), 300, ENGLISH)
    assert lines_of(blocks) == LINES
    assert {word.source for word in words_in(blocks)} == {Source.TESSERACT}


@pytest.mark.parametrize("failure", [MemoryError(), engine_failed()])
def test_a_page_survives_a_failing_rereader(
    engines: Engines, data: TessData, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(LineRecognizer, "read", fail)
    engine = auto(engines, data, lambda line: with_word(line, line.words[0].text, line.words[0].text, 0.4))
    assert lines_of(engine.recognise(page(), 300, ENGLISH)) == LINES
