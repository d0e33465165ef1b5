"""Whether two articles tell one story: the same address, or the same words (pure).

Precision first: articles that merely share a subject, a template or a background paragraph stay apart. How it was
chosen and measured: docs/decisions/0024.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag
from zlib import crc32

from bot.dedupe import comparable_link, leads_to_an_article

_WORDS_READ = 400
_SIGNS_READ = 20 * _WORDS_READ
_SIGNS_OF_NUMBERS = 8 * _WORDS_READ
_OPENING_WORDS = 30

_CONTAINED = 0.3  # share of the shorter text's shingles that the other has
_REORDERED, _STRANGE_IF_REORDERED, _OPENING_IF_REORDERED = 0.2, 0.2, 0.8  # enough where hardly a word is new
_STRANGE = 0.22  # most of the shorter text's words that the other has not: forms and templates are filled with others
_OPENING_OF_SHORTER, _OPENING_OF_LONGER = 0.6, 0.5  # a sequel repeats the background, not the news
_NUMBERS_SHARED = 0.5
_ALIKE_LENGTH = 0.6
_TITLES_ALIKE, _TITLE_BORNE_OUT = 0.5, 0.5
_CONTRADICTED = 0.25

_LEAST_SHINGLES = 12
_WORD_SHINGLE, _SIGN_SHINGLE = 3, 6
_LEAST_LETTERS, _STEM = 4, 4  # of a word: what is longer is an ending in most languages
_SYLLABLES = 2  # of a Korean word; a syllable is one sign, and particles follow

# Scripts without blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese): each sign is a token.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Signs that belong to the letter before them: accents, Hebrew and Arabic points, vowels of the Indian scripts.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_LETTER = rf"[^\W{_UNSPACED}]"
_TOKEN = re.compile(rf"[{_UNSPACED}]|{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*")
_UNSPACED_SIGN = re.compile(rf"[{_UNSPACED}]")
_KOREAN = re.compile(r"[\uac00-\ud7af]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*|[〇零一二三四五六七八九十百千万亿億两]+")


@dataclass(frozen=True, slots=True)
class Story:
    """What is compared of an article; `text` is plain."""

    link: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A story in the form in which it is compared.

    Attributes:
        link: the address, comparable; '' where it leads to no article of its own.
        shingles: hashes of the text's runs of words.
        title_runs: how many such runs the title has.
        words: stems of the text's words, by which stories in other words are known.
        opening: those of its first words.
        title: those of the title.
        numbers: of title and text.
        title_numbers: of the title.
    """

    link: str
    shingles: frozenset[int]
    title_runs: int
    words: frozenset[str]
    opening: frozenset[str]
    title: frozenset[str]
    numbers: frozenset[str]
    title_numbers: frozenset[str]


def fingerprint(story: Story) -> Fingerprint:
    """The story's address, and what of its title and text is compared."""
    title, text = (unicodedata.normalize("NFKC", words).casefold() for words in (story.title, story.text))
    tokens, title_tokens = _TOKEN.findall(text[:_SIGNS_READ])[:_WORDS_READ], _TOKEN.findall(title[:_SIGNS_READ])
    title_numbers = _NUMBER.findall(title)
    return Fingerprint(
        link=_own_address(story.link),
        shingles=frozenset(_shingles(tokens)),
        title_runs=len(set(_shingles(title_tokens))),
        words=frozenset(_stems(tokens)),
        opening=frozenset(_stems(tokens[:_OPENING_WORDS])),
        title=frozenset(_stems(title_tokens)),
        numbers=frozenset([*title_numbers, *_NUMBER.findall(text[:_SIGNS_OF_NUMBERS])]),
        title_numbers=frozenset(title_numbers),
    )


def _own_address(link: str) -> str:
    """The comparable address; with its fragment, where that may name a place on a page of many stories."""
    comparable = comparable_link(link, keep_fragment="=" not in urldefrag(link).fragment)
    return comparable if leads_to_an_article(comparable) else ""


def _shingles(tokens: list[str]) -> Iterator[int]:
    """Hashes of three words in a row, or of six signs of a script that does not part its words.

    They are the same in every process: what is recognised does not change with a restart.
    """
    for start, token in enumerate(tokens):
        size = _SIGN_SHINGLE if _UNSPACED_SIGN.match(token) else _WORD_SHINGLE
        if start + size <= len(tokens):
            yield crc32(" ".join(tokens[start : start + size]).encode("utf-8", "surrogatepass"))


