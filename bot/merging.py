"""One story once: an article that another feed has brought already is not posted a second time."""

from collections.abc import Sequence
from dataclasses import replace

from bot.models import Feed, NewArticle, Told
from bot.stories import Story, StoryIndex, fingerprint


class Merger:
    """Remembers the stories posted lately, and tells a new article that one of them tells already.

    Args:
        window: seconds for which a story is remembered; 0 merges nothing.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._index = StoryIndex(window)
        self._told: dict[int, Told] = {}

    @property
    def window(self) -> int:
        """Return for how many seconds a story is remembered."""
        return self._window

    def learn(self, told: Told) -> None:
        """Remember a story that is posted."""
        if self._window:
            self._index.add(told.article_id, fingerprint(Story(told.link, told.headline, told.text)), told.found_at)
            self._told[told.article_id] = told

    def merged(self, feed: Feed, article: NewArticle, channels: Sequence[int], now: int) -> NewArticle:
        """Return the article as it is to be stored: not announced, and bound to the one that told its story first.

        Within one feed nothing is merged: what its publisher gives twice is meant twice. A story that went to
        other channels only is told again here.
        """
        if not self._window or not article.announce:
            return article
        found = self._index.find(fingerprint(Story(article.link, article.headline, article.text)), now)
        told = self._told.get(found) if found is not None else None
        self._told = {key: one for key, one in self._told.items() if one.found_at >= now - self._window}
        if told is None or told.feed_id == feed.id or not set(channels) <= set(told.channels):
            return article
        return replace(article, announce=False, same_as=told.article_id)
