"""How ocrdesk was installed, and the one command that adds a part to this installation.

It needs only the standard library: it runs when other packages are missing. What it uses is imported when a command
is asked for, which is rare, while this module is imported at each start.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from importlib.metadata import Distribution

PROJECT = "ocrdesk"
EXTRAS = ("desktop", "server", "photo", "otel", "cloud")
"""Those that add a part, the smaller ones first. The metadata of the others, such as `all`, repeats their packages."""
SERVER_PARTS = ("fastapi", "uvicorn", "rq", "redis")
"""Modules without which this machine cannot run the api or a worker."""
DESKTOP_PARTS = ("PySide6", "keyring")
"""Modules without which no window can open."""
RUN_MODULE = "--run-module"
"""The first argument that makes the program of a program folder run another of ocrdesk's programs."""

_PIPX_RECORD = "pipx_metadata.json"
_UV_RECORD = "uv-receipt.toml"
_DEBIAN_INSTALLER = "dpkg"
"""What the Debian package states as its installer."""
_MODULE_TO_PACKAGE = {
    "PIL": "pillow",
    "PySide6": "pyside6-essentials",
    "docx": "python-docx",
    "multipart": "python-multipart",
    "zxingcpp": "zxing-cpp",
}
"""Modules whose package has another name."""


class Manager(StrEnum):
    """What installed ocrdesk, and therefore adds parts to it."""

    PIP = "pip"
    UV = "uv"
    """uv, in a virtual environment, which may have no pip."""
    PIPX = "pipx"
    UV_TOOL = "uv tool"
    DEBIAN = "debian"
    FROZEN = "frozen"
    """A program folder with its own Python: everything is in it, and nothing can be added."""


