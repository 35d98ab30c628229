"""Several PDFs become one."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from ocrdesk.cli.batch import merge
from ocrdesk.cli.batch.merge import MergeError, check_can_merge, merge_pdfs
from tests.helpers.sample_files import encrypted_pdf, scan_pdf


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_pages_follow_in_order_and_each_file_has_a_bookmark(tmp_path: Path) -> None:
    one = put(tmp_path / "1", scan_pdf(["a", "b"]))
    two = put(tmp_path / "2", scan_pdf(["c"]))
    target = tmp_path / "all.pdf"
    merge_pdfs([(one, "one.png"), (two, "zwei ü.pdf"), (one, "one.png")], target)
    with pikepdf.open(target) as merged, merged.open_outline() as outline:
        assert len(merged.pages) == 5
        assert [item.title for item in outline.root] == ["one.png", "zwei ü.pdf", "one.png"]
        pages = [merged.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root]  # type: ignore[index]
        assert pages == [0, 2, 3]


@pytest.mark.parametrize("content", [b"no pdf", encrypted_pdf(["Secret"])])
def test_what_cannot_be_joined_leaves_the_existing_file(tmp_path: Path, content: bytes) -> None:
    good, bad = put(tmp_path / "1", scan_pdf(["a"])), put(tmp_path / "2", content)
    target = put(tmp_path / "all.pdf", b"before")
    with pytest.raises(MergeError, match="bad"):
        merge_pdfs([(good, "good"), (bad, "bad")], target)
    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2", "all.pdf"]


def test_restrictions_are_not_dropped_silently(tmp_path: Path) -> None:
    restricted = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan_pdf(["a"]))) as pdf:
        pdf.save(restricted, encryption=pikepdf.Encryption(owner="owner", user=""))
    with pytest.raises(MergeError, match="restrictions"):
        merge_pdfs([(put(tmp_path / "1", restricted.getvalue()), "one")], tmp_path / "all.pdf")


def test_an_installation_that_cannot_join_says_how_to_change_that(monkeypatch: pytest.MonkeyPatch) -> None:
    check_can_merge()
    monkeypatch.setattr(merge, "missing", lambda _: ["pikepdf"])
    with pytest.raises(MergeError, match="Get it with"):
        check_can_merge()
