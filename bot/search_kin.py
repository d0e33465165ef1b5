"""Words that a reader may have meant beside the one that was typed: broken plurals, near misses; pure."""

import re
from functools import lru_cache

from bot.search_fold import fold, script_of
from bot.search_stem import bare_arabic, stem, stems

SHORTEST_MISTYPED = 4
LONGEST_MISTYPED = 16
SHORTEST_HALF = 3
ALPHABETS = {
    "LATIN": "abcdefghijklmnopqrstuvwxyz",
    "CYRILLIC": "абвгдежзийклмнопрстуфхцчшщъыьэюяіє",
    "ARABIC": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "DEVANAGARI": "".join(map(chr, range(0x0902, 0x094E))),
}

# Plurals that Arabic makes inside the word, and their singulars, as folded; digits are letters of the root.
BROKEN_PLURALS = {
    "ا12ا3": "123 123ه 1ا3 12ي3",
    "ا1وا3": "1ا3",
    "12و3": "123",
    "12و2": "12",
    "ا12ا2": "12",
    "12ا3": "123 123ه 12ي3 1ا23",
    "123": "12ا3 12ي3 12ي3ه 12و3 123ه",
    "123ا": "12ي3 1ا23",
    "ا123ا": "12ي3",
    "ا12يا": "12ي",
    "ا12ا": "12ي2",
    "ا123ه": "12ا3 12ي3",
    "1وا23": "1ا23 1ا23ه",
    "12اي3": "12ي3ه 12ا3ه 12و3ه 12ي3",
    "12ا34": "1234 1234ه",
    "12ا3ي4": "123و4 123ي4 123ا4",
    "1وا2ي3": "1ا2و3",
    "123ي": "12ي3",
    "ا123": "123 12ا3",
    "ا2ا34ه": "ا23ا4",
    "12ا34ه": "123و4 123ا4",
    "123ه": "1ا23",
    "123ان": "123 12ي3",
}


ATTACHED = ("", "ب", "ل", "ك", "ف", "ي", "ت")
"""Prepositions and the persons of a verb, which light stemming leaves before a word."""

DOUBLED = re.compile(r"(\w)\1")


def _pattern(form: str) -> "re.Pattern[str]":
    seen: set[str] = set()
    parts = []
    for letter in form:
        if not letter.isdecimal():
            parts.append(letter)
        elif letter in seen:
            parts.append(f"(?P=r{letter})")
        else:
            parts.append(f"(?P<r{letter}>.)")
            seen.add(letter)
    return re.compile("".join(parts))


CHANGES = tuple(
    (_pattern(one), other)
    for plural, singulars in BROKEN_PLURALS.items()
    for singular in singulars.split()
    for one, other in ((plural, singular), (singular, plural))
)


@lru_cache(maxsize=4096)
def arabic_forms(word: str) -> tuple[str, ...]:
    """Return the stems under which other forms of a folded Arabic word may stand, most of which are no words."""
    if script_of(word[:1]) != "ARABIC":
        return ()
    bare = bare_arabic(word)
    found = {stem(bare): None}
    for pattern, form in CHANGES:
        root = pattern.fullmatch(bare)
        if root:
            letters = {key[1:]: letter for key, letter in root.groupdict().items()}
            if all(letter in letters for letter in form if letter.isdecimal()):
                found[stem("".join(letters.get(letter, letter) for letter in form))] = None
    return tuple(before + form for before in ATTACHED for form in found)


def near_misses(word: str) -> list[str]:
    """Return what a mistyped word may have been meant to be: one letter more, less, other, or two letters swapped."""
    typed = fold(word)
    alphabet = ALPHABETS.get(script_of(typed[:1]), "") if typed else ""
    if not alphabet or not _is_a_word(typed) or not SHORTEST_MISTYPED <= len(typed) <= LONGEST_MISTYPED:
        return []
    halves = [(typed[:place], typed[place:]) for place in range(len(typed) + 1)]
    swapped = [left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1]
    less = [left + right[1:] for left, right in halves if right]
    other = [left + letter + right[1:] for left, right in halves if right for letter in alphabet]
    more = [left + letter + right for left, right in halves for letter in alphabet]
    return [meant for meant in dict.fromkeys((*swapped, *less, *other, *more)) if meant != typed]


@lru_cache(maxsize=64)
def misspelled(word: str) -> tuple[str, ...]:
    """Return the stems of all words that a folded word may have been meant to be."""
    found = {near: None for own in stems(word) for near in near_misses(own)}
    # Whether a letter is double is mistaken more than once in a word.
    for meant in (*near_misses(word), *near_misses(DOUBLED.sub(r"\1", word))):
        found[meant] = None
        found[stem(meant)] = None
    return tuple(found)


def is_near(one: str, other: str, most: int) -> bool:
    """Say whether at most so many letters are more, less, other or swapped with their neighbour (optimal alignment)."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one):
        last, before, row = before, row, [place + 1]
        for at, against in enumerate(other):
            cost = min(before[at + 1] + 1, row[at] + 1, before[at] + (letter != against))
            if last and at and letter == other[at - 1] and one[place - 1] == against:
                cost = min(cost, last[at - 1] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def halves(word: str) -> list[tuple[str, str]]:
    """Return every way to part a folded word into two."""
    if not _is_a_word(word) or len(word) > LONGEST_MISTYPED * 2:
        return []
    return [(word[:place], word[place:]) for place in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)]


def _is_a_word(text: str) -> bool:
    return not any(character.isspace() or character.isdecimal() or character in "-'&." for character in text)
