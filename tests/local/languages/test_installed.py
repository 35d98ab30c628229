"""Languages: added completely and checked or not at all, and removed only if they were added."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest

from ocrdesk.local.languages import installed, traineddata
from ocrdesk.local.languages import mirror as mirror_module
from ocrdesk.local.languages.installed import Language, LanguageError, Languages, Origin
from ocrdesk.local.languages.mirror import (
    Mirror,
    MirrorError,
    MirrorUnavailableError,
    Pack,
)
from tests.helpers.language_mirror import ServedMirror, real_pack
from tests.helpers.wait import wait_until


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Languages:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    return Languages(tmp_path / "data")


def fetch(mine: Languages, served: ServedMirror, name: str = "tlh", *, force: bool = False) -> bool:
    with Mirror(served.url) as mirror:
        pack = next(pack for pack in mirror.index().packs if pack.name == name)
        return mine.add_from(mirror, pack, lambda _done, _total: None, force=force)


def named(mine: Languages, name: str) -> Language | None:
    return next((language for language in mine.installed() if language.name == name), None)


def parts(mine: Languages) -> list[int]:
    return [part.stat().st_size for part in mine.folder.glob(".*.part")]


def test_a_language_that_was_added_is_installed_and_is_the_mirrors_to_the_byte(
    mine: Languages, served: ServedMirror, german: Path
) -> None:
    assert named(mine, "tlh") is None
    assert fetch(mine, served)
    found = named(mine, "tlh")
    assert found is not None
    assert (found.origin, found.file.read_bytes()) == (Origin.ADDED, german.read_bytes())
    assert mine.added()["tlh"].source == served.url
    assert parts(mine) == []


def test_adding_it_again_fetches_nothing(mine: Languages, served: ServedMirror) -> None:
    assert fetch(mine, served)
    assert not fetch(mine, served)
    assert len(served.ranges_asked("tlh")) == 1


def test_a_newer_one_on_the_mirror_replaces_the_older(mine: Languages, served: ServedMirror) -> None:
    fetch(mine, served)
    served.put("tlh", real_pack("eng"))
    assert fetch(mine, served)
    assert (mine.folder / "tlh.traineddata").read_bytes() == real_pack("eng").read_bytes()


def test_an_interrupted_download_resumes(mine: Languages, served: ServedMirror) -> None:
    served.breaks = [100_000, 200_000]
    assert fetch(mine, served)
    assert served.ranges_asked("tlh") == ["", "bytes=100000-", "bytes=300000-"]


def test_an_interrupted_download_is_kept_for_the_next_call(mine: Languages, served: ServedMirror) -> None:
    served.breaks = [100_000] + [0] * 10
    with pytest.raises(MirrorUnavailableError, match="connection was lost"):
        fetch(mine, served)
    assert parts(mine) == [100_000]
    assert named(mine, "tlh") is None
    served.breaks = []
    assert fetch(mine, served)
    assert served.ranges_asked("tlh")[-1] == "bytes=100000-"


def test_a_mirror_without_ranges_is_read_from_the_start_again(mine: Languages, served: ServedMirror) -> None:
    served.knows_ranges = False
    served.breaks = [100_000]
    assert fetch(mine, served)
    assert named(mine, "tlh") is not None


def test_the_beginning_of_another_version_is_not_continued(mine: Languages, served: ServedMirror) -> None:
    served.breaks = [100_000] + [0] * 10
    with pytest.raises(MirrorUnavailableError):
        fetch(mine, served)
    served.breaks = []
    served.put("tlh", real_pack("eng"))
    assert fetch(mine, served)
    assert served.ranges_asked("tlh")[-1] == ""
    assert parts(mine) == []


def test_progress_ends_with_the_whole(mine: Languages, served: ServedMirror, german: Path) -> None:
    said: list[tuple[int, int]] = []
    with Mirror(served.url) as mirror:
        mine.add_from(mirror, mirror.index().packs[0], lambda done, total: said.append((done, total)))
    size = german.stat().st_size
    assert said[-1] == (size, size)
    assert [done for done, _ in said] == sorted(done for done, _ in said)


def test_two_concurrent_users_fetch_it_once(mine: Languages, served: ServedMirror) -> None:
    served.held.clear()
    waits = threading.Event()
    added: list[bool] = []
    second = Languages(mine.folder.parent)
    second.on_wait = waits.set
    threads = [threading.Thread(target=lambda: added.append(fetch(mine, served)))]
    threads[0].start()
    wait_until(lambda: served.ranges_asked("tlh"), "the first's request")
    threads.append(threading.Thread(target=lambda: added.append(fetch(second, served))))
    threads[1].start()
    assert waits.wait(60)
    served.held.set()
    for thread in threads:
        thread.join(60)
    assert sorted(added) == [False, True]
    assert len(served.ranges_asked("tlh")) == 1


def test_a_file_is_added_under_its_name(mine: Languages, german: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tlh.traineddata"
    shutil.copyfile(german, copy)
    assert mine.add_file(copy)
    assert not mine.add_file(copy)
    found = named(mine, "tlh")
    assert found is not None
    assert found.origin is Origin.ADDED
    assert copy.exists()


def test_data_with_another_checksum_is_not_kept(mine: Languages, served: ServedMirror) -> None:
    served.change_index(sha256="0" * 64)
    with pytest.raises(MirrorError, match="SHA-256"):
        fetch(mine, served)
    assert named(mine, "tlh") is None
    assert parts(mine) == []


@pytest.mark.parametrize(("by", "said"), [(-1, "larger than its index says"), (1, "was interrupted at")])
def test_a_file_of_another_size_is_refused(
    mine: Languages, served: ServedMirror, german: Path, by: int, said: str
) -> None:
    served.change_index(size=german.stat().st_size + by)
    with pytest.raises(MirrorError, match=said):
        fetch(mine, served)
    assert named(mine, "tlh") is None


@pytest.mark.parametrize("content", [b"", b"<html>not here</html>", b"\x18\0\0\0" + b"\xff" * 192])
def test_invalid_traineddata_is_refused(mine: Languages, served: ServedMirror, content: bytes) -> None:
    (served.folder / "tlh.traineddata").write_bytes(content or b"\0")
    served.change_index(size=len(content or b"\0"), sha256=mirror_module.sha256(served.folder / "tlh.traineddata"))
    with pytest.raises(LanguageError, match="not a traineddata file"):
        fetch(mine, served)
    assert named(mine, "tlh") is None
    assert parts(mine) == []


def test_data_that_tesseract_cannot_use_is_refused(mine: Languages, german: Path, tmp_path: Path) -> None:
    data = bytearray(german.read_bytes())
    data[200:200_000] = b"\x55" * 199_800
    broken = tmp_path / "tlh.traineddata"
    broken.write_bytes(data)
    traineddata.check(broken)  # its table of contents is valid
    with pytest.raises(LanguageError, match="Tesseract cannot use it"):
        mine.add_file(broken)
    assert named(mine, "tlh") is None
    assert parts(mine) == []


@pytest.mark.parametrize("name", ["german.txt", "a-b.traineddata", "osd.traineddata", "auto.traineddata"])
def test_a_file_without_a_languages_name_is_refused(mine: Languages, german: Path, tmp_path: Path, name: str) -> None:
    shutil.copyfile(german, tmp_path / name)
    with pytest.raises(LanguageError, match="named after it"):
        mine.add_file(tmp_path / name)


def test_a_missing_file_is_named(mine: Languages, tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match="no such file"):
        mine.add_file(tmp_path / "tlh.traineddata")


def test_a_file_of_another_origin_stays(mine: Languages, served: ServedMirror) -> None:
    mine.folder.mkdir(parents=True)
    shutil.copyfile(real_pack("eng"), mine.folder / "tlh.traineddata")
    with pytest.raises(LanguageError, match="--force"):
        fetch(mine, served)
    assert fetch(mine, served, force=True)


def test_a_full_disk_is_reported_before_anything_is_fetched(
    mine: Languages, served: ServedMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(served.folder)._replace(free=1000)
    monkeypatch.setattr(installed.shutil, "disk_usage", lambda _folder: full)
    with pytest.raises(LanguageError, match="not enough room"):
        fetch(mine, served)
    assert served.ranges_asked("tlh") == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_during_a_download_is_reported(mine: Languages, served: ServedMirror) -> None:
    with Mirror(served.url) as mirror:
        pack: Pack = mirror.index().packs[0]
    mine.folder.mkdir(parents=True)
    (mine.folder / f".{pack.name}.{pack.sha256[:16]}.part").symlink_to("/dev/full")
    with pytest.raises(LanguageError, match="not enough room"):
        fetch(mine, served)
    assert not (mine.folder / "tlh.traineddata").exists()


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(mine: Languages, served: ServedMirror) -> None:
    mine.folder.parent.mkdir()
    mine.folder.write_text("a file")
    with pytest.raises(LanguageError, match=r"cannot be written to: a file of this name already exists.*--data-dir"):
        fetch(mine, served)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(mine: Languages, served: ServedMirror) -> None:
    mine.folder.mkdir(parents=True)
    mine.folder.chmod(0o500)
    with pytest.raises(LanguageError, match="permission denied"):
        fetch(mine, served)


def test_a_language_that_was_added_can_be_removed(mine: Languages, served: ServedMirror) -> None:
    fetch(mine, served)
    mine.remove("tlh")
    assert named(mine, "tlh") is None
    assert mine.added() == {}
    with pytest.raises(LanguageError, match="not installed"):
        mine.remove("tlh")


def test_a_bundled_language_stays(mine: Languages) -> None:
    english = named(mine, "eng")
    assert english is not None
    with pytest.raises(LanguageError, match="eng"):
        mine.remove("eng")
    assert english.file.exists()


def test_a_file_added_by_hand_stays(mine: Languages, german: Path) -> None:
    mine.folder.mkdir(parents=True)
    shutil.copyfile(german, mine.folder / "tlh.traineddata")
    with pytest.raises(LanguageError, match="not added by ocrdesk"):
        mine.remove("tlh")
    assert (mine.folder / "tlh.traineddata").exists()


def test_a_file_changed_since_it_was_added_stays(mine: Languages, served: ServedMirror) -> None:
    fetch(mine, served)
    shutil.copyfile(real_pack("eng"), mine.folder / "tlh.traineddata")
    with pytest.raises(LanguageError, match="changed since"):
        mine.remove("tlh")
    assert (mine.folder / "tlh.traineddata").exists()


def test_a_damaged_note_removes_nothing(mine: Languages, served: ServedMirror) -> None:
    fetch(mine, served)
    (mine.folder / "added.json").write_text("{")
    with pytest.raises(LanguageError, match="not added by ocrdesk"):
        mine.remove("tlh")
    assert (mine.folder / "tlh.traineddata").exists()
