"""Files of a format that workers of the previous release cannot make wait until none of these is alive."""

from __future__ import annotations

import pytest

from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.export.package_names import NEW_FORMATS, PackageExport
from ocrdesk_api.errors import HttpError
from ocrdesk_api.submission.admission import admit_export
from tests.helpers.ledger_jobs import finished

_FORMATS = tuple(map(str, NEW_FORMATS))
_NAMES = [*_FORMATS, PackageExport(NEW_FORMATS[0], omits_headers_footers=True).name]


@pytest.fixture
def services(redis_url: str) -> Services:
    return Services.open(Settings(redis_url=redis_url))


def pool(name: str, workers: int = 1, formats: tuple[str, ...] = _FORMATS) -> NodeInfo:
    return NodeInfo(name, workers, ("tesseract",), ("eng",), "0.1.0", formats=formats)


@pytest.mark.parametrize("name", _NAMES)
def test_they_wait_while_an_older_worker_is_alive(services: Services, name: str) -> None:
    job = finished(services.ledger)
    services.ledger.nodes.heartbeat(pool("new"))
    services.ledger.nodes.heartbeat(pool("old", formats=()))
    with pytest.raises(HttpError) as raised:
        admit_export(services, job, name)
    assert (raised.value.status, raised.value.body.code) == (409, "not_ready")
    assert raised.value.headers
    assert int(raised.value.headers["Retry-After"]) > 0
    services.ledger.nodes.remove("old")
    admit_export(services, job, name)


def test_what_exists_is_returned_whatever_workers_are_alive(services: Services) -> None:
    job = finished(services.ledger)
    services.ledger.exports.request(job.job_id, "xlsx", 60)
    services.ledger.nodes.heartbeat(pool("old", formats=()))
    admit_export(services, job, "xlsx")


def test_pools_that_cannot_work_do_not_count(services: Services) -> None:
    services.ledger.nodes.heartbeat(pool("old", workers=0, formats=()))
    admit_export(services, finished(services.ledger), "epub")


@pytest.mark.parametrize("name", ["docx", "docx_without_furniture", "pdf", "pdf_deskew", "image_1_800"])
def test_older_workers_make_the_other_files(services: Services, name: str) -> None:
    services.ledger.nodes.heartbeat(pool("old", formats=()))
    admit_export(services, finished(services.ledger), name)


def test_no_worker_at_all_is_no_older_one(services: Services) -> None:
    admit_export(services, finished(services.ledger), "odt")
