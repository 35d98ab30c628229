"""Guesses a text's language by its most frequent short words; no Qt.

It serves to notice that a text was recognised with the wrong language. A wrong guess costs more than a missed one, so a
text must be long, and one language clearly ahead of all that were used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_MIN_WORDS = 60
_MIN_SHARE = 0.14
"""Of all words, so many must be frequent words of the guessed language. In prose it is 0.3 to 0.5."""
_MIN_DISTINCT = 8
"""So many different ones must occur: a form repeats a few words."""
_MIN_LEAD = 2.0
"""How many times the share of each language that was used."""
_MIN_LEAD_OF_OTHERS = 1.4
"""How many times the share of each other language: else it is not clear which one it is."""
_MOST_CHARACTERS = 40_000
_WORD = re.compile(r"[^\W\d_]+")
# Without accents, because an engine that does not know a language leaves them out.
_FREQUENT = {
    "eng": "the of and to in is that it for was on as with be at by this had not are but from have an they which or "
    "you were her his she he there been their has would will what if can we all your when who more said",
    "deu": "der die und das den von zu mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor "
    "zur bis mehr durch man sein wurde sei wenn ich wir ihre",
    "fra": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont ou avec son "
    "aux sa cette mais comme on nous vous ont ses elle leur etre tout fait ces ete deux entre aussi je lui",
    "spa": "de la que el en los del se las por un para con no una su al lo como mas pero sus le ya este si porque "
    "esta entre cuando muy sin sobre ser tambien me hasta hay donde han quien desde todo nos fue son es",
    "ita": "di che il la in un per del non una sono con della si da dei le al nel come anche alla piu gli ha lo ma i "
    "delle dal ed nella essere questo dalla se suo ai sul tra loro stato era questa degli sua",
    "por": "de que do da em um para os com nao uma no se na por mais as dos como mas ao ele das seu sua ou quando "
    "muito nos ja eu tambem pelo pela ate isso ela entre depois sem mesmo aos seus quem nas me esse foi sao",
    "nld": "de van het een en in is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit door naar "
    "over heeft hij worden werd wordt ze tot kan of deze dit hebben was ik meer al geen zich waren",
    "swe": "och i att det som en av for ar den till pa med har de inte om ett men var sig fran vi han sa kan man nar "
    "hade efter nu eller skulle sin ut vara under upp hon detta alla",
    "dan": "og i at det er en den til af for pa med som de der ikke et har han var sig om men fra vi kan eller skal "
    "nu blev ved efter ud havde hun jeg være sin hvor over",
    "nor": "og i det er en som pa til av for at med de har den ikke et om var fra men han vi seg ble kan eller etter "
    "skal na hun jeg ut ved opp over enn blir dette",
    "pol": "w i na z nie do sie ze jest o to jak za po co przez od ale dla czy przy lub tym oraz ich jego tak byl "
    "moze tego ktory ktore gdy juz sa zostal bez pod",
    "ces": "a v se na je ze s z do o to i jako za by k pro po ve od jsou podle ale pri jeho byl nebo tak let jak "
    "jeji ktery ktere ma az uz kdyz jen bylo",
    "fin": "ja on ei etta se oli han mutta ovat kun ole myos joka kuin niin tai sen olla jos siita mita hanen voi "
    "jotka sita kaikki viela nyt mukaan",
    "tur": "ve bir bu da de icin ile olarak cok daha olan gibi en ne kadar sonra ise var oldugu ya ama her o ki "
    "degil oldugunu tarafindan buyuk",
    "hun": "a az es hogy nem is egy ez meg de volt csak mint el ha vagy mar ki van be azt sem le kell lehet lesz fel "
    "olyan ezt majd mert igen",
    "ron": "de si a in la cu o pe din nu se un ce mai care este pentru sa au al sunt ca fost prin lui ale dar sau fi "
    "dupa cel doar ei tot isi",
}
_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}
_VARIANTS = {"frm": "fra", "deu_frak": "deu", "deu_latf": "deu", "ita_old": "ita", "spa_old": "spa", "enm": "eng"}

_SIBLINGS = {language: {"dan", "nor"} for language in ("dan", "nor")}
"""Languages with mostly the same frequent words: the better one is guessed, and neither is wrong for the other."""

LANGUAGES = tuple(_WORDS)
"""The languages that are guessed, by Tesseract's names."""


def guess_other_language(text: str, used: Iterable[str]) -> str | None:
    """Return the language that the text is in if none of the `used` ones fits it; None in all doubt.

    Languages are Tesseract's names. A text with a used language that is not known here is never judged.
    """
    known = {_VARIANTS.get(language, language) for language in used}
    if not known or not known <= _WORDS.keys():
        return None
    words = [_folded(word) for word in _WORD.findall(text[:_MOST_CHARACTERS])]
    if len(words) < _MIN_WORDS:
        return None
    shares = {language: sum(word in frequent for word in words) / len(words) for language, frequent in _WORDS.items()}
    best = max(shares, key=shares.__getitem__)
    others = max(shares[language] for language in shares if language not in known | _SIBLINGS.get(best, {best}))
    distinct = len(_WORDS[best].intersection(words))
    is_clear = (
        best not in known
        and shares[best] >= _MIN_SHARE
        and not known & _SIBLINGS.get(best, set())
        and distinct >= _MIN_DISTINCT
        and shares[best] >= _MIN_LEAD * max(shares[language] for language in known)
        and shares[best] >= _MIN_LEAD_OF_OTHERS * others
    )
    return best if is_clear else None


def _folded(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(char))
