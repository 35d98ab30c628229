"""What endpoints are given: the process's services, who is asking, and the job that is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.contract.api_keys import Scope
from ocrdesk_api.access.authentication import CallerKind, Principal, credential, identify, missing_scope
from ocrdesk_api.errors import not_found, unauthorized


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]

# For the documentation alone: they name the ways to send a key, and `get_principal` reads it.
KEY_SCHEME = APIKeyHeader(name="X-API-Key", scheme_name="apiKey", description="Your API key.", auto_error=False)
BEARER_SCHEME = HTTPBearer(scheme_name="bearer", description="Your API key, as a bearer token.", auto_error=False)


def get_principal(
    request: Request,
    services: ServicesDep,
    _key: Annotated[object, Security(KEY_SCHEME)] = None,
    _bearer: Annotated[object, Security(BEARER_SCHEME)] = None,
) -> Principal:
    """Who asks; counts the request. Raises 401."""
    settings = services.settings
    principal = identify(settings, services.keys, credential(request.headers, settings.api_key_header))
    request.state.owner = principal.owner  # for the request's line in the log
    return principal


CallerDep = Annotated[Principal, Depends(get_principal)]
"""Anyone who is let in, whatever the key may do."""


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
    """A caller with a key of whatever scope. Raises 401 for one without, also where none is asked for."""
    if principal.kind is CallerKind.OPEN:
        raise unauthorized(services.settings.api_key_header, "This is about an API key, and none was sent.")
    return principal


KeyHolderDep = Annotated[Principal, Depends(get_key_holder)]


def get_job(job_id: str, services: ServicesDep, principal: PrincipalDep) -> JobRecord:
    """The caller's job of that id. Raises 404 for one that is unknown or another's: the two look alike."""
    job = services.ledger.jobs.get(job_id)
    if job is None or job.owner != principal.owner:
        raise not_found()
    return job


def get_writable_job(job_id: str, services: ServicesDep, principal: SubmitterDep) -> JobRecord:
    """The same for a caller who wants to change the job."""
    return get_job(job_id, services, principal)


JobDep = Annotated[JobRecord, Depends(get_job)]
WritableJobDep = Annotated[JobRecord, Depends(get_writable_job)]
