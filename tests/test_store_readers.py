import json

import pytest

from bot.interest import EVERYTHING, Interest, Kind, Outcome
from bot.models import NewArticle
from bot.ports import ChatInfo
from bot.search_query import parse_query
from bot.store.broadcasts import BroadcastStore
from bot.store.interests import announce_to_subscribers, recipients
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore
from bot.store.search import index_article

NOW = 1_800_000_000
DAY = 86_400
ANN = ChatInfo(10, "private")
BEN = ChatInfo(20, "private")
GROUP = ChatInfo(-30, "group", "Friends")


@pytest.fixture
def readers(database):
    return ReaderStore(database)


async def add_articles(database, count):
    def work(connection):
        connection.run("INSERT INTO feed (url) VALUES ('https://feed.example/')")
        feed = connection.row("SELECT id FROM feed")[0]
        for number in range(1, count + 1):
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, categories)"
                " VALUES (?, ?, ?, ?, '', '', ?, 0, 'Harbour', '[\"sea\"]')",
                (number, feed, f"https://example.com/{number}", f"Storm {number}", NOW - number),
            )
            index_article(connection, number, f"Storm {number}", "", "", source="Harbour")

    await database.write(work)


async def subscribe(readers, chat, interest=EVERYTHING, **more):
    await readers.remember_chat(chat)
    more = {"most": 20, "now": NOW, "private": chat.kind == "private", **more}
    return await readers.subscribe(chat.id, interest, **more)


async def test_a_chat_subscribes_once_and_unsubscribes_once(readers):
    assert await subscribe(readers, ANN) is Outcome.ADDED
    assert await subscribe(readers, ANN) is Outcome.HAD
    assert await readers.is_subscribed(ANN.id)
    assert await readers.unsubscribe(ANN.id)
    assert not await readers.unsubscribe(ANN.id)
    assert not await readers.is_subscribed(ANN.id)


async def test_several_interests_stand_side_by_side_up_to_a_limit(readers):
    for text in ("storm", "ferry"):
        assert await subscribe(readers, ANN, Interest(Kind.WORDS, text), most=2) is Outcome.ADDED
    assert await subscribe(readers, ANN, Interest(Kind.WORDS, "Storm "), most=2) is Outcome.HAD
    assert await subscribe(readers, ANN, Interest(Kind.WORDS, "whale"), most=2) is Outcome.FULL

    held = await readers.subscriptions(ANN.id)
    assert [one.interest.text for one in held] == ["storm", "ferry"]


async def test_one_of_several_subscriptions_is_ended_by_its_own_chat_only(readers):
    await subscribe(readers, ANN, Interest(Kind.WORDS, "storm"))
    await subscribe(readers, ANN, Interest(Kind.CATEGORY, "Sea"))
    first, second = await readers.subscriptions(ANN.id)

    assert not await readers.unsubscribe_from(BEN.id, first.id)
    assert not await readers.unsubscribe_from(ANN.id, first.id, thread_id=7)
    assert await readers.unsubscribe_from(ANN.id, first.id)
    assert await readers.subscriptions(ANN.id) == (second,)


async def test_an_interest_that_nobody_has_any_more_is_forgotten(readers, database):
    await subscribe(readers, ANN, Interest(Kind.WORDS, "storm"))
    await subscribe(readers, BEN, Interest(Kind.WORDS, "storm"))
    await readers.unsubscribe(ANN.id)
    assert await database.read(lambda c: c.row("SELECT COUNT(*) FROM interest")) == (2,)

    await readers.unsubscribe(BEN.id)

    assert await database.read(lambda c: c.row("SELECT COUNT(*) FROM interest")) == (1,)
    assert await database.read(lambda c: c.row("SELECT COUNT(*) FROM interest_anchor")) == (0,)


async def test_topics_of_a_forum_subscribe_apart(readers):
    forum = ChatInfo(-100, "supergroup", "Forum")
    await subscribe(readers, forum, thread_id=7)

    assert await readers.is_subscribed(forum.id, thread_id=7)
    assert not await readers.is_subscribed(forum.id, thread_id=8)
    assert not await readers.is_subscribed(forum.id)


