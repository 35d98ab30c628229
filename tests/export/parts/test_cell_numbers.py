"""Which texts of cells are numbers without loss."""

from __future__ import annotations

import pytest

from ocrdesk.export.parts.cell_numbers import decimal_sign, read_number


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("0", ".", (0, 0)),
        ("17", "", (17, 0)),
        ("-3", ".", (-3, 0)),
        ("3.60", ".", (3.6, 2)),
        ("3,60", ",", (3.6, 2)),
        ("0.05", ".", (0.05, 2)),
        ("123456789012345", ".", (123456789012345, 0)),
    ],
)
def test_numbers_are_read_in_the_pages_language(text: str, sign: str, number: tuple[float, int]) -> None:
    assert read_number(text, sign) == number


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "1,000",
            "1.000,50",
            "1 000",
            "+5",
            "5%",
            "$5",
            "5 €",
            "007",
            "00",
            "-0",
            "-0.0",
            ".5",
            "5.",
            "1e5",
            "0x1F",
        ),
        *(
            "1234567890123456",
            "0.1234567890123456",
            "١٢",
            "−3",
            "(3)",
            "=1",
            "3,60",
            "1/2",
            "12:30",
            "2026-11-30",
            "NaN",
        ),
    ],
)
def test_what_a_number_would_show_differently_stays_text(text: str) -> None:
    assert read_number(text, ".") is None


def test_without_a_known_language_only_whole_numbers_are_numbers() -> None:
    assert read_number("3.60", "") is read_number("3,60", "") is None
    assert read_number("3.60", ",") is None


@pytest.mark.parametrize(
    ("languages", "sign"),
    [(("eng",), "."), (("deu", "eng"), ","), (("chi_sim",), "."), (("srp_latn",), ","), (("my_model",), ""), ((), "")],
)
def test_the_decimal_sign_is_that_of_the_first_language(languages: tuple[str, ...], sign: str) -> None:
    assert decimal_sign(languages) == sign
