"""The one way text becomes search words: the index and the readers' queries both go through here.

A word is folded (`search_fold`), then reduced to its stem (`search_stem`). Scripts written without spaces become
overlapping pairs of characters. The language of an article is known, that of a query is not: the index holds one stem
a word, a query asks for all stems the word could have (decision 0030).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.search_fold import fold, is_unspaced, plain
from bot.search_stem import QUERY_LANGUAGES, stem

VERSION = 2
"""Goes up whenever `index_words` gives other words for the same text: the index is then built anew."""

LONGEST_WORD = 64
LONGEST_REMEMBERED = 24


_PERSIAN_ENDINGS = "ها های هایی هایم هایت هایش هایشان هایمان تر ترین ای ام ات اش اند ایم اید شان مان تان"
PERSIAN_ENDINGS = frozenset(map(fold, _PERSIAN_ENDINGS.split()))


def _mark_class() -> str:
    # `\w` leaves combining marks out, and without them Indic words fall to pieces.
    marks = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code)).startswith("M"))
    return "".join(marks)


# Letters with one of these signs between them, or digits in groups of three: also one word.
LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_mark_class()}])*"
WORD = re.compile(rf"{LETTERS}|\d+")
LETTER_CHAIN = re.compile(rf"(?<!\w){LETTERS}(?:[-'&\u200c]{LETTERS})+(?!\w)")
NUMBER_CHAIN = re.compile(r"(?<![\w.,])\d{1,3}(?:[,.'٬ ]\d{3})+(?![\w,]|\.\d)")
LETTER_LINK = re.compile("(?<=\\w)[-'&\u200c](?=\\w)")
LINKS = re.compile(r"[-'&\u200c,.٬ ]")

# Other ways to write a letter, as typed and as meant; the index holds the letter without its mark.
WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
UMLAUTS = re.compile("ae|oe|ue|aa")
HAMZA = str.maketrans({"ئ": "ؤ", "ؤ": "ئ"})
DOUBLE_WAW = re.compile("(?<=[^\\W\\d_])وو")


def normalise(text: str, language: str = "") -> str:
    """Return the search words of a text, separated by blanks; `language` is its ISO 639-1 code, '' where unknown."""
    return _normalised(plain(text), language)


def index_words(text: str, language: str = "") -> str:
    """Return the search words of a text, and behind them those that it also stands for: 'e-mail' is 'email' too."""
    folded = plain(text)
    joined = dict.fromkeys(LINKS.sub("", chain) for chain in _chains(folded))
    return " ".join(
        words for words in (_normalised(folded, language), _normalised(" ".join(joined), language)) if words
    )


def _chains(folded: str) -> Iterator[str]:
    # Most words are none, and looking for signs is quicker than looking for chains.
    if LETTER_LINK.search(folded):
        for piece in folded.split():
            if LETTER_LINK.search(piece):
                yield from (found[0] for found in LETTER_CHAIN.finditer(piece))
    yield from (found[0] for found in NUMBER_CHAIN.finditer(folded))


def variants(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of search words under which a reader's word or phrase may stand in the index.

    Each of them is to be looked for as a phrase; () where the text has no letter or digit.
    """
    found: dict[tuple[str, ...], None] = {}
    for spelling in spellings(text):
        words = list(_words(spelling))
        for language in QUERY_LANGUAGES:
            sequence = tuple(token for word in words for token in _query_tokens(word, language))
            if sequence:
                found[sequence] = None
    return tuple(found)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, which hold letters, marks and digits only."""
    return list(_words(plain(text)))


def spellings(text: str) -> list[str]:
    """Return what a reader may have meant who typed `text`, folded; the first is what stands there."""
    folded = plain(text)
    spelled = [folded]
    typed = unicodedata.normalize("NFKC", text).casefold()
    if not typed.isascii():
        without_marks = plain(typed.translate(WITHOUT_UMLAUTS))
        other_hamza = plain(typed.translate(HAMZA))
        spelled += [without_marks, other_hamza]
    if UMLAUTS.search(folded):
        spelled.append(UMLAUTS.sub(lambda found: found[0][0], folded))
    spelled.append(DOUBLE_WAW.sub("يو", folded))
    if LETTER_CHAIN.fullmatch(folded.strip()) or NUMBER_CHAIN.fullmatch(folded.strip()):
        spelled += _joined(folded.strip())
    return list(dict.fromkeys(spelled))


def _joined(chain: str) -> list[str]:
    """Return a chain as one word, and in Persian without the ending that a narrow blank parts from it."""
    first, _, rest = chain.partition("\u200c")
    return [LINKS.sub("", chain), *([first] if rest in PERSIAN_ENDINGS else [])]


def _normalised(folded: str, language: str) -> str:
    return " ".join(token for word in _words(folded) for token in _index_tokens(word, language))


def _words(folded: str) -> Iterator[str]:
    """Yield the words of a folded text; a change between unspaced and other scripts ends a word."""
    for match in WORD.finditer(folded):
        word = match.group()
        if word.isascii():
            yield word[:LONGEST_WORD]
        else:
            yield from _known_runs(word) if len(word) <= LONGEST_REMEMBERED else _runs(word)


@lru_cache(maxsize=20_000)
def _known_runs(word: str) -> tuple[str, ...]:
    return tuple(_runs(word))


def _runs(word: str) -> Iterator[str]:
    start = 0
    for position in range(1, len(word)):
        if unicodedata.category(word[position])[0] == "M":
            continue
        if is_unspaced(word[position]) != is_unspaced(word[position - 1]):
            yield word[start:position]
            start = position
    yield word[start:] if is_unspaced(word[start:]) else word[start : start + LONGEST_WORD]


def _index_tokens(word: str, language: str) -> list[str]:
    if not word.isascii() and is_unspaced(word):
        # The last character stands alone too, so that a query of one character finds it by prefix.
        return [*_pairs(word), word[-1]]
    return [stem(word, language)]


def _query_tokens(word: str, language: str) -> list[str]:
    if not word.isascii() and is_unspaced(word):
        return _pairs(word) or [word]
    return [stem(word, language)]


def _pairs(word: str) -> list[str]:
    return [word[index : index + 2] for index in range(len(word) - 1)]
