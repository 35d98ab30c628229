"""`ocrdesk languages`: list, add, remove, index."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ocrdesk.cli.options import HELP_OPTIONS, AsJson, DataDir, ExitCode, exit_after, fail

app = typer.Typer(
    name="languages",
    help="List, add and remove the languages that this machine can recognise.",
    no_args_is_help=True,
    context_settings=HELP_OPTIONS,
)

LanguageMirror = Annotated[
    str | None,
    typer.Option(
        "--mirror",
        metavar="URL",
        help="The language mirror: a web folder made with `languages index` (OCRDESK_LANGUAGE_MIRROR).",
    ),
]


@app.command("list")
def list_languages(
    as_json: AsJson = False,
    mirror: LanguageMirror = None,
    data_dir: DataDir = None,
) -> None:
    """List the installed languages and their origin, and what else the mirror offers."""
    from ocrdesk.cli.language_admin import mirror_url, print_installed
    from ocrdesk.local.languages.installed import Languages
    from ocrdesk.local.paths import default_data_dir

    with _errors_as_exit_codes():
        print_installed(Languages(data_dir or default_data_dir()), mirror_url(mirror), as_json=as_json)


@app.command("add")
def add_languages(
    wanted: Annotated[
        list[str],
        typer.Argument(
            metavar="LANGUAGE...", help="Names such as fra or deu_latf, or files such as PATH/fra.traineddata."
        ),
    ],
    mirror: LanguageMirror = None,
    force: Annotated[bool, typer.Option("--force", help="Also replace languages installed from elsewhere.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Add languages from the mirror or from files. A running local server picks them up without a restart.

    Exit codes: 0 all added, 1 some failed (the others were added), 2 usage, 3 mirror unavailable.
    """
    from ocrdesk.cli.language_admin import add, mirror_url
    from ocrdesk.local.languages.installed import Languages
    from ocrdesk.local.paths import default_data_dir

    folder = data_dir or default_data_dir()
    with _errors_as_exit_codes():
        failed = add(Languages(folder), folder, wanted, mirror_url(mirror), force=force)
    exit_after(failed)


@app.command("remove")
def remove_languages(
    names: Annotated[list[str], typer.Argument(metavar="LANGUAGE...", help="Names as shown by `languages list`.")],
    data_dir: DataDir = None,
) -> None:
    """Remove languages added with `add`. For all others, print how to remove them."""
    from ocrdesk.cli.language_admin import remove
    from ocrdesk.local.languages.installed import Languages
    from ocrdesk.local.paths import default_data_dir

    with _errors_as_exit_codes():
        failed = remove(Languages(data_dir or default_data_dir()), names)
    exit_after(failed)


@app.command("index")
def index_languages(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of NAME.traineddata files.")],
) -> None:
    """Turn a folder into a language mirror: write its index.json. Any web server can serve it."""
    from ocrdesk.cli.language_admin import index

    with _errors_as_exit_codes():
        failed = index(folder)
    exit_after(failed)


@contextlib.contextmanager
def _errors_as_exit_codes() -> Iterator[None]:
    """Turn errors about languages into a message and an exit code."""
    from ocrdesk.cli.language_admin import UsageError
    from ocrdesk.local.languages.installed import LanguageError
    from ocrdesk.local.languages.mirror import MirrorError, MirrorUnavailableError

    try:
        yield
    except UsageError as error:
        fail(error, ExitCode.USAGE)
    except MirrorUnavailableError as error:
        fail(error, ExitCode.NO_SERVER)
    except (LanguageError, MirrorError) as error:
        fail(error, ExitCode.SOME_FAILED)
