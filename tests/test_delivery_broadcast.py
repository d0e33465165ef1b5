"""Broadcasts: every subscriber gets every article once and in order, whatever happens to one of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from builders import new_article, store_articles, subscribe_to_everything
from deliverer import YieldingClock
from fakes import LOST, FakeGates, FakeMessenger

from bot.delivery import broadcast as broadcast_module
from bot.delivery import recording
from bot.delivery.broadcast import Broadcaster, BroadcastTools
from bot.delivery.compose import Composed
from bot.delivery.editions import Editions
from bot.errors import (
    ChatGone,
    Doubtful,
    MarkupRefused,
    NotSent,
    SendError,
    SendLater,
    SendRefused,
    StoreUnavailable,
    TokenRefused,
)
from bot.format import post_message
from bot.governor import Governor, Rates
from bot.models import Article, Errand, Message
from bot.pictures import Rung
from bot.store import Database
from bot.store.broadcasts import MOST_PAGES_IN_HAND, BroadcastStore
from bot.store.readers import ReaderStore

FAST = Rates(1e6, 1e6, 1e6)
DONE_WITHIN = 10.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_module, "STORE_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(recording, "STORE_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(broadcast_module, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(broadcast_module, "IDLE_SECONDS", 0.01)


@dataclass
class Broadcasting:
    """All parts of a broadcast."""

    database: Database
    policy: str | None = None
    rates: Rates = FAST
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    clock: YieldingClock = field(default_factory=YieldingClock)
    gone: list[tuple[int, str]] = field(default_factory=list)
    compose: Callable[[Article, str], Awaitable[Composed]] | None = None

    def __post_init__(self) -> None:
        self.store = BroadcastStore(self.database)
        self.readers = ReaderStore(self.database)
        self.governor = Governor(self.rates, now=self.clock, gates=FakeGates(), sleep=self.clock.sleep)
        self.broadcaster = Broadcaster(
            BroadcastTools(
                store=self.store,
                messenger=self.messenger,
                governor=self.governor,
                now=self.clock,
                chance=lambda: 0.0,
                editions=Editions(self.compose or _compose),
                on_gone=self._on_gone,
                policy=self.policy,
            )
        )

    async def _on_gone(self, chat_id: int, reason: str) -> None:
        self.gone.append((chat_id, reason))
        await self.readers.pause(chat_id, reason)

    async def publish(self, count: int) -> None:
        await store_articles(self.database, *(new_article(number) for number in range(1, count + 1)))

    async def work(self, *, until: Callable[[], bool] | None = None) -> None:
        """Run until every broadcast is finished, or until told; the clock moves on meanwhile."""
        running = asyncio.create_task(self.broadcaster.run())
        try:
            async with asyncio.timeout(DONE_WITHIN):
                while not running.done() and not (until() if until else await self._finished()):
                    await asyncio.sleep(0.002)
                    self.clock.time += 1
        finally:
            await self.broadcaster.stop()
            await self.governor.close()
        await running

    async def _finished(self) -> bool:
        row = await self.database.read(
            lambda connection: connection.row("SELECT COUNT(*) FROM broadcast WHERE finished_at IS NULL")
        )
        return row == (0,)

    async def counts(self) -> list[tuple[int, int]]:
        """Sent and failed, a broadcast."""
        rows = await self.database.read(
            lambda connection: connection.rows("SELECT sent, failed FROM broadcast ORDER BY id")
        )
        return [(row[0], row[1]) for row in rows]

    def got(self, chat_id: int) -> list[str]:
        return [message.plain.split("\n", 1)[0] for message in self.messenger.chats[chat_id].values()]


async def _compose(article: Article, _rung: str) -> Composed:
    return Composed(post_message(article), Rung.NONE)


async def prepared(database: Database, readers: int, articles: int, **facts: object) -> Broadcasting:
    broadcasting = Broadcasting(database, **facts)  # type: ignore[arg-type]
    await subscribe_to_everything(database, range(1, readers + 1))
    await broadcasting.publish(articles)
    return broadcasting


def headlines(count: int) -> list[str]:
    return [f"Headline {number}" for number in range(1, count + 1)]


async def rows_in_hand(database: Database) -> int:
    row = await database.read(lambda connection: connection.row("SELECT COUNT(*) FROM broadcast_recipient"))
    assert row
    return int(row[0])


async def test_every_subscriber_gets_every_article_once_and_in_order(database: Database) -> None:
    broadcasting = await prepared(database, 150, 3)
    await broadcasting.work()
    assert all(broadcasting.got(reader) == headlines(3) for reader in range(1, 151))
    assert await broadcasting.counts() == [(150, 0)] * 3
    assert await rows_in_hand(database) == 0


async def test_only_those_in_hand_have_rows(database: Database) -> None:
    broadcasting = await prepared(database, 400, 3)
    most = 0
    begin = broadcasting.store.begin

    async def counted(errand: Errand) -> None:
        nonlocal most
        most = max(most, await rows_in_hand(database))
        await begin(errand)

    broadcasting.store.begin = counted  # type: ignore[method-assign]
    await broadcasting.work()
    assert await broadcasting.counts() == [(400, 0)] * 3
    assert most <= 2 * broadcast_module.IN_HAND + broadcast_module.IN_FLIGHT


async def test_who_is_served_while_the_next_are_looked_for_is_not_served_again(database: Database) -> None:
    broadcasting = await prepared(database, 20, 1)
    due, begin, looked = broadcasting.store.due, broadcasting.store.begin, asyncio.Event()

    async def begun_after_the_look(errand: Errand) -> None:
        await looked.wait()
        await begin(errand)

    async def overtaken(now: int, limit: int) -> list[Errand]:
        """What it found is old when it comes back: who was at work then has the message by now."""
        errands = await due(now, limit)
        if broadcasting.broadcaster._running:
            looked.set()
        while broadcasting.broadcaster._running:
            await asyncio.sleep(0)
        return errands

    broadcasting.store.begin = begun_after_the_look  # type: ignore[method-assign]
    broadcasting.store.due = overtaken  # type: ignore[method-assign]
    await broadcasting.work()
    assert all(broadcasting.got(reader) == headlines(1) for reader in range(1, 21))


async def test_while_everybody_is_refused_no_more_than_a_few_pages_of_rows_are_made(database: Database) -> None:
    readers = 6 * broadcast_module.IN_HAND
    broadcasting = await prepared(database, readers, 1)
    broadcasting.messenger.trouble = lambda _chat, _message: SendLater(100_000)
    running = asyncio.create_task(broadcasting.broadcaster.run())
    await asyncio.sleep(0.5)
    assert broadcasting.messenger.calls <= 2 * broadcast_module.IN_FLIGHT
    await broadcasting.broadcaster.stop()
    await broadcasting.governor.close()
    await running
    assert await rows_in_hand(database) <= MOST_PAGES_IN_HAND * broadcast_module.IN_HAND


async def test_who_has_blocked_the_bot_is_paused_and_the_others_get_it(database: Database) -> None:
    broadcasting = await prepared(database, 50, 2)
    broadcasting.messenger.trouble = lambda chat, _: ChatGone("bot was blocked by the user") if chat == 7 else None
    await broadcasting.work()
    assert broadcasting.got(7) == []
    assert all(broadcasting.got(reader) == headlines(2) for reader in range(1, 51) if reader != 7)
    assert broadcasting.gone[0] == (7, "bot was blocked by the user")
    assert not await broadcasting.readers.is_subscribed(7)


async def test_who_comes_back_gets_what_is_published_from_then_on(database: Database) -> None:
    broadcasting = await prepared(database, 3, 1)
    await broadcasting.readers.pause(2, "blocked")
    await broadcasting.work()
    assert broadcasting.got(2) == []
    assert await broadcasting.readers.reopen(2)
    assert await broadcasting.readers.is_subscribed(2)


async def test_a_limit_of_one_reader_holds_up_only_this_reader_and_keeps_their_order(database: Database) -> None:
    broadcasting = await prepared(database, 50, 3)
    refusals = [SendLater(3600)]
    finished_at: dict[int, float] = {}

    def trouble(chat: int, message: Message) -> SendError | None:
        if chat == 7 and refusals:
            return refusals.pop()
        if "Headline 3" in message.plain:
            finished_at[chat] = broadcasting.clock()
        return None

    broadcasting.messenger.trouble = trouble
    start = broadcasting.clock()
    await broadcasting.work(until=lambda: len(finished_at) == 49)
    assert 7 not in finished_at
    broadcasting.clock.time = start + 3602
    again = Broadcasting(database, messenger=broadcasting.messenger, clock=broadcasting.clock)
    await again.work()
    assert finished_at[7] >= start + 3600
    assert all(broadcasting.got(reader) == headlines(3) for reader in range(1, 51))


@pytest.mark.parametrize("trouble", [NotSent("no route"), MarkupRefused("can't parse entities")], ids=str)
async def test_what_was_not_delivered_is_sent_again(database: Database, trouble: SendError) -> None:
    broadcasting = await prepared(database, 20, 2)
    troubles = dict.fromkeys(range(1, 21), trouble)
    broadcasting.messenger.trouble = lambda chat, _: troubles.pop(chat, None)
    await broadcasting.work()
    assert all(broadcasting.got(reader) == headlines(2) for reader in range(1, 21))


async def test_refused_markup_goes_out_as_plain_text_and_is_logged_as_our_bug(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broadcasting = await prepared(database, 1, 1)
    broadcasting.messenger.trouble = lambda _, message: MarkupRefused("can't parse") if message.html else None
    await broadcasting.work()
    [message] = broadcasting.messenger.chats[1].values()
    assert message.html == ""
    assert "our bug" in caplog.text


@pytest.mark.parametrize(("policy", "copies"), [(None, 1), ("skip", 1), ("repeat", 2)])
async def test_without_an_answer_a_reader_gets_nothing_twice_unless_told(
    database: Database, policy: str | None, copies: int
) -> None:
    broadcasting = await prepared(database, 10, 1, policy=policy)
    lost = {7: LOST}
    broadcasting.messenger.trouble = lambda chat, _: lost.pop(chat, None)
    await broadcasting.work()
    assert broadcasting.got(7) == ["Headline 1"] * copies
    assert all(broadcasting.got(reader) == ["Headline 1"] for reader in range(1, 11) if reader != 7)


async def test_a_refused_message_is_given_up_and_counted(database: Database) -> None:
    broadcasting = await prepared(database, 10, 2)
    broadcasting.messenger.trouble = lambda _, message: (
        SendRefused("too long") if "Headline 1" in message.plain else None
    )
    await broadcasting.work()
    assert await broadcasting.counts() == [(0, 10), (10, 0)]
    assert all(broadcasting.got(reader) == ["Headline 2"] for reader in range(1, 11))


async def killed(broadcasting: Broadcasting, *, after: int) -> None:
    """Run until so many messages stand in the chats, and then stop in mid-air as a kill does."""
    running = asyncio.create_task(broadcasting.broadcaster.run())
    while sum(map(len, broadcasting.messenger.chats.values())) < after:
        await asyncio.sleep(0)
    for task in [running, *broadcasting.broadcaster._running.values()]:
        task.cancel()
    await asyncio.gather(running, *broadcasting.broadcaster._running.values(), return_exceptions=True)
    await broadcasting.governor.close()


@pytest.mark.parametrize("after", [1, 40, 100, 199])
async def test_a_kill_loses_nobody_and_doubles_at_most_those_in_flight(database: Database, after: int) -> None:
    broadcasting = await prepared(database, 100, 2)
    await killed(broadcasting, after=after)
    again = Broadcasting(database, messenger=broadcasting.messenger)
    await again.work()
    surplus = 0
    for reader in range(1, 101):
        got = again.got(reader)
        assert list(dict.fromkeys(got)) == headlines(2)
        surplus += len(got) - 2
    assert surplus <= broadcast_module.IN_FLIGHT


async def test_with_skip_a_kill_doubles_nobody(database: Database) -> None:
    broadcasting = await prepared(database, 100, 2, policy="skip")
    await killed(broadcasting, after=70)
    again = Broadcasting(database, messenger=broadcasting.messenger, policy="skip")
    await again.work()
    assert all(len(again.got(reader)) == len(set(again.got(reader))) for reader in range(1, 101))
    assert sum(len(again.got(reader)) for reader in range(1, 101)) >= 200 - broadcast_module.IN_FLIGHT


async def test_a_revoked_token_ends_the_broadcast_with_that_word_and_nobody_is_in_doubt(database: Database) -> None:
    broadcasting = await prepared(database, 10, 1)

    async def revoked(_chat: int, _message: Message, *, thread_id: int = 0) -> object:
        raise TokenRefused("revoked")

    broadcasting.messenger.send = revoked  # type: ignore[method-assign,assignment]
    with pytest.raises(TokenRefused):
        await broadcasting.work()
    states = await database.read(lambda connection: connection.rows("SELECT DISTINCT state FROM broadcast_recipient"))
    assert states == [("pending",)]


async def test_one_reader_that_makes_us_stumble_holds_up_nobody(database: Database) -> None:
    broadcasting = await prepared(database, 40, 2)
    send = broadcasting.messenger.send

    async def stumbling(chat_id: int, message: Message, *, thread_id: int = 0) -> object:
        if chat_id == 7 and "Headline 1" in message.plain:
            raise ZeroDivisionError
        return await send(chat_id, message, thread_id=thread_id)

    broadcasting.messenger.send = stumbling  # type: ignore[method-assign,assignment]
    await broadcasting.work()
    assert broadcasting.got(7) == ["Headline 2"]
    assert await broadcasting.counts() == [(39, 1), (40, 0)]


async def test_an_article_that_cannot_be_composed_goes_out_bare(database: Database) -> None:
    async def clumsy(article: Article, rung: str) -> Composed:
        if article.headline == "Headline 1":
            raise ZeroDivisionError
        return await _compose(article, rung)

    broadcasting = await prepared(database, 10, 2, compose=clumsy)
    await broadcasting.work()
    assert all(broadcasting.got(reader) == headlines(2) for reader in range(1, 11))


async def test_nothing_is_sent_that_cannot_be_recorded(database: Database) -> None:
    broadcasting = await prepared(database, 10, 1)
    begin, refusals = broadcasting.store.begin, 30

    async def refusing(errand: Errand) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise StoreUnavailable("disk full")
        await begin(errand)

    broadcasting.store.begin = refusing  # type: ignore[method-assign]
    await broadcasting.work(until=lambda: refusals < 25)
    sent_meanwhile = broadcasting.messenger.calls if refusals else 0
    assert sent_meanwhile == 0
    again = Broadcasting(database, messenger=broadcasting.messenger)
    await again.work()
    assert all(again.got(reader) == ["Headline 1"] for reader in range(1, 11))


async def test_a_delivered_message_that_cannot_be_recorded_at_once_is_not_sent_again(database: Database) -> None:
    broadcasting = await prepared(database, 10, 1)
    sent, refusals = broadcasting.store.sent, dict.fromkeys(range(1, 11), 3)

    async def refusing(errand: Errand, *facts: str) -> None:
        if refusals[errand.chat_id]:
            refusals[errand.chat_id] -= 1
            raise StoreUnavailable("locked")
        await sent(errand, *facts)

    broadcasting.store.sent = refusing  # type: ignore[method-assign,assignment]
    await broadcasting.work()
    assert all(broadcasting.got(reader) == ["Headline 1"] for reader in range(1, 11))


async def test_stopping_lets_the_calls_in_flight_end(database: Database) -> None:
    broadcasting = await prepared(database, 60, 1)
    answered = asyncio.Event()
    send = broadcasting.messenger.send

    async def slow(chat_id: int, message: Message, *, thread_id: int = 0) -> object:
        await answered.wait()
        return await send(chat_id, message, thread_id=thread_id)

    broadcasting.messenger.send = slow  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(broadcasting.broadcaster.run())
    while len(broadcasting.broadcaster._calling) < 5:
        await asyncio.sleep(0)
    stopping = asyncio.create_task(broadcasting.broadcaster.stop())
    await asyncio.sleep(0)
    answered.set()
    await asyncio.gather(stopping, running)
    await broadcasting.governor.close()
    again = Broadcasting(database, messenger=broadcasting.messenger)
    again.messenger.send = send  # type: ignore[method-assign]
    await again.work()
    assert all(again.got(reader) == ["Headline 1"] for reader in range(1, 61))


async def test_doubt_costs_nobody_else_anything(database: Database) -> None:
    broadcasting = await prepared(database, 30, 2)
    doubts = {3: Doubtful("502"), 9: Doubtful("502")}
    broadcasting.messenger.trouble = lambda chat, _: doubts.pop(chat, None)
    await broadcasting.work()
    assert await broadcasting.counts() == [(28, 2), (30, 0)]
    assert broadcasting.got(3) == ["Headline 2"]


async def test_where_every_answer_is_lost_a_message_is_repeated_a_few_times_and_no_more(database: Database) -> None:
    broadcasting = await prepared(database, 2, 1, policy="repeat")
    broadcasting.messenger.trouble = lambda chat, _: LOST if chat == 1 else None
    await broadcasting.work()
    assert (broadcasting.got(1), broadcasting.got(2)) == (["Headline 1"] * 5, ["Headline 1"])
