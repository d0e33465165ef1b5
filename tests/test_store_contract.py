"""What every backend must do alike: run against SQLite always, against PostgreSQL where there is a server."""

import asyncio
from dataclasses import replace

import pytest
from builders import CHANNEL, GROUP, NOW, claimed_feed, new_article, store_articles

from bot.interest import EVERYTHING
from bot.models import Correction, FeedOptions, FeedSource, PollResult, PostState, Validators
from bot.ports import ChatInfo, Sent
from bot.store import Connection, Database
from bot.store.broadcasts import BroadcastStore
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

URL = "https://news.example/feed"


async def count(database: Database, table: str) -> int:
    row = await database.read(lambda connection: connection.row(f"SELECT COUNT(*) FROM {table}"))
    assert row
    return int(row[0])


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def work(connection: Connection) -> None:
        connection.run("INSERT INTO fact (name, value) VALUES ('a', 'b')")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(work)
    assert await count(database, "fact") == 0


async def test_a_cancelled_caller_leaves_no_half_transaction(database: Database) -> None:
    def work(connection: Connection) -> None:
        for number in range(500):
            connection.run("INSERT INTO fact (name, value) VALUES (?, 'x')", (str(number),))

    task = asyncio.create_task(database.write(work))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.write(lambda connection: connection.run("INSERT INTO fact (name, value) VALUES ('after', 'x')"))
    assert await count(database, "fact") in (1, 501)


async def test_feeds_follow_the_configuration_and_keep_what_was_seen(database: Database) -> None:
    feeds = FeedStore(database)
    await feeds.configure([FeedSource(URL), FeedSource("https://b.example/feed")])
    feed = next(feed for feed in await feeds.claim_due(NOW, lease=60, limit=9) if feed.url == URL)
    await feeds.save(PollResult(feed, (new_article(),)), channels=(), now=NOW)
    await feeds.configure([FeedSource("https://b.example/feed")])
    assert [feed.url for feed in await feeds.claim_due(NOW + 999, lease=60, limit=9)] == ["https://b.example/feed"]
    options = FeedOptions(channel="@other", tags=("world",), interval=60, backfill=2)
    await feeds.configure([FeedSource(URL, options)])
    [again] = await feeds.claim_due(NOW + 999, lease=60, limit=9)
    assert again.options == options
    assert "key 1" in await feeds.known(again.id, ["key 1", "key 2"])


async def test_a_feed_that_comes_back_begins_anew_and_one_that_stays_goes_on(database: Database) -> None:
    feeds = FeedStore(database)
    feed = await claimed_feed(database, url=URL)
    after = replace(feed, first_polled_at=NOW, validators=Validators("e", "m", "h"), stopped=True)
    await feeds.save(PollResult(after), channels=(), now=NOW)
    await feeds.configure([FeedSource(URL)])
    assert await feeds.claim_due(NOW + 9, lease=1, limit=9) == []
    await feeds.configure([])
    await feeds.configure([FeedSource(URL)])
    [again] = await feeds.claim_due(NOW + 9, lease=1, limit=9)
    assert (again.first_polled_at, again.validators, again.stopped) == (None, Validators(), False)


async def test_a_claimed_feed_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    first = await claimed_feed(database)
    feeds = FeedStore(database)
    assert await feeds.claim_due(NOW + 599, lease=600, limit=9) == []
    [second] = await feeds.claim_due(NOW + 600, lease=600, limit=9)
    assert not await feeds.save(PollResult(first, (new_article(),)), channels=(), now=NOW)
    assert await count(database, "article") == 0
    assert await feeds.save(PollResult(second, (new_article(),)), channels=(), now=NOW)


async def test_a_poll_result_is_stored_whole(database: Database) -> None:
    feed = await claimed_feed(database)
    after = replace(
        feed,
        title="Example News",
        validators=Validators('W/"e"', "Mon, 01 Jan 2024 00:00:00 GMT", "hash"),
        first_polled_at=NOW,
        next_poll_at=NOW + 300,
        state={"newest": "5"},
    )
    articles = (new_article(1), new_article(2, announce=False))
    assert await FeedStore(database).save(PollResult(after, articles), channels=(CHANNEL,), now=NOW)
    [again] = await FeedStore(database).claim_due(NOW + 300, lease=60, limit=9)
    assert (again.title, again.validators, again.state) == (after.title, after.validators, after.state)
    assert await count(database, "article") == 2
    assert await count(database, "post") == 1
    assert (await ReaderStore(database).latest(5))[0].headline == "Headline 2"


