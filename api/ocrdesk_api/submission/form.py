"""The form of a submit, as the OpenAPI description shows it."""

from __future__ import annotations

from typing import Any

from ocrdesk.contract.choices import RecognitionMode, describe_modes
from ocrdesk.contract.engines import ENGINE_NAME_PATTERN, INCLUDED_ENGINES, EngineName
from ocrdesk.contract.media_types import ACCEPTED
from ocrdesk_api.submission.upload_stream import MAX_PASSWORD_CHARACTERS

# An empty value means that the option is not given, as web forms send it.
_LANGUAGES = r"^$|^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?(\+[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?)*$"
_RANGE = r"([0-9]{1,7}(-([0-9]{1,7})?)?|-[0-9]{1,7})"
_PAGES = rf"^$|^{_RANGE}(,{_RANGE})*$"
_WEBHOOK_URL = r"^$|^https?://[A-Za-z0-9._~:/?\[\]!$&'()*+,;=%-]+$"
_WEBHOOK_SECRET = r"^$|^whsec_[A-Za-z0-9+/]{32,86}={0,2}$"  # noqa: S105  # a pattern, not a secret
_MAX_URL_LENGTH = 2048

_ENGINE: dict[str, Any] = {
    # The names that every server may have, and any other: a list alone would make generated clients refuse new engines.
    "anyOf": [
        {"title": "IncludedEngine", "type": "string", "enum": [EngineName.AUTO, *INCLUDED_ENGINES]},
        {"type": "string", "pattern": ENGINE_NAME_PATTERN},
    ],
    "description": f"An engine that /capabilities names. {', '.join(INCLUDED_ENGINES)} are part of ocrdesk, and other "
    f"packages add engines, so any name of this form is possible. The default, {EngineName.AUTO}, combines the best.",
}

_MODE = RecognitionMode.AUTO

# Defaults are in the descriptions only, because some generators make a field with a default one that must be given.
FORM: dict[str, Any] = {
    "title": "SubmitForm",
    "description": "A file, and how to recognise it.",
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": f"Supported formats: {ACCEPTED}.",
        },
        "languages": {
            "type": "string",
            "pattern": _LANGUAGES,
            "description": "Tesseract language names joined by +, most important first; "
            "`auto` alone detects each page's language among those installed. The default is eng.",
            "examples": ["eng+deu", "auto"],
        },
        "engine": _ENGINE,
        "mode": {
            "$ref": "#/components/schemas/RecognitionMode",
            "description": f"What happens to the text of a PDF page. {describe_modes()} The default is {_MODE}.",
        },
        "pages": {
            "type": "string",
            "pattern": _PAGES,
            "description": "Page ranges; empty means all pages. Pages that the file does not have are left out, and "
            "the job's `warnings` name them.",
            "examples": ["1-3,7,10-"],
        },
        "attachments": {
            "type": "boolean",
            "description": "Whether the PDFs and images attached to a PDF are read after its own pages. If not, or if "
            "some cannot be read, the job's `warnings` name them. The default is false.",
        },
        "password": {
            "type": "string",
            "format": "password",
            "maxLength": MAX_PASSWORD_CHARACTERS,
            "description": "The password of a PDF that does not open without one; ignored for other files. It is kept "
            "apart from the job, sealed, and deleted as soon as the file is open; no response and no log contains it. "
            "Without it the job fails with `encrypted_pdf`, with another one with `wrong_password`.",
        },
        "webhook_url": {
            "type": "string",
            "format": "uri",
            "pattern": _WEBHOOK_URL,
            "maxLength": _MAX_URL_LENGTH,
            "description": "The URL to call when the job ends, signed by the Standard Webhooks scheme.",
            "examples": ["https://example.com/hooks/ocr"],
        },
        "webhook_secret": {
            "type": "string",
            "pattern": _WEBHOOK_SECRET,
            "description": "The signing secret: whsec_ and the base64 of 24 to 64 bytes. "
            "Without it, the server creates one and returns it once.",
        },
    },
}
