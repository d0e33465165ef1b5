"""A word's stem: Snowball by script and language, light stemmers where Snowball has none or too strong a one; pure.

Stemmers get folded words. For Arabic script: Larkey, Ballesteros and Connell, 'Light stemming for Arabic information
retrieval' (light10). Rules before and after a stemmer bring together what it leaves apart.
"""

import re
import threading
from functools import lru_cache

import Stemmer

from bot.search_fold import fold, script_of

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
QUERY_LANGUAGES = (*LATIN, "uk")
"""In each of them a word of a query may have another stem."""

OTHER_SCRIPTS = {
    "DEVANAGARI": "hindi",
    "GREEK": "greek",
    "ARMENIAN": "armenian",
    "TAMIL": "tamil",
}
REPEATED = frozenset({"tr"})
"""Languages that put ending upon ending, of which the stemmer takes one at a time."""

MOST_ENDINGS = 4
SHORTEST_REPEATED = 3
BEFORE_STEMMING = {
    "en": (
        (re.compile(r"(?<=[a-z]{2})is(?=e[sdr]?$|ing$|ers$|ations?$)"), "iz"),
        (re.compile(r"(?<=[a-z]{2})our(?!s?e)"), "or"),
        (re.compile(r"(?<=[a-z]{2}[bt])re(?=s?$)"), "er"),
        (re.compile(r"(?<=[a-z]{2})ence(?=s?$)"), "ense"),
        (re.compile(r"(?<=[a-z]{4})mme(?=s?$)"), "m"),
    ),
    "pt": (
        (re.compile(r"coes$"), "cao"),
        (re.compile(r"(?:oes|aes)$"), "ao"),
        (re.compile(r"(?<=[a-z]{2})([aeou])is$"), r"\1l"),
        (re.compile(r"(?<=[a-z]{2})ns$"), "m"),
        (re.compile(r"(?<=[a-z]{2}[aei])rao$"), "r"),
    ),
    "es": ((re.compile(r"(?<=[a-z]{2})ces$"), "z"), (re.compile(r"^([a-z]{1,3}[aeo])s$"), r"\1")),
    "fr": ((re.compile(r"eaux$"), "eau"), (re.compile(r"(?<=[a-z]{2})aux$"), "al")),
}  # fmt: skip
AFTER_STEMMING = {
    # aprobar, aprueba; gobernar, gobierno: a stressed vowel of the stem is a double one.
    "es": ((re.compile(r"ue(?=[^aeiou]{1,3}$)"), "o"), (re.compile(r"ie(?=[^aeiou]{1,3}$)"), "e")),
}
# Plurals and past tenses that no rule of English makes, and a few words that Britain and America write differently.
_IRREGULAR = (
    "man:men woman:women child:children person:people foot:feet tooth:teeth mouse:mice goose:geese ox:oxen "
    "life:lives wife:wives knife:knives wolf:wolves leaf:leaves thief:thieves half:halves loaf:loaves calf:calves "
    "buy:bought bring:brought seek:sought fight:fought teach:taught catch:caught think:thought win:won sell:sold "
    "tell:told say:said pay:paid make:made take:took,taken give:gave,given go:went,gone come:came become:became "
    "begin:began,begun run:ran swim:swam,swum sing:sang,sung rise:rose,risen fall:fell,fallen grow:grew,grown "
    "know:knew,known fly:flew,flown throw:threw,thrown draw:drew,drawn break:broke,broken speak:spoke,spoken "
    "steal:stole,stolen choose:chose,chosen freeze:froze,frozen write:wrote,written drive:drove,driven "
    "ride:rode,ridden meet:met lead:led feed:fed flee:fled hold:held keep:kept sleep:slept leave:left lose:lost "
    "build:built send:sent spend:spent lend:lent shoot:shot strike:struck,stricken hang:hung stick:stuck dig:dug "
    "find:found bind:bound eat:ate,eaten shake:shook,shaken sink:sank,sunk drink:drank,drunk tear:tore,torn "
    "wear:wore,worn swear:swore,sworn bear:bore gray:grey tire:tyre,tyres check:cheque,cheques aluminum:aluminium "
    "plow:plough skeptic:sceptic skeptical:sceptical jewelry:jewellery airplane:aeroplane,aeroplanes "
)
IRREGULAR = {
    form: word for word, _, forms in (entry.partition(":") for entry in _IRREGULAR.split()) for form in forms.split(",")
}

ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
ARABIC_SUFFIXES = ("هاي", "ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
SHORTEST_ARABIC_STEM = 2
ACCUSATIVE = "ا"
SHORTEST_BEFORE_ACCUSATIVE = 3
UKRAINIAN_LETTERS = frozenset("іє")
_UKRAINIAN_ENDINGS = (
    "а я о е у ю і и й ь ом ем єм ям ам ім им ою ею єю ей ами ями ові еві єві ах ях іх их ий ій оі ого ього ому ьому"
    " ими іми увати тися ється ються лися лась лося ує ює ає іє уть ять ають яють ують ість ості істю"
)
UKRAINIAN_ENDINGS = tuple(sorted(_UKRAINIAN_ENDINGS.split(), key=len, reverse=True))
UKRAINIAN_GENITIVE = "ів"
SHORTEST_UKRAINIAN_STEM = 3
DOUBLE_N = re.compile(r"нн$")
FLEETING_VOWEL = re.compile(r"(?<=[а-яі]{2})(?:[ео](?=[кц]$)|е(?=н$))")
LAST_VOWEL = re.compile(r"[ое](?=[^аеиоуюяіє]$)")


def stem(word: str, language: str = "") -> str:
    """Return the stem of a folded word; `language` is the text's ISO 639-1 code, '' where unknown."""
    return _known_stem(f"{language} {word}")


# The key is one text. A hundred thousand pairs of texts, once written in one go, cost the next to come 50 ms in the
# garbage collector, which had not been called as long as each new pair took the place of an old one.
@lru_cache(maxsize=100_000)
def _known_stem(language_and_word: str) -> str:
    language, _, word = language_and_word.partition(" ")
    script = script_of(word[0])
    if script == "LATIN":
        return _latin(word, language if language in LATIN else DEFAULT_LANGUAGE)
    if script == "ARABIC":
        return _light_arabic(word)
    if script == "CYRILLIC":
        is_ukrainian = language == "uk" or not UKRAINIAN_LETTERS.isdisjoint(word)
        return _light_ukrainian(word) if is_ukrainian else FLEETING_VOWEL.sub("", _stemmer("russian").stemWord(word))
    algorithm = OTHER_SCRIPTS.get(script)
    return _stemmer(algorithm).stemWord(word) if algorithm else word


def stems(word: str) -> tuple[str, ...]:
    """Return all stems a folded word of letters may have in the index."""
    return tuple(dict.fromkeys(stem(word, language) for language in QUERY_LANGUAGES))


def _latin(word: str, language: str) -> str:
    if language == "en":
        word = IRREGULAR.get(word, word)
    for pattern, replacement in BEFORE_STEMMING.get(language, ()):
        word = pattern.sub(replacement, word)
    stemmed = _stemmer(LATIN[language]).stemWord(word)
    for _ in range(MOST_ENDINGS if language in REPEATED else 0):
        shorter = _stemmer(LATIN[language]).stemWord(stemmed)
        stemmed = shorter if len(shorter) >= SHORTEST_REPEATED else stemmed
    for pattern, replacement in AFTER_STEMMING.get(language, ()):
        stemmed = pattern.sub(replacement, stemmed)
    # Stemmers strip diacritics at different moments; folding once more makes their results comparable.
    return fold(stemmed)


def bare_arabic(word: str) -> str:
    """Return a folded word in Arabic script without conjunction, preposition and article."""
    for prefix in ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_ARABIC_STEM:
            return word[len(prefix) :]
    return word


def _light_arabic(word: str) -> str:
    word = bare_arabic(_without_and(word))
    # The first letter of وزير looks like 'and'; whatever it is, it goes, with and without an article before it.
    word = _without_and(word)
    if word.endswith(ACCUSATIVE) and len(word) > SHORTEST_BEFORE_ACCUSATIVE:
        word = word.removesuffix(ACCUSATIVE)
    for suffix in ARABIC_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_ARABIC_STEM:
            word = word[: -len(suffix)]
    return word


def _without_and(word: str) -> str:
    return word[1:] if word.startswith("و") and len(word) > SHORTEST_ARABIC_STEM + 1 else word


def _light_ukrainian(word: str) -> str:
    for ending in UKRAINIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_UKRAINIAN_STEM:
            word = word[: -len(ending)]
            break
    # Львів, Львова; рік, року: the vowel of a closed syllable is another one once the syllable opens.
    word = LAST_VOWEL.sub("і", FLEETING_VOWEL.sub("", DOUBLE_N.sub("н", word)))
    if word.endswith(UKRAINIAN_GENITIVE) and len(word) - len(UKRAINIAN_GENITIVE) >= SHORTEST_UKRAINIAN_STEM:
        word = LAST_VOWEL.sub("і", word.removesuffix(UKRAINIAN_GENITIVE))
    return word


_stemmers = threading.local()  # a Snowball stemmer may not be used by two threads at once


def _stemmer(algorithm: str) -> "Stemmer.Stemmer":
    made = getattr(_stemmers, algorithm, None)
    if made is None:
        made = Stemmer.Stemmer(algorithm, 0)
        setattr(_stemmers, algorithm, made)
    return made
