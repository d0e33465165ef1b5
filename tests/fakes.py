"""Working stand-ins: a messenger that keeps what it is sent, alerts that are kept, a gate that forgets nothing."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.alerts import alert_text
from bot.errors import Doubtful, SendError
from bot.i18n import phrases
from bot.models import Message
from bot.ports import ChatInfo, Probed, Sent

LOST = "lost"


@dataclass
class FakeMessenger:
    """Chats in memory, with one rising sequence of ids a chat; `trouble` decides what a call meets with.

    `trouble(chat_id, message)` returns None for no trouble, an error to raise before anything is sent, or LOST: the
    message is kept, and no answer comes.
    """

    trouble: Callable[[int, Message], SendError | str | None] = lambda _chat, _message: None
    through: int = 900
    chats: dict[int, dict[int, Message]] = field(default_factory=lambda: defaultdict(dict))
    edits: list[tuple[int, int, Message]] = field(default_factory=list)
    probes: list[tuple[int, int]] = field(default_factory=list)
    felt: list[tuple[int, int]] = field(default_factory=list)
    passed_on: int = 0
    next_ids: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    calls: int = 0

    def texts(self, chat_id: int) -> list[str]:
        """What stands in a chat, in order."""
        return [message.html or message.plain for message in self.chats[chat_id].values()]

    def put(self, chat_id: int, message: Message) -> int:
        """Somebody posts."""
        self.next_ids[chat_id] += 1
        self.chats[chat_id][self.next_ids[chat_id]] = message
        return self.next_ids[chat_id]

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        self.calls += 1
        trouble = self.trouble(chat_id, message)
        if isinstance(trouble, SendError):
            raise trouble
        message_id = self.put(chat_id, message)
        if trouble == LOST:
            raise Doubtful("the answer was lost")
        return Sent(message_id)

    async def edit(self, chat_id: int, message_id: int, message: Message, *, form: str = "text") -> None:
        trouble = self.trouble(chat_id, message)
        if isinstance(trouble, SendError):
            raise trouble
        self.edits.append((chat_id, message_id, message))
        self.chats[chat_id][message_id] = message

    async def resolve(self, name: str) -> ChatInfo:
        return ChatInfo(-1001, "channel", name, name.lstrip("@"))

    def pass_on(self) -> None:
        self.passed_on += 1

    async def exists(self, chat_id: int, message_id: int) -> bool:
        self.felt.append((chat_id, message_id))
        return message_id in self.chats[chat_id]

    async def probe(self, chat_id: int, message_id: int) -> Probed | None:
        self.probes.append((chat_id, message_id))
        message = self.chats[chat_id].get(message_id)
        return None if message is None else Probed(message.plain, (message.link,) if message.link else ())


@dataclass
class FakeAlerts:
    """Alerts that stand, and all that was told."""

    standing: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    async def tell(self, name: str, key: str, /, **facts: object) -> None:
        if name not in self.standing:
            self.standing[name] = key
            self.told.append(alert_text(phrases("en"), key, facts))

    async def clear(self, name: str, key: str = "", /, **facts: object) -> None:
        if self.standing.pop(name, None) is not None and key:
            self.told.append(alert_text(phrases("en"), key, facts))


@dataclass
class FakeClock:
    """A clock that moves when somebody sleeps on it."""

    time: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class FakeGates:
    """Closed scopes, kept."""

    closed: dict[str, float] = field(default_factory=dict)

    async def load_gates(self) -> dict[str, float]:
        return dict(self.closed)

    async def close_gate(self, scope: str, until: float) -> None:
        self.closed[scope] = until
