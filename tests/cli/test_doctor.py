"""`ocrdesk doctor`: what it reports and how to fix it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ocrdesk.local.diagnostics import doctor
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import Backend, run_ocrdesk, run_valkey, running_pool, short_folder
from tests.helpers.wait import wait_until


def test_doctor_names_every_part(tmp_path: Path) -> None:
    done = run_ocrdesk("doctor", OCRDESK_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 0, done.stdout
    for part in ("ocrdesk", "Python", "fastapi", "Valkey", "engine tesseract", "languages", "PDFium", "data folder"):
        assert part in done.stdout
    assert "eng" in done.stdout
    assert "not running" in done.stdout


def test_the_doctor_names_the_languages_and_how_to_get_more() -> None:
    lines = [line for line in run_ocrdesk("doctor").stdout.splitlines() if " languages " in line]
    assert "eng (English)" in lines[0]
    assert "ocrdesk languages add NAME" in lines[0]


@pytest.mark.parametrize("package", ["httpx2", "rq", "pypdfium2"])
def test_doctor_sees_that_a_packages_files_are_gone(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    find_spec = doctor.find_spec
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == package else find_spec(name))
    (finding,) = [found for found in doctor.examine() if f"--no-deps {package}" in found.remedy and not found.found]
    assert finding.is_broken


def test_doctor_sees_a_running_backend(backend: Backend) -> None:
    done = run_ocrdesk("doctor", OCRDESK_DATA_DIR=str(backend.data_dir))
    assert backend.url in done.stdout


def test_doctor_says_how_to_fix_an_unusable_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_ocrdesk("doctor", OCRDESK_DATA_DIR=str(tmp_path / "file"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stdout


@IN_LONG_FORM
def test_doctor_counts_the_workers_of_the_service_and_names_settings_that_differ() -> None:
    with short_folder() as folder, run_valkey(folder) as url:
        idle = run_ocrdesk("doctor", REDIS_URL=url)
        assert (idle.returncode, "0 workers are alive" in idle.stdout) == (0, True)
        with running_pool(REDIS_URL=url, RESULT_TTL="7200"):
            wait_until(lambda: "1 workers are alive" in doctor_of(url, RESULT_TTL="7200").stdout, "the worker")
            found = doctor_of(url)
            assert found.returncode == 1
            assert "its workers have other values of RESULT_TTL" in found.stdout
            assert "7200" not in found.stdout
    gone = doctor_of(url)
    assert (gone.returncode, "not reachable" in gone.stdout) == (1, True)


def doctor_of(redis_url: str, **env: str) -> subprocess.CompletedProcess[str]:
    return run_ocrdesk("doctor", REDIS_URL=redis_url, **env)
