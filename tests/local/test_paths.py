"""The data folder and the run folder: private, stable, and short enough for sockets."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocrdesk.local import paths
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.paths import default_data_dir, make_private, run_dir
from ocrdesk.local.server import valkey
from ocrdesk.local.server.attach import attach
from tests.helpers.processes import short_folder


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


def taken_by_link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    folder.symlink_to(folder.parent / "elsewhere")


def taken_by_dangling_link(folder: Path) -> None:
    folder.symlink_to(folder.parent / "nowhere")


def taken_by_file(folder: Path) -> None:
    folder.write_text("")


def open_to_all(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def made_by_another_user(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    folder.mkdir(mode=0o755)
    os.chown(folder, 65534, 65534)


TAKEN = pytest.mark.parametrize(
    "take", [taken_by_link, taken_by_dangling_link, taken_by_file, open_to_all, made_by_another_user]
)


@TAKEN
def test_a_run_folder_whose_name_is_taken_is_not_used(
    runtime: Path, tmp_path: Path, take: Callable[[Path], None]
) -> None:
    """In a folder that everyone can write to, other users may create the name first."""
    first = run_dir(tmp_path)
    first.rmdir()
    take(first)
    second = run_dir(tmp_path)
    assert second != first
    assert mode(second) == 0o700
    assert not second.is_symlink()
    assert run_dir(tmp_path) == second, "all processes find the same folder"
    second.rmdir()


@TAKEN
def test_without_any_run_folder_the_message_names_the_first_and_the_fix(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, take: Callable[[Path], None]
) -> None:
    monkeypatch.setattr(paths, "_bases", lambda: [runtime])
    deep = tmp_path / ("x" * 90)
    first = run_dir(deep)
    first.rmdir()
    take(first)
    with pytest.raises(LocalServerError, match=re.escape(str(first))) as refusal:
        run_dir(deep)
    assert "XDG_RUNTIME_DIR" in str(refusal.value) or "cannot be used" in str(refusal.value)


def test_a_run_folder_is_beside_the_data_where_others_can_rename_it(
    monkeypatch: pytest.MonkeyPatch, runtime: Path, tmp_path: Path
) -> None:
    runtime.chmod(0o777)  # without the sticky bit
    assert run_dir(tmp_path).parent != runtime
    run_dir(tmp_path).rmdir()
    monkeypatch.setattr(paths, "_bases", list)
    with short_folder() as folder:
        assert run_dir(folder / "data") == folder.resolve() / "data" / "run"
        assert mode(folder / "data") == mode(folder / "data" / "run") == 0o700


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


@pytest.mark.parametrize("given", [0o700, 0o750, 0o755, 0o711])
def test_a_folder_that_exists_keeps_its_mode(tmp_path: Path, given: int) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(given)
    assert make_private(folder) == folder
    assert mode(folder) == given


@pytest.mark.parametrize("given", [0o777, 0o1777, 0o770, 0o702])
def test_a_folder_that_others_can_write_to_is_refused_with_the_fix(tmp_path: Path, given: int) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(given)
    with pytest.raises(LocalServerError, match="chmod go-w") as refusal:
        make_private(folder)
    assert str(folder) in str(refusal.value)
    assert mode(folder) == given


def test_new_folders_are_private_whatever_the_umask_is(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private(tmp_path / "one" / "two" / "three")
    finally:
        os.umask(before)
    assert [mode(tmp_path / name) for name in ("one", "one/two", "one/two/three")] == [0o700] * 3


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
