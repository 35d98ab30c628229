"""Addresses: their line breaks carry meaning."""

from __future__ import annotations

import pytest

from tests.helpers.styled_pages import StyledPage, with_role


@pytest.mark.parametrize(
    "lines",
    [
        ("Lake Bridges, Inc.", "575 Valley Blvd.", "Westerville, Ohio OH 43082-8888"),
        ("Herrn Anton Muster", "Talstraße 4", "80331 München"),
        ("Jane Smith", "12 High Street", "Bristol BS1 4ST"),
        ("Mairie", "3, rue du Pont", "75001 Paris"),
        ("Jane Smith", "Tel. +44 117 496 0000", "jane@example.org", "www.example.org"),
    ],
)
def test_lines_with_a_place_are_an_address(lines: tuple[str, ...]) -> None:
    assert len(with_role(StyledPage().add(*lines).prose(2).built(), "address")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("A short note on", "what was said of", "the street in 1950"),
        ("Received", "13 November 2003", "Accepted 15 July 2004"),
        ("12 High Street",),
    ],
)
def test_other_short_lines_are_none(lines: tuple[str, ...]) -> None:
    assert not with_role(StyledPage().add(*lines).prose(2).built(), "address")
