"""Validates form fields into job options."""

from __future__ import annotations

import re

from ocrdesk.backend.records import NodeInfo, WebhookTarget
from ocrdesk.backend.webhooks import target
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.contract.engines import INCLUDED_ENGINES, EngineName, engine_name_problem
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import JobOptions, RecognitionMode
from ocrdesk.contract.languages import AUTO_LANGUAGE, how_to_add
from ocrdesk.contract.page_ranges import PageRangeError, PageRanges
from ocrdesk_api.errors import bad_request
from ocrdesk_api.submission.upload_stream import PASSWORD_FIELD

FIELDS = ("languages", "engine", "pages", "mode", "attachments", "webhook_url", "webhook_secret")
_LANGUAGE = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?")


def parse(fields: dict[str, str], nodes: list[NodeInfo]) -> JobOptions:
    """Return the options. Raises 400 and names the invalid one.

    Languages and engines are checked against the live workers; without any, the worker that starts later
    reports the error on the job.
    """
    for name in fields:
        if name not in FIELDS:
            known = ", ".join((*FIELDS, PASSWORD_FIELD))
            raise bad_request(ErrorCode.UNKNOWN_OPTION, error_message("unknown_option", name=repr(name), known=known))
    options = JobOptions()
    if text := fields.get("languages", "").strip():
        options = options.model_copy(update={"languages": _languages(text, nodes)})
    if text := fields.get("engine", "").strip():
        options = options.model_copy(update={"engine": _engine(text, nodes)})
    if text := fields.get("pages", "").strip():
        options = options.model_copy(update={"pages": _pages(text)})
    if text := fields.get("mode", "").strip():
        options = options.model_copy(update={"mode": _mode(text)})
    if text := fields.get("attachments", "").strip():
        options = options.model_copy(update={"attachments": _attachments(text)})
    return options


def _attachments(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise bad_request(ErrorCode.BAD_REQUEST, error_message("field_not_boolean", field="attachments"))
    return text.lower() == "true"


def _pages(text: str) -> str:
    try:
        return str(PageRanges.parse(text))
    except PageRangeError as error:
        raise bad_request(
            ErrorCode.INVALID_PAGES, error_message("option_pages_invalid", cause=error.error_message)
        ) from None


def webhook(fields: dict[str, str], allowed_hosts: tuple[str, ...]) -> tuple[WebhookTarget | None, str | None]:
    """Return whom to notify of the job's end, and the secret if it was created here. Raises 400."""
    url, secret = fields.get("webhook_url", "").strip(), fields.get("webhook_secret", "").strip()
    try:
        if not url:
            if secret:
                raise target.InvalidWebhookError(error_message("webhook_secret_without_url"))
            return None, None
        endpoint = target.parse_url(url)
        target.refuse_if_known_private(endpoint, AddressRules.of(allowed_hosts))
        if secret:
            target.check_secret(secret)
            return WebhookTarget(url, secret), None
    except target.InvalidWebhookError as error:
        raise bad_request(ErrorCode.INVALID_WEBHOOK, error.error_message) from None
    new_secret = target.make_secret()
    return WebhookTarget(url, new_secret), new_secret


def _languages(text: str, nodes: list[NodeInfo]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part for part in re.split(r"[+,\s]+", text) if part))
    if AUTO_LANGUAGE in wanted:
        if len(wanted) > 1:
            raise bad_request(ErrorCode.UNKNOWN_LANGUAGE, error_message("auto_language_not_alone", name=AUTO_LANGUAGE))
        return wanted
    malformed = [name for name in wanted if not _LANGUAGE.fullmatch(name)]
    known = sorted({name for node in nodes for name in node.languages})
    missing = malformed or ([name for name in wanted if name not in known] if known else [])
    if missing:
        remedy = how_to_add(name for name in missing if name not in malformed)
        names, installed = ", ".join(missing), ", ".join(known) or "none"
        raise bad_request(
            ErrorCode.UNKNOWN_LANGUAGE,
            error_message("server_lacks_language_remedy", names=names, known=installed, remedy=remedy)
            if remedy
            else error_message("server_lacks_language", names=names, known=installed),
        )
    return wanted or JobOptions().languages


def _engine(text: str, nodes: list[NodeInfo]) -> str:
    """Return the engine's name. With no worker alive, any name that an engine can have is accepted."""
    announced = {name for node in nodes for name in node.engines} if nodes else set(INCLUDED_ENGINES)
    is_known = text in announced or (not nodes and engine_name_problem(text) is None)
    if text != EngineName.AUTO and not is_known:
        names = ", ".join((EngineName.AUTO, *sorted(announced)))
        raise bad_request(ErrorCode.UNKNOWN_ENGINE, error_message("unknown_engine", name=repr(text), known=names))
    return text


def _mode(text: str) -> RecognitionMode:
    if text not in set(RecognitionMode):
        raise bad_request(
            ErrorCode.UNKNOWN_MODE, error_message("unknown_mode", name=repr(text), known=", ".join(RecognitionMode))
        )
    return RecognitionMode(text)
