"""Records what a checkout makes of the input files: all engines and formats, with and without headers and footers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
from reference_files import FILES, make_files
from reference_server import LONG_PAGE_LIMIT_S, Api, Checkout, running_api, running_valkey, running_worker
from reference_text import docx_text, json_text, lines_of_json, pdf_text, steady, steady_json, xml_lines

_ENGINES = ("auto", "tesseract", "tesseract-cli", "rapid")
_FORMATS: dict[str, Callable[[bytes], str]] = {
    "text": lambda data: data.decode(),
    "json": json_text,
    "hocr": lambda data: steady(xml_lines(data.decode())),
    "alto": lambda data: steady(xml_lines(data.decode())),
    "tsv": lambda data: data.decode(),
    "md": lambda data: data.decode(),
    "csv": lambda data: data.decode(),
    "docx": docx_text,
    "pdf": pdf_text,
}
_MAY_OMIT = ("text", "md", "docx")
_WORKERS = 2
_OMITTING = ("omit_headers_footers", "without_furniture")
"""Names of the option that leaves headers and footers out, the newest first."""
_VARIANTS: dict[str, dict[str, dict[str, str]]] = {
    "german.png": {"deu": {"languages": "deu"}, "found": {"languages": "auto"}, "both": {"languages": "eng+deu"}},
    "born-digital.pdf": {
        "": {},
        "forced": {"mode": "force"},
        "own-text": {"mode": "text-layer-only"},
        "ranges": {"pages": "2-3"},
    },
    "mixed.pdf": {"": {}, "forced": {"mode": "force"}, "own-text": {"mode": "text-layer-only"}},
}
"""Options besides the engine, by file and name of the variant."""


def record_results(checkout: Checkout, out: Path) -> None:
    """Write a folder for each engine, with a file for each input, variant and format."""
    inputs = checkout.home / "inputs"
    make_files(inputs)
    with running_valkey(checkout.home / "valkey") as redis_url:
        env = {
            "REDIS_URL": redis_url,
            "STORAGE_URL": (checkout.home / "blobs").as_uri(),
            "OCR_TIMEOUT_PER_PAGE": LONG_PAGE_LIMIT_S,
            "MAX_FILE_SIZE_MB": "0",
            "MAX_PDF_PAGES": "0",
            "MAX_QUEUED_PAGES": "0",
        }
        with running_api(checkout, **env) as api, running_worker(checkout, _WORKERS, **env):
            omit = _omitting_parameter(api)
            jobs = _submit_all(api, inputs)
            with ThreadPoolExecutor(2) as threads:
                for done in [threads.submit(_record_job, api, job_id, out / name, omit) for name, job_id in jobs]:
                    done.result()


def _omitting_parameter(api: Api) -> str:
    described = api.get("/openapi.json") if api.get("/openapi.json").status_code == 200 else None
    text = described.text if described is not None else httpx2.get(f"{api.url}/openapi.json", trust_env=False).text
    return next(name for name in _OMITTING if f'"{name}"' in text)


def _submit_all(api: Api, inputs: Path) -> list[tuple[Path, str]]:
    jobs = []
    for engine in _ENGINES:
        for name in FILES:
            for variant, options in _VARIANTS.get(name, {"": {}}).items():
                if engine != "auto" and variant in ("own-text", "ranges", "found"):
                    continue  # no engine is used, or its result is the same
                folder = Path(engine) / (f"{name}-{variant}" if variant else name)
                jobs.append((folder, api.submit(inputs / name, {"engine": engine, **options})))
    return jobs


def _record_job(api: Api, job_id: str, folder: Path, omit: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    api.ended(job_id)
    _write(folder / "job.txt", json_text(api.get(f"/ocr/jobs/{job_id}").content))
    _write(folder / "result.txt", json_text(api.get(f"/ocr/result/{job_id}").content))
    for form, as_text in _FORMATS.items():
        _write(folder / f"{form}.txt", _fetched(api, job_id, {"format": form}, as_text))
    for form in _MAY_OMIT:
        text = _fetched(api, job_id, {"format": form, omit: "true"}, _FORMATS[form])
        _write(folder / f"{form}-no-headers.txt", text)
    joined = {"format": "text", "join_lines": "true"}
    _write(folder / "text-joined.txt", _fetched(api, job_id, joined, _FORMATS["text"]))


def _fetched(api: Api, job_id: str, query: dict[str, str], as_text: Callable[[bytes], str]) -> str:
    answer = api.get(f"/ocr/result/{job_id}", params={**query, "wait": "60"})
    if answer.status_code == 200:
        return _without_id(as_text(answer.content), job_id)
    body = lines_of_json(steady_json(json.loads(answer.content)))
    return f"status {answer.status_code}\n{_without_id(body, job_id)}\n"


def _without_id(text: str, job_id: str) -> str:
    return re.sub(re.escape(job_id), "<id>", text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
