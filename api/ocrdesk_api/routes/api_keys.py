"""Register, rotate, revoke and administer keys."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from ocrdesk.backend.api_keys.email_address import Email, InvalidEmailError, parse_email
from ocrdesk.backend.api_keys.records import CreatedKey, KeyRecord, key_details
from ocrdesk.backend.api_keys.store import EmailTakenError
from ocrdesk.backend.services import Services
from ocrdesk.contract.api_keys import (
    REGISTERED_SCOPES,
    IssuedKey,
    KeyDetails,
    KeyList,
    KeyStats,
    Message,
    NewKey,
    RegenerateRequest,
    Registration,
    Scope,
)
from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_api.access.authentication import CallerKind, Principal
from ocrdesk_api.access.dependencies import AdminDep, KeyHolderDep, ServicesDep
from ocrdesk_api.errors import HttpError, bad_request, forbidden, not_found, scope_missing, unauthorized
from ocrdesk_api.middleware.body_limit import SmallBodyRoute, body_too_large
from ocrdesk_api.openapi import described

router = APIRouter(
    prefix="/auth",
    tags=["keys"],
    route_class=SmallBodyRoute,
    responses={413: described("The body is too large", body_too_large())},
)


def _registration_closed() -> HttpError:
    return HttpError(
        403,
        ErrorCode.REGISTRATION_CLOSED,
        "Registration closed",
        error_message("registration_closed"),
    )


def _already_registered() -> HttpError:
    return HttpError(
        409,
        ErrorCode.ALREADY_REGISTERED,
        "Already registered",
        error_message("already_registered"),
    )


def _no_email(message: ErrorMessage | None = None) -> HttpError:
    return bad_request(ErrorCode.BAD_REQUEST, message or error_message("email_without_at"))


def _no_cursor() -> HttpError:
    return bad_request(ErrorCode.BAD_REQUEST, error_message("keys_cursor_unknown"))


def _no_key() -> HttpError:
    return not_found(error_message("key_not_found"))


def _set_by_operator(kind: CallerKind) -> HttpError:
    if kind is CallerKind.TOKEN:
        return forbidden(error_message("key_is_local_token"))
    return forbidden(error_message("key_set_by_operator"))


_Responses = dict[int | str, dict[str, Any]]
_OWN_KEY: _Responses = {
    403: described(
        "The key is set by the operator, and cannot be changed here",
        _set_by_operator(CallerKind.STATIC),
        _set_by_operator(CallerKind.TOKEN),
    )
}
_ADMIN: _Responses = {403: described("The key lacks the scope admin", scope_missing(Scope.ADMIN, REGISTERED_SCOPES))}


def _require_open_registration(services: ServicesDep) -> None:
    """Raise 403 before the body is validated."""
    if not services.settings.registration_enabled:
        raise _registration_closed()


# ── the caller's own key ────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/register",
    status_code=201,
    summary="Register for an API key",
    dependencies=[Depends(_require_open_registration)],
    responses={
        400: described("The address or the name is not valid", _no_email()),
        403: described("Registration is switched off", _registration_closed()),
        409: described("The address has a key already", _already_registered()),
    },
)
def register_key(body: Registration, services: ServicesDep, response: Response) -> IssuedKey:
    """Creates a key with the scopes submit and read, without a confirmation e-mail. Its secret is shown only once.

    An address can have one active key at a time; upper and lower case do not matter. A revoked or expired
    key frees the address.
    """
    email = _email(body.email)
    try:
        issued = services.keys.create(body.name, email=email, scopes=REGISTERED_SCOPES)
    except EmailTakenError:
        raise _already_registered() from None
    return _shown_once(response, issued, _save_hint(services))


@router.get("/stats", summary="Usage of your key")
def get_key_usage(principal: KeyHolderDep, services: ServicesDep) -> KeyStats:
    """Returns the account of the key: owner, scopes, total usage, and usage on each of the last 30 days.
    This request counts too. For a key from API_KEYS, `email` and `name` are null."""
    usage = services.keys.usage(principal.owner)
    record = services.keys.key(principal.key_id) if principal.key_id else None
    return KeyStats(
        email=record.email if record else None,
        name=record.name if record else None,
        key_id=principal.key_id,
        prefix=record.prefix if record else None,
        scopes=principal.scopes,
        created_at=record.created_at if record else None,
        expires_at=record.expires_at if record else None,
        overlap_until=record.overlap_until if record else None,
        request_count=usage.requests,
        page_count=usage.pages,
        byte_count=usage.size_bytes,
        last_used_at=usage.last_used_at,
        daily=usage.daily,
    )


@router.post("/regenerate", summary="Replace your key's secret", responses=_OWN_KEY)
def regenerate_key(
    principal: KeyHolderDep, services: ServicesDep, response: Response, body: RegenerateRequest | None = None
) -> IssuedKey:
    """Creates a new secret for the same account: jobs, scopes and usage stay.

    The secret that you send stops working immediately, or after `overlap_seconds`, so that you can switch
    your programs one by one. All other secrets of the account stop working immediately: a second call during
    an overlap ends the secret that you did not send. If the response is lost, call again with the secret
    that you have before its overlap ends. If a secret was stolen, call without an overlap.
    """
    key_id, digest = _own_key(principal)
    overlap_s = body.overlap_seconds if body else 0
    issued = services.keys.regenerate(key_id, digest, overlap_s)
    if issued is None:  # replaced, revoked or expired since it was checked
        raise unauthorized(services.settings.api_key_header)
    until = issued.record.overlap_until
    fate = (
        f"The one that you sent works until {until.isoformat(timespec='seconds')}, and no other does."
        if until
        else "The one before works no more."
    )
    return _shown_once(response, issued, f"{_save_hint(services)} {fate}")


@router.post("/revoke", summary="Revoke your key", responses=_OWN_KEY)
def revoke_own_key(principal: KeyHolderDep, services: ServicesDep) -> Message:
    """Closes the account: all its secrets stop working immediately, and its address can register again.

    Its jobs finish and expire as usual; nobody can fetch them any more.
    """
    key_id, _ = _own_key(principal)
    services.keys.revoke(key_id)
    return Message(
        message="The key is revoked. It stops working immediately. Its jobs run to their end and then expire; "
        "nobody can fetch them any more."
    )


def _own_key(principal: Principal) -> tuple[str, str]:
    """Return the id and the secret's hash of a key that its holder can change. Raises 403."""
    if principal.key_id is None or principal.digest is None:
        raise _set_by_operator(principal.kind)
    return principal.key_id, principal.digest


