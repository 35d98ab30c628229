"""The documentation is correct where a test can check it: links, paths, commands, routes, settings, the file map."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from pydantic import SecretStr

from ocrdesk import __version__
from ocrdesk.backend.settings import ListenSettings, Settings
from ocrdesk.contract.error_messages import TEMPLATES
from tests.desktop.take_screenshots import SCENES
from tests.helpers.openapi import described

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text("utf-8")
MAX_README_BYTES = 8_000
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "tests" / "bench" / "README.md"])
DECISIONS = DOCS / "decisions"
CURRENT = [page for page in PAGES if page.parent != DECISIONS and page.name not in ("CHANGELOG.md", "README.md")]
"""Pages that describe the current code. Decisions and the changelog use the names of their time."""
GENERATED = {DOCS / "file-map.md", DOCS / "redis-keys.md", DOCS / "reliability.md"}
PASSED_ON = ("api", "worker")
"""Commands that pass their options to another program."""
GLOSSARY_TERMS = (
    *("document", "page image", "block", "line", "word", "text layer", "engine", "job", "unit", "attempt", "lease"),
    *("ledger", "node", "task process", "reaper", "in-flight limit", "local server", "session", "webhook worker"),
)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|^    .*?$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


# ── links ────────────────────────────────────────────────────────────────────────────────────────


def local_links(page: Path) -> Iterator[tuple[Path, str]]:
    """Return the file and the anchor of each link of a page."""
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if "://" not in link:
            path, _, anchor = link.partition("#")
            yield (page.parent / unquote(path)).resolve() if path else page, anchor


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_local_link_resolves(page: Path) -> None:
    broken = [
        f"{name_of(file)}#{anchor}"
        for file, anchor in local_links(page)
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors_of(file))
    ]
    assert broken == []


def test_every_page_is_linked() -> None:
    """From the README, through any number of pages."""
    seen: set[Path] = set()
    new = {ROOT / "README.md"}
    while new:
        seen |= new
        new = {file for page in new for file, _ in local_links(page) if file.suffix == ".md" and file.exists()} - seen
    assert [name_of(page) for page in PAGES if page not in seen] == []


def test_the_site_lists_every_page_but_the_decisions() -> None:
    """packaging/docs.sh refuses to build it otherwise; that needs the extra `docs`, which this test does not."""
    listed = set(re.findall(r'= "(\S+\.md)"', (ROOT / "packaging" / "site.toml").read_text("utf-8")))
    assert listed == {name_of(page) for page in PAGES if page.parent != DECISIONS or page.name == "README.md"}


# ── the README ───────────────────────────────────────────────────────────────────────────────────


def test_the_readme_is_short() -> None:
    assert len(README.encode()) < MAX_README_BYTES


def command_lines(text: str) -> list[list[str]]:
    """Return the lines `ocrdesk …` of a page's code blocks, as words."""
    lines = re.findall(r"^    (?:\w+=\S+ )*ocrdesk(?: (.*?))?(?: +#.*)?$", text, flags=re.MULTILINE)
    return [line.split() for line in lines]


def commands_in(text: str) -> set[str]:
    return {words[0] for words in command_lines(text) if words and not words[0].startswith("-")}


def unknown_words(command: Any, words: list[str]) -> list[str]:
    """Return the subcommand or options of a command line that the program does not know."""
    if words and words[0] in getattr(command, "commands", {}):
        return unknown_words(command.commands[words[0]], words[1:])
    if command.name in PASSED_ON:
        return []
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "-"}
    unknown = [word for word in words if word.startswith("-") and word not in options]
    return words[:1] if hasattr(command, "commands") and words and not words[0].startswith("-") else unknown


@pytest.mark.parametrize("page", [ROOT / "README.md", *CURRENT], ids=name_of)
def test_every_command_and_option_exists(page: Path) -> None:
    from typer.main import get_command

    from ocrdesk.cli.app import app

    program = get_command(app)
    unknown = {" ".join(words): unknown_words(program, words) for words in command_lines(page.read_text("utf-8"))}
    assert {line: words for line, words in unknown.items() if words} == {}


