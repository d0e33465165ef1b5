"""What the poller works with, and the settings it goes by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.filters import Filter
from bot.models import Feed
from bot.pictures import OFF
from bot.ports import Alerts, Clock, Feeds, Summariser, Web


@dataclass(frozen=True, slots=True)
class PollSettings:
    """The settings a poll depends on; times are seconds, `images` is what IMAGES says."""

    interval: int
    backfill: int
    concurrency: int
    edit_window: int
    images: str = OFF
    catch_up: int | None = None
    story_window: int = 0
    filter: Filter = field(default_factory=Filter)

    def interval_of(self, feed: Feed) -> int:
        """Return the seconds between two polls of this feed."""
        return feed.options.interval or self.interval


@dataclass(frozen=True, slots=True)
class PollTools:
    """What the poller works with: all effects come in here.

    Attributes:
        channels_of: the chat ids a feed's articles are posted to; none as long as its channel is not found.
        on_articles: called after articles were stored.
        chance: a number in [0, 1).
        summariser: makes better summaries for what is posted, where the admin has set one.
        on_hub: called after a feed changed its word on which hub pushes it.
    """

    feeds: Feeds
    web: Web
    alerts: Alerts
    now: Clock
    chance: Callable[[], float]
    channels_of: Callable[[Feed], Sequence[int]]
    on_articles: Callable[[], None]
    summariser: Summariser | None = None
    on_hub: Callable[[], None] = lambda: None
