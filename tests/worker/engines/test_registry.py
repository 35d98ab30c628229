"""The engines read the same words, with boxes and confidence; a missing one is named with the fix."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrdesk.contract.document import Block, Source
from ocrdesk.contract.engines import EngineName
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.engines.entry_points import FoundEngines, find_engines
from ocrdesk_worker.engines.interface import Engine, EngineFactory
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from tests.helpers.sample_files import text_image
from tests.worker.engines.missing import REASON, engines_without

TEXT = "The quick brown fox\njumps over the lazy dog"
NAMES = [EngineName.TESSERACT, EngineName.TESSERACT_CLI]


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, engines: Engines) -> str:
    if remedy := engines.installed()[request.param]:
        pytest.skip(f"{request.param} is not installed: {remedy}")
    return str(request.param)


def test_an_engine_reads_lines_in_order(engines: Engines, name: str) -> None:
    engine = engines.choose(name, ("eng",))
    blocks = engine.recognise(text_image(TEXT).convert("L"), 300, ("eng",))
    assert lines_of(blocks) == TEXT.split("\n")
    assert engine.source == name


def test_every_box_is_inside_its_parent(engines: Engines, name: str) -> None:
    image = text_image(TEXT).convert("L")
    for block in engines.choose(name, ("eng",)).recognise(image, 0, ("eng",)):
        assert 0 <= block.box.left < block.box.right <= image.width
        assert 0 <= block.box.top < block.box.bottom <= image.height
        for line in block.lines:
            for word in line.words:
                for inner, outer in ((word.box, line.box), (line.box, block.box)):
                    assert outer.left <= inner.left < inner.right <= outer.right
                    assert outer.top <= inner.top < inner.bottom <= outer.bottom


def test_every_word_has_a_confidence_and_its_source(engines: Engines, name: str) -> None:
    words = [
        word
        for block in engines.choose(name, ("eng",)).recognise(text_image(TEXT).convert("L"), 300, ("eng",))
        for line in block.lines
        for word in line.words
    ]
    assert len(words) == 9
    assert all(0 < word.confidence <= 1 for word in words)
    assert {word.source for word in words} == {name}


def test_paragraphs_become_blocks(engines: Engines, name: str) -> None:
    page = Image.new("L", (900, 900), 255)
    page.paste(text_image("First paragraph\nof two lines", (900, 200)).convert("L"), (0, 0))
    page.paste(text_image("Second paragraph\nfar below it", (900, 200)).convert("L"), (0, 600))
    blocks = engines.choose(name, ("eng",)).recognise(page, 300, ("eng",))
    assert [" / ".join(line.text for line in block.lines) for block in blocks] == [
        "First paragraph / of two lines",
        "Second paragraph / far below it",
    ]


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 2), (640, 480)])
def test_a_page_without_text_has_no_blocks(engines: Engines, name: str, size: tuple[int, int]) -> None:
    assert engines.choose(name, ("eng",)).recognise(Image.new("L", size, 255), 0, ("eng",)) == ()


def test_an_engine_continues_after_another_language(engines: Engines, data: TessData) -> None:
    if "deu" not in data.languages:
        pytest.skip("no German data is installed")
    image = text_image("Hello world").convert("L")
    for languages in (("eng",), ("deu",), ("deu", "eng"), ("eng",)):
        engine = engines.choose(EngineName.TESSERACT, languages)
        assert lines_of(engine.recognise(image, 300, languages)) == ["Hello world"]


def test_both_engines_read_the_same(engines: Engines) -> None:
    if any(engines.installed().values()):
        pytest.skip("not both engines are installed")
    image = text_image(TEXT).convert("L")
    read = [lines_of(engines.choose(name, ("eng",)).recognise(image, 300, ("eng",))) for name in NAMES]
    assert read[0] == read[1]


# ── missing engines ──────────────────────────────────────────────────────────────────────────────


def test_an_unknown_language_is_named_with_its_package(engines: Engines) -> None:
    with pytest.raises(ProcessingError) as raised:
        engines.choose(EngineName.AUTO, ("eng", "xx_sim", "tlh"))
    assert raised.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
    assert "xx_sim, tlh" in raised.value.info.message
    assert "ocrdesk languages add xx_sim tlh" in raised.value.info.message
    assert "apt-get install tesseract-ocr-xx-sim tesseract-ocr-tlh" in raised.value.info.message


def test_auto_uses_the_program_if_the_library_is_missing(data: TessData) -> None:
    engines = engines_without(data, EngineName.TESSERACT)
    assert engines.installed()[EngineName.TESSERACT] == REASON
    if engines.installed()[EngineName.TESSERACT_CLI]:
        pytest.skip("there is no tesseract program")
    assert engines.choose(EngineName.AUTO, ("eng",)).source == Source.TESSERACT_CLI


@pytest.mark.parametrize("name", [EngineName.AUTO, *NAMES])
def test_a_missing_engine_is_named_with_the_fix(data: TessData, name: str) -> None:
    with pytest.raises(ProcessingError) as raised:
        engines_without(data, *NAMES).choose(name, ("eng",))
    assert raised.value.info.code is ErrorCode.UNKNOWN_ENGINE
    assert name in raised.value.info.message
    assert "pip install the-engine" in raised.value.info.message


def test_an_engine_that_is_not_installed_is_refused_with_the_names_of_the_others(engines: Engines) -> None:
    with pytest.raises(ProcessingError) as raised:
        engines.choose("abacus", ("eng",))
    assert raised.value.info.code is ErrorCode.UNKNOWN_ENGINE
    assert "auto, tesseract, tesseract-cli, rapid" in raised.value.info.message


def test_preloading_without_the_engine_does_no_harm(data: TessData) -> None:
    engines = engines_without(data, EngineName.TESSERACT)
    engines.preload(("eng",))
    engines.preload(("tlh",))


def test_preloading_prepares_the_second_engine(data: TessData) -> None:
    pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
    engines = Engines(data)
    engines.preload(("eng",))
    assert engines.rereader()._recognizer._narrow is not None


class _Sudden:
    """An engine of another package that fails where the test says so."""

    def __init__(self, name: str, where: str) -> None:
        self.name, self._where = name, where
        self.source = "another" if where == "source" else name

    def unavailable_because(self) -> str | None:
        if self._where == "asked":
            raise RuntimeError("boom")
        return None

    def create(self, data: TessData) -> Engine:
        if self._where == "created":
            raise SystemExit(3)
        return self

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return ()


@pytest.mark.parametrize(
    ("where", "said"),
    [("asked", "RuntimeError"), ("created", "SystemExit"), ("source", "another source"), ("nowhere", None)],
)
def test_an_engine_that_misbehaves_is_unavailable_and_the_others_are_not(
    data: TessData, where: str, said: str | None
) -> None:
    factories: dict[str, EngineFactory] = {**find_engines(()).factories, "sudden": _Sudden("sudden", where)}
    engines = Engines(data, FoundEngines(factories))
    installed = engines.installed()
    assert (installed["sudden"] is None) == (said is None)
    assert (said or "") in (installed["sudden"] or "")
    assert engines.choose(EngineName.TESSERACT, ("eng",)).source == Source.TESSERACT
    if said is None:
        assert engines.choose("sudden", ("eng",)).source == "sudden"
    else:
        assert ("sudden", installed["sudden"]) in [(one.name, one.reason) for one in engines.unusable()]