def test_the_readme_and_the_quick_start_name_commands() -> None:
    assert commands_in(README) >= {"ocr", "serve", "languages", "doctor"}
    assert commands_in((DOCS / "quick-start.md").read_text("utf-8")) >= {"ocr", "serve"}


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "quick-start.md"], ids=name_of)
def test_every_script_and_file_in_a_command_exists(page: Path) -> None:
    named = set(re.findall(r"packaging/[\w.]+", page.read_text("utf-8")))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


_COMMAND = re.compile(r"^    (?:\w+=\S+ )*((?:curl|npx|ocrdesk|pip|pipx|python|sh|uv) .*)$", flags=re.MULTILINE)


@pytest.mark.parametrize("page", [ROOT / "README.md", *CURRENT], ids=name_of)
def test_every_shell_takes_the_commands_as_they_are_written(page: Path) -> None:
    """zsh, the shell of macOS, refuses words with ? or [ that match no file; every shell ends a command at an &."""
    bare = {}
    for command in _COMMAND.findall(page.read_text("utf-8")):
        unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", re.sub(r"\s#\s.*$", "", command))
        if found := re.findall(r"\S*[?&\[{]\S*", unquoted):
            bare[command] = found
    assert bare == {}


def test_the_readme_and_the_guide_quote_their_urls_for_every_shell() -> None:
    for page in (ROOT / "README.md", DOCS / "api-guide.md", DOCS / "quick-start.md"):
        assert re.search(r"curl .*'http://localhost:8000\S*\?\S*'", page.read_text("utf-8")), name_of(page)


# ── paths, routes, settings, words ───────────────────────────────────────────────────────────────

_PATH = re.compile(r"`((?:api|docs|ocrdesk|packaging|tests|worker)/[\w./-]*)`")


@pytest.mark.parametrize("page", [ROOT / "README.md", *CURRENT], ids=name_of)
def test_every_path_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    made = (
        set(re.findall(r"^## \d+\. .*: `([\w./-]+)`$", text, flags=re.MULTILINE)) if "how-to" in page.parts else set()
    )
    paths = set(_PATH.findall(text))
    assert [path for path in sorted(paths - made) if not (ROOT / path).exists()] == []


def test_the_architecture_names_the_modules_of_each_step() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    steps = re.findall(r"^\d+\. (.+)$", text, flags=re.MULTILINE)
    assert len(steps) == 12
    assert all(_PATH.search(step) for step in steps)


def test_every_route_of_the_api_guide_is_served_and_the_other_way_round() -> None:
    text = (DOCS / "api-guide.md").read_text("utf-8")
    named = {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in re.findall(r"`([A-Z]+) (/[\w/{}]+)", text)}
    served = {
        (found.method, re.sub(r"\{\w+\}", "{}", found.path.removeprefix("/api/v1")))
        for found in described()
        if found.path.startswith("/api/v1")
    }
    assert len(served) > 20
    assert named - served - {("POST", "/hooks/ocr")} == set()
    assert served - named == set()


def test_the_table_of_formats_is_the_registry() -> None:
    from ocrdesk.export.formats import FORMATS

    text = (DOCS / "api-guide.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+/[\w.+-]+)` \|", text, flags=re.MULTILINE)
    assert rows == [(str(form), found.media_type.partition(";")[0]) for form, found in FORMATS.items()]


