"""Copies addresses, authors and version from pyproject.toml into the files that repeat them, or checks them (--check).

The release date is the date of the changelog's newest version, if it has one.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
METAINFO = Path("packaging/ocrdesk.metainfo.xml")
CHART = Path("packaging/kubernetes/chart/Chart.yaml")


@dataclass(frozen=True, slots=True)
class Facts:
    """What several files say about the project."""

    version: str
    released: str
    """The date of this version's release; empty before it."""
    author: str
    contact: str
    """The e-mail address for reports of vulnerabilities."""
    app_id: str
    urls: dict[str, str]


def read_facts(root: Path = ROOT) -> Facts:
    """Read pyproject.toml and the changelog's newest heading."""
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = data["project"]
    heading = re.search(r"^## (\S+) \(([^)]*)\)$", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    is_dated = heading is not None and heading[1] == project["version"] and re.fullmatch(r"[\d-]{10}", heading[2])
    author = project["authors"][0]
    return Facts(
        version=project["version"],
        released=heading[2] if heading and is_dated else "",
        author=author["name"],
        contact=author["email"],
        app_id=data["tool"]["ocrdesk"]["app-id"],
        urls=project["urls"],
    )


def current_texts(facts: Facts, root: Path = ROOT) -> dict[Path, str]:
    """Return the content that each file should have."""
    texts = {
        Path("SECURITY.md"): _security,
        Path("CITATION.cff"): _citation,
        METAINFO: _metainfo,
        Path("ocrdesk/__init__.py"): _init,
        Path("api/ocrdesk_api/app.py"): _app,
        CHART: _chart,
    }
    return {path: make((root / path).read_text(encoding="utf-8"), facts) for path, make in texts.items()}


def _security(text: str, facts: Facts) -> str:
    return _replaced(text, r"<[^<>@\s]+@[^<>@\s]+>", f"<{facts.contact}>")


def _citation(text: str, facts: Facts) -> str:
    text = _replaced(text, r"^version: .*$", f"version: {facts.version}")
    text = _replaced(text, r"^  - name: .*$", f"  - name: {facts.author}")
    text = _replaced(text, r"^repository-code: .*$", f"repository-code: {facts.urls['Source']}")
    text = _replaced(text, r"^url: .*$", f"url: {facts.urls['Homepage']}")
    text = re.sub(r"^date-released: .*\n", "", text, flags=re.MULTILINE)
    date = f"\ndate-released: {facts.released}" if facts.released else ""
    return text.replace(f"version: {facts.version}\n", f"version: {facts.version}{date}\n", 1)


def _metainfo(text: str, facts: Facts) -> str:
    pages = {"homepage": "Homepage", "bugtracker": "Issues", "help": "Documentation", "vcs-browser": "Source"}
    text = _replaced(text, r"<id>.*?</id>", f"<id>{facts.app_id}</id>")
    text = _replaced(text, r"(?s)<developer id=.*?</name>", _developer(facts))
    for kind, name in pages.items():
        text = _replaced(text, f'<url type="{kind}">.*?</url>', f'<url type="{kind}">{escape(facts.urls[name])}</url>')
    text = _replaced(text, r"<image>.*?/docs/", f"<image>{escape(facts.urls['Source'])}/raw/v{facts.version}/docs/")
    text = re.sub(r"  <releases>.*?</releases>\n", "", text, flags=re.DOTALL)
    release = f'<release version="{facts.version}" date="{facts.released}"/>'
    return text.replace(
        "</component>", f"  <releases>{release}</releases>\n</component>" if facts.released else "</component>"
    )


def _developer(facts: Facts) -> str:
    owner = facts.app_id.rpartition(".")[0]
    return f'<developer id="{owner}">\n    <name>{escape(facts.author)}</name>'


def _init(text: str, facts: Facts) -> str:
    return _replaced(text, r'^__version__ = ".*"$', f'__version__ = "{facts.version}"')


def _app(text: str, facts: Facts) -> str:
    return _replaced(
        text, r"^_CONTACT = .*$", f'_CONTACT = {{"name": "{facts.author}", "url": "{facts.urls["Homepage"]}"}}'
    )


def _chart(text: str, facts: Facts) -> str:
    """Helm's versions have a hyphen before what marks a candidate."""
    version = re.sub(r"^(\d+\.\d+\.\d+)\.?([a-z].*)$", r"\1-\2", facts.version)
    return _replaced(
        _replaced(text, r"^version: .*$", f"version: {version}"), r"^appVersion: .*$", f"appVersion: {facts.version}"
    )


def _replaced(text: str, pattern: str, new: str) -> str:
    """Replace every match. Raises ValueError for a file without a match."""
    text, count = re.subn(pattern, lambda _: new, text, flags=re.MULTILINE)
    if not count:
        raise ValueError(f"nothing matches {pattern}")
    return text


def update() -> None:
    """Write what pyproject.toml says into every file that repeats it."""
    for path, text in current_texts(read_facts()).items():
        (ROOT / path).write_text(text, encoding="utf-8")


def outdated(root: Path = ROOT) -> list[str]:
    """Return the files that do not say what pyproject.toml says."""
    texts = current_texts(read_facts(root), root)
    return [path.as_posix() for path, text in texts.items() if (root / path).read_text(encoding="utf-8") != text]


def main() -> int:
    """Return the exit code: with --check, 1 when a file is out of date."""
    if "--check" not in sys.argv:
        update()
        return 0
    old = outdated()
    sys.stderr.writelines(
        f"{name} differs from pyproject.toml: run python packaging/project_facts.py\n" for name in old
    )
    return int(bool(old))


if __name__ == "__main__":
    sys.exit(main())
