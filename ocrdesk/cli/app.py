"""The command `ocrdesk`. Every command imports what it needs when it is called, so that each starts fast."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocrdesk import __version__

if TYPE_CHECKING:
    from ocrdesk.cli.key_admin import KeyAdmin


class Exit(IntEnum):
    """The exit codes that scripts rely on."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    NO_SERVER = 3


class Form(StrEnum):
    """What `ocr` can write."""

    TEXT = "text"
    JSON = "json"
    HOCR = "hocr"
    ALTO = "alto"
    TSV = "tsv"
    MD = "md"
    DOCX = "docx"
    CSV = "csv"
    PDF = "pdf"


app = typer.Typer(
    name="ocrdesk",
    help="Scans, PDFs, screenshots and photos into text. Without a command: the desktop.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", metavar="DIR", help="Where jobs are kept (OCRDESK_DATA_DIR).")
]
Server = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", envvar="OCRDESK_SERVER", help="A server instead of this machine."),
]
ApiKey = Annotated[
    str | None, typer.Option("--api-key", metavar="KEY", envvar="OCRDESK_API_KEY", help="The key for --server.")
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ocrdesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  # typer calls it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
    region: Annotated[
        bool, typer.Option("--region", help="Choose a part of the screen: its text goes to the clipboard.")
    ] = False,
) -> None:
    """Opens the desktop when no command is given."""
    if context.invoked_subcommand is None:
        raise typer.Exit(_run_desktop([], None, None, None, region=region))
    if region:
        raise typer.BadParameter("--region stands alone, or after `desktop`.")


@app.command()
def desktop(
    files: Annotated[
        # One that cannot be read is said by its own row, not by a usage error that stops the others.
        list[Path] | None, typer.Argument(help="Files or folders to open at once.", readable=False)
    ] = None,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
    region: Annotated[
        bool, typer.Option("--region", help="Choose a part of the screen: its text goes to the clipboard.")
    ] = False,
    install_menu_entry: Annotated[
        bool, typer.Option("--install-menu-entry", help='Put ocrdesk into this user\'s menu and "Open with"; then end.')
    ] = False,
) -> None:
    """Open the desktop. A window that is open already takes FILES."""
    if install_menu_entry:
        raise typer.Exit(_install_menu_entry())
    raise typer.Exit(_run_desktop(files or [], data_dir, server, api_key, region=region))


def _install_menu_entry() -> int:
    from ocrdesk.desktop.startup.menu_entry import MenuEntryError, install

    try:
        for file in install():
            typer.echo(file)
    except MenuEntryError as error:
        typer.echo(f"ocrdesk: {error}", err=True)
        return Exit.SOME_FAILED
    return Exit.OK


def _run_desktop(
    files: list[Path], data_dir: Path | None, server: str | None, api_key: str | None, *, region: bool = False
) -> int:
    try:
        from ocrdesk.desktop.app import run
    except ImportError as error:
        # Qt's own libraries missing (libEGL, say) end here too; doctor names each with its remedy.
        typer.echo(f"ocrdesk: the desktop cannot start: {error}. `ocrdesk doctor` says what mends it.", err=True)
        return Exit.SOME_FAILED
    return run(files, data_dir=data_dir, server=(server, api_key) if server else None, region=region)


