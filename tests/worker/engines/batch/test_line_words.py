"""The outputs of a network become words: letters, spaces, confidence, and what a dictionary prefers."""

from __future__ import annotations

import numpy as np

from ocrdesk_worker.engines.batch.line_words import LineReader

CHARACTERS = (" ", "a", "s", "i", "n", "o", "t", "1", "2", "")
BLANK = 9
WORDS = {"as", "is", "in", "an", "tin", "it", "a", "sin"}


def reader() -> LineReader:
    return LineReader(CHARACTERS, BLANK, lambda word: word in WORDS)


def outputs(*steps: dict[str, float]) -> np.ndarray:
    """Return the logarithms for steps of a few likelihoods; "" is the blank, the rest share what is left."""
    rows = np.full((len(steps), len(CHARACTERS)), 1e-6, np.float32)
    for row, step in zip(rows, steps, strict=True):
        for character, likelihood in step.items():
            row[CHARACTERS.index(character)] = likelihood
    return np.log(rows / rows.sum(1, keepdims=True))


def sure(text: str) -> list[dict[str, float]]:
    """Return two steps for each letter, and a blank after it."""
    return [step for letter in text for step in ({letter: 1.0}, {letter: 1.0}, {"": 1.0})]


def test_repeated_steps_are_one_letter_and_a_blank_separates_equal_letters() -> None:
    assert [word.text for word in reader().words(outputs(*sure("tin"), *sure("11")))] == ["tin11"]


def test_spaces_separate_words_and_steps_say_where_they_are() -> None:
    first, second = reader().words(outputs(*sure("as"), {" ": 1.0}, *sure("it")))
    assert (first.text, first.begin, first.end) == ("as", 0, 5)
    assert (second.text, second.begin, second.end) == ("it", 7, 12)


def test_confidence_is_that_of_the_least_likely_step() -> None:
    clear, doubtful = reader().words(outputs(*sure("as"), {" ": 1.0}, {"i": 1.0}, {"i": 0.5, "o": 0.5}, *sure("t")))
    assert clear.confidence > 0.96
    assert doubtful.confidence < 0.9


def test_a_letter_and_the_blank_share_the_step_at_its_edge() -> None:
    (word,) = reader().words(outputs({"a": 0.5, "": 0.5}, {"a": 1.0}, {"": 0.6, "a": 0.4}, *sure("s")))
    assert word.text == "as"
    assert word.confidence > 0.96


def test_a_single_step_that_is_more_likely_an_edge_is_no_letter() -> None:
    (word,) = reader().words(outputs({"i": 1.0}, {"1": 0.4, "i": 0.3, "": 0.3}, {"": 1.0}, *sure("n")))
    assert word.text == "in"


def test_a_word_that_no_dictionary_has_is_divided_where_both_parts_are_known() -> None:
    joined = [*sure("it")[:-1], {"": 0.8, " ": 0.2}, *sure("is")]
    assert [word.text for word in reader().words(outputs(*joined))] == ["it", "is"]


def test_a_known_word_stays_whole() -> None:
    joined = [*sure("s")[:-1], {"": 0.9, " ": 0.1}, *sure("in")]
    assert [word.text for word in reader().words(outputs(*joined))] == ["sin"]


def test_a_doubtful_letter_becomes_that_of_a_known_word() -> None:
    (word,) = reader().words(outputs(*sure("t"), {"1": 0.6, "i": 0.4}, {"": 1.0}, *sure("n")))
    assert word.text == "tin"


def test_a_sure_word_stays_as_it_is_read() -> None:
    (word,) = reader().words(outputs(*sure("toto")))
    assert word.text == "toto"


def test_numbers_are_no_unknown_words() -> None:
    joined = [*sure("1")[:-1], {"": 0.9, " ": 0.1}, *sure("2")]
    assert [word.text for word in reader().words(outputs(*joined))] == ["12"]


def test_no_steps_are_no_words() -> None:
    assert reader().words(np.zeros((0, len(CHARACTERS)), np.float32)) == []
    assert reader().words(outputs({"": 1.0}, {" ": 1.0}, {"": 1.0})) == []