def shown_default(value: object) -> str:
    """Return a default as the table of settings shows it."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, tuple):
        value = ",".join(f"{part:g}" if isinstance(part, float) else str(part) for part in value)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        value = f"{value:g}"
    return f"`{value}`" if value not in (None, "") else "empty"


def test_the_table_of_settings_has_every_setting_with_its_default() -> None:
    text = (DOCS / "operations.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (`[^`]*`|empty) \|", text, flags=re.MULTILINE))
    all_fields = ListenSettings.model_fields | Settings.model_fields
    internal = {"local_token"}  # set only by the local server, for the processes that it starts
    fields = {name: field for name, field in all_fields.items() if name not in internal}
    assert rows == {name.upper(): shown_default(field.default) for name, field in fields.items()}


def test_the_table_of_shared_settings_is_the_list_of_the_code() -> None:
    _, _, section = (
        (DOCS / "operations.md").read_text("utf-8").partition("### Settings that the api and the workers share")
    )
    rows = re.findall(
        r"^\| `([A-Z_]+)` \|", section.partition("\n#")[0].partition("Two more variables")[0], flags=re.MULTILINE
    )
    assert rows == [name.upper() for name in Settings.SHARED]


def test_the_findings_of_health_are_documented() -> None:
    text = (DOCS / "operations.md").read_text("utf-8")
    _, _, section = text.partition("`degraded` has one or more of these findings")
    rows = re.findall(r"^\| `([a-z_]+)` \|", section.partition("\n### ")[0], flags=re.MULTILINE)
    assert rows == ["no_worker_alive", "storage_unavailable", "settings_differ"]
    assert set(rows) <= set(TEMPLATES)


def test_the_glossary_defines_its_terms_once() -> None:
    terms = re.findall(r"^\| (\*\*.+?) \|", (DOCS / "glossary.md").read_text("utf-8"), flags=re.MULTILINE)
    names = [name for term in terms for name in re.findall(r"\*\*(.+?)\*\*", term)]
    assert set(GLOSSARY_TERMS) <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("page", [page for page in CURRENT if page not in GENERATED], ids=name_of)
def test_old_words_are_gone(page: Path) -> None:
    """Only the deprecated parameter keeps its name, where its deprecation is described."""
    text = re.sub(r"without_furniture", "", page.read_text("utf-8"))
    assert re.findall(r"furniture|courier|manners|\bdoor\b|\bhorses?\b|local engine", text, flags=re.IGNORECASE) == []


def test_the_security_page_names_tests_that_exist() -> None:
    page = DOCS / "security.md"
    named = re.findall(r"\[([^\]]+)\]\(\.\./(tests/[^)]+\.py)\)", page.read_text("utf-8"))
    assert len(named) > 50
    functions = {path: re.findall(r"^def (test_\w+)", (ROOT / path).read_text("utf-8"), re.M) for _, path in named}
    missing = [(words, path) for words, path in named if f"test_{words.replace(' ', '_')}" not in functions[path]]
    assert missing == []


# ── generated pages, decisions, screenshots ──────────────────────────────────────────────────────


def test_the_file_map_is_current() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "file_map.py"), "--check"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


def test_the_index_of_decisions_has_date_title_and_link_of_each() -> None:
    rows = re.findall(
        r"^\| (\d{4}-\d\d-\d\d) \| \[(.+?)\]\((.+?)\) \| .+ \|$",
        (DECISIONS / "README.md").read_text("utf-8"),
        flags=re.MULTILINE,
    )
    files = sorted(file.name for file in DECISIONS.glob("2*.md"))
    assert [link for _, _, link in rows] == files
    assert [date for date, _, _ in rows] == [link[:10] for _, _, link in rows]


def test_every_pane_s_screenshots_are_there_and_shown() -> None:
    folder = DOCS / "screenshots"
    shown = (folder / "README.md").read_text("utf-8")
    pictures = {
        f"{scene}-{colours}{scale}.png" for scene in SCENES for colours in ("light", "dark") for scale in ("", "@2x")
    }
    assert {file.name for file in folder.glob("*.png")} == pictures
    assert not [name for name in pictures if "@" not in name and f"({name})" not in shown]


# ── files that tools read ────────────────────────────────────────────────────────────────────────


def test_the_citation_agrees_with_the_project() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert (citation["title"], citation["version"], citation["license"]) == ("ocrdesk", __version__, project["license"])
    assert f"Copyright (c) 2026 {citation['authors'][0]['name']}" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_commit_hook_runs_the_fast_check() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    [repository] = config["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == ["sh packaging/check.sh --fast"]
