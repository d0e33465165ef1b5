"""One story once: an article that another feed has brought already is not posted a second time."""

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.models import Feed, NewArticle, Told
from bot.stories import Fingerprint, Story, are_same, fingerprint

_CANDIDATES = 5
_MOST_LOOKED_AT = 5_000  # ids behind the words of an opening, the rarest words first: the commonest lead nowhere


@dataclass(frozen=True, slots=True)
class _Kept:
    """A fingerprint in a tenth of its size: there may be thousands of stories in a window."""

    link: str
    shingles: bytes
    title_runs: int
    names: tuple[str, ...]


def _kept(story: Fingerprint) -> _Kept:
    sets = (story.words, story.opening, story.title, story.numbers, story.title_numbers)
    shingles = array("I", story.shingles).tobytes()
    return _Kept(story.link, shingles, story.title_runs, tuple(" ".join(names) for names in sets))


def _unfolded(kept: _Kept) -> Fingerprint:
    words, opening, title, numbers, title_numbers = (frozenset(names.split(" ")) - {""} for names in kept.names)
    shingles = frozenset(array("I", kept.shingles))
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
        self._by_word: dict[str, array[int]] = {}
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
        for article in islice(filter(fits, self._likeliest(story)), _CANDIDATES):
            if are_same(story, _unfolded(self._stories[article])):
                return article
        return None

    def _likeliest(self, story: Fingerprint) -> list[int]:
        """The stories that begin with the same words, those that share the rarest first: one story begins alike."""
        words = sorted(word for word in _leading(story) if word in self._by_word)
        places = sorted((self._by_word[word] for word in words), key=len)
        scores: dict[int, float] = {}
        looked_at = 0
        for articles in places:
            looked_at += len(articles)
            if looked_at > _MOST_LOOKED_AT and scores:
                break
            for article in articles:
                scores[article] = scores.get(article, 0.0) + 1 / len(articles)
        return sorted(scores, key=lambda article: (-scores[article], article))

    def add(self, article: int, story: Fingerprint, now: int) -> None:
        """Remember a story under an article's id."""
        self._stories[article] = _kept(story)
        self._ages.append((now, article))
        if story.link:
            self._by_link[story.link] = (*self._by_link.get(story.link, ()), article)
        for word in _leading(story):
            self._by_word.setdefault(word, array("Q")).append(article)

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, article: object) -> bool:
        return article in self._stories

    def _forget(self, before: int) -> None:
        while self._ages and self._ages[0][0] < before:
            _, article = self._ages.popleft()
            story = _unfolded(self._stories.pop(article))
            self._forget_link(article, story.link)
            for word in _leading(story):
                self._by_word[word].remove(article)
                if not self._by_word[word]:
                    del self._by_word[word]

    def _forget_link(self, article: int, link: str) -> None:
        left = tuple(other for other in self._by_link.pop(link, ()) if other != article)
        if left:
            self._by_link[link] = left


def _leading(story: Fingerprint) -> frozenset[str]:
    """The words by which a story is found again."""
    return story.opening or story.title


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
