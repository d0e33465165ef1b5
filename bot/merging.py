"""One story once: an article that another feed has brought already is not posted a second time."""

from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from bot.models import Feed, NewArticle, Told
from bot.stories import Fingerprint, Story, are_same, fingerprint

_Name = TypeVar("_Name", str, int)

_SAMPLE = 4  # one shingle in four is enough to find candidates
_CANDIDATES = 5
_COMMON = 50  # what so many stories say is a phrase of theirs, and leads to none of them


@dataclass(frozen=True, slots=True)
class _Kept:
    """A fingerprint in a tenth of its size: there may be thousands of stories in a window."""

    link: str
    shingles: bytes
    title_runs: int
    names: tuple[str, ...]


def _kept(story: Fingerprint) -> _Kept:
    sets = (story.words, story.opening, story.title, story.numbers, story.title_numbers)
    shingles = array("q", story.shingles).tobytes()
    return _Kept(story.link, shingles, story.title_runs, tuple(" ".join(names) for names in sets))


def _unfolded(kept: _Kept) -> Fingerprint:
    words, opening, title, numbers, title_numbers = (frozenset(names.split(" ")) - {""} for names in kept.names)
    shingles = frozenset(array("q", kept.shingles))
    return Fingerprint(kept.link, shingles, kept.title_runs, words, opening, title, numbers, title_numbers)


class StoryIndex:
    """The stories of the last hours, to find the one that a new article tells again.

    Args:
        window: seconds for which a story is remembered.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._stories: dict[int, _Kept] = {}
        self._by_link: dict[str, tuple[int, ...]] = {}
        self._by_shingle: dict[int, tuple[int, ...]] = {}
        self._ages: deque[tuple[int, int]] = deque()

    def find(self, story: Fingerprint, now: int, fits: Callable[[int], bool] = lambda _: True) -> int | None:
        """The id under which the same story was added within the window; None for none.

        Args:
            story: with its address it is found first, by its words the likeliest first.
            now: seconds UTC.
            fits: which ids may be answered.
        """
        self._forget(now - self._window)
        for article in filter(fits, self._by_link.get(story.link, ())):
            return article
        shared = Counter(article for shingle in _sampled(story) for article in self._by_shingle.get(shingle, ()))
        for article in islice((article for article, _ in shared.most_common() if fits(article)), _CANDIDATES):
            if are_same(story, _unfolded(self._stories[article])):
                return article
        return None

    def add(self, article: int, story: Fingerprint, now: int) -> None:
        """Remember a story under an article's id."""
        self._stories[article] = _kept(story)
        self._ages.append((now, article))
        if story.link:
            self._by_link[story.link] = (*self._by_link.get(story.link, ()), article)
        for shingle in _sampled(story):
            others = self._by_shingle.get(shingle, ())
            if len(others) < _COMMON:
                self._by_shingle[shingle] = (*others, article)

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, article: object) -> bool:
        return article in self._stories

    def _forget(self, before: int) -> None:
        while self._ages and self._ages[0][0] < before:
            _, article = self._ages.popleft()
            story = _unfolded(self._stories.pop(article))
            _remove(article, self._by_link, story.link)
            for shingle in _sampled(story):
                _remove(article, self._by_shingle, shingle)


def _remove(article: int, index: dict[_Name, tuple[int, ...]], name: _Name) -> None:
    left = tuple(other for other in index.pop(name, ()) if other != article)
    if left:
        index[name] = left


def _sampled(story: Fingerprint) -> Iterator[int]:
    return (shingle for shingle in story.shingles if shingle % _SAMPLE == 0)


class Merger:
    """Remembers the stories posted lately, and tells a new article that one of them tells already.

    Args:
        window: seconds for which a story is remembered; 0 merges nothing.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._index = StoryIndex(window)
        self._told: dict[int, Told] = {}  # without their words

    @property
    def window(self) -> int:
        """Return for how many seconds a story is remembered."""
        return self._window

    def learn(self, told: Told) -> None:
        """Remember a story that is posted."""
        if not self._window:
            return
        self._index.add(told.article_id, fingerprint(Story(told.link, told.headline, told.text)), told.found_at)
        self._told[told.article_id] = replace(told, link="", headline="", text="")
        if len(self._told) > 2 * len(self._index):
            self._told = {article: one for article, one in self._told.items() if article in self._index}

    def merged(self, feed: Feed, article: NewArticle, channels: Sequence[int], now: int) -> NewArticle:
        """Return the article as it is to be stored: not announced, and bound to the one that told its story first.

        Within one feed nothing is merged: what its publisher gives twice is meant twice. A story that went to
        other channels only is told again here.
        """
        if not self._window or not article.announce:
            return article

        def was_told_here(other: int) -> bool:
            told = self._told[other]
            return told.feed_id != feed.id and set(channels) <= set(told.channels)

        story = fingerprint(Story(article.link, article.headline, article.text))
        found = self._index.find(story, now, was_told_here)
        return article if found is None else replace(article, announce=False, same_as=found)
