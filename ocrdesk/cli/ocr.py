"""`ocrdesk ocr`: recognise files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ocrdesk.cli import early_start
from ocrdesk.cli.options import ApiKey, DataDir, ExitCode, Server, exit_after, fail
from ocrdesk.cli.pdf_options import PdfChoices, with_pdf_options
from ocrdesk.contract.choices import ResultFormat

if TYPE_CHECKING:
    from ocrdesk.cli.batch.output import Output
    from ocrdesk.cli.batch.run import Server as RunServer
    from ocrdesk.contract.jobs import JobOptions
    from ocrdesk.contract.pdf_options import PdfOptions


Files = Annotated[
    # Not paths: "-" is standard input, and "./-" a file.
    list[str],
    typer.Argument(
        metavar="FILE...", help="PDFs, images, or folders of them; - is standard input.", show_default=False
    ),
]
Format = Annotated[
    ResultFormat | None,
    typer.Option("--format", "-f", help="The output format. Default: from the suffix of -o FILE, else text."),
]

# ── where results go ─────────────────────────────────────────────────────────────────────────────

_OUTPUT = "Output"
OutputPath = Annotated[
    str | None,  # not a path: "texts/" is a folder
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="A file, or a folder, which gets a file for each input. A name that ends with / is a folder. "
        "Default: stdout.",
        rich_help_panel=_OUTPUT,
    ),
]
Merge = Annotated[bool, typer.Option("--merge", help="Join all FILEs in one searchable PDF.", rich_help_panel=_OUTPUT)]
InPlace = Annotated[
    bool,
    typer.Option("--in-place", help="Replace each PDF by its searchable PDF.", rich_help_panel=_OUTPUT),
]
Force = Annotated[bool, typer.Option("--force", help="Replace results that exist.", rich_help_panel=_OUTPUT)]
SkipExisting = Annotated[
    bool,
    typer.Option("--skip-existing", help="Leave out files whose result exists.", rich_help_panel=_OUTPUT),
]

# ── what is recognised and how ───────────────────────────────────────────────────────────────────

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
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no summary, only errors.")]


@with_pdf_options
def ocr(
    files: Files,
    form: Format = None,
    out: OutputPath = None,
    merge: Merge = False,
    in_place: InPlace = False,
    force: Force = False,
    skip_existing: SkipExisting = False,
    join_lines: JoinLines = False,
    omit_headers_footers: OmitHeadersFooters = False,
    without_furniture: WithoutFurniture = False,
    pages: Pages = "",
    languages: LanguageNames = "eng",
    engine: Engine = "auto",
    mode: Mode = "auto",
    quiet: Quiet = False,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
    *,
    pdf: PdfChoices,
) -> None:
    """Recognise FILEs: text to stdout, progress and a summary to stderr.

    Exit codes: 0 all done, 1 some files failed (the others are written), 2 usage, 3 no server, 130 interrupted.
    """
    begun = None if server else early_start.begun(files, data_dir)
    options, password = _job_options(languages, engine, mode, pages, server, pdf)
    omit = _omits_headers_footers(omit_headers_footers, without_furniture)
    choices = {"merge": merge, "in_place": in_place, "force": force, "skip_existing": skip_existing}
    output = _output(form, out, join_lines=join_lines, omit_headers_footers=omit, pdf=pdf.options, **choices)
    exit_after(_recognise(files, options, output, (server, api_key, data_dir, begun), quiet=quiet, password=password))


def _job_options(
    languages: str, engine: str, mode: str, pages: str, server: str | None, pdf: PdfChoices
) -> tuple[JobOptions, str | None]:
    """Return the options of every job and the password of its PDF; exit if they are invalid."""
    from ocrdesk.cli.batch.job_options import parse_options
    from ocrdesk.contract.engines import installed_engine_names

    try:
        # Only a remote server knows its engines; it refuses others.
        names = None if server else installed_engine_names()
        options = parse_options(languages, engine, mode, pages, engine_names=names, attachments=pdf.attachments)
        return options, pdf.read_password()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _omits_headers_footers(new: bool, old: bool) -> bool:
    if old:
        typer.echo(
            "ocrdesk: --without-furniture is deprecated and will be removed. Use --omit-headers-footers.", err=True
        )
    return new or old


def _output(form: ResultFormat | None, out: str | None, *, pdf: PdfOptions, **choices: bool) -> Output:
    from ocrdesk.cli.batch.output import Output, OutputError

    try:
        return Output.from_options(form, out, pdf=pdf, **choices)
    except OutputError as error:
        fail(error, ExitCode.USAGE)


def _recognise(
    files: list[str],
    options: JobOptions,
    output: Output,
    server: RunServer,
    *,
    quiet: bool,
    password: str | None,
) -> int:
    """Return how many files failed; exit if there is no server or the output cannot be written."""
    from ocrdesk.cli.batch.inputs import InputError
    from ocrdesk.cli.batch.interruption import InterruptedRunError, stopped_by_signals
    from ocrdesk.cli.batch.merge import MergeError
    from ocrdesk.cli.batch.output import OutputError
    from ocrdesk.cli.batch.run import run
    from ocrdesk.client import ClientError
    from ocrdesk.local.errors import LocalServerError

    try:
        with stopped_by_signals():
            return run(files, options, output, server, quiet=quiet, password=password)
    except (ClientError, LocalServerError) as error:
        fail(error, ExitCode.NO_SERVER)
    except (InputError, MergeError, OutputError) as error:
        fail(error, ExitCode.USAGE)
    except InterruptedRunError as error:
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has exited: say nothing, as other filters do
        raise typer.Exit(ExitCode.SOME_FAILED) from None
