"""Clipboard content is classified: files, an image, or text that names files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl

from ocrdesk.desktop.intake.clipboard_content import named_paths, read_content
from tests.helpers.desktop_images import mime, picture


def test_text_is_a_list_of_files_only_when_every_line_is_one() -> None:
    assert named_paths('"/a/b.png"\n\n/c.pdf') == (Path("/a/b.png"), Path("/c.pdf"))
    assert named_paths("file:///a%20b.png") == (Path("/a b.png"),)
    assert named_paths("/a.png\nand so on") == ()
    assert named_paths("https://example.org/a.png") == ()
    assert named_paths("~nobody-is-called-this/x") == ()
    assert named_paths("") == ()


def test_file_comes_before_its_preview(tmp_path: Path) -> None:
    url = QUrl.fromLocalFile(str(tmp_path / "a.pdf")).toString()
    content = read_content(mime(urls=(url,), image=picture()))
    assert content.paths == (tmp_path / "a.pdf",)
    assert content.image is None
