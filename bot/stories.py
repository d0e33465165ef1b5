"""Whether two articles tell one story: the same address, or the same words (pure).

Precision first: articles that merely share a subject, a template or a background paragraph stay apart. How it was
chosen and measured: docs/decisions/0024.
"""

import re
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from bot.dedupe import comparable_link

_WORDS_READ = 400
_LEAD_WORDS = 60
_CONTAINED = 0.3  # share of the shorter text's shingles that the other has
_LEAD_CONTAINED = 0.2  # the same for its beginning: a sequel repeats the background, not the news
_NUMBERS_SHARED = 0.5
_LEAST_SHINGLES = 12
_LEAST_NUMBERS = 1
_WORD_SHINGLE, _SIGN_SHINGLE = 3, 6
_SAMPLE = 4  # one shingle in four is enough to find candidates
_CANDIDATES = 5

# Scripts without blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese): each sign is a token.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_UNSPACED_SIGN = re.compile(rf"[{_UNSPACED}]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Story:
    """What is compared of an article; `text` is plain."""

    link: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A story in the form in which it is compared; of use only within one process."""

    link: str
    shingles: frozenset[int]
    lead: frozenset[int]
    numbers: frozenset[str]
    title_numbers: frozenset[str]


def fingerprint(story: Story) -> Fingerprint:
    """The story's address, the shingles of its text and of its beginning, and its numbers."""
    text = unicodedata.normalize("NFKC", story.text).casefold()
    tokens = _TOKEN.findall(text[: _WORDS_READ * 20])[:_WORDS_READ]
    title_numbers = _NUMBER.findall(unicodedata.normalize("NFKC", story.title))
    numbers = [*title_numbers, *_NUMBER.findall(text[: _WORDS_READ * 8])]
    return Fingerprint(
        link=comparable_link(story.link),
        shingles=frozenset(_shingles(tokens)),
        lead=frozenset(_shingles(tokens[:_LEAD_WORDS])),
        numbers=frozenset(numbers),
        title_numbers=frozenset(title_numbers),
    )


def _shingles(tokens: list[str]) -> Iterator[int]:
    """Hashes of three words in a row, or of six signs of a script that does not part its words."""
    for start, token in enumerate(tokens):
        size = _SIGN_SHINGLE if _UNSPACED_SIGN.match(token) else _WORD_SHINGLE
        if start + size <= len(tokens):
            yield hash(tuple(tokens[start : start + size]))


def same_story(one: Story, other: Story) -> bool:
    """Whether two articles are the same story, re-published or lightly rewritten."""
    return are_same(fingerprint(one), fingerprint(other))


def are_same(one: Fingerprint, other: Fingerprint) -> bool:
    """As `same_story`, of fingerprints."""
    if one.link and one.link == other.link:
        return True
    short, long = sorted((one, other), key=lambda story: len(story.shingles))
    if len(short.shingles) < _LEAST_SHINGLES:
        return False
    if len(short.shingles & long.shingles) < _CONTAINED * len(short.shingles):
        return False
    return _leads_agree(short, long) and _numbers_agree(short, long)


def _leads_agree(short: Fingerprint, long: Fingerprint) -> bool:
    shares = [
        len(lead & whole) / max(1, len(lead))
        for lead, whole in ((short.lead, long.shingles), (long.lead, short.shingles))
    ]
    return min(shares) >= _LEAD_CONTAINED


def _numbers_agree(short: Fingerprint, long: Fingerprint) -> bool:
    """Reports by one template (weather, markets, matches) differ in little but their numbers."""
    if short.title_numbers and long.title_numbers and short.title_numbers.isdisjoint(long.title_numbers):
        return False
    fewer, more = sorted((short.numbers, long.numbers), key=len)
    return len(fewer) < _LEAST_NUMBERS or len(fewer & more) >= _NUMBERS_SHARED * len(fewer)


class StoryIndex:
    """The stories of the last hours, to find the one that a new article tells again.

    Args:
        window: seconds for which a story is remembered.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._stories: dict[int, Fingerprint] = {}
        self._by_link: dict[str, int] = {}
        self._by_shingle: defaultdict[int, list[int]] = defaultdict(list)
        self._ages: deque[tuple[int, int]] = deque()

    def find(self, story: Fingerprint, now: int) -> int | None:
        """The id under which the same story was added within the window, the likeliest first; None for none."""
        self._forget(now - self._window)
        if story.link in self._by_link:
            return self._by_link[story.link]
        shared = Counter(article for shingle in _sampled(story) for article in self._by_shingle.get(shingle, ()))
        for article, _ in shared.most_common(_CANDIDATES):
            if are_same(story, self._stories[article]):
                return article
        return None

    def add(self, article: int, story: Fingerprint, now: int) -> None:
        """Remember a story under an article's id."""
        self._stories[article] = story
        self._ages.append((now, article))
        if story.link:
            self._by_link.setdefault(story.link, article)
        for shingle in _sampled(story):
            self._by_shingle[shingle].append(article)

    def __len__(self) -> int:
        return len(self._stories)

    def _forget(self, before: int) -> None:
        while self._ages and self._ages[0][0] < before:
            _, article = self._ages.popleft()
            story = self._stories.pop(article)
            if self._by_link.get(story.link) == article:
                del self._by_link[story.link]
            for shingle in _sampled(story):
                self._by_shingle[shingle].remove(article)
                if not self._by_shingle[shingle]:
                    del self._by_shingle[shingle]


def _sampled(story: Fingerprint) -> Iterator[int]:
    return (shingle for shingle in story.shingles if shingle % _SAMPLE == 0)
