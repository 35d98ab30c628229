"""Error messages as sentences in the interface language.

The templates are those of `contract/error_messages.py`, by the same ids.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.desktop.i18n import local_error_templates, outage_error_templates, server_error_templates

CONTEXT = "ErrorMessages"
TEMPLATES = {
    message_id: str(text)
    for table in (server_error_templates.TEMPLATES, outage_error_templates.TEMPLATES, local_error_templates.TEMPLATES)
    for message_id, text in table.items()
}


def translate_error(message: ErrorMessage | None, text: str | None) -> str | None:
    """Return the error of a record in the interface language; an older server sends its English `text` alone."""
    return translate_message(message) if message is not None else text


def translate_message(message: ErrorMessage) -> str:
    """Return the sentence in the interface language; the English one as it came where no template fits it."""
    template = TEMPLATES.get(message.message_id or "")
    if template is None:
        return message.text
    ours = QCoreApplication.translate(CONTEXT, template)
    if ours == template:
        return message.text
    params = dict(message.params)
    if message.cause is not None:
        params["reason"] = translate_message(message.cause)
    try:
        return ours.format(**params)
    except KeyError:  # another version of the server fills its template with other parameters
        return message.text