def article(headline="Storm at sea", **more):
    facts = {"summary": "", "text": "", "source": "Harbour", "language": "en", "published": NOW, **more}
    return NewArticle((), "", headline, **facts)


async def announced(database, new):
    """Store an article for its subscribers; return its id."""

    def work(connection):
        connection.run("INSERT INTO feed (url) VALUES ('https://feed.example/') ON CONFLICT DO NOTHING")
        feed = connection.row("SELECT id FROM feed")[0]
        article_id = connection.row(
            "INSERT INTO article (feed_id, link, headline, summary, body, published, found_at, source, categories)"
            " VALUES (?, '', ?, '', '', ?, 0, ?, ?) RETURNING id",
            (feed, new.headline, new.published, new.source, json.dumps(new.categories)),
        )[0]
        index_article(connection, article_id, new.headline, "", "", source=new.source, language=new.language)
        announce_to_subscribers(connection, article_id, new, NOW)
        return article_id

    return await database.write(work)


async def next_recipients(database, article_id, after=None, limit=10):
    return await database.read(lambda c: recipients(c, article_id, after, limit))


async def test_recipients_are_the_private_chats_that_want_the_article_in_order_part_by_part(readers, database):
    carl, dora, emma = (ChatInfo(number, "private") for number in (30, 40, 50))
    await subscribe(readers, BEN)
    await subscribe(readers, GROUP)
    await subscribe(readers, ANN, Interest(Kind.WORDS, "storm"))
    await subscribe(readers, ANN, Interest(Kind.SOURCE, "Harbour"))
    await subscribe(readers, carl, Interest(Kind.CATEGORY, "Sea"))
    await subscribe(readers, dora, Interest(Kind.WORDS, "whale"))
    await subscribe(readers, emma, Interest(Kind.WORDS, "storm -sea"))
    article_id = await announced(database, article(categories=("sea",)))

    assert await next_recipients(database, article_id) == [10, 20, 30]
    assert await next_recipients(database, article_id, limit=1) == [10]
    assert await next_recipients(database, article_id, limit=2) == [10, 20]
    assert await next_recipients(database, article_id, after=10) == [20, 30]
    assert await next_recipients(database, article_id, after=30) == []


async def test_an_article_that_nobody_wants_makes_no_broadcast_and_leaves_nothing(readers, database):
    await subscribe(readers, ANN, Interest(Kind.WORDS, "whale"))

    await announced(database, article())

    assert await database.read(lambda c: c.row("SELECT COUNT(*) FROM broadcast")) == (0,)
    assert await database.read(lambda c: c.row("SELECT COUNT(*) FROM article_interest")) == (0,)


async def test_a_broadcast_that_has_reached_everyone_forgets_whom_it_was_for(readers, database):
    await subscribe(readers, ANN, Interest(Kind.WORDS, "storm"))
    await announced(database, article())

    assert await BroadcastStore(database).claim(10) == 1

    assert await database.read(lambda c: c.row("SELECT COUNT(*) FROM article_interest")) == (0,)


async def test_groups_and_topics_get_a_post_each_once_where_they_want_the_article(readers, database):
    forum = ChatInfo(-100, "supergroup")
    await subscribe(readers, GROUP, Interest(Kind.WORDS, "storm"))
    await subscribe(readers, GROUP, Interest(Kind.SOURCE, "Harbour"))
    await subscribe(readers, forum, Interest(Kind.WORDS, "storm"), thread_id=7)
    await subscribe(readers, forum, Interest(Kind.WORDS, "whale"), thread_id=8)

    await announced(database, article())

    posts = await database.read(lambda c: c.rows("SELECT chat_id, thread_id FROM post ORDER BY chat_id"))
    assert posts == [(-100, 7), (-30, 0)]


