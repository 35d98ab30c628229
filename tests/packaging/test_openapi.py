"""docs/openapi.json is what the service describes, so that no change of it goes unnoticed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers.openapi import described
from tests.packaging.repository import PACKAGING, ROOT

COMMITTED: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


def run(script: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(ROOT / path) for path in (".", "api", "worker"))
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PYTHONPATH": paths, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_committed_description_is_current() -> None:
    checked = run(PACKAGING / "openapi.py", "--check")
    assert checked.returncode == 0, checked.stderr


def test_settings_of_this_machine_do_not_change_it() -> None:
    env = {"API_KEY_HEADER": "X-Other", "RATE_LIMIT_REQUESTS": "7", "API_KEY_ENABLED": "true"}
    checked = run(PACKAGING / "openapi.py", "--check", **env)
    assert checked.returncode == 0, checked.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The script beside a copy of the description."""
    for folder in ("packaging", "docs"):
        (tmp_path / folder).mkdir()
    for script in ("openapi.py", "generated_file.py"):
        shutil.copy(PACKAGING / script, tmp_path / "packaging")
    shutil.copy(ROOT / "docs" / "openapi.json", tmp_path / "docs")
    return tmp_path


def test_a_changed_route_is_noticed_and_the_command_named(copy: Path) -> None:
    file = copy / "docs" / "openapi.json"
    file.write_text(file.read_text("utf-8").replace('"operationId": "submit_file"', '"operationId": "send_file"'))
    checked = run(copy / "packaging" / "openapi.py", "--check")
    assert checked.returncode == 1
    assert "python packaging/openapi.py" in checked.stderr
    assert run(copy / "packaging" / "openapi.py").returncode == 0
    assert file.read_text("utf-8") == (ROOT / "docs" / "openapi.json").read_text("utf-8")


def test_operation_ids_are_readable_and_each_is_one_operations() -> None:
    ids = [operation.spec["operationId"] for operation in described()]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name) or "api" in name] == []


def test_each_response_is_either_json_or_a_file() -> None:
    """Methods of generated clients return one or the other."""
    mixed = {}
    for operation in described():
        for status, response in operation.spec["responses"].items():
            kinds = list(response.get("content", {}))
            if len(kinds) > 1 and kinds[0] == "application/json":
                mixed[f"{operation} {status}"] = kinds
    assert mixed == {}


def test_schemas_have_names_that_classes_can_have() -> None:
    schemas = COMMITTED["components"]["schemas"]
    assert [name for name in schemas if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(COMMITTED)))
    assert references - set(schemas) == set()


def test_choices_are_listed_and_engines_stay_open() -> None:
    schemas = COMMITTED["components"]["schemas"]
    formats = ["text", "json", "hocr", "alto", "tsv", "md", "html", "docx", "odt", "epub", "csv", "xlsx", "pdf"]
    assert schemas["ResultFormat"]["enum"] == formats
    form = schemas["SubmitForm"]["properties"]
    assert form["mode"]["$ref"].endswith("/RecognitionMode")
    assert schemas["RecognitionMode"]["enum"] == ["auto", "force", "text-layer-only"]
    listed, other = form["engine"]["anyOf"]
    assert listed["enum"] == ["auto", "tesseract", "tesseract-cli", "rapid"]
    assert re.search(other["pattern"], "an-engine-of-tomorrow")


def test_the_contact_and_the_licence_are_the_projects() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    info = COMMITTED["info"]
    assert info["contact"] == {"name": citation["authors"][0]["name"], "url": citation["url"]}
    assert info["license"] == {"name": citation["license"], "identifier": citation["license"]}
    assert COMMITTED["servers"]
