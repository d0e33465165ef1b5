"""The one place that paces all sending, so that Telegram never has to.

Two rules hold for each message: its chat's window (20 a minute to a group or channel, a few a second to a private
chat) and the bot's own pace (30 a second). Who waits for the bot's pace is served by priority, so a broadcast never
delays an answer. Telegram's figures: core.telegram.org/bots/faq, 'My bot is hitting limits'.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from bot.errors import SendLater
from bot.ports import Clock
from bot.window import Window, chat_window, private_window

GLOBAL = "global"
RESERVED_FOR_ANSWERS = 2
# Waking up is never exact; what is lost by it may be caught up within this many seconds, as a tiny burst.
SLACK = 0.1
HEADROOM = 0.985
FORGET_AFTER = 15.0
LONGEST_NAP = 30.0
PATIENCE_OF_A_READER = 30.0
# This many different chats refused within this many seconds, and none served in between, mean that the bot as a whole
# is too fast. Fewer need no such guess: each of them is closed by itself.
GLOBAL_SIGN_CHATS = 6
GLOBAL_SIGN_SECONDS = 2.0


class Priority(IntEnum):
    """Who goes first when all want to send."""

    ANSWER = 0
    PROBE = 1
    POST = 2
    EDIT = 3
    BROADCAST = 4


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages a second in all, a minute to one group or channel, a second to one private chat."""

    overall: float = 30.0
    chat: float = 20.0
    private: float = 1.0


@dataclass(slots=True)
class Turn:
    """A message's turn; set `counts` to False where it turns out that nothing was sent."""

    counts: bool = True


class Gates(Protocol):
    """Where closed scopes are kept, so that a restart does not forget a `retry_after`."""

    async def load_gates(self) -> dict[str, float]:
        """Return until when each scope is closed."""

    async def close_gate(self, scope: str, until: float) -> None:
        """Remember that a scope is closed until then."""


class SteadyGates:
    """Keeps closed scopes by the clock on the wall, for a restart, while the governor goes by one that never jumps."""

    def __init__(self, gates: Gates, *, wall: Clock, steady: Clock) -> None:
        self._gates = gates
        self._wall = wall
        self._steady = steady

    async def load_gates(self) -> dict[str, float]:
        """Return until when each scope is closed, by the steady clock."""
        ahead = self._steady() - self._wall()
        return {scope: until + ahead for scope, until in (await self._gates.load_gates()).items()}

    async def close_gate(self, scope: str, until: float) -> None:
        """Remember that a scope is closed until then, by the steady clock."""
        await self._gates.close_gate(scope, until - self._steady() + self._wall())


