"""packaging/release_check.py and project_facts.py find the reasons not to publish the packages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.repository import PACKAGING, ROOT

sys.path.insert(0, str(PACKAGING))
import project_facts
import release_check

sys.path.remove(str(PACKAGING))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published, except for the addresses."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, PACKAGING / "release_check.py", "--draft", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_a_release_is_refused_while_nobody_s_addresses_are_in_it(tmp_path: Path) -> None:
    found = release_check.check(tmp_path, draft=False)
    facts = project_facts.read_facts()
    named = {line.partition(": ")[2].partition(" is ")[0] for line in found if " is a placeholder: " in line}
    assert named == {*facts.urls, "authors", "app-id"}
    assert [line for line in found if "placeholder" not in line and "no release date" not in line] == []


def changed(wheel: Path, folder: Path, leave_out: str = "", **more: str) -> Path:
    """Return a copy of the wheel without the files with this ending, and with other files."""
    copy = folder / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not (leave_out and name.endswith(leave_out)) and name not in more:
                new.writestr(name, old.read(name))
        for name, text in more.items():
            new.writestr(name, text)
    return copy


@pytest.mark.parametrize("name", ["ocrdesk_de.qm", "app.svg", "LICENSE", "ocrdesk/client/client.py"])
def test_a_file_that_is_not_in_the_wheel_is_named(wheel: Path, tmp_path: Path, name: str) -> None:
    found = list(release_check.wheel_contents(changed(wheel, tmp_path, leave_out=name)))
    assert found
    assert all(line.endswith(name) for line in found)


@pytest.mark.parametrize("name", ["tests/conftest.py", "ocrdesk/notes.txt", "ocrdesk/__pycache__/app.pyc"])
def test_a_file_that_does_not_belong_in_the_wheel_is_named(wheel: Path, tmp_path: Path, name: str) -> None:
    found = list(release_check.wheel_contents(changed(wheel, tmp_path, **{name: ""})))
    assert found == [f"{wheel.name} should not contain {name}"]


@pytest.mark.parametrize(
    "link",
    ["[guide](docs/quick-start.md)", "![Window](docs/x.png)", "[gone]({source}/blob/v{version}/docs/no-such-page.md)"],
)
def test_a_link_of_the_readme_that_fails_on_an_index_is_named(wheel: Path, tmp_path: Path, link: str) -> None:
    facts = project_facts.read_facts()
    name = f"ocrdesk-{facts.version}.dist-info/METADATA"
    text = link.format(source=facts.urls["Source"], version=facts.version)
    broken = changed(wheel, tmp_path, **{name: f"Name: ocrdesk\nVersion: {facts.version}\n\n{text}\n"})
    assert len(list(release_check.readme_links(broken, facts))) == 1
    assert len(list(release_check.required_fields(broken))) == 7


def test_a_wheel_that_twine_refuses_is_reported(wheel: Path, tmp_path: Path) -> None:
    name = f"ocrdesk-{project_facts.read_facts().version}.dist-info/METADATA"
    broken = changed(wheel, tmp_path, **{name: "Metadata-Version: 2.4\nName: ocrdesk\nVersion: 0.1.0\n"})
    [found] = release_check.twine(broken)
    assert "long_description" in found


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the files that repeat facts of pyproject.toml."""
    for name in (
        "pyproject.toml",
        "CHANGELOG.md",
        "SECURITY.md",
        "CITATION.cff",
        "ocrdesk/__init__.py",
        "api/ocrdesk_api/app.py",
        project_facts.CHART,
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / project_facts.METAINFO, tmp_path / project_facts.METAINFO)
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_the_files_that_repeat_facts_are_current() -> None:
    assert project_facts.outdated() == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("SECURITY.md", "<security@example.org>", "<someone@example.org>"),
        ("CITATION.cff", "version: ", "version: 1"),
        ("ocrdesk/__init__.py", '__version__ = "', '__version__ = "1'),
        ("api/ocrdesk_api/app.py", '"url": "https://example.org', '"url": "https://elsewhere.example.org'),
        ("packaging/ocrdesk.metainfo.xml", "https://example.org/ocrdesk/issues", "https://example.org/other"),
    ],
)
def test_a_file_that_says_something_else_is_named(checkout: Path, name: str, old: str, new: str) -> None:
    assert project_facts.outdated(checkout) == []
    replace(checkout / name, old, new)
    assert project_facts.outdated(checkout) == [name]


def test_new_addresses_and_a_release_date_reach_every_file(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(checkout / "pyproject.toml", "example.org", "ocr.net")
    replace(checkout / "pyproject.toml", "org.example", "net.ocr")
    replace(checkout / "CHANGELOG.md", "(unreleased)", "(2027-01-31)")
    facts = project_facts.read_facts(checkout)
    assert list(release_check.placeholders(facts)) == []
    for path, text in project_facts.current_texts(facts, checkout).items():
        (checkout / path).write_text(text, "utf-8")
    assert project_facts.outdated(checkout) == []
    said = {
        path.as_posix(): (checkout / path).read_text("utf-8") for path in project_facts.current_texts(facts, checkout)
    }
    assert "<security@ocr.net>" in said["SECURITY.md"]
    assert "date-released: 2027-01-31\n" in said["CITATION.cff"]
    metainfo = said["packaging/ocrdesk.metainfo.xml"]
    assert "<id>net.ocr.ocrdesk</id>" in metainfo
    assert f'<release version="{facts.version}" date="2027-01-31"/>' in metainfo
    assert not any("example" in text for text in (said["CITATION.cff"], said["SECURITY.md"], metainfo))
