"""Captions: labels of figures and tables with their text."""

from __future__ import annotations

import pytest

from tests.helpers.styled_pages import BOLD, StyledPage, said, with_role


@pytest.mark.parametrize(
    "text",
    [
        "Figure 3: The bridge in winter",
        "Fig. 12. The bridge",
        "Table 2. Sizes of all parts",
        "Abbildung 4.1: Die Brücke",
        "Tabelle 7",
        "Tableau IV – Les tailles",
        "Рис. 5. Мост",
        "Table A.1 | All sizes",
    ],
)
def test_a_label_with_its_punctuation_is_a_caption(text: str) -> None:
    assert [said(block) for block in with_role(StyledPage().prose().add(text).prose().built(), "caption")] == [text]


@pytest.mark.parametrize(
    "text", ["Figure 3 shows the bridge in winter.", "Table tennis: a game", "Figures are below", "TABLE OF CONTENTS"]
)
def test_a_sentence_about_a_figure_is_no_caption(text: str) -> None:
    assert not with_role(StyledPage().prose().add(text).prose().built(), "caption")


def test_text_after_a_caption_is_a_block_of_its_own() -> None:
    page = StyledPage().prose().add("Figure 3: The bridge in", "winter").then("Other text begins here.", gap=50)
    assert [said(block) for block in page.built().blocks[1:]] == [
        "Figure 3: The bridge in winter",
        "Other text begins here.",
    ]


def test_a_label_in_another_style_needs_no_punctuation() -> None:
    page = StyledPage().prose(2).add("Table 1", style=BOLD).beside("Features of old bridges").prose()
    assert [said(block) for block in with_role(page.built(), "caption")] == ["Table 1 Features of old bridges"]