class Governor:
    """Hands out turns to send.

    Args:
        rates: the ceilings.
        now: a clock that never jumps: set back by an hour, one on the wall would keep everybody waiting for an hour.
        gates: the memory of closed scopes.
        sleep: how to wait; asyncio's unless a test has its own.
    """

    def __init__(
        self, rates: Rates, *, now: Clock, gates: Gates, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._rates = rates
        self._now = now
        self._gates = gates
        self._sleep = sleep
        self._windows: dict[str, Window] = {}
        self._closed: dict[str, float] = {}
        self._refusals: deque[tuple[float, int, float]] = deque()
        self._counts: deque[tuple[int, int]] = deque(maxlen=60)
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._counter = itertools.count()
        self._next_free = 0.0
        self._pump: asyncio.Task[None] | None = None
        self._swept_at = 0.0
        self._answered: set[int] = set()

    async def load(self) -> None:
        """Take up the closed scopes of the last run."""
        self._closed.update(await self._gates.load_gates())

    def seed(self, chat_id: int, sent_at: list[float]) -> None:
        """Count messages of the last run that are still inside a chat's window."""
        window, now = self._window(chat_id), self._now()
        window.finished = deque(sorted([*window.finished, *(min(at, now) for at in sent_at)]))

    def closed_until(self, chat_id: int) -> float:
        """Return until when a chat takes nothing, as far as the server has said so; a time of the past if it does."""
        return max(self._closed.get(f"chat:{chat_id}", 0.0), self._closed.get(GLOBAL, 0.0))

    def closed_for(self, chat_id: int) -> float:
        """Return for how many seconds a chat takes nothing; 0 or less where it is open."""
        return self.closed_until(chat_id) - self._now()

    def all_closed_for(self) -> float:
        """Return for how many seconds no chat takes anything; 0 or less where that is not so."""
        return self._closed.get(GLOBAL, 0.0) - self._now()

    async def refused(self, chat_id: int, retry_after: float) -> None:
        """Take note of a 429: close the chat, and the bot where one chat after the other is refused."""
        now = self._now()
        self._refusals.append((now, chat_id, retry_after))
        while self._refusals[0][0] < now - GLOBAL_SIGN_SECONDS:
            self._refusals.popleft()
        await self._close(f"chat:{chat_id}", now + retry_after)
        if len({chat for _, chat, _ in self._refusals}) >= GLOBAL_SIGN_CHATS:
            await self._close(GLOBAL, now + min(seconds for _, _, seconds in self._refusals))

    async def _close(self, scope: str, until: float) -> None:
        until = max(self._closed.get(scope, 0.0), until)
        self._closed[scope] = until
        await self._gates.close_gate(scope, until)

    @asynccontextmanager
    async def turn(self, chat_id: int, priority: Priority) -> AsyncIterator[Turn]:
        """Wait for a turn to send one message to a chat, and hold it while the call runs.

        Raises:
            SendLater: an answer would have to wait longer than anybody waits for one.
        """
        window = self._window(chat_id, edit=priority is Priority.EDIT)
        if priority is Priority.ANSWER:
            self._answered.add(chat_id)
        await self._chat_turn(chat_id, window, priority)
        window.in_flight += 1
        turn = Turn()
        try:
            await self._own_turn(priority)
            yield turn
            self._refusals.clear()
            if turn.counts:
                self._count()
        finally:
            window.in_flight -= 1
            if turn.counts:
                window.finished.append(self._now())

    def sent_within(self, seconds: int) -> int:
        """Return how many messages have gone out in the last seconds, at most in the last minute."""
        return sum(count for second, count in self._counts if second > self._now() - seconds)

    def _count(self) -> None:
        second = int(self._now())
        if self._counts and self._counts[-1][0] == second:
            self._counts[-1] = (second, self._counts[-1][1] + 1)
        else:
            self._counts.append((second, 1))

    async def close(self) -> None:
        """Stop handing out turns."""
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump

    def _window(self, chat_id: int, *, edit: bool = False) -> Window:
        self._sweep()
        scope = f"edit:{chat_id}" if edit and chat_id < 0 else f"chat:{chat_id}"
        window = self._windows.get(scope)
        if window is None:
            rates = self._rates
            window = private_window(rates.private) if chat_id > 0 else chat_window(rates.chat)
            self._windows[scope] = window
        return window

    def _sweep(self) -> None:
        now = self._now()
        if now < self._swept_at + FORGET_AFTER:
            return
        self._swept_at = now
        self._closed = {scope: until for scope, until in self._closed.items() if until > now}
        self._windows = {
            scope: window
            for scope, window in self._windows.items()
            if window.in_flight or (window.finished and window.finished[-1] > now - window.period)
        }

    async def _chat_turn(self, chat_id: int, window: Window, priority: Priority) -> None:
        # In a group that both subscribes and asks, the last places of the window belong to answers. Nobody asks in
        # a channel, so there the posts have it all.
        keeps_places = priority > Priority.PROBE and chat_id in self._answered and chat_id < 0
        reserved = RESERVED_FOR_ANSWERS if keeps_places else 0
        while True:
            now = self._now()
            closed = self.closed_until(chat_id) - now
            if priority is Priority.ANSWER and closed > PATIENCE_OF_A_READER:
                raise SendLater(closed)
            wait = max(closed, window.wait(now, reserved=reserved))
            if wait <= 0:
                return
            await self._sleep(min(wait, LONGEST_NAP))

    async def _own_turn(self, priority: Priority) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (int(priority), next(self._counter), turn))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._hand_out(), name="governor")
        await turn

    async def _hand_out(self) -> None:
        interval = 1 / (self._rates.overall * HEADROOM)
        while self._waiting:
            now = self._now()
            wait = max(self._next_free - now, self._closed.get(GLOBAL, 0.0) - now)
            if wait > 0:
                await self._sleep(min(wait, LONGEST_NAP))
                continue
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                self._next_free = max(self._next_free, now - SLACK) + interval
