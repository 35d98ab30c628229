"""What endpoints are given: the process's services, and who is asking."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk_api.auth import Principal, identify
from ocrdesk_api.problems import not_found


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def get_principal(request: Request) -> Principal:
    """Who asks. Raises 401."""
    settings = get_services(request).settings
    principal = identify(settings, request.headers.get(settings.api_key_header))
    request.state.owner = principal.owner  # for the request's line in the log
    return principal


ServicesDep = Annotated[Services, Depends(get_services)]
PrincipalDep = Annotated[Principal, Depends(get_principal)]


def get_job(job_id: str, services: ServicesDep, principal: PrincipalDep) -> JobRecord:
    """The caller's job of that id. Raises 404 for one that is unknown or another's: the two look alike."""
    job = services.ledger.job(job_id)
    if job is None or job.owner != principal.owner:
        raise not_found()
    return job


JobDep = Annotated[JobRecord, Depends(get_job)]
