"""Finds the commands in the Markdown pages: the lines of shell blocks, and commands within sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.packaging.repository import ROOT

DOCS = ROOT / "docs"
_DESCRIBE_MODULES = {DOCS / "file-map.md", DOCS / "architecture.md", DOCS / "glossary.md"}
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"),
    ROOT / "tests/bench/README.md",
]
"""Decisions and the changelog are left out: they have the commands of their time."""
NO_COMMANDS = (
    *("HTTP/1.1 429", '{"error": "Queue full"', "POST /hooks/ocr"),  # what the service sends
    "ClientError",  # a tree of classes
    "requirepass PASSWORD",  # Valkey's configuration
)
"""How indented blocks begin that have neither commands nor settings."""
_PROGRAMS = (
    *("apt-get", "bash", "buildah", "caddy", "curl", "docker", "gunicorn", "man", "nginx", "npx", "ocrdesk", "pip"),
    *("pipx", "podman", "pytest", "python", "rq", "sh", "sudo", "systemctl", "systemd-analyze", "uv", "uvicorn"),
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)(?:^    .*\n(?:\n(?=    ))?)+", re.MULTILINE)
_SETTING = re.compile(r"[A-Z_]+=\S*")
_IN_TEXT = re.compile(rf"(?:\w+=\S+ )*(?:{'|'.join(_PROGRAMS)}) .+")
_NAME_ONLY = re.compile(r"ocrdesk [a-z ]+|(?:podman build|rq worker)")
"""A command's name, as in "`ocrdesk languages add` waits": nothing that anybody would type."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command as its page has it, without its comment, and what the page shows as its response."""

    page: str
    text: str
    response: str = ""


def _commands_of_block(page: str, block: str) -> Iterator[Command]:
    command = None
    for line in re.sub(r"\\\n\s+", "", block).splitlines():
        if line.startswith("{") and command:
            command = replace(command, response=command.response + line)
            continue
        if command:
            yield command
        text = re.sub(r"\s+#\s.*$", "", line).strip()
        command = Command(page, text) if text else None
    if command:
        yield command


def _indented_blocks(text: str) -> Iterator[str]:
    for block in _INDENTED.findall(_FENCE.sub("", text) + "\n"):
        yield re.sub(r"^    ", "", block, flags=re.MULTILINE)


def _is_settings(block: str) -> bool:
    return all(_SETTING.fullmatch(line) for line in block.split())


def commands_in(text: str, page: str, *, in_sentences: bool = True) -> Iterator[Command]:
    """Return a page's commands, in their order: first those of blocks, then those within sentences."""
    blocks = [block for kind, block in _FENCE.findall(text) if kind in ("sh", "bash", "console")]
    blocks += [
        block for block in _indented_blocks(text) if not block.startswith(NO_COMMANDS) and not _is_settings(block)
    ]
    for block in blocks:
        yield from _commands_of_block(page, block)
    if in_sentences:
        sentences = _INDENTED.sub("", _FENCE.sub("", text))
        for code in re.findall(r"`([^`]+)`", sentences):
            found = " ".join(code.split())
            if _IN_TEXT.fullmatch(found) and not _NAME_ONLY.fullmatch(found):
                yield Command(page, found)


def commands_of(page: Path) -> Iterator[Command]:
    """Return the commands of a page of this repository."""
    name = page.relative_to(ROOT).as_posix()
    return commands_in(page.read_text("utf-8"), name, in_sentences=page not in _DESCRIBE_MODULES)


def all_commands() -> list[Command]:
    """Return every command once, from the first page that has it, or shows its response."""
    found: dict[str, Command] = {}
    for page in PAGES:
        for command in commands_of(page):
            if command.text not in found or (command.response and not found[command.text].response):
                found[command.text] = command
    return list(found.values())


def settings_blocks() -> list[tuple[str, str]]:
    """Return the blocks that consist of settings, as `.env` and the units' file have them, each with its page."""
    return [
        (page.relative_to(ROOT).as_posix(), block)
        for page in PAGES
        for block in _indented_blocks(page.read_text("utf-8"))
        if _is_settings(block)
    ]


def block_beginning(page: Path, beginning: str) -> str:
    """Return the one indented block of a page that begins so."""
    [block] = [block for block in _indented_blocks(page.read_text("utf-8")) if block.startswith(beginning)]
    return block
