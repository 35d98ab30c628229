"""Sentences of the server and of the engine in the window's language: they come in English, with their own numbers.

A sentence is told by its pattern, for jobs and older servers give no more than the sentence. One that is not known
stays as it came.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "OthersWords"
_PATTERNS = (
    # of a file or a page
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This PDF is protected with a password. Open it with the password, save it without one, and submit it again.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This {kind} is damaged and cannot be opened. Get a fresh copy, or save it anew with another program.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "This file has no pages."),
    QT_TRANSLATE_NOOP("OthersWords", "This file has 1 page; none of {wanted} is among them."),
    QT_TRANSLATE_NOOP("OthersWords", "This file has {count} pages; none of {wanted} is among them."),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This file has {count} pages; this server takes at most {limit}. Split it, or raise MAX_PDF_PAGES.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This image has {width} x {height} pixels; at most {limit} megapixels can be read. "
        "Scale it down and submit it again.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "Reading this needs more than the {limit} MB a worker may use. Scale the page down, or raise WORKER_MEMORY_MB.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "No data for the language {names} on this worker; it has {known}."),
    QT_TRANSLATE_NOOP(
        "OthersWords", "No data for the language {names} on this worker; it has {known}. Add it with: {remedy}"
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "The data of the language {names} on this worker cannot be used: it is damaged, or of another version of "
        "Tesseract. Get it anew with: {remedy}",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "The engine rapid cannot read the letters of {names}. Use the engine auto or tesseract.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This page took longer than the {limit} s a page may take. Raise OCR_TIMEOUT_PER_PAGE, or scale it down.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords", "This file could not be opened within {limit} s. It may be damaged; try to save it anew."
    ),
    QT_TRANSLATE_NOOP("OthersWords", "The uploaded file is gone from the server's storage. Submit it again."),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This page cannot be read from its own text: {reason}. "
        "Submit it with mode=auto to have it recognised, or with mode=force.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This page is a picture, without text of its own. "
        "Submit it with mode=auto to have it recognised, or with mode=force.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "The engine {name} is not there on this worker. {remedy}"),
    QT_TRANSLATE_NOOP("OthersWords", "The recognition engine gave up on this page. Submit it again, or scale it."),
    QT_TRANSLATE_NOOP(
        "OthersWords", "The server has no room left to keep the result. Make room, then submit it again."
    ),
    QT_TRANSLATE_NOOP("OthersWords", "Making this file took longer than {limit} s. Ask for fewer pages at a time."),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This PDF is too damaged to be written anew with its text in it. Take the text in another format, or save "
        "the PDF anew with another program and submit that.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords", "Something went wrong inside ocrdesk; the worker's log says what. Submit it again."
    ),
    # of a request
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "The file is larger than the {limit} MB that this server takes. "
        "Split it or save it smaller, or raise MAX_FILE_SIZE_MB.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "{name} is empty: it has 0 bytes."),
    QT_TRANSLATE_NOOP(
        "OthersWords", "{name} is none of the types that can be read ({types}). Its content decides, not its name."
    ),
    QT_TRANSLATE_NOOP("OthersWords", "The language {names} is not installed on this server; it has {known}."),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "The language {names} is not installed on this server; it has {known}. Add it there with: {remedy}",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "This API key lacks the scope {scope}; it has {scopes}. Use one that has it, or ask the operator for it.",
    ),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "More work waits than this server takes on. There should be room in about {seconds} s; try again then.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "The server has no room for more files. Try again later, or tell its operator."),
    QT_TRANSLATE_NOOP(
        "OthersWords", "The server cannot reach Redis, so it can take no work now. Try again in a moment."
    ),
    # of the way to the server
    QT_TRANSLATE_NOOP("OthersWords", "No server answers at {address}. Is the address right, and is it running?"),
    QT_TRANSLATE_NOOP("OthersWords", "{address} did not answer in time."),
    QT_TRANSLATE_NOOP("OthersWords", "The connection to {address} broke off ({kind})."),
    # of the local engine
    QT_TRANSLATE_NOOP("OthersWords", "The local engine could not start: {reason} (its log: {log})"),
    QT_TRANSLATE_NOOP("OthersWords", "The local engine did not answer within {limit} s; see {log}"),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "There is no room left on the device that holds {folder} ({free} MB are free). "
        "Make room there, or choose another folder with --data-dir.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "{folder} cannot be used: {reason}. Choose another with --data-dir."),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "The local engine is not installed ({part} is missing). Get it with: pip install 'ocrdesk[server]'",
    ),
    # of the library
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "There is no room left on the disk, so nothing is added to the library. Make room there.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "Another window is busy with the library. Try again in a moment."),
    QT_TRANSLATE_NOOP(
        "OthersWords",
        "The library's file is damaged. Move it away and start anew; texts still at the server come back.",
    ),
    QT_TRANSLATE_NOOP("OthersWords", "The library's folder cannot be used: {reason}."),
)
PATTERNS = tuple(map(str, _PATTERNS))  # for mypy, to which each is an object
_FIELD = re.compile(r"\\\{(\w+)\\\}")


def translate_error(sentence: str) -> str:
    """The sentence in the window's language, where it has one for it."""
    for pattern in PATTERNS:
        found = _matcher(pattern).fullmatch(sentence)
        if found is None:
            continue
        ours = QCoreApplication.translate(_CONTEXT, pattern)
        if ours == pattern:
            return sentence
        return ours.format(**{name: translate_error(value) for name, value in found.groupdict().items()})
    return sentence


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(_FIELD.sub(r"(?P<\1>.+?)", re.escape(pattern)), re.DOTALL)
