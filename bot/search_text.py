"""The one way text becomes search words: the index and the readers' queries both go through here.

A word is folded (case, diacritics, Arabic letter variants and marks), then reduced to its stem: Snowball by script and
language, for Arabic script a light stemmer after Larkey, Ballesteros and Connell, 'Light stemming for Arabic
information retrieval' (light10). Scripts written without spaces become overlapping pairs of characters.
The language of an article is known, that of a query is not: the index holds one stem a word, a query asks for all
stems the word could have (decision 0030).
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

VERSION = 1
"""Goes up whenever `normalise` gives other words for the same text: the index is then built anew."""

LATIN = {
    "en": "english",
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "tr": "turkish",
}
DEFAULT_LANGUAGE = "en"
OTHER_SCRIPTS = {
    "CYRILLIC": "russian",
    "DEVANAGARI": "hindi",
    "GREEK": "greek",
    "ARMENIAN": "armenian",
    "TAMIL": "tamil",
}
UNSPACED = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "THAI", "LAO", "KHMER", "MYANMAR"}
)
FOLDED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "COMBINING"})

# Letters that a reader cannot or does not type, and that Unicode does not take apart.
LETTERS = str.maketrans(
    {
        "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ґ": "г",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ک": "ك", "ة": "ه", "ۀ": "ه",
        "ہ": "ه", "ھ": "ه", "ے": "ي", "گ": "ك", "ـ": None, "ء": None,
        "۰": "0", "۱": "1", "۲": "2", "۳": "3", "۴": "4", "۵": "5", "۶": "6", "۷": "7", "۸": "8", "۹": "9",
        "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
    }
)  # fmt: skip
ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
ARABIC_SUFFIXES = ("هاي", "ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
SHORTEST_ARABIC_STEM = 2
LONGEST_WORD = 64
SHORTEST_MISTYPED = 4
LONGEST_MISTYPED = 16
ALPHABETS = {
    "LATIN": "abcdefghijklmnopqrstuvwxyz",
    "CYRILLIC": "абвгдежзийклмнопрстуфхцчшщъыьэюяіє",
    "ARABIC": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
}


def _mark_class() -> str:
    # `\w` leaves combining marks out, and without them Indic words fall to pieces.
    marks = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code)).startswith("M"))
    return "".join(marks)


WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_mark_class()}])*|\d+")
POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")


def normalise(text: str, language: str = "") -> str:
    """Return the search words of a text, separated by blanks; `language` is its ISO 639-1 code, '' where unknown."""
    return " ".join(token for word in _words(text) for token in _index_tokens(word, language))


def variants(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of search words under which a reader's word or phrase may stand in the index.

    Each of them is to be looked for as a phrase; () where the text has no letter or digit.
    """
    words = list(_words(text))
    found: dict[tuple[str, ...], None] = {}
    for language in LATIN:
        sequence = tuple(token for word in words for token in _query_tokens(word, language))
        if sequence:
            found[sequence] = None
    return tuple(found)


def near_misses(word: str) -> list[str]:
    """Return what a mistyped word may have been meant to be: one letter more, less, other, or two letters swapped."""
    typed = fold(word)
    alphabet = ALPHABETS.get(script_of(typed[:1]), "") if typed.isalpha() else ""
    if not alphabet or not SHORTEST_MISTYPED <= len(typed) <= LONGEST_MISTYPED:
        return []
    halves = [(typed[:place], typed[place:]) for place in range(len(typed) + 1)]
    swapped = [left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1]
    less = [left + right[1:] for left, right in halves if right]
    other = [left + letter + right[1:] for left, right in halves if right for letter in alphabet]
    more = [left + letter + right for left, right in halves for letter in alphabet]
    return [meant for meant in dict.fromkeys((*swapped, *less, *other, *more)) if meant != typed]


def stems(word: str) -> tuple[str, ...]:
    """Return the stems a folded word of letters has in the commonest languages of its script, and itself."""
    return tuple(dict.fromkeys((_stem(word, DEFAULT_LANGUAGE), word)))


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """Return the script of a letter by its Unicode name, such as 'LATIN' or 'CJK'."""
    return unicodedata.name(character, "").partition(" ")[0]


def is_unspaced(word: str) -> bool:
    """Say whether a word belongs to a script that is written without blanks."""
    return script_of(word[0]) in UNSPACED


def fold(text: str) -> str:
    """Return text without case, diacritics and letter variants; marks that are part of the spelling stay."""
    if text.isascii():
        return text.lower()
    compatible = unicodedata.normalize("NFKC", text).casefold()
    return "".join(map(_fold_character, unicodedata.normalize("NFC", compatible))).translate(LETTERS)


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    if character.isascii() or character == "й":
        return character
    if script_of(character) not in FOLDED:
        return character
    return "".join(part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn")


def _words(text: str) -> Iterator[str]:
    """Yield the folded words of a text; a change between unspaced and other scripts ends a word."""
    for match in WORD.finditer(POSSESSIVE.sub("", fold(text))):
        word = match.group()
        if word.isascii():
            yield word[:LONGEST_WORD]
        else:
            yield from _runs(word)


def _runs(word: str) -> Iterator[str]:
    start = 0
    for position in range(1, len(word)):
        if unicodedata.category(word[position])[0] == "M":
            continue
        if (script_of(word[position]) in UNSPACED) != (script_of(word[position - 1]) in UNSPACED):
            yield word[start:position]
            start = position
    yield word[start:] if is_unspaced(word[start:]) else word[start : start + LONGEST_WORD]


def _index_tokens(word: str, language: str) -> list[str]:
    if not word.isascii() and is_unspaced(word):
        # The last character stands alone too, so that a query of one character finds it by prefix.
        return [*_pairs(word), word[-1]]
    return [_stem(word, language)]


def _query_tokens(word: str, language: str) -> list[str]:
    if not word.isascii() and is_unspaced(word):
        return _pairs(word) or [word]
    return [_stem(word, language)]


def _pairs(word: str) -> list[str]:
    return [word[index : index + 2] for index in range(len(word) - 1)]


@lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    script = script_of(word[0])
    if script == "ARABIC":
        return _light_arabic(word)
    if script == "LATIN":
        # Stemmers strip diacritics at different moments; folding once more makes their results comparable.
        return fold(_stemmer(LATIN.get(language, LATIN[DEFAULT_LANGUAGE])).stemWord(word))
    algorithm = OTHER_SCRIPTS.get(script)
    return _stemmer(algorithm).stemWord(word) if algorithm else word


def _light_arabic(word: str) -> str:
    if word.startswith("و") and len(word) > SHORTEST_ARABIC_STEM + 1:
        word = word[1:]
    for prefix in ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_ARABIC_STEM:
            word = word[len(prefix) :]
            break
    for suffix in ARABIC_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_ARABIC_STEM:
            word = word[: -len(suffix)]
    return word


_stemmers = threading.local()  # a Snowball stemmer may not be used by two threads at once


def _stemmer(algorithm: str) -> "Stemmer.Stemmer":
    made = getattr(_stemmers, algorithm, None)
    if made is None:
        made = Stemmer.Stemmer(algorithm, 0)
        setattr(_stemmers, algorithm, made)
    return made
