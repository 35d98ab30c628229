"""`ocrdesk keys`: create, list and revoke API keys."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocrdesk.cli.options import HELP_OPTIONS, ApiKey, AsJson, DataDir, ExitCode, Server, exit_after, fail

if TYPE_CHECKING:
    from ocrdesk.cli.key_admin import KeyAdmin

app = typer.Typer(
    name="keys",
    help="Create, list and revoke API keys: on --server, or in the Redis at REDIS_URL, or on the local server.",
    no_args_is_help=True,
    context_settings=HELP_OPTIONS,
)


@app.command("create")
def create_key(
    name: Annotated[str, typer.Option("--name", help="Who or what the key is for.")],
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="The owner's e-mail address.")] = None,
    scopes: Annotated[
        list[str] | None,
        typer.Option(
            "--scope", metavar="SCOPE", help="submit, read or admin; repeat for several. Default: submit and read."
        ),
    ] = None,
    expires_in_days: Annotated[
        int | None,
        typer.Option("--expires-in-days", metavar="DAYS", min=1, help="Default: the key does not expire."),
    ] = None,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """Create a key. Its secret is printed once, to stdout; everything else goes to stderr."""
    from ocrdesk.cli.key_admin import wanted_key

    with _open_admin(server, api_key, data_dir) as admin:
        created = admin.create(wanted_key(name, email, scopes or [], expires_in_days))
        expiry = f", expires {created.expires_at:%Y-%m-%d %H:%M} UTC" if created.expires_at else ""
        typer.echo(f"Key {created.key_id} for {created.name}, scopes {' '.join(created.scopes)}{expiry}.", err=True)
        typer.echo("Save it now: it is not shown again.", err=True)
        typer.echo(created.api_key)


@app.command("list")
def list_keys(
    as_json: AsJson = False,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """List keys, newest first, without their secrets. Expired and revoked keys stay listed for a month."""
    from ocrdesk.cli.key_admin import print_json, print_table

    with _open_admin(server, api_key, data_dir) as admin:
        write = print_json if as_json else print_table
        write(admin.all())


@app.command("revoke")
def revoke_keys(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="The key's id (see list) or e-mail address.")],
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
) -> None:
    """Revoke keys immediately. Give ids, never secrets: those would stay in the shell's history."""
    from ocrdesk.cli.key_admin import KeysError, revoke

    failed = 0
    with _open_admin(server, api_key, data_dir) as admin:
        for key in keys:
            try:
                typer.echo(revoke(admin, key), err=True)
            except KeysError as error:
                typer.echo(f"ocrdesk: {error}", err=True)
                failed += 1
    exit_after(failed)


@contextlib.contextmanager
def _open_admin(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[KeyAdmin]:
    """Give access to the keys; turn errors into a message and an exit code."""
    from ocrdesk.cli.key_admin import KeysError, RedisUnavailableError, UsageError, open_admin
    from ocrdesk.client import ApiError, AuthError, ClientError
    from ocrdesk.local.errors import LocalServerError

    try:
        with open_admin(server, api_key, data_dir) as admin:
            yield admin
    except UsageError as error:
        fail(error, ExitCode.USAGE)
    except KeysError as error:
        fail(error, ExitCode.SOME_FAILED)
    except (ClientError, LocalServerError, RedisUnavailableError) as error:
        was_answered = isinstance(error, ApiError) and not isinstance(error, AuthError)
        fail(error, ExitCode.SOME_FAILED if was_answered else ExitCode.NO_SERVER)
