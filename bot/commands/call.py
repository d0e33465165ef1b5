"""What a command is, and what it is given beside the call: the store it may ask, the clock, the languages."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from bot.calls import Call, Reply
from bot.digests import Wishes
from bot.governor import Rates
from bot.i18n import Phrases, closest, phrases
from bot.interest import EVERYTHING, Interest, Outcome, Subscription
from bot.models import Article, QueueStatus
from bot.patience import Patience
from bot.ports import ChatInfo, Clock
from bot.search_query import Query


class FoundArticles(Protocol):
    """One page of a search."""

    @property
    def articles(self) -> tuple[Article, ...]:
        """Return the hits of this page, best first."""

    @property
    def total(self) -> int:
        """Return how many hits there are on all pages."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the words of the query that no article has, where others were taken in their place."""


class Readers(Protocol):
    """What the commands need of the store; a page counts from 0."""

    async def remember_chat(self, chat: ChatInfo, *, language: str = "") -> None:
        """Store a chat, or what has changed about it."""

    async def subscribe(
        self, chat_id: int, interest: Interest, *, thread_id: int = 0, private: bool, now: int, most: int
    ) -> Outcome:
        """Send each new article that fits there, for at most `most` interests."""

    async def unsubscribe(self, chat_id: int, *, thread_id: int = 0) -> bool:
        """Send no more articles there; False if none were sent before."""

    async def unsubscribe_from(self, chat_id: int, subscription_id: int, *, thread_id: int = 0) -> bool:
        """End one subscription of that place; False where it has none with this id."""

    async def subscriptions(self, chat_id: int, *, thread_id: int = 0) -> tuple[Subscription, ...]:
        """Return what is subscribed to there, oldest first."""

    async def would_have_brought(self, interest: Interest, since: int) -> int:
        """Return how many articles since then fit an interest."""

    async def sources(self) -> tuple[str, ...]:
        """Return the names of the sources that there are now."""

    async def categories(self) -> tuple[str, ...]:
        """Return the categories most used of late."""

    async def is_subscribed(self, chat_id: int, *, thread_id: int = 0) -> bool:
        """Say whether articles are sent there."""

    async def wishes(self, chat_id: int, *, thread_id: int = 0) -> Wishes:
        """Return what was set for that place."""

    async def next_digest(self, chat_id: int, *, thread_id: int = 0) -> int | None:
        """Return when the next digest there is due, None where articles come at once."""

    async def keep_wishes(self, chat_id: int, wishes: Wishes, *, thread_id: int = 0, now: int, zone: tzinfo) -> None:
        """Set what is wished there from now on; `zone` is that of places without one of their own."""

    async def reopen(self, chat_id: int) -> bool:
        """Send to a chat again that had been paused."""

    async def latest(self, count: int, interest: Interest = EVERYTHING) -> tuple[Article, ...]:
        """Return the newest articles that fit, newest first; interests in words are not served."""

    async def search(self, query: Query, *, page: int, page_size: int, now: int) -> FoundArticles:
        """Return a page of what a query finds."""

    async def public_posts(self, article_ids: Sequence[int]) -> dict[int, str]:
        """Return the addresses of the articles' posts in public channels, by id of the article."""

    async def choose_language(self, reader_id: int, language: str) -> None:
        """Keep the language a reader wants; '' for that of their messenger."""

    async def chosen_language(self, reader_id: int) -> str:
        """Return the language a reader chose, '' if none."""

    async def save(self, reader_id: int, article_id: int, now: int) -> bool:
        """Put an article by; False if it was, or does not exist."""

    async def unsave(self, reader_id: int, article_id: int) -> bool:
        """Take an article out of the reader's list; False if it was not in it."""

    async def has_saved(self, reader_id: int, article_id: int) -> bool:
        """Say whether an article is in the reader's list."""

    async def saved(self, reader_id: int, *, page: int, page_size: int) -> FoundArticles:
        """Return a page of the reader's list, what was put by last first."""

    async def forget(self, reader_id: int) -> None:
        """Delete everything about a reader."""

    async def keep_query(self, chat_id: int, text: str, now: int) -> str:
        """Keep a query so that buttons can name it, and return its name (at most 32 characters)."""

    async def kept_query(self, chat_id: int, token: str) -> str | None:
        """Return the query a button names, or None if it is too old or another chat's."""


async def _nobody(_chat_id: int, _user_id: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """What every command may use.

    Attributes:
        language: of replies to readers whose own we do not speak.
        channel: name of the channel with an @; anything else is not shown.
        most_subscriptions: of one chat or topic.
        owners: user ids of the bot's admins; only they may give commands about the bot itself.
        is_admin: says whether a group (its id) has a reader (theirs) as admin; asked only where it matters.
        zone: of readers who chose none.
        patience: how many calls of one reader are answered in their private chat.
        patience_in_groups: how many in a group, whose members share what Telegram lets us send there.
        status: how the queue and the feeds stand, None where there is nothing to tell.
        rates: how fast posts may go out; for saying when a queue will be done.
    """

    readers: Readers
    clock: Clock
    language: str = "en"
    channel: str = ""
    most_subscriptions: int = 20
    owners: frozenset[int] = frozenset()
    is_admin: Callable[[int, int], Awaitable[bool]] = _nobody
    zone: tzinfo = UTC
    patience: Patience = field(default_factory=Patience)
    patience_in_groups: Patience = field(default_factory=lambda: Patience(burst=8, rate=0.125))
    status: Callable[[], Awaitable[QueueStatus]] | None = None
    rates: Rates = field(default_factory=Rates)

    def phrases(self, call: Call) -> Phrases:
        """Return the phrases in the language of the reader who called."""
        return phrases(closest(call.language_code, self.language))

    @property
    def now(self) -> int:
        """Return the present second."""
        return int(self.clock())


Run = Callable[[Call, Context], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it does, who may give it.

    Attributes:
        run: answers the command.
        press: answers its buttons, None if it has none.
        usage: key of the text that shows its argument, '' if it takes none.
        admins_only: in groups, only for the group's admins.
        owners_only: only for the bot's own admins; to everybody else it does not exist.
    """

    name: str
    run: Run
    press: Run | None = None
    usage: str = ""
    admins_only: bool = False
    owners_only: bool = False
