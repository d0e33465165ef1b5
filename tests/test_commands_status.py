"""/status is for the bot's own admins: what waits, how fast, until when, which feeds fail."""

from dataclasses import replace

from builders import CHANNEL, NOW, new_article, store_articles, subscribe_to_everything

from bot.calls import Call
from bot.commands import Context, answer
from bot.interest import Interest, Kind
from bot.models import PollResult
from bot.ports import ChatInfo, Sent
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore
from bot.store.status import StatusStore

OWNER = 7


async def said(database, user_id=OWNER):
    status = StatusStore(database)
    context = Context(
        readers=ReaderStore(database),
        clock=lambda: NOW + 120,
        owners=frozenset({OWNER}),
        status=lambda: status.status(NOW + 120),
    )
    call = Call(ChatInfo(user_id, "private"), name="status", user_id=user_id, language_code="en")
    return (await answer(call, context)).messages[0].plain


async def test_an_admin_sees_the_queue_and_what_fails(database):
    feed = await store_articles(database, *(new_article(number) for number in range(1, 42)))
    outbox = Outbox(database)
    post = await outbox.head(CHANNEL)
    await outbox.begin(post, NOW + 100)
    await outbox.sent(post, Sent(1), NOW + 100)
    await FeedStore(database).save(
        PollResult(replace(feed, error="answers 404 Not Found", failing_since=NOW)), channels=(), now=NOW
    )
    text = await said(database)
    assert "40 posts wait." in text
    assert "The oldest was found 2 minutes ago." in text
    assert "In the last minute 1 was sent." in text
    assert "2 minutes." in text
    assert "✗ https://news.example/feed: answers 404 Not Found" in text


async def test_an_empty_queue_says_so(database):
    assert "0 posts wait." in await said(database)


async def test_to_a_reader_the_command_does_not_exist(database):
    assert "wait" not in await said(database, user_id=8)


async def test_the_expected_end_waits_for_a_chat_that_telegram_has_closed(database):
    await store_articles(database, *(new_article(number) for number in range(1, 21)))
    await Outbox(database).close_gate(f"chat:{CHANNEL}", NOW + 120 + 3600)
    assert "about 1 hour" in await said(database)


async def test_private_messages_are_counted_for_those_who_want_the_article(database):
    await subscribe_to_everything(database, range(1, 31))
    wishes = Interest(Kind.WORDS, "storm")
    for chat_id in range(101, 111):
        await ReaderStore(database).remember_chat(ChatInfo(chat_id, "private"))
        await ReaderStore(database).subscribe(chat_id, wishes, private=True, now=NOW, most=10)
    await store_articles(database, new_article(1), channels=())
    text = await said(database)
    assert "30 private messages" in text
    assert "The oldest was found 2 minutes ago." in text
