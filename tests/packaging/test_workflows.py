"""The workflows call scripts that exist, run the same checks as a build server, and have few rights."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packaging.repository import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, Any] = {
    file.name: yaml.safe_load(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.yml"))
}
WRITES = {("release.yml", "draft"): {"contents": "write"}}
"""The only jobs that may do more than read, with their rights."""
SCRIPT = re.compile(r"(?:packaging/[\w./-]+\.(?:sh|py)|\.ci/\w+|\bContainerfile\b)")
PINNED = re.compile(r"actions/[a-z-]+@v\d+(?:\.\d+)*")


def jobs(name: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return the jobs of one workflow or of all, with the names of both."""
    for workflow, content in WORKFLOWS.items():
        for job, found in content["jobs"].items():
            if name in ("", workflow):
                yield workflow, job, found


def steps(name: str = "") -> Iterator[dict[str, Any]]:
    for _, _, job in jobs(name):
        yield from job.get("steps", ())


def commands(name: str = "") -> list[str]:
    return [step["run"] for step in steps(name) if "run" in step]


def test_there_is_one_for_checks_and_one_for_releases() -> None:
    assert list(WORKFLOWS) == ["ci.yml", "release.yml"]


def test_every_script_in_a_command_exists() -> None:
    named = {path for command in commands() for path in SCRIPT.findall(command)}
    assert named >= {
        ".ci/run",
        "Containerfile",
        "packaging/bundle/appimage.sh",
        "packaging/bundle/build.sh",
        "packaging/deb/build.sh",
        "packaging/docs.sh",
        "packaging/release_check.py",
    }
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_checks_run_the_script_of_the_build_server_on_both_pythons() -> None:
    job = WORKFLOWS["ci.yml"]["jobs"]["checks"]
    assert [step["run"] for step in job["steps"] if ".ci/run" in step.get("run", "")] == ["bash .ci/run"]
    assert job["container"] == "${{ matrix.system }}"
    assert {entry["python"] for entry in job["strategy"]["matrix"]["include"]} == {"3.11", "3.13"}
    assert job["strategy"]["fail-fast"] is False


def test_a_release_is_made_from_a_tag_after_every_check() -> None:
    release = WORKFLOWS["release.yml"]
    assert release[True] == {"push": {"tags": ["v*"]}}  # YAML reads the key `on` as true
    assert release["jobs"]["checks"]["uses"] == "./.github/workflows/ci.yml"
    assert "workflow_call" in WORKFLOWS["ci.yml"][True]
    assert set(release["jobs"]["draft"]["needs"]) == set(release["jobs"]) - {"draft"}


def test_the_wheel_is_built_by_the_release_check_and_not_as_a_draft() -> None:
    checks = [command for command in commands("release.yml") if "release_check.py" in command]
    assert checks
    assert not [command for command in checks if "--draft" in command]


def test_every_file_that_is_uploaded_for_a_release_is_attached() -> None:
    names = set()
    for _, _, job in jobs("release.yml"):
        matrix = job.get("strategy", {}).get("matrix", {}).get("include", [])
        for step in job.get("steps", ()):
            if "upload-artifact" in step.get("uses", ""):
                name = step["with"]["name"]
                names |= {entry["name"] for entry in matrix} if "matrix" in name else {name}
                assert step["with"]["if-no-files-found"] == "error"
    draft = WORKFLOWS["release.yml"]["jobs"]["draft"]["steps"]
    [download] = [step["with"] for step in draft if "download-artifact" in step.get("uses", "")]
    patterns = download["pattern"].strip("{}").split(",")
    assert names == {"wheel", "deb-12", "deb-13", "bundle", "appimage", "image"}
    assert [name for name in names if not any(Path(name).match(pattern) for pattern in patterns)] == []


def test_a_job_gets_files_only_from_jobs_that_it_waits_for() -> None:
    for _, name, job in jobs("release.yml"):
        wanted = [step["with"] for step in job.get("steps", ()) if "download-artifact" in step.get("uses", "")]
        assert not wanted or set(job["needs"]) >= {step["name"] for step in wanted if "name" in step}, name


def test_programs_from_other_projects_have_a_fixed_version_and_a_checksum() -> None:
    downloads = [
        (job, step["run"])
        for _, _, job in jobs()
        for step in job.get("steps", ())
        if "gh release download" in step.get("run", "")
    ]
    assert downloads
    for job, command in downloads:
        lines = [line for line in command.splitlines() if "gh release download" in line]
        tags = re.findall(r'gh release download "\$(\w+)_TAG"', command)
        assert len(tags) == len(lines)
        assert "| sha256sum --check" in command
        for tag in tags:
            assert f"${tag}_SHA256" in command
            assert re.fullmatch(r"[0-9a-f]{64}", job["env"][f"{tag}_SHA256"])
            assert re.fullmatch(r"[0-9.]+", job["env"][f"{tag}_TAG"])


@pytest.mark.parametrize(("workflow", "job"), [(workflow, job) for workflow, job, _ in jobs()])
def test_jobs_only_read_unless_they_must_write(workflow: str, job: str) -> None:
    assert WORKFLOWS[workflow]["permissions"] == {"contents": "read"}
    assert WORKFLOWS[workflow]["jobs"][job].get("permissions") == WRITES.get((workflow, job))


def test_every_job_ends_in_time() -> None:
    assert [name for _, name, job in jobs() if "steps" in job and "timeout-minutes" not in job] == []


def test_actions_have_a_version_and_checkouts_keep_no_password() -> None:
    used = [step for step in steps() if "uses" in step]
    assert used
    assert [step["uses"] for step in used if not PINNED.fullmatch(step["uses"])] == []
    checkouts = [step for step in used if "checkout" in step["uses"]]
    assert [step.get("with") for step in checkouts] == [{"persist-credentials": False}] * len(checkouts)


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.strip().partition("\n")[0][:40])
def test_commands_are_valid_for_sh_and_contain_nothing_from_outside(command: str) -> None:
    """A branch's or tag's name that is pasted into a command could be a command itself; a variable cannot."""
    assert "${{" not in command
    subprocess.run(["sh", "-n", "-c", command], check=True)
