"""FastAPI dependencies: services, caller, job."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from ocrdesk.backend.ids import is_job_id
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.contract.api_keys import Scope
from ocrdesk.contract.error_messages import error_message
from ocrdesk_api.access.authentication import CallerKind, Principal, credential, identify, missing_scope
from ocrdesk_api.errors import not_found, unauthorized


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]

# Only for the documentation: `get_principal` reads the key itself.
KEY_SCHEME = APIKeyHeader(name="X-API-Key", scheme_name="apiKey", description="Your API key.", auto_error=False)
BEARER_SCHEME = HTTPBearer(scheme_name="bearer", description="Your API key, as a bearer token.", auto_error=False)


def get_principal(
    request: Request,
    services: ServicesDep,
    _key: Annotated[object, Security(KEY_SCHEME)] = None,
    _bearer: Annotated[object, Security(BEARER_SCHEME)] = None,
) -> Principal:
    """Identify the caller and count the request. Raises 401."""
    settings = services.settings
    principal = identify(settings, services.keys, credential(request.headers, settings.api_key_header))
    request.state.owner = principal.owner  # for the access log
    return principal


CallerDep = Annotated[Principal, Depends(get_principal)]
"""Any authenticated caller, with any scopes."""


def _requires(scope: Scope) -> Callable[[Principal, Services], Awaitable[Principal]]:
    async def check(principal: CallerDep, services: ServicesDep) -> Principal:
        if problem := missing_scope(principal, scope, services.settings.api_key_header):
            raise problem
        return principal

    return check


PrincipalDep = Annotated[Principal, Depends(_requires(Scope.READ))]
SubmitterDep = Annotated[Principal, Depends(_requires(Scope.SUBMIT))]
AdminDep = Annotated[Principal, Depends(_requires(Scope.ADMIN))]


async def get_key_holder(principal: CallerDep, services: ServicesDep) -> Principal:
    """Return a caller with a key of any scope. Raises 401 without a key, even if the server requires none."""
    if principal.kind is CallerKind.OPEN:
        header = services.settings.api_key_header
        raise unauthorized(header, error_message("key_needed", header=header))
    return principal


KeyHolderDep = Annotated[Principal, Depends(get_key_holder)]


def get_job(job_id: str, services: ServicesDep, principal: PrincipalDep) -> JobRecord:
    """Return the caller's job. Raises one 404 for an unknown job, another caller's, and what is no id."""
    job = services.ledger.jobs.get(job_id) if is_job_id(job_id) else None
    if job is None or not _owns(services, principal, job):
        raise not_found()
    return job


def _owns(services: Services, principal: Principal, job: JobRecord) -> bool:
    if job.is_readable or job.owner:
        return job.owner == principal.owner
    return services.ledger.job_list.contains(principal.owner, job.job_id)  # its record does not say whose it is


def get_writable_job(job_id: str, services: ServicesDep, principal: SubmitterDep) -> JobRecord:
    """Return the caller's job for a change, which needs the scope submit."""
    return get_job(job_id, services, principal)


JobDep = Annotated[JobRecord, Depends(get_job)]
WritableJobDep = Annotated[JobRecord, Depends(get_writable_job)]
