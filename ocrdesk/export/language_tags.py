"""Maps Tesseract language names to BCP 47 tags.

HTML, ALTO and Word require these tags.
"""

from __future__ import annotations

from collections.abc import Iterable

# BCP 47 requires the shortest code: two letters if there is such a code, else three.
_TAGS = {
    "afr": "af", "amh": "am", "ara": "ar", "asm": "as", "aze": "az", "aze_cyrl": "az-Cyrl", "bel": "be", "ben": "bn",
    "bod": "bo", "bos": "bs", "bre": "br", "bul": "bg", "cat": "ca", "ces": "cs", "chi_sim": "zh-Hans",
    "chi_sim_vert": "zh-Hans", "chi_tra": "zh-Hant", "chi_tra_vert": "zh-Hant", "cos": "co", "cym": "cy", "dan": "da",
    "dan_frak": "da-Latf", "deu": "de", "deu_frak": "de-Latf", "deu_latf": "de-Latf", "div": "dv", "dzo": "dz",
    "ell": "el", "eng": "en", "epo": "eo", "est": "et", "eus": "eu", "fao": "fo", "fas": "fa", "fin": "fi", "fra": "fr",
    "frk": "de-Latf", "fry": "fy", "gla": "gd", "gle": "ga", "glg": "gl", "guj": "gu", "hat": "ht", "heb": "he",
    "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "iku": "iu", "ind": "id", "isl": "is", "ita": "it",
    "ita_old": "it", "jav": "jv", "jpn": "ja", "jpn_vert": "ja", "kan": "kn", "kat": "ka", "kat_old": "ka",
    "kaz": "kk", "khm": "km", "kir": "ky", "kmr": "kmr", "kor": "ko", "kor_vert": "ko", "lao": "lo", "lat": "la",
    "lav": "lv", "lit": "lt", "ltz": "lb", "mal": "ml", "mar": "mr", "mkd": "mk", "mlt": "mt", "mon": "mn",
    "mri": "mi", "msa": "ms", "mya": "my", "nep": "ne", "nld": "nl", "nor": "no", "oci": "oc", "ori": "or",
    "pan": "pa", "pol": "pl", "por": "pt", "pus": "ps", "que": "qu", "ron": "ro", "rus": "ru", "san": "sa",
    "sin": "si", "slk": "sk", "slk_frak": "sk-Latf", "slv": "sl", "snd": "sd", "spa": "es", "spa_old": "es",
    "sqi": "sq", "srp": "sr", "srp_latn": "sr-Latn", "sun": "su", "swa": "sw", "swe": "sv", "tam": "ta", "tat": "tt",
    "tel": "te", "tgk": "tg", "tha": "th", "tir": "ti", "ton": "to", "tur": "tr", "uig": "ug", "ukr": "uk",
    "urd": "ur", "uzb": "uz", "uzb_cyrl": "uz-Cyrl", "vie": "vi", "yid": "yi", "yor": "yo",
}  # fmt: skip


def language_tag(languages: Iterable[str]) -> str | None:
    """Return the tag of the first language that has one; None for models of scripts and for unknown names.

    A name of three letters that is not in the table is the language's ISO 639-3 code, which is a valid tag.
    """
    for name in languages:
        if tag := _TAGS.get(name):
            return tag
        if len(name) == 3 and name.isascii() and name.isalpha() and name.islower() and name not in ("equ", "osd"):
            return name
    return None