def _stems(tokens: list[str]) -> Iterator[str]:
    """The beginnings of words of some length, numbers left out; two signs in a row where words are not parted."""
    for place, token in enumerate(tokens):
        if _UNSPACED_SIGN.match(token):
            follower = tokens[place + 1] if place + 1 < len(tokens) else ""
            if _UNSPACED_SIGN.match(follower):
                yield token + follower
        elif _KOREAN.match(token) and len(token) >= _SYLLABLES:
            yield token[:_SYLLABLES]
        elif len(token) >= _LEAST_LETTERS and not token.isdigit():
            yield token[:_STEM]


def same_story(one: Story, other: Story) -> bool:
    """Whether two articles are the same story, re-published or lightly rewritten."""
    return are_same(fingerprint(one), fingerprint(other))


def are_same(one: Fingerprint, other: Fingerprint) -> bool:
    """As `same_story`, of fingerprints."""
    if one.link and one.link == other.link:
        return True
    short, long = sorted((one, other), key=lambda story: len(story.shingles))
    if not _numbers_agree(short, long):
        return False
    if len(short.shingles) < _LEAST_SHINGLES:
        return _are_the_same_few_words(short, long)
    return _texts_agree(short, long) and _titles_agree(short, long)


def _are_the_same_few_words(short: Fingerprint, long: Fingerprint) -> bool:
    """A line of text is enough only together with its headline, and where both are the other's word for word."""
    return (
        short.title == long.title
        and short.shingles == long.shingles
        and len(short.shingles) + short.title_runs >= _LEAST_SHINGLES
    )


def _texts_agree(short: Fingerprint, long: Fingerprint) -> bool:
    """Whether the shorter text repeats the other, from its beginning on, and says hardly anything else."""
    contained = _share(short.shingles, long.shingles)
    strange = 1 - _share(short.words, long.words | long.title)
    opening = _share(short.opening, long.words | long.title)
    opening_of_longer = _share(long.opening, short.words | short.title)
    if contained >= _CONTAINED:
        return strange <= _STRANGE and opening >= _OPENING_OF_SHORTER and opening_of_longer >= _OPENING_OF_LONGER
    return (
        contained >= _REORDERED
        and strange <= _STRANGE_IF_REORDERED
        and min(opening, opening_of_longer) >= _OPENING_IF_REORDERED
    )


def _titles_agree(short: Fingerprint, long: Fingerprint) -> bool:
    """Whether nothing in the titles speaks against one story; one without a title says nothing."""
    if not short.title or not long.title:
        return True
    alike = len(short.shingles) >= _ALIKE_LENGTH * len(long.shingles)
    missing, missing_of_longer = _contradicted(short, long), _contradicted(long, short) if alike else 0
    if (missing and missing_of_longer) or _is_much(missing, short) or _is_much(missing_of_longer, long):
        return False
    # Else the text may be a notice, or the frame of a weekly piece, that stands under many a headline.
    common = len(short.title & long.title) / min(len(short.title), len(long.title))
    borne_out = max(_share(short.title, long.words), _share(long.title, short.words))
    return common >= _TITLES_ALIKE or borne_out > _TITLE_BORNE_OUT


def _contradicted(one: Fingerprint, other: Fingerprint) -> int:
    """How many of the title's words, which its own text bears out, the other article has not: a form filled anew."""
    return len((one.title & one.words) - other.words - other.title)


def _is_much(missing: int, story: Fingerprint) -> bool:
    return missing > 1 and missing >= _CONTRADICTED * len(story.title & story.words)


def _numbers_agree(one: Fingerprint, other: Fingerprint) -> bool:
    """Reports by one template (weather, markets, matches) differ in little but their numbers."""
    if one.title_numbers - other.title_numbers and other.title_numbers - one.title_numbers:
        return False
    fewer, more = sorted((one.numbers, other.numbers), key=len)
    return len(fewer & more) >= _NUMBERS_SHARED * len(fewer)


def _share(part: Collection[object], whole: frozenset[object]) -> float:
    """How much of the part stands in the whole, from 0 to 1."""
    return sum(item in whole for item in part) / max(1, len(part))
