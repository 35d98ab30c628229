"""Only pages whose words both engines find alike are read a second time."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block
from ocrdesk_worker.engines import script_coverage
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.script_coverage import (
    common_alphabet,
    have_equal_words,
    have_joined_letters,
    need_full_size,
    reads_more,
)
from tests.helpers.sample_pages import block

LATIN, HEBREW, HAN = frozenset("abcd"), frozenset("אבג"), frozenset(map(chr, range(0x4E00, 0x4F00)))
ALPHABETS = {"eng": LATIN, "heb": HEBREW, "chi_sim": HAN}


def readable(alphabet: frozenset[str]) -> frozenset[str] | None:
    known = alphabet & (LATIN | HAN)
    return known if len(known) >= 0.9 * len(alphabet) else None


@pytest.mark.parametrize(
    ("languages", "alphabet"),
    [
        (("eng",), LATIN),
        (("eng", "chi_sim"), LATIN | HAN),
        (("heb", "eng"), None),
        (("chi_sim", "heb"), None),  # Hebrew has few letters beside so many characters
    ],
)
def test_every_language_must_be_readable(
    languages: tuple[str, ...], alphabet: frozenset[str] | None, data: TessData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        script_coverage, "alphabet_of", lambda _, names: frozenset().union(*(ALPHABETS[name] for name in names))
    )
    assert common_alphabet(data, languages, readable) == alphabet


@pytest.mark.parametrize(
    ("text", "equal"),
    [
        ("Plain words of English", True),
        ("שלום עולם", True),
        ("新图书馆位于公园旁边", False),
        ("ห้องสมุดใหม่", False),
        ("새 도서관은", False),
        ("Many English words with one speck read as 一 and " + "more words " * 10, True),
        ("123 - 456", True),
        ("", True),
    ],
)
def test_words_are_alike_where_spaces_separate_them(text: str, equal: bool) -> None:
    blocks: list[Block] = [block(text)] if text else []
    assert have_equal_words(blocks, ["eng"]) is equal


def test_where_nothing_was_read_the_languages_decide() -> None:
    assert have_equal_words([], ["eng", "heb"])
    assert not have_equal_words([], ["kor"])


def test_pages_with_many_strokes_keep_their_size() -> None:
    assert need_full_size(["eng", "chi_sim"])
    assert need_full_size(["tha"])
    assert not need_full_size(["eng", "heb", "rus"])


def test_the_reading_with_clearly_more_text_is_chosen() -> None:
    short, long = [block("图书馆")], [block("新图书馆位于公园旁边")]
    assert reads_more(long, short)
    assert not reads_more(short, long)
    assert not reads_more(short, short)
    noise = [
        long[0].with_words(lambda word: word.model_copy(update={"confidence": 0.3})),
    ]
    assert not reads_more(noise, short)


def test_letters_of_arabic_script_are_joined() -> None:
    assert have_joined_letters(["eng", "fas"])
    assert not have_joined_letters(["eng", "heb"])
