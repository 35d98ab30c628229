"""Builds the documentation site, and reports broken links and anything that a page would load from elsewhere.

    python packaging/docs.py [FOLDER]

The site is in FOLDER (`build/site`). This needs the extra `docs` and no network. The exit code is 1 if something is
wrong.

The site has the repository's folders, so a link that works there works here. Zensical's strict mode checks links
between pages; links to other files, and what pages load, are checked in the pages that it made.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "packaging" / "site.toml"
OUTSIDE_DOCS = ("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "tests/bench/README.md")
"""The pages that are not in `docs`."""
LISTED_BY_INDEX = re.compile(r"docs/decisions/\d{4}-.*\.md")
LOADED = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("video", "src")}
"""Attributes whose addresses a browser loads with the page."""
LOADED_FROM_CSS = re.compile(r"""(?:@import\s+|url\()\s*["']?((?:https?:)?//[^"')\s]+)""")


def stage(folder: Path) -> Path:
    """Copy the configuration and the pages into the folder, and return the pages' folder."""
    shutil.copy(CONFIG, folder / "zensical.toml")
    pages = folder / "pages"
    shutil.copytree(ROOT / "docs", pages / "docs")
    for name in OUTSIDE_DOCS:
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, pages / name)
    return pages


def named_in(nav: Any) -> Iterator[str]:
    """Return the pages of the navigation, in its order."""
    if isinstance(nav, str):
        yield nav
        return
    for entry in nav.values() if isinstance(nav, dict) else nav:
        yield from named_in(entry)


def navigation_problems(pages: Path) -> Iterator[str]:
    """Report pages that the navigation lacks, and entries without a page."""
    named = list(named_in(tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]["nav"]))
    there = {page.relative_to(pages).as_posix() for page in pages.rglob("*.md")}
    for name in sorted(there - set(named)):
        if not LISTED_BY_INDEX.fullmatch(name):
            yield f"packaging/site.toml: nav lacks {name}"
    yield from (f"packaging/site.toml: nav names {name}, which does not exist" for name in named if name not in there)


def render(folder: Path) -> str:
    """Make the pages, and return what Zensical reports; empty if nothing is wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return ""
    colours = re.compile(r"\x1b\[[\d;]*m")
    # A traceback follows the report of broken links, and says only that there is one.
    report = done.stderr.partition("Traceback")[0] if " found" in done.stderr else done.stderr
    return colours.sub("", done.stdout + report).strip()


class Page(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, bool]] = []
        """Addresses, and whether the browser loads them with the page."""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what a tag refers to and its own name."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                is_loaded = (tag, name) in LOADED and ("rel", "canonical") not in attrs
                self.links.append((value, is_loaded))


def link_problems(site: Path) -> Iterator[str]:
    """Report links of the finished site that lead nowhere. Linked files of the repository are added to the site."""
    pages = {file: Page(file.read_text(encoding="utf-8")) for file in sorted(site.rglob("*.html"))}
    for file, page in pages.items():
        if file.name == "404.html":  # shown at any address, so its links are from the server's root
            continue
        for address, is_loaded in page.links:
            parts = urlsplit(address)
            name = f"{file.relative_to(site).as_posix()}: {address}"
            if parts.scheme in ("data", "mailto"):
                continue
            if parts.netloc:
                if is_loaded:
                    yield f"{name} is loaded from elsewhere"
                continue
            target = _target(site, file, unquote(parts.path))
            if not target.is_file():
                yield f"{name} leads nowhere"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name}: the page has no such heading"


def _target(site: Path, page: Path, path: str) -> Path:
    target = Path(os.path.normpath(page.parent / path)) if path else page
    if target.is_dir():
        target /= "index.html"
    if not target.exists() and target.is_relative_to(site):
        source = ROOT / target.relative_to(site)
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return target


def stylesheet_problems(site: Path) -> Iterator[str]:
    """Report style sheets that load fonts or images from elsewhere."""
    for file in sorted(site.rglob("*.css")):
        for address in LOADED_FROM_CSS.findall(file.read_text(encoding="utf-8")):
            yield f"{file.relative_to(site).as_posix()}: {address} is loaded from elsewhere"


def list_problems(site: Path) -> Iterator[str]:
    """Report lists that are shown as running text, because the page has no empty line before them."""
    for file in sorted(site.rglob("*.html")):
        for paragraph in re.findall(r"<p>.*?</p>", file.read_text(encoding="utf-8"), re.DOTALL):
            if found := re.search(r"\n(?:1\.|[-*]) .*", paragraph):
                name = file.relative_to(site).as_posix()
                yield f"{name}: an empty line is missing before the list: {found[0].strip()}"


def build(folder: Path) -> list[str]:
    """Build the site in the folder and return all problems. A former site is replaced only if there are none."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name).resolve()
        pages = stage(work)
        problems = list(navigation_problems(pages))
        if report := render(work):
            return [*problems, report]
        site = work / "site"
        problems += [*link_problems(site), *stylesheet_problems(site), *list_problems(site)]
        if not problems:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(site, folder)
    return problems


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    folder: Path = parser.parse_args().folder
    if folder.exists() and not (folder / "sitemap.xml").exists() and any(folder.iterdir()):
        parser.error(f"{folder} has other files than a documentation site")
    problems = build(folder)
    sys.stderr.writelines(f"{line}\n" for line in problems)
    if not problems:
        sys.stdout.write(f"{folder}/index.html\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