async def test_an_entry_with_nothing_to_show_is_remembered_without_an_article(database: Database) -> None:
    await store_articles(database, new_article(1, headline="", link=""))
    assert await count(database, "article") == 0
    assert await FeedStore(database).known(1, ["key 1"]) == {"key 1": None}


async def test_posts_leave_in_order_and_each_state_is_kept(database: Database) -> None:
    await store_articles(database, new_article(1), new_article(2))
    outbox = Outbox(database)
    post = await outbox.head(CHANNEL)
    assert post
    assert (post.article.headline, post.state) == ("Headline 1", PostState.PENDING)
    await outbox.begin(post, NOW)
    doubtful = await outbox.head(CHANNEL)
    assert doubtful
    assert (doubtful.id, doubtful.state, doubtful.base_id, doubtful.attempts) == (post.id, PostState.SENDING, 0, 1)
    await outbox.sent(post, Sent(17), NOW)
    following = await outbox.head(CHANNEL)
    assert following
    assert following.article.headline == "Headline 2"
    await outbox.begin(following, NOW)
    begun = await outbox.head(CHANNEL)
    assert begun
    assert begun.base_id == 17
    await outbox.give_up(following, PostState.FAILED, "no")
    assert await outbox.head(CHANNEL) is None
    assert await outbox.waiting_chats() == []
    assert await outbox.is_known(CHANNEL, 17)
    assert not await outbox.is_known(CHANNEL, 18)
    await outbox.saw_message(CHANNEL, 18)
    assert await outbox.is_known(CHANNEL, 18)
    assert await outbox.last_post(CHANNEL) == 17


async def test_a_closed_chat_waits_and_goes_on(database: Database) -> None:
    await store_articles(database, new_article(1))
    outbox = Outbox(database)
    assert await outbox.close_chat(CHANNEL, "kicked")
    assert not await outbox.close_chat(CHANNEL, "kicked")
    assert await outbox.waiting_chats() == []
    assert await outbox.paused_chats() == [(CHANNEL, "kicked")]
    assert await outbox.open_chat(CHANNEL)
    assert await outbox.waiting_chats() == [CHANNEL]


async def test_a_group_that_moved_loses_and_doubles_nothing(database: Database) -> None:
    readers, outbox = ReaderStore(database), Outbox(database)
    await readers.remember_chat(ChatInfo(GROUP, "group", "Group"))
    await readers.subscribe(GROUP, EVERYTHING, private=False, now=NOW, most=20)
    await store_articles(database, new_article(1), new_article(2), channels=())
    await outbox.move_chat(GROUP, -100777)
    await outbox.move_chat(GROUP, -100777)
    assert await outbox.waiting_chats() == [-100777]
    assert await readers.is_subscribed(-100777)
    assert not await readers.is_subscribed(GROUP)
    assert await count(database, "post") == 2


async def test_a_post_of_before_the_upgrade_is_not_taken_for_a_message_of_the_supergroup(database: Database) -> None:
    """The supergroup counts its messages from 1: the same id there is another message."""
    outbox = Outbox(database)
    feed = await store_articles(database, new_article(1), new_article(2), channels=(GROUP,))
    post = await outbox.head(GROUP)
    assert post
    await outbox.begin(post, NOW)
    await outbox.sent(post, Sent(1), NOW)
    second = await outbox.head(GROUP)
    assert second
    await outbox.begin(second, NOW)
    await outbox.move_chat(GROUP, -100777)
    await outbox.sent(second, Sent(2), NOW)
    correction = Correction(post.article.id, "hash b", "Volcano erupts", "It did.", "It did.", shown=True)
    await FeedStore(database).save(PollResult(feed, (), (correction,)), channels=(), now=NOW + 5)
    assert await outbox.edits_due(NOW + 5, sent_since=0) == []
    assert not await outbox.is_known(-100777, 1)
    assert await outbox.last_post(-100777) == 0


async def test_gates_and_recent_sends_survive(database: Database) -> None:
    outbox = Outbox(database)
    await outbox.close_gate("chat:1", NOW + 50.5)
    await outbox.close_gate("chat:1", NOW + 60)
    assert NOW + 60 <= (await outbox.load_gates())["chat:1"] <= NOW + 61
    await store_articles(database, new_article(1))
    post = await outbox.head(CHANNEL)
    assert post
    await outbox.begin(post, NOW)
    await outbox.sent(post, Sent(1), NOW + 1)
    assert await outbox.recent_sends(NOW) == [(CHANNEL, NOW + 1)]
    assert await outbox.recent_sends(NOW + 2) == []


