"""The repository contains pins without addresses, no registry's name and no machine's paths."""

from __future__ import annotations

import re
import stat
import subprocess
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

from tests.packaging.repository import PACKAGING, ROOT, files

_PINS = (PACKAGING / "constraints.txt").read_text().splitlines()

# Joined here, so that this file does not contain the text that it searches for.
_REGISTRIES = ("pypi" + ".org", "files.python" + "hosted", "deb." + "debian", "archive." + "ubuntu", "docker" + ".io/")
_PLACES = ("/work" + "/", "/opt" + "/pypi", "/opt" + "/wheels", "/root" + "/.pyenv", "/tmp" + "/venv")


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    assert _PINS[0].startswith("# ")
    assert [line for line in _PINS[1:] if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)] == []
    assert _PINS[1:] == sorted(_PINS[1:], key=str.lower)


def test_every_direct_dependency_is_pinned() -> None:
    pinned = {_normal(line.partition("==")[0]) for line in _PINS[1:]}
    requirements = [Requirement(line) for line in distribution("ocrdesk").requires or ()]
    names = {_normal(requirement.name) for requirement in requirements} - {"ocrdesk"}
    assert names
    assert names - pinned == set()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {word}" for word in (*_REGISTRIES, *_PLACES) if word in text]
    assert found == []


@pytest.mark.parametrize(
    "name", ["run.sh", "test.sh", "check.sh", "pin.sh", "audit.sh", "docs.sh", "lib.sh", "prove_roots.sh"]
)
def test_scripts_are_valid_for_sh(name: str) -> None:
    subprocess.run(["sh", "-n", str(PACKAGING / name)], check=True)


@pytest.mark.parametrize("name", ["build.sh", "postinst", "prerm"])
def test_scripts_of_the_debian_package_are_valid_for_sh(name: str) -> None:
    subprocess.run(["sh", "-n", str(PACKAGING / "deb" / name)], check=True)


def test_the_build_servers_script_can_be_executed() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_the_sample_is_small() -> None:
    assert (PACKAGING / "sample.png").stat().st_size < 60_000
