"""Validates and compares email addresses."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


class InvalidEmailError(ValueError):
    """The text is not a valid address; the message says why."""


@dataclass(frozen=True, slots=True)
class Email:
    """An address as it is shown, and in the form that is compared."""

    address: str
    identity: str


def parse_email(text: str) -> Email:
    """Parse and normalise an address, without checking that it exists. Raises InvalidEmailError."""
    try:
        address = validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidEmailError(f"email: this is no e-mail address. {error}") from None
    return Email(address, address.casefold())
