"""The machine-readable lines of travel documents: the field says whether a character is a letter or a digit."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.engines.machine_readable import fix_machine_readable


def fixed(*texts: str) -> list[str]:
    lines = tuple(
        Line(
            box=Box(0, 40 * number, 900, 40 * number + 30),
            words=tuple(
                Word(text=part, box=Box(0, 40 * number, 900, 40 * number + 30), confidence=0.9, source=Source.RAPID)
                for part in text.split()
            ),
        )
        for number, text in enumerate(texts)
    )
    block = Block(box=Box.around([line.box for line in lines]), lines=lines)
    return [line.text for one in fix_machine_readable([block]) for line in one.lines]


def test_a_passport() -> None:
    assert fixed(
        "P<UT0BERG<<N0RA<LIV<<<<<<<<<<<<<<<<<<<<<<<<<", "K1234567<6UT085O2I43F3I0l019<<<<<<<<<<<<<<04".replace("l", "1")
    ) == ["P<UTOBERG<<NORA<LIV<<<<<<<<<<<<<<<<<<<<<<<<<", "K1234567<6UTO8502143F3101019<<<<<<<<<<<<<<04"]


def test_an_identity_card() -> None:
    assert fixed(
        "I<UT0D231458907<<<<<<<<<<<<<<<", "74O8122F12O4159UT0<<<<<<<<<<<6", "BERG<<N0RA<LIV<<<<<<<<<<<<<<<<"
    ) == [
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "BERG<<NORA<LIV<<<<<<<<<<<<<<<<",
    ]


def test_the_check_digit_decides_in_a_documents_number() -> None:
    names = "P<UTOBERG<<NORA<LIV<<<<<<<<<<<<<<<<<<<<<<<<<"
    assert (
        fixed(names, "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10")[1]
        == "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )


def test_blanks_that_a_reader_saw_between_fillers_are_left_out() -> None:
    assert fixed("P<UTOBERG<<NORA<< <<<<<<<<<<<<<<<<<<<<<<<<<<", "K1234567<6UTO8502143F3101019<<<< <<<<<<<<<<04") == [
        "P<UTOBERG<<NORA<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
        "K1234567<6UTO8502143F3101019<<<<<<<<<<<<<<04",
    ]


def test_other_text_stays() -> None:
    texts = ["A0B1C2D3E4F5G6H7I8J9K0L1M2N3<<<<", "PART 5O1 OF 2O2", "X" * 44, "if a << 10 and b << 20"]
    assert fixed(*texts) == texts


def test_a_line_whose_dates_cannot_be_is_left_alone() -> None:
    texts = ["P<UTOBERG<<N0RA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "K1234567<6UT09902993F3199019<<<<<<<<<<<<<<04"]
    assert fixed(*texts) == texts