async def test_a_correction_changes_archive_search_and_asks_for_an_edit(database: Database) -> None:
    feed = await store_articles(database, new_article(1))
    outbox = Outbox(database)
    post = await outbox.head(CHANNEL)
    assert post
    await outbox.begin(post, NOW)
    await outbox.sent(post, Sent(1), NOW)
    correction = Correction(post.article.id, "hash b", "Volcano erupts", "It did.", "It did.", shown=True)
    await FeedStore(database).save(PollResult(feed, (), (correction,)), channels=(), now=NOW + 5)
    [edit] = await outbox.edits_due(NOW + 5, sent_since=NOW - 100)
    assert (edit.article.headline, edit.article.updated_at) == ("Volcano erupts", NOW + 5)
    assert await outbox.edits_due(NOW + 5, sent_since=NOW + 1) == []
    await outbox.edited(edit, NOW + 6)
    assert await outbox.edits_due(NOW + 5, sent_since=NOW - 100) == []


async def test_a_broadcast_reaches_everybody_once_in_order_of_articles(database: Database) -> None:
    readers, broadcasts = ReaderStore(database), BroadcastStore(database)
    for reader in range(1, 8):
        await readers.remember_chat(ChatInfo(reader, "private"))
        await readers.subscribe(reader, EVERYTHING, private=True, now=NOW, most=20)
    await store_articles(database, new_article(1), new_article(2), channels=())
    got: list[tuple[int, int]] = []
    for _ in range(20):
        await broadcasts.claim(3)
        for errand in await broadcasts.due(NOW, 100):
            await broadcasts.begin(errand)
            await broadcasts.sent(errand)
            got.append((errand.chat_id, errand.article.id))
        await broadcasts.finish(NOW)
    assert sorted(got) == sorted({(reader, article) for reader in range(1, 8) for article in (1, 2)})
    for reader in range(1, 8):
        assert [article for chat, article in got if chat == reader] == [1, 2]
    assert await count(database, "broadcast_recipient") == 0
    unfinished = await database.read(
        lambda connection: connection.row("SELECT COUNT(*) FROM broadcast WHERE finished_at IS NULL")
    )
    assert unfinished == (0,)


async def test_a_waiting_recipient_holds_back_later_broadcasts_for_itself_alone(database: Database) -> None:
    readers, broadcasts = ReaderStore(database), BroadcastStore(database)
    for reader in (1, 2):
        await readers.remember_chat(ChatInfo(reader, "private"))
        await readers.subscribe(reader, EVERYTHING, private=True, now=NOW, most=20)
    await store_articles(database, new_article(1), new_article(2), channels=())
    await broadcasts.claim(10)
    first, second = await broadcasts.due(NOW, 10)
    await broadcasts.put_back(first, due_at=NOW + 100, error="429")
    await broadcasts.begin(second)
    await broadcasts.sent(second)
    await broadcasts.claim(10)
    assert [(errand.chat_id, errand.article.id) for errand in await broadcasts.due(NOW, 10)] == [(2, 2)]
    assert [(errand.chat_id, errand.article.id) for errand in await broadcasts.due(NOW + 100, 10)] == [(1, 1), (2, 2)]


@pytest.mark.parametrize(("repeat", "left"), [(True, 1), (False, 0)])
async def test_what_was_in_flight_at_a_kill_is_repeated_or_skipped(
    database: Database, *, repeat: bool, left: int
) -> None:
    readers, broadcasts = ReaderStore(database), BroadcastStore(database)
    await readers.remember_chat(ChatInfo(1, "private"))
    await readers.subscribe(1, EVERYTHING, private=True, now=NOW, most=20)
    await store_articles(database, new_article(1), channels=())
    await broadcasts.claim(10)
    [errand] = await broadcasts.due(NOW, 10)
    await broadcasts.begin(errand)
    assert await broadcasts.recover(repeat=repeat) == 1
    assert len(await broadcasts.due(NOW, 10)) == left


async def test_alerts_are_raised_once(database: Database) -> None:
    outbox = Outbox(database)
    assert await outbox.raise_alert("a", NOW)
    assert not await outbox.raise_alert("a", NOW)
    assert await outbox.lower_alert("a")
    assert not await outbox.lower_alert("a")