@app.command()
def ocr(
    files: Annotated[
        # One that cannot be read is named, and the others go on: no usage error.
        list[Path], typer.Argument(metavar="FILE...", help="PDFs, images, or folders of them.", readable=False)
    ],
    form: Annotated[
        Form | None,
        typer.Option("--format", "-f", help="What to write. Default: what -o FILE ends with, else text."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file, or a folder for one file each. Default: stdout.")
    ] = None,
    join_lines: Annotated[
        bool, typer.Option("--join-lines", help="For text: each paragraph on one line, hyphens at line ends mended.")
    ] = False,
    without_furniture: Annotated[
        bool,
        typer.Option(
            "--without-furniture", help="For text, md and docx: no running headers, footers and page numbers."
        ),
    ] = False,
    pages: Annotated[
        str, typer.Option("--pages", metavar="RANGES", help="Only these pages of each file, as 1-3,7,10-.")
    ] = "",
    languages: Annotated[
        str, typer.Option("--languages", "-l", metavar="LANG", help="Tesseract's names, as eng+deu; auto finds them.")
    ] = "eng",
    engine: Annotated[str, typer.Option("--engine", help="auto, tesseract or tesseract-cli.")] = "auto",
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            metavar="MODE",
            help="auto: PDF pages with good text of their own are not recognised; force: all; text-layer-only: none.",
        ),
    ] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """Recognise FILEs: text to stdout, progress to stderr.

    Exit codes: 0 all done, 1 some file failed (the others are written), 2 usage, 3 no server.
    """
    from ocrdesk.cli.batch import Batch, Output, OutputError, open_client, parse_options, show_progress
    from ocrdesk.client import ClientError
    from ocrdesk.local.server.attach import LocalServerError

    try:
        options = parse_options(languages, engine, mode, pages)
        output = Output.of(form, out, join_lines=join_lines, without_furniture=without_furniture)
    except (ValueError, OutputError) as error:
        raise typer.BadParameter(str(error)) from None
    try:
        with open_client(server, api_key, data_dir) as client:
            batch = Batch(client, options, output)
            with show_progress(batch, quiet=quiet):
                failed = batch.run(files)
    except (ClientError, LocalServerError) as error:
        typer.echo(f"ocrdesk: {error}", err=True)
        raise typer.Exit(Exit.NO_SERVER) from None
    except OutputError as error:
        typer.echo(f"ocrdesk: {error}", err=True)
        raise typer.Exit(Exit.USAGE) from None
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: say nothing, as other filters do
        raise typer.Exit(Exit.SOME_FAILED) from None
    raise typer.Exit(Exit.SOME_FAILED if failed else Exit.OK)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core.")] = 0,
    data_dir: DataDir = None,
) -> None:
    """Run Valkey, the api and the workers in the foreground, as one."""
    import logging
    import os

    from ocrdesk.local.errors import LocalServerError
    from ocrdesk.local.paths import default_data_dir
    from ocrdesk.local.server import log_format
    from ocrdesk.local.server.supervisor import LOOPBACK, Supervisor

    log_format.configure()
    folder = data_dir or default_data_dir()

    if host not in LOOPBACK and not os.environ.get("API_KEY_ENABLED"):
        logging.getLogger("ocrdesk").warning(
            "Whoever reaches %s can use this server: API_KEY_ENABLED=true and API_KEYS ask for a key.", host
        )

    def on_ready(url: str, workers: int) -> None:
        typer.echo(f"ocrdesk serves at {url} with {workers} workers; data in {folder}")
        typer.echo(f"Documentation: {url}/docs   Ctrl-C stops it.")

    try:
        code = Supervisor(folder, host=host, port=port, workers=workers).run(on_ready)
    except LocalServerError as error:
        typer.echo(f"ocrdesk: {error}", err=True)
        raise typer.Exit(Exit.SOME_FAILED) from None
    raise typer.Exit(code)


_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=_PASS_ON)
def api(context: typer.Context) -> None:
    """Run the HTTP service alone, on REDIS_URL (--host, --port)."""
    raise typer.Exit(_run_part("ocrdesk_api", context.args))


@app.command(context_settings=_PASS_ON)
def worker(context: typer.Context) -> None:
    """Run a worker pool alone, on REDIS_URL (--workers)."""
    raise typer.Exit(_run_part("ocrdesk_worker", context.args))


def _run_part(package: str, arguments: list[str]) -> int:
    """Becomes the api or the worker pool: they are packages of their own that this one must not import."""
    import os
    from importlib.util import find_spec

    if find_spec(package) is None:
        typer.echo("ocrdesk: this part is not installed. Get it with: pip install 'ocrdesk[server]'", err=True)
        return Exit.SOME_FAILED
    os.execv(sys.executable, [sys.executable, "-m", package, *arguments])  # noqa: S606  # our own program


keys_app = typer.Typer(
    name="keys",
    help="Make, list and revoke API keys: on --server, else on REDIS_URL, else on this machine's own backend.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(keys_app)


@contextlib.contextmanager
def _key_admin(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[KeyAdmin]:
    """Where keys are kept; turns what goes wrong there into a line and an exit code."""
    from ocrdesk.cli.key_admin import KeysError, RedisUnavailableError, UsageError, open_admin
    from ocrdesk.client import ApiError, AuthError, ClientError
    from ocrdesk.local.errors import LocalServerError

    code = Exit.NO_SERVER
    try:
        with open_admin(server, api_key, data_dir) as admin:
            yield admin
        return
    except UsageError as error:
        said, code = str(error), Exit.USAGE
    except KeysError as error:
        said, code = str(error), Exit.SOME_FAILED
    except (ClientError, LocalServerError, RedisUnavailableError) as error:
        if isinstance(error, ApiError) and not isinstance(error, AuthError):
            code = Exit.SOME_FAILED
        said = str(error)
    typer.echo(f"ocrdesk: {said}", err=True)
    raise typer.Exit(code)


@keys_app.command("create")
def create_key(
    name: Annotated[str, typer.Option("--name", help="Whom or what the key is for.")],
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="Whose it is.")] = None,
    scopes: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="SCOPE", help="submit, read or admin; again for more. Default: submit, read."),
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option("--expires-in-days", metavar="DAYS", min=1, help="Default: it does not end.")
    ] = None,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """Make a key. Its secret goes to stdout, this once; everything else to stderr."""
    from ocrdesk.cli.key_admin import wanted_key

    with _key_admin(server, api_key, data_dir) as admin:
        issued = admin.create(wanted_key(name, email, scopes or [], expires_in_days))
        end = f", until {issued.expires_at:%Y-%m-%d %H:%M} UTC" if issued.expires_at else ""
        typer.echo(f"Key {issued.key_id} for {issued.name}, scopes {' '.join(issued.scopes)}{end}.", err=True)
        typer.echo("Keep it: it is shown only now.", err=True)
        typer.echo(issued.api_key)


