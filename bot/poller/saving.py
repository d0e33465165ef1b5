"""A poll's result goes to the store only while the feed is still claimed by this poll."""

from bot.errors import StoreUnavailable
from bot.models import Correction, Feed, Learned, NewArticle, PollResult
from bot.poller.tools import PollTools


class ClaimLost(StoreUnavailable):
    """Another worker has taken the feed meanwhile; it will bring what this one could not store."""


async def save(
    tools: PollTools,
    feed: Feed,
    corrections: tuple[Correction, ...] = (),
    articles: tuple[NewArticle, ...] = (),
    learned: tuple[Learned, ...] = (),
    *,
    last: bool = True,
) -> None:
    """Store what a poll brought; `last` is False for a part of it, after which more follows.

    Raises:
        ClaimLost: nothing was stored.
    """
    result = PollResult(feed, articles, corrections, learned)
    if not await tools.feeds.save(result, channels=tools.channels_of(feed), now=int(tools.now()), last=last):
        raise ClaimLost(feed.url)
    if last and not feed.error:
        await tools.alerts.clear(failing(feed), "alert_feed_works", feed=feed.url)
    if any(correction.shown for correction in corrections):
        tools.on_articles()


def failing(feed: Feed) -> str:
    """Return the name of the alert that stands while a feed fails."""
    return f"feed {feed.id} failing"
