"""Engines are found by entry point; problems of a package are reported and stop nothing."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from ocrdesk.contract.engines import ENGINE_GROUP, INCLUDED_ENGINES
from ocrdesk_worker.engines.entry_points import find_engines
from ocrdesk_worker.engines.included import INCLUDED_TARGETS

ROOT = Path(__file__).resolve().parents[3]
GOOD = """
class Factory:
    name = "{name}"
    def unavailable_because(self):
        return None
    def create(self, data):
        raise NotImplementedError
FACTORY = Factory()
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a module that a test writes into `tmp_path`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    name = "engine_of_a_test"
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def point(name: str, package: str) -> EntryPoint:
    return EntryPoint(name, f"{package}:FACTORY", ENGINE_GROUP)


def test_the_project_announces_the_included_engines() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][ENGINE_GROUP] == INCLUDED_TARGETS
    assert tuple(INCLUDED_TARGETS) == INCLUDED_ENGINES


def test_the_included_engines_are_found_where_the_installation_is_older_than_the_code() -> None:
    found = find_engines(())
    assert (tuple(found.factories), found.broken) == (INCLUDED_ENGINES, ())
    assert [factory.name for factory in found.factories.values()] == list(INCLUDED_ENGINES)


def test_an_announced_engine_comes_after_the_included_ones(tmp_path: Path, package: str) -> None:
    (tmp_path / f"{package}.py").write_text(GOOD.format(name="another"))
    found = find_engines([point("another", package)])
    assert (tuple(found.factories), found.broken) == ((*INCLUDED_ENGINES, "another"), ())


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("another", "import no_such_module", "ModuleNotFoundError"),
        ("another", "raise SystemExit(1)", "SystemExit"),
        ("another", "this is no Python", "SyntaxError"),
        ("another", "", "AttributeError"),
        ("another", "FACTORY = None", "AttributeError"),
        ("another", "class FACTORY:\n    name = 'another'\n    create = unavailable_because = 1", "no engine factory"),
        ("another", GOOD.format(name="yet-another"), "'yet-another'"),
        ("Another", GOOD.format(name="Another"), "lower-case"),
        ("../another", GOOD.format(name="../another"), "lower-case"),
        ("another\n", GOOD.format(name="another"), "lower-case"),
        ("a" * 41, GOOD.format(name="a" * 41), "up to 40"),
        ("auto", GOOD.format(name="auto"), "reserved"),
        ("text-layer", GOOD.format(name="text-layer"), "reserved"),
        ("tesseract", GOOD.format(name="tesseract"), "that of ocrdesk is used"),
    ],
)
def test_a_broken_engine_is_reported_and_the_others_are_found(
    tmp_path: Path, package: str, caplog: pytest.LogCaptureFixture, name: str, code: str, said: str
) -> None:
    (tmp_path / f"{package}.py").write_text(code)
    found = find_engines([point(name, package)])
    assert tuple(found.factories) == INCLUDED_ENGINES
    (broken,) = found.broken
    assert broken.name == name.encode("unicode_escape").decode() or name in INCLUDED_ENGINES
    assert said.lower() in broken.reason.lower()
    assert broken.reason in caplog.text
    assert type(found.factories["tesseract"]).__module__ == "ocrdesk_worker.engines.included"


def test_of_two_packages_with_one_name_the_first_one_is_used(tmp_path: Path, package: str) -> None:
    (tmp_path / f"{package}.py").write_text(GOOD.format(name="another"))
    found = find_engines([point("another", package), point("another", f"{package}_too")])
    assert tuple(found.factories) == (*INCLUDED_ENGINES, "another")
    assert "both have it" in found.broken[0].reason
