"""One story from two feeds is posted once; the first post names the other source."""

from dataclasses import replace

import pytest
from builders import CHANNEL, NOW, claimed_feed, new_article, store_articles

from bot.merging import Merger, StoryIndex
from bot.models import PollResult, Told
from bot.ports import Sent
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.stories import Story, fingerprint

TEXT = (
    "No ferry will leave the outer harbour before Friday morning, the port office said on Wednesday, after a storm tore"
    " two mooring lines and pushed the swell over the breakwater. Gusts reached 104 kilometres an hour at the lighthouse"
    " shortly before dawn, and forty lorries wait on the quay for the first crossing of the week."
)
OTHER = "The library lends twelve telescopes to bakers and nurses who work at night and sleep when the museum is open."


def told(article_id=1, feed_id=1, text=TEXT, found_at=NOW, channels=(CHANNEL,)):
    return Told(
        article_id, feed_id, f"https://first.example/{article_id}", "Storm stops ferries", text, found_at, channels
    )


def article(text=TEXT, **facts):
    return replace(new_article(9), link="https://second.example/9", headline="Ferries stay in port", text=text, **facts)


async def feed_of(database, url="https://second.example/feed"):
    return replace(await claimed_feed(database, url=url), id=2)


@pytest.mark.parametrize(
    ("known", "new", "channels", "later", "merges"),
    [
        (told(), article(), (CHANNEL,), 60, True),
        (told(), article(OTHER), (CHANNEL,), 60, False),
        (told(feed_id=2), article(), (CHANNEL,), 60, False),
        (told(), article(), (CHANNEL, -1009), 60, False),
        (told(), article(), (CHANNEL,), 999_999, False),
        (told(), article(announce=False), (CHANNEL,), 60, False),
        (
            told(text=f"{OTHER} It is number 4 of them."),
            article(f"{OTHER} It is number 5 of them."),
            (CHANNEL,),
            60,
            False,
        ),
    ],
)
async def test_a_story_is_merged_only_into_another_feeds_recent_post_in_the_same_channel(
    database, known, new, channels, later, merges
):
    merger = Merger(36 * 3600)
    merger.learn(known)
    result = merger.merged(await feed_of(database), new, channels, NOW + later)
    assert (result.same_as == known.article_id, result.announce) == (merges, new.announce and not merges)


async def test_a_window_of_nothing_merges_nothing(database):
    merger = Merger(0)
    merger.learn(told())
    assert merger.merged(await feed_of(database), article(), (CHANNEL,), NOW).announce


async def test_the_first_post_names_the_other_source_once(database):
    feed = await store_articles(database, new_article(1))
    feeds, outbox = FeedStore(database), Outbox(database)
    post = await outbox.head(CHANNEL)
    await outbox.begin(post, NOW)
    await outbox.sent(post, Sent(1), NOW)
    for number in (2, 3):
        again = replace(new_article(number), source="Other Gazette", announce=False, same_as=post.article.id)
        assert await feeds.save(PollResult(feed, (again,)), channels=(CHANNEL,), now=NOW + number, last=False)
    [edit] = await outbox.edits_due(NOW + 5, sent_since=NOW - 9)
    assert edit.article.also == ("Other Gazette",)
    assert await outbox.head(CHANNEL) is None


async def test_stories_told_lately_are_known_after_a_restart(database):
    await store_articles(database, new_article(1), new_article(2, announce=False))
    [one] = await FeedStore(database).told_since(NOW - 60)
    assert (one.headline, one.channels, one.found_at) == ("Headline 1", (CHANNEL,), NOW)
    assert await FeedStore(database).told_since(NOW + 1) == []


async def test_a_story_told_in_two_channels_by_two_feeds_is_merged_in_either(database):
    merger = Merger(36 * 3600)
    elsewhere = replace(told(1, feed_id=1, channels=(-1009,)), link=article().link)
    here = replace(told(2, feed_id=3), link=article().link)
    merger.learn(elsewhere)
    merger.learn(here)
    feed = await feed_of(database)
    assert merger.merged(feed, article(), (CHANNEL,), NOW + 60).same_as == 2
    assert merger.merged(feed, article(), (-1009,), NOW + 60).same_as == 1


def test_an_index_of_many_stories_with_one_frame_forgets_them_all():
    index = StoryIndex(60)
    for number in range(120):
        index.add(number, fingerprint(Story(f"https://x.example/{number}", f"Number {number}", TEXT)), NOW)
    assert index.find(fingerprint(Story("", "", OTHER)), NOW + 61) is None
    assert not vars(index)["_by_word"]
    assert not vars(index)["_by_link"]