async def test_a_paused_chat_is_no_recipient_until_it_is_open_again(readers, database):
    await subscribe(readers, ANN)
    await readers.pause(ANN.id, "blocked")
    article_id = await announced(database, article())

    assert await next_recipients(database, article_id) == []
    assert not await readers.is_subscribed(ANN.id)
    assert await readers.reopen(ANN.id)
    assert await next_recipients(database, article_id) == [10]
    assert not await readers.reopen(ANN.id)


@pytest.mark.parametrize(
    ("interest", "number"),
    [
        (Interest(Kind.WORDS, "storms"), 2),
        (Interest(Kind.WORDS, "storm -sea"), 1),
        (Interest(Kind.SOURCE, "harbour"), 2),
        (Interest(Kind.CATEGORY, "Big Sea"), 1),
        (Interest(Kind.CATEGORY, "Sea"), 0),
        (EVERYTHING, 3),
    ],
)
async def test_a_dry_run_counts_what_an_interest_would_have_brought(readers, database, interest, number):
    await announced(database, article("Storm at sea", published=NOW - 10 * DAY))
    await announced(database, article("Storm at sea", published=NOW - 2 * DAY, categories=("big sea",)))
    await announced(database, article("Storm on land", published=NOW - DAY))
    await announced(database, article("Calm", published=NOW - DAY, source="Other"))

    assert await readers.would_have_brought(interest, NOW - 7 * DAY) == number


async def test_sources_and_categories_to_choose_from_are_those_of_the_articles(readers, database):
    await announced(database, article(categories=("Sea", "Weather")))
    await announced(database, article(categories=("sea",), source="Harbour News"))

    assert await readers.sources() == ("Harbour News",)
    assert await readers.categories() == ("sea", "Weather")


async def test_subscribing_opens_a_paused_chat(readers):
    await subscribe(readers, ANN)
    await readers.pause(ANN.id, "blocked")

    await subscribe(readers, ANN)

    assert await readers.is_subscribed(ANN.id)


async def test_a_group_that_becomes_a_supergroup_keeps_its_subscriptions(readers, database):
    await subscribe(readers, GROUP)
    await subscribe(readers, GROUP, Interest(Kind.WORDS, "storm"))

    for _ in range(2):
        await Outbox(database).move_chat(GROUP.id, -1_000_030)

    assert len(await readers.subscriptions(-1_000_030)) == 2
    assert await readers.subscriptions(GROUP.id) == ()


async def test_what_is_known_of_a_chat_follows_it_but_its_language_is_not_forgotten(readers, database):
    await readers.remember_chat(GROUP, language="ar")
    await readers.remember_chat(ChatInfo(GROUP.id, "group", "New name"))

    row = await database.read(lambda c: c.row("SELECT title, language FROM chat WHERE id = ?", (GROUP.id,)))
    assert row == ("New name", "ar")


async def test_the_latest_are_newest_first_with_all_their_parts(readers, database):
    await add_articles(database, 4)

    newest = await readers.latest(3)

    assert [article.headline for article in newest] == ["Storm 1", "Storm 2", "Storm 3"]
    assert newest[0].categories == ("sea",)
    assert newest[0].link == "https://example.com/1"


async def test_a_search_gives_a_page_of_articles_and_their_number(readers, database):
    await add_articles(database, 7)

    found = await readers.search(parse_query("storm"), page=1, page_size=5, now=NOW)

    assert len(found.articles) == 2
    assert found.total == 7


async def test_a_kept_query_is_known_to_its_own_chat_only(readers):
    token = await readers.keep_query(10, "storm -calm", NOW)

    assert await readers.kept_query(10, token) == "storm -calm"
    assert await readers.kept_query(20, token) is None
    assert await readers.kept_query(10, "made-up") is None
    assert await readers.keep_query(10, "storm -calm", NOW) == token
    assert len(token) <= 32


async def test_queries_are_forgotten_after_months(readers):
    token = await readers.keep_query(10, "old", NOW - 200 * 86_400)

    await readers.keep_query(10, "new", NOW)

    assert await readers.kept_query(10, token) is None
