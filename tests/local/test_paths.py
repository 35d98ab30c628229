"""The data folder and the run folder: private, stable, and short enough for sockets."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.paths import default_data_dir, make_private, run_dir
from ocrdesk.local.server import valkey
from ocrdesk.local.server.attach import attach


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A short folder for the run folders of this test."""
    folder = Path(tempfile.mkdtemp(prefix="run", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_a_run_dir_is_private_and_one_for_each_data_folder(runtime: Path, tmp_path: Path) -> None:
    one, two = run_dir(tmp_path / "one"), run_dir(tmp_path / "two")
    assert one.parent == two.parent == runtime
    assert one != two
    assert run_dir(tmp_path / "one") == one
    assert run_dir(tmp_path / "." / "one") == one
    assert mode(one) == 0o700


@pytest.mark.parametrize("where", ["/nowhere", "relative", "", "/tmp/" + "x" * 90])
def test_an_unfit_runtime_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", where)
    folder = run_dir(tmp_path)
    assert folder.is_dir()
    assert len(str(folder / valkey.SOCKET_NAME)) < 104
    folder.rmdir()


def test_a_long_temporary_folder_is_not_used_either(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    folder = run_dir(tmp_path)
    assert len(str(folder / valkey.SOCKET_NAME)) < 104
    folder.rmdir()


def test_a_folder_that_others_may_enter_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    make_private(folder)
    assert mode(folder) == 0o700


def test_a_folder_of_someone_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    with pytest.raises(LocalServerError, match="belongs to another user"):
        make_private(tmp_path)


def test_a_folder_that_cannot_be_made_is_reported_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(LocalServerError, match="--data-dir"):
            make_private(folder)


def test_a_full_device_is_reported_before_anything_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    with pytest.raises(LocalServerError, match="no room left on the device"):
        attach(tmp_path)


def test_the_data_folder_can_be_named_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCRDESK_DATA_DIR", str(tmp_path / "named"))
    assert default_data_dir() == tmp_path / "named"
    monkeypatch.delenv("OCRDESK_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "ocrdesk"
