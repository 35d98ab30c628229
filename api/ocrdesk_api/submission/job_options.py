"""A job's options out of the form's fields; what is unknown is refused by name."""

from __future__ import annotations

import re

from ocrdesk.backend.records import NodeInfo, WebhookTarget
from ocrdesk.backend.webhooks import target
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.contract.engines import INCLUDED_ENGINES, EngineName, engine_name_problem
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import JobOptions, RecognitionMode
from ocrdesk.contract.languages import AUTO_LANGUAGE, how_to_add
from ocrdesk.contract.page_ranges import PageRangeError, PageRanges
from ocrdesk_api.errors import bad_request

KNOWN = ("languages", "engine", "pages", "mode", "webhook_url", "webhook_secret")
_LANGUAGE = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?")


def parse(fields: dict[str, str], nodes: list[NodeInfo]) -> JobOptions:
    """The options. Raises 400 with the name of what is wrong.

    Languages and engines are checked against the workers that are alive; with none alive the worker
    that comes says it on the job.
    """
    for name in fields:
        if name not in KNOWN:
            raise bad_request(
                ErrorCode.UNKNOWN_OPTION, f"There is no option {name!r}. Options are: {', '.join(KNOWN)}."
            )
    options = JobOptions()
    if text := fields.get("languages", "").strip():
        options = options.model_copy(update={"languages": _languages(text, nodes)})
    if text := fields.get("engine", "").strip():
        options = options.model_copy(update={"engine": _engine(text, nodes)})
    if text := fields.get("pages", "").strip():
        options = options.model_copy(update={"pages": _pages(text)})
    if text := fields.get("mode", "").strip():
        options = options.model_copy(update={"mode": _mode(text)})
    return options


def _pages(text: str) -> str:
    try:
        return str(PageRanges.parse(text))
    except PageRangeError as error:
        raise bad_request(ErrorCode.INVALID_PAGES, f"pages: {error}.") from None


def webhook(fields: dict[str, str], allowed_hosts: tuple[str, ...]) -> tuple[WebhookTarget | None, str | None]:
    """Whom to tell of the job's end, and the secret when it was made here. Raises 400."""
    url, secret = fields.get("webhook_url", "").strip(), fields.get("webhook_secret", "").strip()
    try:
        if not url:
            if secret:
                raise target.InvalidWebhookError("webhook_secret came without a webhook_url.")
            return None, None
        endpoint = target.parse_url(url)
        target.refuse_if_known_private(endpoint, AddressRules.of(allowed_hosts))
        if secret:
            target.check_secret(secret)
            return WebhookTarget(url, secret), None
    except target.InvalidWebhookError as error:
        raise bad_request(ErrorCode.INVALID_WEBHOOK, str(error)) from None
    made = target.make_secret()
    return WebhookTarget(url, made), made


def _languages(text: str, nodes: list[NodeInfo]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part for part in re.split(r"[+,\s]+", text) if part))
    if AUTO_LANGUAGE in wanted:
        if len(wanted) > 1:
            raise bad_request(
                ErrorCode.UNKNOWN_LANGUAGE,
                f"languages: {AUTO_LANGUAGE} stands alone: it finds each page's languages among those installed.",
            )
        return wanted
    malformed = [name for name in wanted if not _LANGUAGE.fullmatch(name)]
    known = sorted({name for node in nodes for name in node.languages})
    missing = malformed or ([name for name in wanted if name not in known] if known else [])
    if missing:
        remedy = how_to_add(name for name in missing if name not in malformed)
        raise bad_request(
            ErrorCode.UNKNOWN_LANGUAGE,
            f"The language {', '.join(missing)} is not installed on this server; it has {', '.join(known) or 'none'}."
            + (f" Add it there with: {remedy}" if remedy else ""),
        )
    return wanted or JobOptions().languages


def _engine(text: str, nodes: list[NodeInfo]) -> str:
    """Return the engine's name. With no worker alive, any name that an engine can have is accepted."""
    announced = {name for node in nodes for name in node.engines} if nodes else set(INCLUDED_ENGINES)
    is_known = text in announced or (not nodes and engine_name_problem(text) is None)
    if text != EngineName.AUTO and not is_known:
        names = ", ".join((EngineName.AUTO, *sorted(announced)))
        raise bad_request(ErrorCode.UNKNOWN_ENGINE, f"There is no engine {text!r} here. Engines are: {names}.")
    return text


def _mode(text: str) -> RecognitionMode:
    if text not in set(RecognitionMode):
        raise bad_request(
            ErrorCode.UNKNOWN_MODE, f"There is no mode {text!r}. Modes are: {', '.join(RecognitionMode)}."
        )
    return RecognitionMode(text)
