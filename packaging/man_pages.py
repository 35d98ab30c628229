"""Writes a manual page for each command, and completions for bash, zsh and fish, from the command line itself.

    python packaging/man_pages.py FOLDER

makes FOLDER/man/man1/*.1, FOLDER/bash-completion/completions/ocrdesk, FOLDER/zsh/vendor-completions/_ocrdesk and
FOLDER/fish/vendor_completions.d/ocrdesk.fish: where they go below /usr/share. SOURCE_DATE_EPOCH sets the pages' date.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer._completion_shared import get_completion_script
from typer.main import get_command

from ocrdesk import __version__
from ocrdesk.cli.app import app
from ocrdesk.cli.help_texts import LISTS, CommandWithLists

PROGRAM = "ocrdesk"


def commands(command: Any, path: tuple[str, ...] = (PROGRAM,), parent: Any = None) -> Iterator[tuple[Any, Any]]:
    """Yield the command and all below it, each with its context."""
    context = command.context_class(command, info_name=path[-1], parent=parent)
    yield command, context
    for name, below in sorted(getattr(command, "commands", {}).items()):
        yield from commands(below, (*path, name), context)


def page(command: Any, context: Any) -> str:
    """Return the manual page of a command in roff."""
    _complete_help(command)
    path = context.command_path
    name = path.replace(" ", "-")
    date = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    summary, *rest = re.split(r"\n\s*\n", command.help.strip())
    lines = [
        f'.TH {name.upper()} 1 "{date}" "{PROGRAM} {__version__}" "User Commands"',
        ".SH NAME",
        f"{_text(name)} \\- {_text(_one_line(summary))}",
        ".SH SYNOPSIS",
        f".B {_text(path)}",
        _text(_usage(command, context)),
        ".SH DESCRIPTION",
        *(line for part in (summary, *rest) for line in (".PP", _text(_one_line(part)))),
        *_options(command, context),
        *_subcommands(command, path),
        ".SH SEE ALSO",
        _see_also(path),
    ]
    return "\n".join(lines) + "\n"


def _complete_help(command: Any) -> None:
    """Fill in the help texts that are made when help is shown."""
    if isinstance(command, CommandWithLists):
        for parameter in command.params:
            if parameter.name in LISTS:
                parameter.help = LISTS[parameter.name]()


def _usage(command: Any, context: Any) -> str:
    return " ".join(command.collect_usage_pieces(context))


def _options(command: Any, context: Any) -> Iterator[str]:
    for kind, heading in (("argument", "ARGUMENTS"), ("option", "OPTIONS")):
        parameters = [found for found in command.get_params(context) if found.param_type_name == kind]
        records = [record for found in parameters if (record := found.get_help_record(context))]
        if records:
            yield f".SH {heading}"
        for names, meaning in records:
            yield from (".TP", f".B {_text(names)}", _text(_one_line(meaning)))


def _subcommands(command: Any, path: str) -> Iterator[str]:
    below = getattr(command, "commands", {})
    if below:
        yield ".SH COMMANDS"
    for name, found in below.items():
        yield from (".TP", f".BR {_text(f'{path} {name}'.replace(' ', '-'))} (1)", _text(_first_sentence(found.help)))


def _see_also(path: str) -> str:
    names = [PROGRAM] if path != PROGRAM else [f"{PROGRAM}-ocr", f"{PROGRAM}-serve", f"{PROGRAM}-doctor"]
    return "\n".join(f".BR {_text(name)} (1)" for name in names)


def _first_sentence(text: str) -> str:
    return _one_line(re.split(r"\n\s*\n", text.strip())[0])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    """Escape text for roff."""
    text = text.replace("\\", "\\(rs").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def completions() -> dict[str, str]:
    """Return the completion scripts by their paths below /usr/share."""
    made = {
        shell: get_completion_script(prog_name=PROGRAM, complete_var=f"_{PROGRAM.upper()}_COMPLETE", shell=shell) + "\n"
        for shell in ("bash", "zsh", "fish")
    }
    # zsh loads this file as the function, at the first use: then it has to complete too.
    last = f"compdef _{PROGRAM}_completion {PROGRAM}"
    both = f'if [ "$funcstack[1]" = "_{PROGRAM}" ]; then\n  _{PROGRAM}_completion "$@"\nelse\n  {last}\nfi'
    return {
        f"bash-completion/completions/{PROGRAM}": made["bash"].lstrip("\n"),
        f"zsh/vendor-completions/_{PROGRAM}": made["zsh"].replace(last, both),
        f"fish/vendor_completions.d/{PROGRAM}.fish": made["fish"],
    }


def main() -> None:
    """Write all files."""
    folder = Path(sys.argv[1])
    files = completions()
    for command, context in commands(get_command(app)):
        files[f"man/man1/{context.command_path.replace(' ', '-')}.1"] = page(command, context)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
