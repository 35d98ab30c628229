"""Validates and compares email addresses."""

from __future__ import annotations

from dataclasses import dataclass

from ocrdesk.contract.error_messages import DescribedError, error_message


class InvalidEmailError(DescribedError, ValueError):
    """The text is not an email address; the message says why."""


@dataclass(frozen=True, slots=True)
class Email:
    """An address as it is shown, and in the form that is compared."""

    address: str
    identity: str


def parse_email(text: str) -> Email:
    """Parse and normalise an address, without checking that it exists. Raises InvalidEmailError."""
    # Only now: most servers never see an address.
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidEmailError(error_message("email_invalid", reason=str(error))) from None
    return Email(address, address.casefold())
