"""What the use cases need of the world outside, in the smallest form."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.models import (
    Condensed,
    Draft,
    Entry,
    Errand,
    Feed,
    Known,
    Message,
    PollResult,
    Post,
    PostState,
    Stray,
    Told,
    Validators,
)
from bot.pictures import Seen

Clock = Callable[[], float]
"""Seconds since 1970-01-01 UTC."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message the server has accepted.

    Attributes:
        message_id: its id within the chat.
        form: 'text' or 'photo': which kind of edit it takes later.
        photo_id: the server's own id of the photo, with which it can be sent again; '' where there is none.
    """

    message_id: int
    form: str = "text"
    photo_id: str = ""


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """A chat as the messenger knows it; `kind` is private, group, supergroup or channel."""

    id: int
    kind: str
    title: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class Probed:
    """A message found by looking it up: its links and its text, as far as they can be seen."""

    text: str
    links: tuple[str, ...] = ()
    form: str = "text"


class Messenger(Protocol):
    """Sends to chats. Every call raises a `SendError`, `TokenRefused` or returns."""

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        """Send a message; in a forum, to the topic `thread_id`."""

    async def edit(self, chat_id: int, message_id: int, message: Message, *, form: str = "text") -> None:
        """Replace what a message of ours says; no change is no error."""

    async def resolve(self, name: str) -> ChatInfo:
        """Look a chat up by `@name` or id."""


class Prober(Protocol):
    """Looks at messages of a chat without changing anything a reader sees."""

    @property
    def through(self) -> int:
        """Return the chat in which looking leaves a trace for a moment, 0 for none; the limits of that chat count."""

    def pass_on(self) -> None:
        """Look through another chat from now on, where there is one."""

    async def probe(self, chat_id: int, message_id: int) -> Probed | None:
        """Return the message, or None where there is none with that id.

        Raises:
            SendRefused: this chat cannot be looked into.
        """

    async def exists(self, chat_id: int, message_id: int) -> bool:
        """Say whether there is a message with that id; nothing is sent anywhere, and no chat of the admins needed.

        Raises:
            SendRefused: this chat cannot be looked into.
        """


class Outbox(Protocol):
    """The store's outbox as the delivery worker needs it; `store/outbox.py` says what each call promises."""

    async def waiting_chats(self) -> list[int]: ...
    async def head(self, chat_id: int) -> Post | None: ...
    async def begin(self, post: Post, now: int) -> bool: ...
    async def sent(self, post: Post, sent: Sent, now: int) -> None: ...
    async def put_back(
        self, post: Post, *, due_at: int, error: str, plain: bool = False, rung: str | None = None
    ) -> None: ...
    async def show_by(self, post: Post, rung: str) -> None: ...
    async def give_up(self, post: Post, state: PostState, error: str) -> None: ...
    async def waiting(self, chat_id: int) -> list[Post]: ...
    async def fold(self, groups: Sequence[Sequence[Post]]) -> None: ...
    async def unfold(self, post: Post) -> None: ...
    async def last_post(self, chat_id: int) -> int: ...
    async def keep_strays(self, chat_id: int, strays: Sequence[Stray], highest: int) -> None: ...
    async def strays(self, chat_id: int, link: str) -> list[Stray]: ...
    async def is_known(self, chat_id: int, message_id: int) -> bool: ...
    async def chat_kind(self, chat_id: int) -> str: ...
    async def chat_name(self, chat_id: int) -> str: ...
    async def close_chat(self, chat_id: int, reason: str) -> bool: ...
    async def open_chat(self, chat_id: int) -> bool: ...
    async def paused_chats(self) -> list[tuple[int, str]]: ...
    async def drop_waiting(self, chat_id: int, reason: str) -> None: ...
    async def move_chat(self, old: int, new: int) -> None: ...
    async def edits_due(self, now: int, *, sent_since: int, limit: int = 20) -> list[Post]: ...
    async def edited(self, post: Post, now: int) -> None: ...
    async def edit_later(self, post: Post, due_at: int) -> None: ...
    async def leave_unedited(self, post: Post) -> None: ...


class Broadcasts(Protocol):
    """The store's broadcasts as the delivery worker needs them; `store/broadcasts.py` says what each call promises."""

    async def claim(self, limit: int) -> int: ...
    async def due(self, now: int, limit: int) -> list[Errand]: ...
    async def begin(self, errand: Errand) -> None: ...
    async def sent(self, errand: Errand, photo_id: str = "") -> None: ...
    async def put_back(self, errand: Errand, *, due_at: int, error: str, plain: bool = False) -> None: ...
    async def give_up(self, errand: Errand, error: str) -> None: ...
    async def recover(self, *, repeat: bool) -> int: ...
    async def finish(self, now: int) -> None: ...


