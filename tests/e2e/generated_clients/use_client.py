"""A program on the client that openapi-python-client generates; prints what it got. Arguments: URL, key, TIFF."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path

from ocrdesk_client import AuthenticatedClient
from ocrdesk_client.api.events import job_events
from ocrdesk_client.api.jobs import get_document, get_job, get_page_image, list_jobs
from ocrdesk_client.api.ocr import get_file, get_result, submit_file
from ocrdesk_client.api.service import get_capabilities
from ocrdesk_client.models import (
    Capabilities,
    Document,
    ErrorBody,
    JobList,
    JobResult,
    JobState,
    RecognitionMode,
    ResultFormat,
    SubmitAnswer,
    SubmitForm,
)
from ocrdesk_client.types import File


def main(url: str, key: str, path: Path) -> dict[str, object]:
    client = AuthenticatedClient(url, key, prefix="", auth_header_name="X-API-Key", raise_on_unexpected_status=True)
    submitted = submit_file.sync(client=client, body=form(path, engine="tesseract"))
    assert isinstance(submitted, SubmitAnswer)
    job_id = submitted.job_id
    followed = job_events.sync_detailed(job_id, client=client).content.decode()
    result = get_result.sync(job_id, client=client, wait=60.0)
    assert isinstance(result, JobResult)
    document = get_document.sync(job_id, client=client)
    assert isinstance(document, Document)
    jobs = list_jobs.sync(client=client, status=[JobState.FINISHED], name=path.name)
    assert isinstance(jobs, JobList)
    capabilities = get_capabilities.sync(client=client)
    assert isinstance(capabilities, Capabilities)
    return {
        "events": [json.loads(line[6:])["type"] for line in followed.splitlines() if line.startswith("data: ")],
        "status": result.status.value,
        "text": result.text,
        "warnings": [warning.text for warning in result.warnings or []],
        "words": [word.text for block in document.pages[0].blocks or [] for line in block.lines for word in line.words],
        "file": saved(get_file.sync(job_id, client=client, format_=ResultFormat.TEXT)).decode(),
        "pdf": saved(get_file.sync(job_id, client=client, format_=ResultFormat.PDF, wait=60.0))[:5].decode(),
        "image": saved(get_page_image.sync(job_id, 1, client=client, width=400))[:4].hex(),
        "newest job": jobs.jobs[0].job_id == job_id,
        "formats": len(capabilities.formats or []),
        "new engine": code(submit_file.sync(client=client, body=form(path, engine="engine-of-tomorrow"))),
        "unknown job": code(get_job.sync("0" * 32, client=client)),
        "no result": code(get_file.sync("0" * 32, client=client, format_=ResultFormat.MD)),
        "wrong key": code(list_jobs.sync(client=AuthenticatedClient(url, "wrong"))),
    }


def form(path: Path, engine: str) -> SubmitForm:
    file = File(payload=BytesIO(path.read_bytes()), file_name=path.name, mime_type="image/tiff")
    return SubmitForm(file=file, engine=engine, mode=RecognitionMode.FORCE, pages="1-2,7")


def saved(answer: object) -> bytes:
    assert isinstance(answer, File), answer
    return answer.payload.read()


def code(answer: object) -> str:
    assert isinstance(answer, ErrorBody), answer
    assert answer.detail
    return answer.code


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
