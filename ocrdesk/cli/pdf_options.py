"""The options of `ocrdesk ocr` for PDFs: passwords, and what a searchable PDF is like."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ocrdesk.contract.pdf_options import PdfOptions

_VARIABLE = "OCRDESK_PASSWORD"
_PANEL = "PDF"

NoRotate = Annotated[
    bool, typer.Option("--no-rotate", rich_help_panel=_PANEL, help="For pdf: do not turn pages upright.")
]
Deskew = Annotated[bool, typer.Option("--deskew", rich_help_panel=_PANEL, help="For pdf: straighten skewed scans.")]
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


def unused_options(options: PdfOptions) -> str:
    """Return the names of the given options as they are written, for an error message; empty if none was given."""
    names = {"norotate": "--no-rotate", "invalidatesignatures": "--invalidate-signatures"}
    return ", ".join(names.get(name, f"--{name}") for name in options.changed)


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
