"""Every package that the code imports is declared, in the extra of the part that imports it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "ocrdesk": "",
    "ocrdesk/backend": "server",
    "ocrdesk/backend/trace_spans.py": "otel",
    "ocrdesk/desktop": "desktop",
    "ocrdesk/export/docx.py": "server",  # only workers make Word files
    "api": "server",
    "worker": "server",
    "worker/ocrdesk_worker/engines/rapid": "photo",
    "tests": "dev",
    "packaging": "dev",
}
"""The extra of each folder and module. The longest path counts; every installation has the empty extra."""
OURS = {"ocrdesk", "ocrdesk_api", "ocrdesk_worker", "tests"}


@cache
def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]  # type: ignore[no-any-return]


def requirements(extra: str) -> list[Requirement]:
    """Return the requirements in pyproject.toml for an extra, or for every installation."""
    found = project()
    listed = found["optional-dependencies"][extra] if extra else found["dependencies"]  # type: ignore[index]
    return [Requirement(text) for text in listed]  # type: ignore[union-attr]


@cache
def declared(extra: str) -> frozenset[str]:
    """Return the distributions that an installation with an extra requires by name."""
    names = set() if extra == "" else set(declared(""))
    for requirement in requirements(extra):
        if requirement.name == "ocrdesk":
            names |= {name for other in requirement.extras for name in declared(other)}
        else:
            names.add(canonicalize_name(requirement.name))
    return frozenset(names)


def extra_of(path: str) -> str:
    return PARTS[max((part for part in PARTS if path == part or path.startswith(f"{part}/")), key=len)]


def imported(source: str) -> Iterator[str]:
    """Return the packages that a module imports, also in functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@cache
def distributions() -> dict[str, set[str]]:
    found = packages_distributions()
    return {package: {canonicalize_name(name) for name in names} for package, names in found.items()}


def undeclared(path: str, source: str) -> set[str]:
    """Return the packages that a module imports and its part's extra lacks, except modules beside a script."""
    folders = (ROOT / path).parent, ROOT / "packaging"
    foreign = {
        name
        for name in imported(source)
        if name not in sys.stdlib_module_names
        and name not in OURS
        and not any((folder / f"{name}.py").exists() for folder in folders)
    }
    return {name for name in foreign if not distributions().get(name, {name}) & declared(extra_of(path))}


def modules() -> list[str]:
    folders = ("ocrdesk", "api", "worker", "tests", "packaging")
    return [file.relative_to(ROOT).as_posix() for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


def test_every_imported_package_is_declared() -> None:
    found = {path: undeclared(path, (ROOT / path).read_text("utf-8")) for path in modules()}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("ocrdesk/client/client.py", "import redis", "redis"),
        ("ocrdesk/desktop/app.py", "def f():\n    from PIL import Image", "PIL"),
        ("ocrdesk/cli/app.py", "import PySide6.QtCore", "PySide6"),
        ("ocrdesk/backend/traces.py", "from opentelemetry.sdk.trace import Span", "opentelemetry"),
        ("worker/ocrdesk_worker/tasks.py", "import onnxruntime", "onnxruntime"),
        ("worker/ocrdesk_worker/tasks.py", "import of_no_installed_package", "of_no_installed_package"),
    ],
)
def test_import_of_another_parts_package_is_found(path: str, source: str, name: str) -> None:
    assert undeclared(path, source) == {name}


def test_rq_is_bounded_because_its_internals_are_overridden() -> None:
    (rq,) = (requirement for requirement in requirements("server") if requirement.name == "rq")
    assert "3.9" in rq.specifier
    assert "4.0" not in rq.specifier
