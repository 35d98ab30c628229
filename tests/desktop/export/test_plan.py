"""Options and names of an export."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ocrdesk.desktop.export.plan import Export, ExportJob, PatternError, export_file_name, export_paths, prepare_export

TODAY = date(2026, 11, 26)


def export(folder: Path = Path(), pattern: str = "{name}", *, replaces: bool = False) -> Export:
    return Export("text", ".txt", folder, pattern, replaces=replaces)


def test_options_that_a_format_lacks_are_dropped(tmp_path: Path) -> None:
    chosen = Export("md", "", Path(), join_lines=True, omit_headers_footers=True)
    assert prepare_export(chosen, tmp_path) == Export("md", ".md", tmp_path, omit_headers_footers=True)
    assert prepare_export(Export("of an older version", "", Path()), tmp_path).suffix == ".pdf"


@pytest.mark.parametrize(
    ("pattern", "file_name", "expected"),
    [
        ("{name}", "scan.pdf", "scan.txt"),
        ("{date} {name} {number}", "scan.pdf", "2026-11-26 scan 007.txt"),
        ("a/b:{name}", 'what?*".png', "a_b_what___.txt"),
        ("", "scan.pdf", "_.txt"),
        ("{name}", "con.png", "con_.txt"),
        ("  {name}. ", "x.png", "x.txt"),
    ],
)
def test_names_follow_the_pattern_and_are_valid_everywhere(pattern: str, file_name: str, expected: str) -> None:
    assert export_file_name(export(pattern=pattern), file_name, 7, TODAY) == expected


def test_long_names_fit_into_every_file_system() -> None:
    assert len(export_file_name(export(), "ü" * 300 + ".pdf", 1, TODAY).encode()) < 220


def test_unknown_field_is_named() -> None:
    with pytest.raises(PatternError, match="page"):
        export_file_name(export(pattern="{page}"), "x.pdf", 1, TODAY)


def test_names_are_unique_and_existing_files_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    wanted = [ExportJob("1", "a.pdf"), ExportJob("2", "A.png"), ExportJob("3", "b.png")]
    names = [path.name for path in export_paths(export(tmp_path), wanted, TODAY)]
    assert names == ["a-2.txt", "A-3.txt" if (tmp_path / "A.txt").exists() else "A.txt", "b.txt"]
    replaced = [path.name for path in export_paths(export(tmp_path, replaces=True), wanted, TODAY)]
    assert replaced == ["a.txt", "A-2.txt", "b.txt"]
