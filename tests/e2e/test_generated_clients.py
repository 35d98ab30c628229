"""Clients generated from docs/openapi.json make real calls: a Python one, and a TypeScript one under Node.

The generators are installed into temporary folders, by exact versions. They are not in the extra `dev`, because
openapi-python-client demands older versions of packages that ocrdesk itself uses. Where they cannot be installed, the
tests are skipped.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import multipage_tiff

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = ROOT / "docs" / "openapi.json"
PROGRAMS = Path(__file__).with_name("generated_clients")
PYTHON_GENERATOR = "openapi-python-client==0.29.1"
NPM_PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3")
KEY = "key-of-a-generated-client"
INSTALL_S, RUN_S = 240, 120
GOT = {
    "status": "finished",
    "text": "First page\n\fSecond page\n",
    "warnings": ["This file has 2 pages, so these were left out: 7."],
    "words": ["First", "page"],
    "file": "First page\n\fSecond page\n",
    "pdf": "%PDF-",
    "newest job": True,
    "formats": 13,
    "new engine": "unknown_engine",
    "unknown job": "not_found",
    "no result": "not_found",
    "wrong key": "unauthorized",
}
pytestmark = pytest.mark.timeout(INSTALL_S + 4 * RUN_S)


@pytest.fixture(scope="module")
def served() -> Iterator[Backend]:
    env = {"API_KEY_ENABLED": "true", "API_KEYS": KEY}
    with short_folder() as folder, running_backend(folder / "data", **env) as backend:
        yield backend


@pytest.fixture
def tiff(tmp_path: Path) -> Path:
    file = tmp_path / "two.tif"
    file.write_bytes(multipage_tiff(["First page", "Second page"]))
    return file


def run(*command: str | Path, folder: Path, timeout_s: float = RUN_S, **env: str) -> str:
    """What a program prints."""
    done = call(*command, folder=folder, timeout_s=timeout_s, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(*command: str | Path, folder: Path) -> None:
    """Run an installer; skip the test where it fails, which is most likely because there is no network."""
    try:
        done = call(*command, folder=folder, timeout_s=INSTALL_S)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the generator cannot be installed within {INSTALL_S} s")
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        pytest.skip(f"the generator cannot be installed: {lines[0] if lines else done.returncode}")


def call(*command: str | Path, folder: Path, timeout_s: float, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program without the paths of this checkout."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )


@pytest.fixture(scope="module")
def python_with_client(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A Python that has the generator, and nothing of ocrdesk, and the folder of the generated client."""
    folder = tmp_path_factory.mktemp("python-client")
    install(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    python = folder / "venv" / "bin" / "python"
    quickly = ("--disable-pip-version-check", "--retries", "1", "--timeout", "15")
    install(python, "-m", "pip", "install", *quickly, PYTHON_GENERATOR, folder=folder)
    told = run(
        *(python, "-m", "openapi_python_client", "generate", "--path", DESCRIPTION, "--output-path", folder / "client"),
        "--fail-on-warning",
        folder=folder,
        PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    )
    assert "warning" not in told.lower()
    return python, folder / "client"


@pytest.fixture(scope="module")
def node_with_types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated types and the packages that use them."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm and Node.js are not installed")
    folder = tmp_path_factory.mktemp("typescript-client")
    (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
    quickly = ("--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=15000", "--save-exact")
    install(npm, "install", *quickly, *NPM_PACKAGES, folder=folder)
    run(node, folder / "node_modules/openapi-typescript/bin/cli.js", DESCRIPTION, "-o", "api.ts", folder=folder)
    return folder


def check(got: dict[str, Any]) -> None:
    assert got.pop("image")[:4] in ("ffd8", "8950")  # JPEG or PNG
    events = got.pop("events")
    assert (events[0], events[-1], events.count("page")) == ("job", "job", 2)
    assert got == GOT


def test_a_generated_python_client_submits_follows_and_fetches(
    python_with_client: tuple[Path, Path], served: Backend, tiff: Path
) -> None:
    python, client = python_with_client
    program = PROGRAMS / "use_client.py"
    check(json.loads(run(python, program, served.url, KEY, tiff, folder=tiff.parent, PYTHONPATH=str(client))))


def test_the_python_clients_types_fit_the_program(python_with_client: tuple[Path, Path], tmp_path: Path) -> None:
    python, client = python_with_client
    options = ("--strict", "--config-file=", "--cache-dir", tmp_path, "--python-executable", python)
    run(
        *(sys.executable, "-m", "mypy", *options, PROGRAMS / "use_client.py"),
        folder=tmp_path,
        timeout_s=2 * RUN_S,
        MYPYPATH=str(client),
    )


def test_a_generated_typescript_client_submits_follows_and_fetches(
    node_with_types: Path, served: Backend, tiff: Path
) -> None:
    shutil.copy(PROGRAMS / "use_client.ts", node_with_types)
    compiler = node_with_types / "node_modules/typescript/bin/tsc"
    language = ("--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable", "--strict")
    run("node", compiler, *language, "--noUncheckedIndexedAccess", "use_client.ts", folder=node_with_types)
    encoded = base64.b64encode(tiff.read_bytes()).decode()
    check(json.loads(run("node", "use_client.js", served.url, KEY, encoded, folder=node_with_types)))