class Pictures(Protocol):
    """Looks at pictures and fetches them, within a few seconds each.

    Both raise `FetchError` where the address gives no picture, and `WorkerError` where reading it takes too much.
    """

    async def look(self, url: str) -> Seen:
        """Return what the picture's file says of itself."""

    async def file(self, url: str) -> bytes:
        """Return the picture as a JPEG that fits Telegram's limits for an upload."""


class Alerts(Protocol):
    """Tells the admins, once, in their language: `key` names a text of `locales`, the facts are put into it."""

    async def tell(self, name: str, key: str, /, **facts: object) -> None:
        """Tell the admins, unless the alert `name` stands already."""

    async def clear(self, name: str, key: str = "", /, **facts: object) -> None:
        """Take an alert back; the text of `key`, if any, says that it is over, where it stood."""


class Fetched(Protocol):
    """An address's answer, as the poller sees it (`feeds/fetch.py` says more)."""

    @property
    def status(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def validators(self) -> Validators: ...
    @property
    def freshness(self) -> int | None: ...
    @property
    def permanent_url(self) -> str: ...
    @property
    def hub(self) -> str: ...
    @property
    def self_link(self) -> str: ...


class Document(Protocol):
    """A feed document, read (`feeds/document.py` says more)."""

    @property
    def entries(self) -> tuple[Entry, ...]: ...
    @property
    def total(self) -> int: ...
    @property
    def is_complete(self) -> bool: ...
    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def ttl(self) -> int | None: ...
    @property
    def update_period(self) -> int | None: ...
    @property
    def skip_hours(self) -> tuple[int, ...]: ...
    @property
    def skip_days(self) -> tuple[int, ...]: ...
    @property
    def hub(self) -> str: ...
    @property
    def self_link(self) -> str: ...


class FoundFeed(Protocol):
    """A site's feed: where it is, the answer it came in, and what it says (`feeds/discover.py` says more)."""

    @property
    def url(self) -> str: ...
    @property
    def fetched(self) -> Fetched: ...
    @property
    def parsed(self) -> Document: ...


class Web(Protocol):
    """What the poller asks of the network and of the worker processes.

    `fetch_feed` and `fetch_page` raise `FetchError`; `read` and `find` raise `NotAFeed` or `WorkerError`; the others
    `WorkerError`. `read` leaves out entries that stand unchanged since the document of `stored_hash` was stored.
    `leave_alone` closes the host of an address for so many seconds.
    """

    def leave_alone(self, url: str, seconds: int) -> None: ...
    async def fetch_feed(self, url: str, validators: Validators | None) -> Fetched: ...
    async def fetch_page(self, url: str) -> Fetched: ...
    async def read(self, body: bytes, url: str, content_type: str, stored_hash: str = "") -> Document: ...
    async def find(self, url: str, page: Fetched) -> FoundFeed: ...
    async def pages_wanted(self, entries: Sequence[Entry]) -> list[bool]: ...
    async def condense(self, drafts: Sequence[Draft], site: str, language: str) -> list[Condensed]: ...


class Feeds(Protocol):
    """The store's feeds as the poller needs them; `store/feeds.py` says what each call promises."""

    async def claim_due(self, now: int, *, lease: int, limit: int) -> list[Feed]: ...
    async def claim(self, feed_id: int, now: int, *, lease: int) -> Feed | None: ...
    async def release_all(self, feeds: Sequence[Feed], now: int) -> None: ...
    async def next_due(self) -> int | None: ...
    async def active(self) -> list[Feed]: ...
    async def known(self, feed_id: int, keys: Collection[str]) -> dict[str, Known | None]: ...
    async def article_texts(self, article_id: int) -> tuple[str, str] | None: ...
    async def told_since(self, since: int) -> list[Told]: ...
    async def save(self, result: PollResult, *, channels: Sequence[int], now: int, last: bool = True) -> bool: ...


class Summariser(Protocol):
    """Makes better summaries than the condenser's, where it can."""

    async def summarise(self, articles: Sequence[Condensed]) -> list[Condensed]:
        """Return each article with a better summary, or as it was; never raises, and takes a few seconds at most."""


class SummaryBook(Protocol):
    """What a language model was asked and answered; `store/summaries.py` says what each call promises."""

    async def spend(self, day: str, most: int) -> bool: ...
    async def answer(self, key: str) -> str | None: ...
    async def keep(self, key: str, answer: str, now: int) -> None: ...
