"""File URLs and paths, also of names that are not UTF-8."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from ocrdesk.desktop.intake.file_urls import path_of_url, url_of_path

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="paths on Windows have drives and no bytes")


@posix_only
@pytest.mark.parametrize(
    ("encoded", "raw"),
    [
        (b"file:///tmp/scan.png", b"/tmp/scan.png"),
        (b"file:///tmp/caf%E9.png", b"/tmp/caf\xe9.png"),
        (b"file:///tmp/caf%C3%A9.png", "/tmp/café.png".encode()),
        (b"file:///tmp/a%0Ab%25%23%3F.png", b"/tmp/a\nb%#?.png"),
        (b"file:///tmp/%FF%FE/%01", b"/tmp/\xff\xfe/\x01"),
    ],
)
def test_a_url_names_the_same_file_as_its_path(encoded: bytes, raw: bytes) -> None:
    path = path_of_url(QUrl.fromEncoded(encoded))
    assert path is not None
    assert os.fsencode(path) == raw
    again = path_of_url(url_of_path(path))
    assert again is not None
    assert os.fsencode(again) == raw


@posix_only
@pytest.mark.parametrize("name", ["scan.png", "Ünï 文書.png", "a b#c?d%e;f&g.png", "it's [1].png"])
def test_usual_names_have_the_url_that_qt_makes(name: str) -> None:
    path = Path("/tmp") / name
    assert url_of_path(path) == QUrl.fromLocalFile(str(path))
    assert path_of_url(QUrl.fromLocalFile(str(path))) == path


@pytest.mark.parametrize("url", ["https://example.org/a.png", "file:", "", "mailto:a@example.org"])
def test_other_urls_name_no_file(url: str) -> None:
    assert path_of_url(QUrl(url)) is None
