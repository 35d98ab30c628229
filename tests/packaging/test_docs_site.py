"""`sh packaging/docs.sh` builds the site, whole and without other servers, and fails on links that lead nowhere."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.repository import ROOT, run_sh

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("zensical") is None, reason="the extra `docs` is not installed: pip install -e '.[docs]'"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the site is made from, and of the files that its pages link."""
    copied = tmp_path / "copy"
    shutil.copytree(ROOT / "docs", copied / "docs")
    shutil.copytree(ROOT / "packaging", copied / "packaging")
    pages = [*ROOT.glob("*.md"), ROOT / "tests" / "bench" / "README.md"]
    linked = [file for page in [*pages, *(ROOT / "docs").rglob("*.md")] for file in linked_files(page)]
    for file in {*pages, *linked, ROOT / "pyproject.toml"}:
        target = copied / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return copied


def linked_files(page: Path) -> Iterator[Path]:
    """Return the repository's files that a page links."""
    for link in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        file = Path(os.path.normpath(page.parent / link))
        if file.is_file():
            yield file


def build(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return run_sh(root / "packaging" / "docs.sh", *arguments, cwd=root, env=env)


def add(page: Path, text: str) -> None:
    page.write_text(page.read_text("utf-8") + f"\n{text}\n", encoding="utf-8")


def test_the_site_has_every_page_and_the_readme_first(tmp_path: Path) -> None:
    site = tmp_path / "site"
    done = build(ROOT, str(site))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{site}/index.html\n"
    assert "Scans, PDFs" in (site / "index.html").read_text("utf-8")
    pages = {page.relative_to(ROOT) for page in (ROOT / "docs").rglob("*.md") if page.name != "README.md"}
    assert [page for page in pages if not (site / page).with_suffix(".html").is_file()] == []


def test_no_page_loads_anything_from_another_server(copy: Path) -> None:
    assert build(copy).returncode == 0
    loading = re.compile(r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=[\"']?(?:https?:)?//[^\"' >]*")
    pages = {page.name: loading.findall(page.read_text("utf-8")) for page in (copy / "build" / "site").rglob("*.html")}
    assert {name: found for name, found in pages.items() if found} == {}
    add(copy / "docs" / "glossary.md", "![](https://example.org/picture.png)")
    done = build(copy)
    assert done.returncode == 1
    assert done.stderr == "docs/glossary.html: https://example.org/picture.png is loaded from elsewhere\n"


@pytest.mark.parametrize(
    ("link", "reported"),
    [
        ("[a page](nowhere.md)", "page does not exist"),
        ("[a heading](quick-start.md#nowhere)", "anchor does not exist"),
        ("![a picture](screenshots/nowhere.png)", "docs/glossary.html: screenshots/nowhere.png leads nowhere"),
        ("[a module](../ocrdesk/nowhere.py)", "docs/glossary.html: ../ocrdesk/nowhere.py leads nowhere"),
        ("[outside](../../nowhere.txt)", "docs/glossary.html: ../../nowhere.txt leads nowhere"),
    ],
)
def test_broken_link_stops_the_build_and_leaves_the_former_site(copy: Path, link: str, reported: str) -> None:
    former = copy / "build" / "site"
    former.mkdir(parents=True)
    (former / "sitemap.xml").write_text("former")
    add(copy / "docs" / "glossary.md", link)
    done = build(copy)
    assert done.returncode == 1
    assert reported in done.stderr
    assert "Traceback" not in done.stderr
    assert (former / "sitemap.xml").read_text() == "former"


def test_list_that_would_be_shown_as_text_stops_the_build(copy: Path) -> None:
    add(copy / "docs" / "glossary.md", "Two things:\n- one\n- another")
    done = build(copy)
    assert done.returncode == 1
    assert done.stderr == "docs/glossary.html: an empty line is missing before the list: - one\n"


def test_linked_file_of_the_repository_is_in_the_site(copy: Path) -> None:
    add(copy / "docs" / "glossary.md", "[the project](../pyproject.toml)")
    done = build(copy)
    assert done.returncode == 0, done.stderr
    assert (copy / "build" / "site" / "pyproject.toml").read_bytes() == (copy / "pyproject.toml").read_bytes()


def test_page_that_the_navigation_lacks_stops_the_build(copy: Path) -> None:
    (copy / "docs" / "new-page.md").write_text("# New\n")
    done = build(copy)
    assert done.returncode == 1
    assert done.stderr == "packaging/site.toml: nav lacks docs/new-page.md\n"


def test_folder_with_other_files_is_left_alone(copy: Path) -> None:
    done = build(copy, str(copy / "docs"))
    assert done.returncode == 2
    assert "has other files than a documentation site" in done.stderr
    assert (copy / "docs" / "glossary.md").is_file()