@keys_app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """List keys, newest first; never a secret. Ended ones stay in the list for a month."""
    from ocrdesk.cli.key_admin import print_json, print_table

    with _key_admin(server, api_key, data_dir) as admin:
        write = print_json if as_json else print_table
        write(admin.all())


@keys_app.command("revoke")
def revoke_key(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="A key's id (see list), or its e-mail address.")],
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """End keys at once. Never takes a secret: an id is enough, and does not stay in the shell's history."""
    from ocrdesk.cli.key_admin import KeysError, revoke

    failed = False
    with _key_admin(server, api_key, data_dir) as admin:
        for key in keys:
            try:
                typer.echo(revoke(admin, key), err=True)
            except KeysError as error:
                typer.echo(f"ocrdesk: {error}", err=True)
                failed = True
    raise typer.Exit(Exit.SOME_FAILED if failed else Exit.OK)


languages_app = typer.Typer(
    name="languages",
    help="List, add and remove the languages that recognition on this machine has.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(languages_app)

LanguageMirror = Annotated[
    str | None,
    typer.Option(
        "--mirror",
        metavar="URL",
        help="Where to add from: a web folder indexed with `languages index` (OCRDESK_LANGUAGE_MIRROR).",
    ),
]


@contextlib.contextmanager
def _language_errors() -> Iterator[None]:
    """Turns what goes wrong with languages into a line and an exit code."""
    from ocrdesk.cli.language_admin import UsageError
    from ocrdesk.local.languages.installed import LanguageError
    from ocrdesk.local.languages.mirror import MirrorError, MirrorUnavailableError

    try:
        yield
        return
    except UsageError as error:
        said, code = str(error), Exit.USAGE
    except MirrorUnavailableError as error:
        said, code = str(error), Exit.NO_SERVER
    except (LanguageError, MirrorError) as error:
        said, code = str(error), Exit.SOME_FAILED
    typer.echo(f"ocrdesk: {said}", err=True)
    raise typer.Exit(code)


@languages_app.command("list")
def list_languages(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    mirror: LanguageMirror = None,
    data_dir: DataDir = None,
) -> None:
    """List the installed languages, where each comes from, and what the mirror has besides."""
    from ocrdesk.cli.language_admin import mirror_url, print_installed
    from ocrdesk.local.languages.installed import Languages
    from ocrdesk.local.paths import default_data_dir

    with _language_errors():
        print_installed(Languages(data_dir or default_data_dir()), mirror_url(mirror), as_json=as_json)


@languages_app.command("add")
def add_languages(
    wanted: Annotated[
        list[str],
        typer.Argument(metavar="LANGUAGE...", help="Names, as fra or deu_latf, or files, as PATH/fra.traineddata."),
    ],
    mirror: LanguageMirror = None,
    force: Annotated[bool, typer.Option("--force", help="Also those that are there already from elsewhere.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Add languages: from the mirror by name, or from files. A running backend takes them up by itself.

    Exit codes: 0 all are there, 1 some could not be added (the others are), 2 usage, 3 the mirror is away.
    """
    from ocrdesk.cli.language_admin import add, mirror_url
    from ocrdesk.local.languages.installed import Languages
    from ocrdesk.local.paths import default_data_dir

    folder = data_dir or default_data_dir()
    with _language_errors():
        failed = add(Languages(folder), folder, wanted, mirror_url(mirror), force=force)
    raise typer.Exit(Exit.SOME_FAILED if failed else Exit.OK)


@languages_app.command("remove")
def remove_languages(
    names: Annotated[list[str], typer.Argument(metavar="LANGUAGE...", help="Names, as `languages list` has them.")],
    data_dir: DataDir = None,
) -> None:
    """Remove languages that were added here. Others stay: what removes them is said."""
    from ocrdesk.cli.language_admin import remove
    from ocrdesk.local.languages.installed import Languages
    from ocrdesk.local.paths import default_data_dir

    with _language_errors():
        failed = remove(Languages(data_dir or default_data_dir()), names)
    raise typer.Exit(Exit.SOME_FAILED if failed else Exit.OK)


@languages_app.command("index")
def index_languages(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of NAME.traineddata files.")],
) -> None:
    """Make a language mirror of a folder: writes its index.json, for any web server to serve."""
    from ocrdesk.cli.language_admin import index

    with _language_errors():
        failed = index(folder)
    raise typer.Exit(Exit.SOME_FAILED if failed else Exit.OK)


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing, and the command that mends it."""
    from ocrdesk.local.diagnostics.doctor import examine, render

    findings = examine()
    typer.echo(render(findings))
    raise typer.Exit(Exit.SOME_FAILED if any(finding.is_broken for finding in findings) else Exit.OK)


def main() -> None:
    """The entry point."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
