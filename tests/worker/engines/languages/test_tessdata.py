"""Language data is found in all places of installation, and linked into one folder for the engines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.contract.document import Block
from ocrdesk.contract.engines import EngineName
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.engines.languages.tessdata import TessData, collect, installed_state, refresh_links
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from tests.helpers.processes import clean_env
from tests.helpers.sample_files import text_image


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate cache folder, because `collect` changes it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_english_is_installed_and_orientation_data_is_no_language(data: TessData) -> None:
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


def test_a_folder_whose_name_is_not_utf8_is_used(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / os.fsdecode(b"\xff\xfe")
    mine.mkdir()
    (mine / "tlh.traineddata").write_bytes(b"model")
    monkeypatch.setenv("TESSDATA_PREFIX", str(mine))
    assert "tlh" in collect().languages


def test_a_language_that_was_removed_is_gone(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "tlh.traineddata"
    model.write_bytes(b"model")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert "tlh" in collect().languages
    model.unlink()
    after = collect()
    assert "tlh" not in after.languages
    assert not (after.folder / "tlh.traineddata").is_symlink()


def test_an_existing_link_folder_shows_later_additions_and_removals(
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
    assert "tlh" not in before.languages  # immediately, although the link still exists
    refresh_links(before)
    assert not (before.folder / "tlh.traineddata").is_symlink()


def test_a_model_whose_file_was_replaced_is_loaded_again(
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


def test_a_pool_starts_with_damaged_default_data(
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


def test_many_concurrent_collects_all_find_english(own_cache: Path) -> None:
    code = "from ocrdesk_worker.engines.languages.tessdata import collect; d = collect(); "
    code += "assert 'eng' in d.languages; assert (d.folder / 'eng.traineddata').exists()"
    env = clean_env(XDG_CACHE_HOME=str(own_cache))
    running = [subprocess.Popen([sys.executable, "-c", code], env=env) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