# ── all keys, for admins ─────────────────────────────────────────────────────────────────────────────


@router.get(
    "/keys",
    summary="List all keys, newest first",
    responses=_ADMIN | {400: described("The cursor is invalid", _no_cursor())},
)
def list_keys(
    _admin: AdminDep,
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1, le=1000, description="Keys per page")] = 100,
    after: Annotated[str | None, Query(description="`next` of the previous page", max_length=64)] = None,
    email: Annotated[str | None, Query(description="Only the key of this e-mail address", max_length=320)] = None,
) -> KeyList:
    """Lists registered keys and keys created by admins, with their usage, without secrets. Needs the scope admin.

    Revoked and expired keys stay listed for a month. API_KEYS are not listed: the operator knows them.
    """
    if email is not None:
        record = services.keys.key_of_email(_email(email))
        return KeyList(keys=(services.keys.info(record),) if record else ())
    found = services.keys.keys(limit + 1, after)
    if found is None:
        raise _no_cursor()
    shown = tuple(found[:limit])
    return KeyList(keys=shown, next=shown[-1].key_id if len(found) > limit else None)


@router.post(
    "/keys",
    status_code=201,
    summary="Create a key",
    responses=_ADMIN
    | {
        400: described("The address, the name, a scope or the expiry is not valid", _no_email()),
        409: described("The address has a key already", _already_registered()),
    },
)
def create_key(body: NewKey, _admin: AdminDep, services: ServicesDep, response: Response) -> IssuedKey:
    """Creates a key with the scopes and the expiry that you choose. Its secret is shown only once.

    Scopes do not include each other: a key with only `admin` manages keys, but can neither submit nor read.
    """
    email = _email(body.email) if body.email is not None else None
    try:
        issued = services.keys.create(body.name, email=email, scopes=body.scopes, expires_at=body.ends_at)
    except EmailTakenError:
        raise _already_registered() from None
    return _shown_once(response, issued, _save_hint(services))


@router.get(
    "/keys/{key_id}", summary="Get a key", responses=_ADMIN | {404: described("There is no such key", _no_key())}
)
def get_key(key_id: str, _admin: AdminDep, services: ServicesDep) -> KeyDetails:
    """Returns a key and its usage on each of the last 30 days."""
    record = _existing_key(services, key_id)
    return key_details(record, services.keys.usage(record.owner))


@router.delete(
    "/keys/{key_id}",
    status_code=204,
    summary="Revoke a key",
    responses=_ADMIN | {404: described("There is no such key", _no_key())},
)
def revoke_key(key_id: str, _admin: AdminDep, services: ServicesDep) -> Response:
    """Ends a key and all its secrets immediately. A revoked key stays revoked."""
    if not services.keys.revoke(key_id):
        raise _no_key()
    return Response(status_code=204)


def _existing_key(services: Services, key_id: str) -> KeyRecord:
    record = services.keys.key(key_id)
    if record is None:
        raise _no_key()
    return record


def _email(text: str) -> Email:
    try:
        return parse_email(text)
    except InvalidEmailError as error:
        raise _no_email(error.error_message) from None


def _save_hint(services: Services) -> str:
    return f"Keep this key: it is shown only now. Send it in the header {services.settings.api_key_header}."


def _shown_once(response: Response, issued: CreatedKey, message: str) -> IssuedKey:
    """Return the response with the secret, which no cache may store."""
    response.headers["Cache-Control"] = "no-store"
    return issued.answer(message)
