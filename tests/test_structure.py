"""The layout stays as it was built: imports go down, folders and modules stay small, tests mirror modules."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("ocrdesk", "api/ocrdesk_api", "worker/ocrdesk_worker")
MAX_MODULES, MAX_LINES, MAX_METHODS, MAX_FUNCTION_LINES = 20, 500, 25, 50
LARGE_CLASSES = {"JobsModel": 40, "PageView": 40}
"""How many methods each Qt model and painted view may have, because they override many methods of Qt."""
MANY_MODULES = {
    "behaviour",
    "bench",
    "chaos",
    "data",
    "e2e",
    "fuzz",
    "helpers",
    "hosts",
    "packaging",
    "plugins",
    "upgrade",
}
"""Folders of tests, each about more than one module."""
WITH_PUBLIC_NAMES = {"ocrdesk/client/__init__.py"}
VAGUE_NAMES = {"base", "common", "helper", "helpers", "misc", "shared", "util", "utils"}
REDIS_KEYS = "ocrdesk/backend/redis_keys.py"
USERS_OF_REDIS = ("ocrdesk/backend/", "api/", "worker/")
UPWARD_IMPORTS = [
    ("ocrdesk/contract/box.py", "ocrdesk.layout.paragraphs"),
    ("ocrdesk/client/retry.py", "ocrdesk.backend.settings"),
    ("ocrdesk/backend/records.py", "ocrdesk.backend.ledger.codec"),
    ("ocrdesk/desktop/ui/icons.py", "ocrdesk.desktop.window.actions"),
    ("api/ocrdesk_api/errors.py", "ocrdesk_worker.sandbox"),
    ("worker/ocrdesk_worker/preprocess/deskew.py", "ocrdesk_worker.tasks"),
    ("worker/ocrdesk_worker/engines/interface.py", "ocrdesk_worker.engines.registry"),
]


@cache
def modules() -> tuple[Path, ...]:
    return tuple(file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(file)))


def path_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def dotted(path: str) -> str:
    return path.removeprefix("api/").removeprefix("worker/").removesuffix(".py").replace("/", ".")


def mirror(module: Path) -> str:
    """Return where a module's test belongs: tests/desktop/jobs/test_model for ocrdesk/desktop/jobs/model.py."""
    path = path_of(module).removesuffix(".py")
    for package, tests in (("ocrdesk/", ""), ("api/ocrdesk_api/", "api/"), ("worker/ocrdesk_worker/", "worker/")):
        if path.startswith(package):
            folder, slash, name = path.removeprefix(package).rpartition("/")
            return f"tests/{tests}{folder}{slash}test_{name}"
    raise ValueError(path)


def check_imports(folder: Path) -> tuple[int, str]:
    """Check the import contracts in a checkout. Return the exit code and the report, with single spaces."""
    paths = os.pathsep.join(str(folder / path) for path in (".", "api", "worker"))
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"
    result = subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return result.returncode, " ".join((result.stdout + result.stderr).split())


def test_imports_go_down_only() -> None:
    exit_code, report = check_imports(ROOT)
    assert exit_code == 0, report


@pytest.fixture(scope="module")
def report_on_upward_imports(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report on a copy of the code with imports that are not allowed."""
    copy = tmp_path_factory.mktemp("upward")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for module, target in UPWARD_IMPORTS:
        with (copy / module).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {target}\n")
    exit_code, report = check_imports(copy)
    assert exit_code == 1, report
    return report


@pytest.mark.parametrize(("module", "target"), UPWARD_IMPORTS)
def test_upward_import_is_reported(module: str, target: str, report_on_upward_imports: str) -> None:
    assert f"{dotted(module)} -> {target} (l." in report_on_upward_imports


def test_packages_import_nothing() -> None:
    """An import in `__init__.py` slows down everything that uses a part of the package."""
    found = []
    for file in modules():
        if file.name == "__init__.py" and path_of(file) not in WITH_PUBLIC_NAMES:
            for node in tree_of(file).body:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
                found += [f"{path_of(file)}: {name}" for name in names if name not in ("__future__", "typing")]
    assert found == []


def test_modules_are_named_after_their_content() -> None:
    names = {path_of(file) for file in modules()}
    assert [name for name in names if not VAGUE_NAMES.isdisjoint(name.removesuffix(".py").split("/"))] == []


def test_folders_have_few_modules() -> None:
    count = Counter(path_of(file.parent) for file in modules() if file.name != "__init__.py")
    assert {folder: number for folder, number in count.items() if number > MAX_MODULES} == {}


def test_modules_are_short() -> None:
    lines = {path_of(file): file.read_text("utf-8").count("\n") for file in modules()}
    assert {path: number for path, number in lines.items() if number > MAX_LINES} == {}


def test_classes_have_few_methods() -> None:
    found = {}
    for file in modules():
        for node in nodes_of(file):
            if isinstance(node, ast.ClassDef):
                methods = sum(isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) for child in node.body)
                if methods > LARGE_CLASSES.get(node.name, MAX_METHODS):
                    found[f"{path_of(file)}: {node.name}"] = methods
    assert found == {}


def test_functions_fit_on_a_screen() -> None:
    found = {}
    for file in modules():
        for node in nodes_of(file):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    found[f"{path_of(file)}:{node.lineno}: {node.name}"] = length
    assert found == {}


def test_redis_keys_are_spelled_in_one_module() -> None:
    found = []
    for file in modules():
        if path_of(file).startswith(USERS_OF_REDIS) and path_of(file) != REDIS_KEYS:
            found += [f"{path_of(file)}:{line}: {text}" for line, text in key_literals(file)]
    assert found == []
    assert list(key_literals(ROOT / REDIS_KEYS)), "the keys look different now: adapt this test"


def key_literals(file: Path) -> Iterator[tuple[int, str]]:
    for node in nodes_of(file):
        if isinstance(node, ast.JoinedStr) and re.match(r"f.\{(RQ_)?PREFIX\}:", ast.unparse(node)):
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if re.match(r"(ocrdesk|rq):[\w:{}-]*", text) and "\n" not in text:
                yield node.lineno, text


def test_tests_mirror_modules() -> None:
    expected = {mirror(file) for file in modules()}
    found = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        parts = file.relative_to(ROOT).parts
        if len(parts) == 2 or not MANY_MODULES.isdisjoint(parts):
            continue
        name = path_of(file).removesuffix(".py")
        if not any(name == module or name.startswith(f"{module}_") for module in expected):
            found.append(path_of(file))
    assert found == []


def test_tests_of_the_window_use_no_private_attributes() -> None:
    """They find widgets as a user or a screen reader does: see `tests/helpers/window.py`."""
    found = []
    for folder in ("desktop", "helpers"):
        for file in sorted((ROOT / "tests" / folder).rglob("*.py")):
            found += [f"{path_of(file)}:{line}: {name}" for line, name in private_attributes(file)]
    assert found == []


def private_attributes(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the attributes with a leading underscore that are read from objects other than the test's own."""
    for node in nodes_of(file):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            is_own = ast.unparse(node.value) in ("self", "super()", "cls", "os", "sys")
            if not is_own:
                yield node.lineno, node.attr
