"""One spelling for what is spelled in several ways: case, diacritics, letter variants, digits, joiners; pure.

Beside Unicode's own folding: Arabic letter variants, digits of every script, katakana as hiragana, the Hindi variants
that Lucene's HindiNormalizer lists (nukta, chandrabindu, nasals before their consonants), Cyrillic apostrophes.
"""

import re
import unicodedata
from functools import lru_cache

UNSPACED = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR"}
)
FOLDED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "COMBINING"})

# Letters that a reader cannot or does not type, and that Unicode does not take apart.
LETTERS = str.maketrans(
    {
        "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ґ": "г",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ک": "ك", "ة": "ه", "ۀ": "ه",
        "ہ": "ه", "ھ": "ه", "ے": "ي", "گ": "ك", "ـ": None, "ء": None,
        "ँ": "ं", "़": None, "ऩ": "न", "ऱ": "र", "ऴ": "ळ", "ऑ": "आ", "ॉ": "ा", "ऍ": "ए", "ॅ": "े",
        "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "＇": "'", "´": "'", "`": "'", "‐": "-", "‑": "-",
        "\u00ad": None, "\u200b": None, "\u200d": None, "\u200e": None, "\u200f": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
NASALS = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")
INDIC_JOINER = re.compile("(?<=[\u0900-\u0dff])\u200c")
LONG_VOWEL_AT_END = re.compile("(?<=[ァ-ヺー][ァ-ヺ])ー(?![ァ-ヺー])|(?<=[ぁ-ゖー][ぁ-ゖ])ー(?![ぁ-ゖァ-ヺー])")
CYRILLIC_APOSTROPHE = re.compile("(?<=[а-џґ])'(?=[а-џґ])")
FIRST_KATAKANA, LAST_KATAKANA = "ァ", "ヶ"
FROM_KATAKANA = ord("ァ") - ord("ぁ")

ACRONYM = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
ELIDED = re.compile(r"(?<![\w'])(?:[ldjmtsnc]|qu|(?:jus|lors|puis|quoi)qu|dell|dall|nell|sull|all|un)'(?=[^\W\d_])")
POSSESSIVE = re.compile(r"(?<=\w)'s\b")
PLUSES = re.compile(r"(?<=[a-z])\+\+")
SHARP = re.compile(r"(?<![^\W_])([a-z])#(?!\w)")


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """Return the script of a letter by its Unicode name, such as 'LATIN' or 'CJK'."""
    return unicodedata.name(character, "").partition(" ")[0]


def is_unspaced(word: str) -> bool:
    """Say whether a word belongs to a script that is written without blanks, or with few."""
    return script_of(word[0]) in UNSPACED


def fold(text: str) -> str:
    """Return text without case, diacritics and letter variants; marks that are part of the spelling stay."""
    if text.isascii():
        return text.lower()
    compatible = LONG_VOWEL_AT_END.sub("", unicodedata.normalize("NFKC", text).casefold())
    composed = INDIC_JOINER.sub("", unicodedata.normalize("NFC", compatible))
    folded = "".join(map(_fold_character, composed)).translate(LETTERS)
    return CYRILLIC_APOSTROPHE.sub("", NASALS.sub("ं", folded))


def plain(text: str) -> str:
    """Return folded text in which abbreviations, names with signs and elided articles are words like others."""
    folded = fold(text)
    if "." in folded:
        folded = ACRONYM.sub(lambda found: found[0].replace(".", ""), folded)
    if "'" in folded:
        folded = ELIDED.sub("", POSSESSIVE.sub("", folded))
    if "+" in folded or "#" in folded:
        folded = SHARP.sub(r"\1sharp", PLUSES.sub("plusplus", folded))
    return folded


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    if character.isascii() or character == "й":
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if FIRST_KATAKANA <= character <= LAST_KATAKANA:
        return chr(ord(character) - FROM_KATAKANA)
    if script_of(character) not in FOLDED:
        return character
    return "".join(part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn")
