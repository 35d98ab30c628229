"""The options of `ocrdesk ocr` for PDFs: passwords, and what a searchable PDF is like."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from ocrdesk.contract.pdf_options import PdfOptions

_VARIABLE = "OCRDESK_PASSWORD"
_PANEL = "PDF"

NoRotate = Annotated[
    bool, typer.Option("--no-rotate", rich_help_panel=_PANEL, help="For pdf: leave pages as they were scanned.")
]
Deskew = Annotated[
    bool, typer.Option("--deskew", rich_help_panel=_PANEL, help="For pdf: straighten every skewed scan.")
]
PdfA = Annotated[
    bool, typer.Option("--pdfa", rich_help_panel=_PANEL, help="For pdf: write PDF/A-2b; it is not validated.")
]
Unlock = Annotated[
    bool,
    typer.Option("--unlock", rich_help_panel=_PANEL, help="For pdf: drop the original's password and restrictions."),
]
InvalidateSignatures = Annotated[
    bool,
    typer.Option(
        "--invalidate-signatures",
        rich_help_panel=_PANEL,
        help="For pdf: change signed files too; their signatures become invalid.",
    ),
]
Attachments = Annotated[
    bool, typer.Option("--attachments", rich_help_panel=_PANEL, help="Read the files attached to PDFs, too.")
]
Password = Annotated[
    str | None,
    typer.Option(
        "--password",
        metavar="TEXT",
        rich_help_panel=_PANEL,
        help=f"The password of locked PDFs ({_VARIABLE}). Safer: --password-file or --ask-password.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", rich_help_panel=_PANEL, help="Read the password from a file."),
]
AskPassword = Annotated[
    bool, typer.Option("--ask-password", rich_help_panel=_PANEL, help="Ask for the password before the work starts.")
]


@dataclass(frozen=True, slots=True)
class PdfChoices:
    """The values of these options."""

    attachments: bool
    options: PdfOptions
    password: str | None = field(repr=False)
    password_file: Path | None
    ask_password: bool

    def read_password(self) -> str | None:
        """Return the password of locked PDFs, if one is given. Raises ValueError."""
        return read_password(self.password, self.password_file, ask=self.ask_password)


def _choices(
    attachments: Attachments = False,
    no_rotate: NoRotate = False,
    deskew: Deskew = False,
    pdfa: PdfA = False,
    unlock: Unlock = False,
    invalidate_signatures: InvalidateSignatures = False,
    password: Password = None,
    password_file: PasswordFile = None,
    ask_password: AskPassword = False,
) -> PdfChoices:
    options = PdfOptions(not no_rotate, deskew, pdfa, unlock, invalidate_signatures)
    return PdfChoices(attachments, options, password, password_file, ask_password)


def with_pdf_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with these options in place of its parameter `pdf`, a `PdfChoices`."""
    own, added = inspect.signature(command).parameters, inspect.signature(_choices).parameters

    @functools.wraps(command)
    def extended(**values: Any) -> None:
        chosen = {name: values.pop(name) for name in added}
        command(**values, pdf=_choices(**chosen))

    hints = get_type_hints(command, include_extras=True) | get_type_hints(_choices, include_extras=True)
    kept = [it for name, it in own.items() if name != "pdf"]
    parameters = [it.replace(kind=it.KEYWORD_ONLY, annotation=hints[it.name]) for it in (*kept, *added.values())]
    extended.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    extended.__annotations__ = {name: hint for name, hint in hints.items() if name not in ("pdf", "return")}
    return extended


def unused_options(options: PdfOptions) -> str:
    """Return the names of the given options as they are written, for an error message; empty if none was given."""
    names = {"norotate": "--no-rotate", "invalidatesignatures": "--invalidate-signatures"}
    return ", ".join(names.get(name, f"--{name}") for name in options.changed)


def with_option(message: str, error_code: str | None) -> str:
    """Return an error's message with the option of the command line that helps, if there is one."""
    from ocrdesk.contract.errors import ErrorCode  # with pydantic, which a start does not load

    if error_code in (ErrorCode.ENCRYPTED_PDF, ErrorCode.WRONG_PASSWORD):
        option = "--ask-password, or --password-file FILE"
    elif error_code == ErrorCode.SIGNED_PDF:
        option = "--invalidate-signatures"
    else:
        return message
    return f"{message} On the command line: {option}."


def read_password(password: str | None, file: Path | None, *, ask: bool) -> str | None:
    """Return the password from the one place that was named, else from the environment. Raises ValueError.

    It is removed from the environment, which programs that are started later would inherit.
    """
    from_environment = os.environ.pop(_VARIABLE, None)
    if sum((password is not None, file is not None, ask)) > 1:
        raise ValueError("choose one of --password, --password-file and --ask-password")
    if ask:
        if not sys.stdin.isatty():
            raise ValueError("--ask-password needs a terminal; use --password-file")
        return str(typer.prompt("Password", hide_input=True, err=True))
    if file is not None:
        return _first_line(file)
    return password if password is not None else from_environment


def _first_line(file: Path) -> str:
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise ValueError(f"the password file {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"the password file {file} is not UTF-8") from None
    if not (line := text.split("\n", 1)[0].removesuffix("\r")):
        raise ValueError(f"the password file {file} is empty")
    return line
