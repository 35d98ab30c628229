"""`ocrdesk ocr`: recognise files."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocrdesk.cli.options import ApiKey, DataDir, ExitCode, Server, exit_after, fail
from ocrdesk.cli.pdf_options import (
    AskPassword,
    Attachments,
    Deskew,
    InvalidateSignatures,
    NoRotate,
    Password,
    PasswordFile,
    PdfA,
    Unlock,
    read_password,
)
from ocrdesk.contract.choices import ResultFormat
from ocrdesk.contract.pdf_options import PdfOptions

if TYPE_CHECKING:
    from ocrdesk.cli.batch_output import Output
    from ocrdesk.contract.jobs import JobOptions


Files = Annotated[
    # A file that cannot be read is reported and the others continue; a usage error would stop all.
    list[Path], typer.Argument(metavar="FILE...", help="PDFs, images, or folders of them.", readable=False)
]
Format = Annotated[
    ResultFormat | None,
    typer.Option("--format", "-f", help="The output format. Default: from the extension of -o FILE, else text."),
]
OutputPath = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="A file, or a folder that gets one file per input. Default: stdout."),
]
JoinLines = Annotated[
    bool,
    typer.Option("--join-lines", help="For text: put each paragraph on one line and join hyphenated words."),
]
OmitHeadersFooters = Annotated[
    bool,
    typer.Option("--omit-headers-footers"),
]
WithoutFurniture = Annotated[bool, typer.Option("--without-furniture", hidden=True)]
"""The former name of --omit-headers-footers, accepted for one release."""
Pages = Annotated[
    str, typer.Option("--pages", metavar="RANGES", help="Only these pages of each file, for example 1-3,7,10-.")
]
LanguageNames = Annotated[
    str,
    typer.Option(
        "--languages",
        "-l",
        metavar="LANG",
        help="Tesseract language names, for example eng+deu; auto detects the language of each page.",
    ),
]
Engine = Annotated[str, typer.Option("--engine", metavar="NAME")]
Mode = Annotated[
    str,
    typer.Option("--mode", metavar="MODE"),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


def ocr(
    files: Files,
    form: Format = None,
    out: OutputPath = None,
    join_lines: JoinLines = False,
    omit_headers_footers: OmitHeadersFooters = False,
    without_furniture: WithoutFurniture = False,
    pages: Pages = "",
    languages: LanguageNames = "eng",
    engine: Engine = "auto",
    mode: Mode = "auto",
    attachments: Attachments = False,
    no_rotate: NoRotate = False,
    deskew: Deskew = False,
    pdfa: PdfA = False,
    unlock: Unlock = False,
    invalidate_signatures: InvalidateSignatures = False,
    password: Password = None,
    password_file: PasswordFile = None,
    ask_password: AskPassword = False,
    quiet: Quiet = False,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """Recognise FILEs: text to stdout, progress to stderr.

    Exit codes: 0 all done, 1 some files failed (the others are written), 2 usage, 3 no server.
    """
    from ocrdesk.cli.batch import parse_options
    from ocrdesk.cli.batch_output import Output, OutputError
    from ocrdesk.contract.engines import installed_engine_names

    if without_furniture:
        _report_old_name()
    omit = omit_headers_footers or without_furniture
    try:
        # Only a remote server knows its engines; it refuses others.
        names = None if server else installed_engine_names()
        options = parse_options(languages, engine, mode, pages, engine_names=names)
        options = options.model_copy(update={"attachments": attachments})
        pdf = PdfOptions(not no_rotate, deskew, pdfa, unlock, invalidate_signatures)
        output = Output.from_options(form, out, join_lines=join_lines, omit_headers_footers=omit, pdf=pdf)
        secret = read_password(password, password_file, ask=ask_password)
    except (ValueError, OutputError) as error:
        raise typer.BadParameter(str(error)) from None
    batch = _BatchOptions(options, output, secret)
    exit_after(_recognise(files, batch, quiet=quiet, server=server, api_key=api_key, data_dir=data_dir))


def _report_old_name() -> None:
    typer.echo("ocrdesk: --without-furniture is deprecated and will be removed. Use --omit-headers-footers.", err=True)


@dataclass(frozen=True, slots=True)
class _BatchOptions:
    """What is done with the files, where the results go, and the password of locked ones."""

    job: JobOptions
    output: Output
    password: str | None = field(repr=False)


def _recognise(
    files: list[Path],
    options: _BatchOptions,
    *,
    quiet: bool,
    server: str | None,
    api_key: str | None,
    data_dir: Path | None,
) -> int:
    """Return how many files failed; exit if there is no server or the output cannot be written."""
    from ocrdesk.cli.batch import Batch, open_client, show_progress
    from ocrdesk.cli.batch_output import OutputError
    from ocrdesk.client import ClientError
    from ocrdesk.local.server.attach import LocalServerError

    try:
        with open_client(server, api_key, data_dir) as client:
            batch = Batch(client, options.job, options.output, password=options.password)
            with show_progress(batch, quiet=quiet):
                return batch.run(files)
    except (ClientError, LocalServerError) as error:
        fail(error, ExitCode.NO_SERVER)
    except OutputError as error:
        fail(error, ExitCode.USAGE)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has exited: say nothing, as other filters do
        raise typer.Exit(ExitCode.SOME_FAILED) from None
