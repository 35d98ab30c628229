"""Help texts that list engines, formats and modes: made when help is shown, from where these are defined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.core import TyperCommand, TyperOption


def engines() -> str:
    """Return the installed engines, also those of other packages. Nothing is imported for this."""
    from ocrdesk.contract.engines import installed_engine_names

    return f"The engine: {_listed(installed_engine_names(), 'or')}."


def modes() -> str:
    """Return the modes of recognition."""
    from ocrdesk.contract.choices import describe_modes

    return describe_modes()


def omit_headers_footers() -> str:
    """Return the formats that can omit headers and footers."""
    from ocrdesk.contract.choices import CAN_OMIT_HEADERS_FOOTERS

    return f"For {_listed(CAN_OMIT_HEADERS_FOOTERS, 'and')}: omit running headers, footers and page numbers."


LISTS: dict[str, Callable[[], str]] = {
    "engine": engines,
    "mode": modes,
    "omit_headers_footers": omit_headers_footers,
}
"""By parameter name."""


class CommandWithLists(TyperCommand):
    """A command whose help is completed when it is shown, so that other calls start fast."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        for parameter in self.params:
            if isinstance(parameter, TyperOption) and parameter.name in LISTS:
                parameter.help = LISTS[parameter.name]()
        super().format_help(ctx, formatter)


def _listed(names: tuple[str, ...], last: str) -> str:
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