@dataclass(frozen=True, slots=True)
class Installation:
    """This installation: its manager, its Python, and where ocrdesk came from.

    `origin` is what pip accepts in place of the name: a path or a URL; empty if it came from a package index.
    `extras` are those that the manager has on record and would drop if they were not named again.
    """

    manager: Manager
    python: str = sys.executable
    origin: str = ""
    is_editable: bool = False
    extras: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Further options that the manager would drop too."""

    def add_extra(self, extra: str) -> str:
        """Return the command that adds an extra, for a shell."""
        match self.manager:
            case Manager.PIPX:
                return _line(["pipx", "install", "--force", self._requirement({*self.extras, extra})])
            case Manager.UV_TOOL:
                return _line(
                    ["uv", "tool", "install", "--force", *self.options, self._requirement({*self.extras, extra})]
                )
            case Manager.DEBIAN | Manager.FROZEN:
                return self._again()
        editable = ["-e"] if self.is_editable else []
        return _line([*self._installer(), *editable, self._requirement({extra})])

    def add_package(self, package: str) -> str:
        """Return the command that adds a package, for a shell."""
        match self.manager:
            case Manager.PIPX:
                return _line(["pipx", "inject", PROJECT, package])
            case Manager.DEBIAN | Manager.FROZEN:
                return self._again()
        return _line([*self._installer(), package])

    def repair_package(self, package: str) -> str:
        """Return the command that installs a package again although it is listed as installed."""
        match self.manager:
            case Manager.PIPX:
                return _line(["pipx", "runpip", PROJECT, "install", "--force-reinstall", "--no-deps", package])
            case Manager.UV | Manager.UV_TOOL:
                return _line([*self._installer(), "--reinstall", "--no-deps", package])
            case Manager.DEBIAN | Manager.FROZEN:
                return self._again()
        return _line([*self._installer(), "--force-reinstall", "--no-deps", package])

    def fix_missing(self, module: str) -> str:
        """Return the command that brings a module that cannot be found, for a shell."""
        package = _package_of(module)
        if _distribution(package) is None and (extra := extra_of(module)):
            return self.add_extra(extra)
        return self.repair_package(package)

    def _installer(self) -> list[str]:
        if self.manager in (Manager.UV, Manager.UV_TOOL):
            return ["uv", "pip", "install", "--python", self.python]
        return [self.python, "-m", "pip", "install"]

    def _requirement(self, extras: Iterable[str]) -> str:
        named = f"[{','.join(sorted(extras))}]"
        is_url = "://" in self.origin
        return f"{PROJECT}{named} @ {self.origin}" if is_url else f"{self.origin or PROJECT}{named}"

    def _again(self) -> str:
        if self.manager is Manager.DEBIAN:
            return "sudo apt-get install --reinstall ./ocrdesk_*.deb"
        return "a fresh copy of the program folder"


def this_installation() -> Installation:
    """Return how the running ocrdesk was installed."""
    if is_frozen():
        return Installation(Manager.FROZEN)
    found = _distribution(PROJECT)
    if found is None:  # a checkout that is on the path
        checkout = Path(__file__).resolve().parents[1]
        is_checkout = (checkout / "pyproject.toml").is_file()
        return Installation(Manager.PIP, origin=str(checkout) if is_checkout else "", is_editable=is_checkout)
    origin, is_editable = _origin(_json(found.read_text("direct_url.json")))
    by = (found.read_text("INSTALLER") or "").strip()
    if by == _DEBIAN_INSTALLER:
        return Installation(Manager.DEBIAN)
    if (record := Path(sys.prefix, _PIPX_RECORD)).is_file():
        asked = str(_json(_text(record)).get("main_package", {}).get("package_or_url", ""))
        return Installation(Manager.PIPX, origin=origin, extras=_extras_in(asked))
    if (record := Path(sys.prefix, _UV_RECORD)).is_file():
        extras, options = _uv_choices(_toml(_text(record)))
        return Installation(Manager.UV_TOOL, origin=origin, extras=extras, options=options)
    manager = Manager.UV if by == "uv" and not find_spec("pip") else Manager.PIP
    return Installation(manager, origin=origin, is_editable=is_editable)


def is_frozen() -> bool:
    """Return whether this runs in a program folder, which has no Python that could run modules."""
    return bool(getattr(sys, "frozen", False))


def missing(modules: Iterable[str]) -> list[str]:
    """Return those of the modules that are not installed."""
    return [name for name in modules if find_spec(name) is None]


def extra_of(module: str) -> str | None:
    """Return the extra that brings a missing module; None for one that every installation has, or that is unknown."""
    package = _package_of(module)
    ours = _distribution(PROJECT)
    extras = set()
    for requirement in (ours.requires if ours else None) or []:
        if _normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) != package:
            continue
        extra = re.search(r"""extra\s*==\s*["']([\w-]+)["']""", requirement)
        if extra is None:
            return None
        extras.add(extra[1])
    return next((name for name in EXTRAS if name in extras), None)


def apt_install(*packages: str) -> str:
    """Return the command that installs Debian packages."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return f"{'' if is_root else 'sudo '}apt-get install {' '.join(packages)}"


def _origin(direct_url: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the path or URL in the record that installers leave (PEP 610), and whether it is editable."""
    url = str(direct_url.get("url", ""))
    if "vcs_info" in direct_url:
        vcs = direct_url["vcs_info"]
        fragment = f"#subdirectory={direct_url['subdirectory']}" if "subdirectory" in direct_url else ""
        return f"{vcs.get('vcs', 'git')}+{url}@{vcs.get('commit_id', '')}{fragment}", False
    parts = urlsplit(url)
    if parts.scheme != "file":
        return url, False
    path = unquote(parts.path)  # on Windows "/C:/Users/…"
    return path.removeprefix("/") if os.name == "nt" else path, bool(direct_url.get("dir_info", {}).get("editable"))


def _uv_choices(receipt: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the extras that uv was asked for, and the options that keep its Python and further packages."""
    tool = receipt.get("tool", {})
    extras: tuple[str, ...] = ()
    options = ["--python", tool["python"]] if "python" in tool else []
    for requirement in tool.get("requirements", ()):
        if requirement.get("name") == PROJECT:
            extras = tuple(requirement.get("extras", ()))
        else:
            options += ["--with", f"{requirement.get('name')}{requirement.get('specifier', '')}"]
    return extras, tuple(options)


def _package_of(module: str) -> str:
    return _normal(_MODULE_TO_PACKAGE.get(module, module))


def _distribution(package: str) -> Distribution | None:
    """Return what installers have on record about a package."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return distribution(package)
    except PackageNotFoundError:
        return None


def _extras_in(requirement: str) -> tuple[str, ...]:
    found = re.search(r"\[([\w\s,.-]+)\](?=\s*(?:$|@|[=<>~!;]))", requirement)
    return tuple(name.strip() for name in found[1].split(",")) if found else ()


def _line(words: list[str]) -> str:
    """Join words to a line for the system's shell."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    return shlex.join(words)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def _json(text: str | None) -> dict[str, Any]:
    import json

    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _toml(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
