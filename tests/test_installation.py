"""The command that adds a part, for each way to install ocrdesk, from the records that installers leave."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from ocrdesk import installation
from ocrdesk.installation import Manager, extra_of, this_installation

PYTHON = sys.executable
METADATA = """Metadata-Version: 2.4
Name: ocrdesk
Version: 0.1.0
Requires-Dist: rich>=13
Provides-Extra: all
Requires-Dist: keyring>=25; extra == "all"
Requires-Dist: no-such-parser>=1.0; extra == "all"
Provides-Extra: desktop
Requires-Dist: keyring>=25; extra == "desktop"
Requires-Dist: PySide6-Essentials<6.12,>=6.7; (python_version < "3.12") and extra == 'desktop'
Provides-Extra: server
Requires-Dist: no-such-parser>=1.0; extra == "server"
Requires-Dist: rich; extra == "server"
Provides-Extra: photo
Requires-Dist: no-such-models; extra == "photo"
Requires-Dist: no-such-parser>=1.0; extra == "photo"
"""
WHEEL = {"url": "file:///a%20folder/ocrdesk-0.1.0-py3-none-any.whl", "archive_info": {}}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The records of an installed ocrdesk, in a separate environment."""
    record = tmp_path / "ocrdesk-0.1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(METADATA)
    (record / "INSTALLER").write_text("pip\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return record


def came_from(site: Path, **direct_url: object) -> None:
    (site / "direct_url.json").write_text(json.dumps(direct_url))


@pytest.mark.usefixtures("site")
def test_an_installation_from_an_index_is_named() -> None:
    assert this_installation().add_extra("server") == f"{PYTHON} -m pip install 'ocrdesk[server]'"


def test_an_installation_from_a_file_names_the_file(site: Path) -> None:
    came_from(site, **WHEEL)
    command = f"{PYTHON} -m pip install '/a folder/ocrdesk-0.1.0-py3-none-any.whl[server]'"
    assert this_installation().add_extra("server") == command


@pytest.mark.parametrize(("is_editable", "option"), [(True, "-e "), (False, "")])
def test_an_installation_from_a_folder_names_the_folder(site: Path, is_editable: bool, option: str) -> None:
    came_from(site, url="file:///src/ocrdesk", dir_info={"editable": True} if is_editable else {})
    assert this_installation().add_extra("photo") == f"{PYTHON} -m pip install {option}'/src/ocrdesk[photo]'"


@pytest.mark.parametrize(
    ("record", "origin"),
    [
        ({"url": "https://host/ocrdesk.whl", "archive_info": {}}, "https://host/ocrdesk.whl"),
        (
            {"url": "https://host/x.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}},
            "git+https://host/x.git@c0ffee",
        ),
        (
            {"url": "https://host/x", "vcs_info": {"vcs": "hg", "commit_id": "1"}, "subdirectory": "a"},
            "hg+https://host/x@1#subdirectory=a",
        ),
    ],
)
def test_an_installation_from_an_address_names_the_address(site: Path, record: dict[str, object], origin: str) -> None:
    came_from(site, **record)
    assert this_installation().add_extra("server") == f"{PYTHON} -m pip install 'ocrdesk[server] @ {origin}'"


def test_pipx_keeps_the_extras_that_it_was_asked_for(site: Path) -> None:
    came_from(site, **WHEEL)
    asked = {"main_package": {"package_or_url": "/a folder/ocrdesk-0.1.0-py3-none-any.whl[desktop]"}}
    (site.parent / "pipx_metadata.json").write_text(json.dumps(asked))
    here = this_installation()
    wheel = "/a folder/ocrdesk-0.1.0-py3-none-any.whl"
    assert here.add_extra("server") == f"pipx install --force '{wheel}[desktop,server]'"
    assert here.add_package("tesserocr") == "pipx inject ocrdesk tesserocr"
    assert here.repair_package("rich") == "pipx runpip ocrdesk install --force-reinstall --no-deps rich"


def test_uv_tool_keeps_its_extras_python_and_further_packages(site: Path) -> None:
    (site.parent / "uv-receipt.toml").write_text(
        '[tool]\nrequirements = [{ name = "ocrdesk", extras = ["desktop"] }, { name = "inkblot", specifier = ">=2" }]\n'
        'python = "3.12"\n'
    )
    here = this_installation()
    command = "uv tool install --force --python 3.12 --with 'inkblot>=2' 'ocrdesk[desktop,server]'"
    assert here.add_extra("server") == command
    assert here.repair_package("rich") == f"uv pip install --python {PYTHON} --reinstall --no-deps rich"


def test_an_environment_of_uv_without_pip_uses_uv(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "INSTALLER").write_text("uv")
    assert this_installation().manager is Manager.PIP
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    assert this_installation().add_extra("server") == f"uv pip install --python {PYTHON} 'ocrdesk[server]'"


def test_the_debian_package_is_installed_again_as_a_whole(site: Path) -> None:
    (site / "INSTALLER").write_text("dpkg\n")
    here = this_installation()
    assert {here.add_extra("server"), here.add_package("x"), here.repair_package("x")} == {
        "sudo apt-get install --reinstall ./ocrdesk_*.deb"
    }


def test_records_that_cannot_be_read_are_like_none(site: Path) -> None:
    (site / "direct_url.json").write_text("[")
    (site.parent / "pipx_metadata.json").write_text("no JSON")
    assert this_installation().add_extra("server") == "pipx install --force 'ocrdesk[server]'"


@pytest.mark.usefixtures("site")
def test_a_missing_module_belongs_to_an_extra_or_is_a_damage() -> None:
    here = this_installation()
    assert extra_of("no_such_parser") == "server"
    assert here.fix_missing("no_such_parser") == here.add_extra("server")
    assert extra_of("no_such_models") == "photo"
    assert extra_of("rich") is None  # every installation has it
    assert here.fix_missing("rich") == here.repair_package("rich")


def test_a_listed_package_without_files_is_installed_again() -> None:
    # In this environment pip lists PySide6, so that a second `install` of the extra would do nothing.
    assert "--force-reinstall --no-deps pyside6-essentials" in this_installation().fix_missing("PySide6")


@pytest.mark.parametrize(
    ("requirement", "extras"),
    [("ocrdesk", ()), ("x.whl[a, b]", ("a", "b")), ("ocrdesk[a]==1", ("a",)), ("ocrdesk[a] @ git+https://h/x", ("a",))],
)
def test_the_extras_in_what_was_asked_for(requirement: str, extras: tuple[str, ...]) -> None:
    assert installation._extras_in(requirement) == extras


def test_no_module_writes_the_command_itself() -> None:
    """It would be wrong for pipx, uv, a checkout and a Debian package, and name a project that no index may have."""
    root = Path(__file__).parents[1]
    sources = [file for folder in ("ocrdesk", "api", "worker") for file in (root / folder).rglob("*.py")]
    own = root / "ocrdesk" / "installation.py"
    assert own in sources
    found = re.compile(r"(pip|uv|pipx) install |-m pip ")
    assert [file.name for file in sources if file != own and found.search(file.read_text("utf-8"))] == []


def test_the_documentation_recommends_no_project_on_an_index() -> None:
    root = Path(__file__).parents[1]
    pages = [page for page in [root / "README.md", *(root / "docs").rglob("*.md")] if page.parent.name != "decisions"]
    found = re.compile(r"(pip|uv|uv tool|pipx) install [^\n]*[' ]ocrdesk(\[|'|$)")
    assert [page.name for page in pages if found.search(page.read_text("utf-8"))] == []


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(project["optional-dependencies"]) == {*installation.EXTRAS, "all", "bench", "dev", "docs", "fuzz"}
    for module, extra in (("PySide6", "desktop"), ("fastapi", "server"), ("PIL", "server"), ("onnxruntime", "photo")):
        assert extra_of(module) == extra
