"""The scores: matching words at their places, the distance of texts, and groups of words by confidence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # as when a command is run: this folder is not a package

from scoring import (
    Judged,
    PlacedWord,
    bag_of_runs,
    bag_of_words,
    calibration_error,
    deciles,
    edits,
    error_rate,
    f1,
    hocr_words,
    met,
    positional_accuracy,
    scale_tenths,
)


def test_word_is_matched_by_text_and_place_and_only_once() -> None:
    truth = [PlacedWord("tea", 0, 0, 10, 10), PlacedWord("tea", 2, 0, 12, 10), PlacedWord("pot", 20, 0, 30, 10)]
    found = [PlacedWord("tea", 1, 1, 9, 9), PlacedWord("pot", 50, 0, 60, 10)]
    assert met(truth, found) == {0}
    assert positional_accuracy(truth, found) == pytest.approx(1 / 3)


def test_words_are_read_from_hocr_with_characters_that_look_alike_folded() -> None:
    hocr = (
        "<span class='ocr_line'><span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 9'><b>it</b>&#8217;s</span></span>"
    )
    assert hocr_words(hocr) == [PlacedWord("it's", 1, 2, 3, 4)]


def test_bags_of_words_ignore_case_order_and_punctuation_at_the_ends() -> None:
    assert f1(bag_of_words("TOTAL: 12.50\nThank you!"), bag_of_words("thank YOU total 12.50")) == 1.0
    assert f1(bag_of_words("one two"), bag_of_words("one three")) == 0.5
    assert bag_of_runs("rm12.50-a") == {"RM12": 1, "50": 1, "A": 1}


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("same", "same", 0)]
)
def test_edits_are_counted(one: str, other: str, distance: int) -> None:
    assert edits(one, other) == distance


def test_extra_white_space_is_no_error_but_missing_white_space_is() -> None:
    assert error_rate("a  b\nc", "a b c") == 0.0
    assert error_rate("a b", "ab") == pytest.approx(1 / 3)


def test_confidence_equal_to_the_share_of_correct_words_is_calibrated() -> None:
    judged = [Judged(0.9, number > 0) for number in range(10)] + [Judged(0.5, number % 2 == 0) for number in range(10)]
    assert calibration_error(scale_tenths(judged)) == pytest.approx(0.0)
    assert [group.words for group in deciles(judged)] == [2] * 10
    assert calibration_error(scale_tenths([Judged(0.9, False)])) == pytest.approx(0.9)
