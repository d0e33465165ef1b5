"""Lanes: posts leave in order, one at a time, and each failure has its own way."""

import asyncio
import logging
import sqlite3
from pathlib import Path

import pytest
from builders import CHANNEL, GROUP, new_article
from deliverer import Delivery
from fakes import LOST

from bot.delivery import lanes as lanes_module
from bot.delivery import recording
from bot.errors import (
    ChatClosed,
    ChatGone,
    ChatMoved,
    Doubtful,
    MarkupRefused,
    NotSent,
    SendError,
    SendLater,
    SendRefused,
    TokenRefused,
)
from bot.models import Message, Post, PostState
from bot.store import Database, open_database

HEADLINES = [f"Headline {number}" for number in range(1, 6)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes_module, "STORE_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(recording, "STORE_RETRY_SECONDS", 0.01)


async def published(database: Database, count: int = 5, **facts: object) -> Delivery:
    delivery = Delivery(database, **facts)  # type: ignore[arg-type]
    await delivery.publish(*(new_article(number) for number in range(1, count + 1)))
    return delivery


class Trouble:
    """Meets the calls with these, in order, and then with nothing."""

    def __init__(self, *troubles: SendError | str | None, chat_id: int = CHANNEL) -> None:
        self._troubles = list(troubles)
        self._chat_id = chat_id

    def __call__(self, chat_id: int, _message: Message) -> SendError | str | None:
        return self._troubles.pop(0) if self._troubles and chat_id == self._chat_id else None


async def test_posts_leave_in_the_order_of_their_articles(database: Database) -> None:
    delivery = await published(database)
    await delivery.work()
    assert delivery.headlines() == HEADLINES
    assert await delivery.states() == ["sent"] * 5


async def test_a_limit_closes_its_chat_for_as_long_as_it_says_and_loses_nothing(database: Database) -> None:
    delivery = await published(database)
    delivery.messenger.trouble = Trouble(None, SendLater(3600))
    start = delivery.clock()
    await delivery.work()
    assert delivery.headlines() == HEADLINES
    assert delivery.clock() - start >= 3600
    assert delivery.gates.closed[f"chat:{CHANNEL}"] >= start + 3600


async def test_one_closed_chat_holds_up_no_other(database: Database) -> None:
    delivery = Delivery(database, channels=(CHANNEL, GROUP))
    await delivery.publish(*(new_article(number) for number in range(1, 6)), channels=(CHANNEL, GROUP))
    delivery.messenger.trouble = lambda chat_id, _: ChatClosed("no right") if chat_id == CHANNEL else None
    await delivery.work(until=5)
    assert delivery.headlines(GROUP) == HEADLINES
    assert delivery.headlines(CHANNEL) == []


async def test_what_was_not_sent_goes_again_after_a_pause_and_before_the_next(database: Database) -> None:
    delivery = await published(database, 2)
    delivery.messenger.trouble = Trouble(NotSent("connection refused"))
    await delivery.step()
    first = await delivery.head()
    assert first.article.headline == "Headline 1"
    assert first.state is PostState.PENDING
    assert delivery.clock() < first.due_at <= delivery.clock() + 2


async def test_the_pause_grows_with_the_failures(database: Database) -> None:
    delivery = await published(database, 1)
    delivery.messenger.trouble = lambda _chat, _message: NotSent("no route")
    pauses = []
    for _ in range(5):
        await delivery.step()
        pauses.append((await delivery.head()).due_at - delivery.clock())
        delivery.clock.time += pauses[-1]
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 8 * pauses[0]


async def test_a_doubtful_post_is_settled_before_the_next_goes_out(database: Database) -> None:
    delivery = await published(database)
    delivery.messenger.trouble = Trouble(LOST, LOST, None, Doubtful("502"), LOST)
    await delivery.work()
    assert delivery.headlines() == HEADLINES
    assert await delivery.states() == ["sent"] * 5


async def test_refused_markup_goes_out_as_plain_text_at_once_and_is_logged_as_our_bug(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = await published(database, 1)
    delivery.messenger.trouble = Trouble(MarkupRefused("can't parse entities"))
    await delivery.work()
    [message] = delivery.messenger.chats[CHANNEL].values()
    assert message.html == ""
    assert message.plain.startswith("Headline 1\n")
    assert "our bug" in caplog.text
    assert delivery.alerts.told == []


async def test_what_is_refused_even_as_plain_text_is_given_up_and_the_admins_are_told(database: Database) -> None:
    delivery = await published(database)
    delivery.messenger.trouble = lambda _, message: (
        SendRefused("message is too long") if "Headline 2" in message.plain else None
    )
    await delivery.work()
    assert delivery.headlines() == [*HEADLINES[:1], *HEADLINES[2:]]
    assert await delivery.states() == ["sent", "failed", "sent", "sent", "sent"]
    [told] = delivery.alerts.told
    assert "too long" in told
    assert "https://news.example/2" in told


@pytest.mark.parametrize("error", [ChatClosed("need administrator rights"), ChatGone("bot was kicked")])
async def test_a_channel_that_closes_keeps_its_posts_and_tells_the_admins_once(
    database: Database, error: SendError
) -> None:
    delivery = await published(database)
    delivery.messenger.trouble = Trouble(None, error)
    await delivery.work(until=4)
    restarted = Delivery(database, messenger=delivery.messenger, alerts=delivery.alerts)
    await restarted.work(until=4)
    assert delivery.headlines() == HEADLINES[:1]
    assert len(delivery.alerts.told) == 1
    assert delivery.messenger.calls == 2


async def test_a_channel_that_is_open_again_gets_all_that_waited_in_order(database: Database) -> None:
    delivery = await published(database)
    delivery.messenger.trouble = Trouble(None, ChatGone("bot was kicked"))
    await delivery.work(until=4)
    again = Delivery(database, messenger=delivery.messenger, alerts=delivery.alerts)
    await again.outbox.open_chat(CHANNEL)
    await again.work()
    assert again.headlines() == HEADLINES
    assert not again.alerts.standing


async def test_a_subscribed_group_that_is_gone_is_left_alone_and_the_channel_goes_on(database: Database) -> None:
    delivery = Delivery(database)
    await delivery.publish(*(new_article(number) for number in range(1, 6)), channels=(CHANNEL, GROUP))
    delivery.messenger.trouble = lambda chat_id, _: ChatGone("kicked from the group") if chat_id == GROUP else None
    await delivery.work()
    assert delivery.headlines(CHANNEL) == HEADLINES
    assert sum(chat == GROUP for chat, _ in delivery.messenger.probes) == 0
    assert delivery.messenger.calls == 6
    assert delivery.alerts.told == []


async def test_the_posts_of_an_upgraded_group_follow_it(database: Database) -> None:
    delivery = Delivery(database, channels=(GROUP,))
    await delivery.publish(*(new_article(number) for number in range(1, 6)), channels=(GROUP,))
    delivery.messenger.trouble = lambda chat_id, _: ChatMoved(-100_777) if chat_id == GROUP and sent() >= 2 else None

    def sent() -> int:
        return len(delivery.messenger.chats[GROUP])

    await delivery.work()
    assert delivery.headlines(GROUP) + delivery.headlines(-100_777) == HEADLINES
    assert delivery.moves == [(GROUP, -100_777)]


async def test_a_revoked_token_ends_the_lanes_with_that_word_and_nothing_is_in_doubt(database: Database) -> None:
    delivery = await published(database)
    send = delivery.messenger.send

    async def revoked(chat_id: int, message: Message, *, thread_id: int = 0) -> object:
        if len(delivery.messenger.chats[chat_id]) == 1:
            raise TokenRefused("revoked")
        return await send(chat_id, message, thread_id=thread_id)

    delivery.messenger.send = revoked  # type: ignore[method-assign,assignment]
    with pytest.raises(TokenRefused):
        await delivery.work()
    assert await delivery.states() == ["sent", "pending", "pending", "pending", "pending"]


async def test_an_article_that_cannot_be_rendered_goes_out_bare(database: Database) -> None:
    class Clumsy(Delivery):
        def render(self, post: Post) -> Message:
            if post.article.headline == "Headline 2":
                raise ZeroDivisionError
            return super().render(post)

    delivery = Clumsy(database)
    await delivery.publish(*(new_article(number) for number in range(1, 6)))
    await delivery.work()
    assert delivery.headlines() == HEADLINES
    bare = delivery.messenger.chats[CHANNEL][2]
    assert (bare.html, bare.plain) == ("", "Headline 2\nhttps://news.example/2")


async def test_stopping_lets_the_call_in_flight_end_and_begins_no_other(database: Database) -> None:
    delivery = await published(database)
    begun, answered = asyncio.Event(), asyncio.Event()
    send = delivery.messenger.send

    async def slow(chat_id: int, message: Message, *, thread_id: int = 0) -> object:
        begun.set()
        await answered.wait()
        return await send(chat_id, message, thread_id=thread_id)

    delivery.messenger.send = slow  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(delivery.lanes.run())
    await begun.wait()
    stopping = asyncio.create_task(delivery.lanes.stop())
    await asyncio.sleep(0)
    answered.set()
    await asyncio.gather(stopping, running)
    await delivery.governor.close()
    assert delivery.headlines() == HEADLINES[:1]
    assert await delivery.states() == ["sent", *["pending"] * 4]


async def full_disk(database: Database, *, full: bool) -> None:
    """Let each change of a post need space that the database file may not (or may) take."""

    def work(connection: object) -> None:
        connection.run("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)")  # type: ignore[attr-defined]
        connection.run(  # type: ignore[attr-defined]
            "CREATE TRIGGER IF NOT EXISTS growing AFTER UPDATE ON post BEGIN"
            " INSERT INTO ballast (bytes) VALUES (zeroblob(100000)); END"
        )

    await database.write(work)
    pages = 1 if full else 1_000_000  # never fewer than there are
    await database.write(lambda connection: connection.rows(f"PRAGMA max_page_count={pages}"))


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "tidings.db"


async def test_on_a_full_disk_nothing_is_sent_that_cannot_be_recorded(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = await open_database(f"sqlite:///{file}")
    delivery = await published(database)
    await full_disk(database, full=True)
    running = asyncio.create_task(delivery.work())
    while caplog.text.count("full") < 3:
        await asyncio.sleep(0.005)
    assert delivery.messenger.calls == 0
    await full_disk(database, full=False)
    await running
    assert delivery.headlines() == HEADLINES
    assert delivery.messenger.calls == 5
    await database.close()


async def test_a_sent_post_whose_record_finds_the_disk_full_is_recorded_later_and_not_sent_again(file: Path) -> None:
    database = await open_database(f"sqlite:///{file}")
    delivery = await published(database, 2)
    send = delivery.messenger.send

    async def then_full(chat_id: int, message: Message, *, thread_id: int = 0) -> object:
        sent = await send(chat_id, message, thread_id=thread_id)
        await full_disk(database, full=True)
        return sent

    delivery.messenger.send = then_full  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(delivery.step())
    while delivery.messenger.calls < 1:
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    assert not running.done()
    await full_disk(database, full=False)
    assert await running
    assert await delivery.states() == ["sent", "pending"]
    assert delivery.messenger.calls == 1
    await delivery.governor.close()
    await database.close()


@pytest.mark.parametrize("error", [SendLater(5), NotSent("no route"), MarkupRefused("can't parse entities")])
async def test_what_an_answer_led_to_is_written_down_however_long_the_disk_is_full(
    file: Path, error: SendError
) -> None:
    database = await open_database(f"sqlite:///{file}")
    delivery = await published(database, 1, policy="skip", looks=False)

    async def then_full(_chat: int, _message: Message, *, thread_id: int = 0) -> object:
        await full_disk(database, full=True)
        raise error

    delivery.messenger.send = then_full  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(delivery.step())
    await asyncio.sleep(0.1)
    await full_disk(database, full=False)
    await running
    assert await delivery.states() == ["pending"]
    await delivery.governor.close()
    await database.close()


async def test_while_another_process_holds_the_database_nothing_is_sent_and_then_everything(file: Path) -> None:
    database = await open_database(f"sqlite:///{file}")
    delivery = await published(database)
    await database.read(lambda connection: connection.rows("PRAGMA busy_timeout=10"))
    await database._writer.execute("PRAGMA busy_timeout=10")  # type: ignore[attr-defined]
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        running = asyncio.create_task(delivery.work())
        await asyncio.sleep(0.15)
        assert delivery.messenger.calls == 0
        other.execute("ROLLBACK")
    other.close()
    await running
    assert delivery.headlines() == HEADLINES
    await database.close()


async def test_each_event_is_one_line_in_the_log(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot.delivery")
    delivery = await published(database, 2)
    delivery.messenger.trouble = Trouble(SendLater(5))
    await delivery.work()
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name in {"bot.delivery.lanes", "bot.delivery.failures"}
    ]
    assert [line.split(":")[0] for line in lines] == ["chat closed by limit", "post sent", "post sent"]


async def test_a_burst_that_is_refused_goes_out_one_by_one_and_loses_nothing(database: Database) -> None:
    delivery = await published(database, burst_fold=3)
    delivery.messenger.trouble = Trouble(SendRefused("no"), SendRefused("no"))
    await delivery.work()
    assert delivery.headlines() == HEADLINES
    assert delivery.messenger.calls == 2 + 5
