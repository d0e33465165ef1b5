"""Killed before and after each single write, call and look-up of a run: nothing is ever lost, doubled or out of order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from builders import CHANNEL, new_article
from deliverer import Delivery
from fakes import LOST, FakeMessenger

from bot.errors import Doubtful, SendError
from bot.models import Message
from bot.ports import Probed, Sent
from bot.store import Connection, Database, open_database

T = TypeVar("T")
HEADLINES = [f"Headline {number}" for number in range(1, 6)]
OTHERS = Message(html="", plain="A word of the editor", link="https://elsewhere.example/")


class Killed(BaseException):
    """What no code of the program catches."""


@dataclass
class Life:
    """Lasts until so many instants have passed; there is one before and one after each thing that is done."""

    instants: int
    used: int = 0

    async def live(self, work: Callable[[], Awaitable[T]]) -> T:
        self._instant()
        result = await work()
        self._instant()
        return result

    def _instant(self) -> None:
        self.used += 1
        if self.used == self.instants:
            raise Killed


@dataclass
class MortalDatabase:
    database: Database
    life: Life

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.database.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self.life.live(lambda: self.database.write(work))


@dataclass
class MortalMessenger(FakeMessenger):
    """Loses the answer for the second post, never gets the third, and somebody else posts before the fourth."""

    life: Life = field(default_factory=lambda: Life(0))
    tried: set[str] = field(default_factory=set)

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        return await self.life.live(lambda: self._send(chat_id, message))

    async def probe(self, chat_id: int, message_id: int) -> Probed | None:
        return await self.life.live(lambda: super(MortalMessenger, self).probe(chat_id, message_id))

    async def _send(self, chat_id: int, message: Message) -> Sent:
        headline = message.plain.split("\n", 1)[0]
        first, self.tried = headline not in self.tried, self.tried | {headline}
        trouble: dict[str, SendError | str] = {"Headline 2": LOST, "Headline 3": Doubtful("502")}
        if first and headline == "Headline 4":
            self.put(chat_id, OTHERS)
        self.trouble = lambda _chat, _message: trouble.get(headline) if first else None
        return await super().send(chat_id, message)


async def run(folder: Path, *instants: int) -> tuple[list[str], bool]:
    """Post all articles, killed in the first lives after so many instants; return what stands, and who survived."""
    database = await open_database(f"sqlite:///{folder}/{'-'.join(map(str, instants))}.db")
    messenger, survived = MortalMessenger(), True
    await Delivery(database).publish(*(new_article(number) for number in range(1, 6)))
    for last in (*instants, 0):
        messenger.life = Life(last)
        delivery = Delivery(MortalDatabase(database, messenger.life), messenger=messenger)  # type: ignore[arg-type]
        try:
            while await delivery.outbox.head(CHANNEL):
                await delivery.step()
        except Killed:
            survived = False
    found = [headline for headline in delivery.headlines() if headline != OTHERS.plain]
    states = await delivery.states()
    await database.close()
    assert states == ["sent"] * 5
    return found, survived


async def test_killed_at_any_one_instant(tmp_path: Path) -> None:
    instants, survived = 0, False
    while not survived:
        instants += 1
        found, survived = await run(tmp_path, instants)
        assert found == HEADLINES, f"killed at instant {instants}"
    assert instants > 40


async def test_killed_again_while_the_last_kill_is_settled(tmp_path: Path) -> None:
    for first in range(2, 30, 5):
        for second in range(1, 30, 7):
            found, _ = await run(tmp_path, first, second)
            assert found == HEADLINES, f"killed at instants {first} and {second}"
