"""Language mirrors: addresses, indexes, and errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ocrdesk.local.languages import mirror as mirror_module
from ocrdesk.local.languages.mirror import (
    InvalidMirrorError,
    Mirror,
    MirrorError,
    MirrorUnavailableError,
    make_index,
)
from tests.helpers.language_mirror import ServedMirror


@pytest.mark.parametrize("url", ["", "mirror.example.org", "ftp://mirror.example.org", "http://", "http://h/?a=b"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidMirrorError):
        Mirror(url)


def test_a_password_in_the_address_is_not_shown() -> None:
    with Mirror("http://ann:secret@127.0.0.1:9/packs") as mirror, pytest.raises(MirrorUnavailableError) as raised:
        mirror.index()
    assert "secret" not in str(raised.value)
    assert "127.0.0.1:9/packs" in str(raised.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, MirrorError), (403, MirrorError), (500, MirrorUnavailableError), (503, MirrorUnavailableError)],
)
def test_an_error_response_is_reported(served: ServedMirror, status: int, kind: type[MirrorError]) -> None:
    served.status = status
    with Mirror(served.url) as mirror, pytest.raises(kind, match=str(status)) as raised:
        mirror.index()
    assert type(raised.value) is kind


@pytest.mark.parametrize(
    "text",
    [
        "<html>",
        "[]",
        '{"packs": [{"name": "fra"}]}',
        '{"packs": [{"name": "../x", "file": "fra.traineddata", "size": 1, "sha256": "%s"}]}' % ("0" * 64),
        '{"packs": [{"name": "fra", "file": "../fra.traineddata", "size": 1, "sha256": "%s"}]}' % ("0" * 64),
        '{"packs": [{"name": "fra", "file": "/etc/passwd", "size": 1, "sha256": "%s"}]}' % ("0" * 64),
        '{"packs": [{"name": "fra", "file": "fra.traineddata", "size": -1, "sha256": "%s"}]}' % ("0" * 64),
    ],
)
def test_an_index_that_cannot_be_used_says_why(served: ServedMirror, text: str) -> None:
    (served.folder / "index.json").write_text(text)
    with Mirror(served.url) as mirror, pytest.raises(MirrorError, match="cannot be used"):
        mirror.index()


def test_an_index_without_end_is_not_read(served: ServedMirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror_module, "_MAX_INDEX_BYTES", 10)
    with Mirror(served.url) as mirror, pytest.raises(MirrorError, match="too large"):
        mirror.index()


def test_a_folder_is_indexed_without_unusable_files(german: Path, tmp_path: Path) -> None:
    for name in ("deu", "osd"):
        shutil.copyfile(german, tmp_path / f"{name}.traineddata")
    (tmp_path / "bad.traineddata").write_bytes(b"bad")
    index, left_out = make_index(tmp_path)
    assert [pack.name for pack in index.packs] == ["deu"]
    assert index.packs[0].size == german.stat().st_size
    assert list(left_out) == ["bad.traineddata"]
