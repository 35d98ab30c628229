"""A text in another language than it was recognised in is noticed; in doubt nothing is said."""

from __future__ import annotations

import pytest

from ocrdesk.desktop.text.language_guess import LANGUAGES, guess_other_language

FRENCH = (
    "Le chat est sur la table dans la cuisine et il ne veut pas que les enfants se moquent de lui. Nous avons fait "
    "tout ce que nous avons pu pour lui, il est comme ses parents : il aime son coin, une assiette de lait et la paix. "
    "Les voisins disent que cette maison a ete deux fois vendue en un an, et qui sait par qui elle le sera encore. "
)
GERMAN = (
    "Die Katze liegt auf dem Tisch in der Kueche und will nicht, dass sich die Kinder mit ihr einen Spass machen. Wir "
    "haben alles getan, was wir fur sie tun konnten, aber sie ist wie ihre Eltern: sie mag ihre Ecke, einen Teller mit "
    "Milch und die Ruhe. Die Nachbarn sagen, dass das Haus im letzten Jahr zum zweiten Mal verkauft wurde. "
)
ENGLISH = (
    "The cat is on the table in the kitchen and it does not want to be laughed at by the children. We have done all "
    "that we could for it, it is like its parents: it likes its corner, a plate of milk, and to be left in peace. The "
    "neighbours say that this house has been sold twice in a year, and who knows by whom it will be next. "
)


@pytest.mark.parametrize(("text", "language"), [(FRENCH, "fra"), (GERMAN, "deu"), (ENGLISH, "eng")])
def test_language_is_guessed_if_it_was_not_used(text: str, language: str) -> None:
    for used in {"eng", "deu", "fra", "spa"} - {language}:
        assert guess_other_language(text, (used,)) == language
    assert guess_other_language(text, (language,)) is None
    assert guess_other_language(text, ("ita", language)) is None


def test_doubtful_texts_are_not_judged() -> None:
    assert guess_other_language("Total 14.80 de la casa", ("eng",)) is None  # too short
    assert guess_other_language(FRENCH + GERMAN, ("eng",)) is None  # mixed
    assert guess_other_language("Bolt M8 galvanised steel 12 pieces " * 40, ("eng",)) is None  # a list
    assert guess_other_language("de la " * 100, ("eng",)) is None  # two words again and again
    assert guess_other_language(FRENCH, ("auto",)) is None
    assert guess_other_language(FRENCH, ("rus",)) is None
    assert guess_other_language(FRENCH, ()) is None


def test_old_spellings_count_as_their_language() -> None:
    assert guess_other_language(FRENCH, ("frm",)) is None
    assert guess_other_language(GERMAN, ("deu_latf",)) is None
    assert set(LANGUAGES) >= {"eng", "deu", "fra"}
