"""Errors as data: the id of a template, its parameters, and the English sentence made of them.

A reader can build the sentence in another language; one that does not know the id shows the English sentence.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field

from ocrdesk.contract.error_templates import local, outages, server

TEMPLATES = server.TEMPLATES | outages.TEMPLATES | local.TEMPLATES

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """A sentence about an error, in English and as data.

    `message_id` is None for a sentence without a template, such as an older server's. `cause` is the message that is
    in the parameter `reason`, for readers that build the sentence again; `params` contains its English text.
    """

    text: str
    message_id: str | None = None
    params: Params = field(default_factory=dict)
    cause: ErrorMessage | None = None

    def __str__(self) -> str:
        return self.text


class DescribedError(Exception):
    """An exception whose text is a sentence for people, with the data that it was made of."""

    def __init__(self, message: ErrorMessage | str) -> None:
        super().__init__(str(message))
        self.error_message = message if isinstance(message, ErrorMessage) else ErrorMessage(message)

    @property
    def message_id(self) -> str | None:
        """The id of the sentence's template; None where it has none."""
        return self.error_message.message_id

    @property
    def params(self) -> Params:
        """The parameters of the sentence, by name."""
        return self.error_message.params


def error_message(message_id: str, /, *, cause: ErrorMessage | None = None, **params: str | int) -> ErrorMessage:
    """Return the message of a template with its parameters. A `cause` fills the parameter `reason`."""
    if cause is not None:
        params["reason"] = cause.text
    return ErrorMessage(TEMPLATES[message_id].format(**params), message_id, params, cause)


def is_disk_full(error: Exception) -> bool:
    """Return whether the system refused something because the disk, or the user's part of it, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def os_reason(error: OSError) -> ErrorMessage:
    """Return why the system refused something, without a path, as the part of a sentence."""
    message_id = _OS_REASONS.get(error.errno or 0)
    return error_message(message_id) if message_id else ErrorMessage(error.strerror or str(error))


_OS_REASONS = {
    errno.EACCES: "os_permission",
    errno.EPERM: "os_permission",
    errno.ENOSPC: "os_disk_full",
    errno.EDQUOT: "os_disk_full",
    errno.EROFS: "os_read_only",
    errno.ENOENT: "os_not_found",
    errno.EEXIST: "os_exists",
    errno.EISDIR: "os_is_folder",
    errno.ENOTDIR: "os_not_folder",
    errno.ENAMETOOLONG: "os_name_too_long",
    errno.EIO: "os_io",
    errno.EBUSY: "os_busy",
    errno.ETXTBSY: "os_busy",
    errno.EMFILE: "os_too_many_open",
    errno.ENFILE: "os_too_many_open",
    errno.EADDRINUSE: "os_address_in_use",
    errno.EADDRNOTAVAIL: "os_address_unknown",
    errno.ECONNREFUSED: "os_refused",
    errno.ETIMEDOUT: "os_timeout",
}
