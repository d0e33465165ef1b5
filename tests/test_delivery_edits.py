"""Corrections: the post is edited in place, a few times at most, and never posted again."""

import pytest
from builders import CHANNEL, new_article
from deliverer import Delivery

from bot.delivery.edits import MOST_EDITS, Editor, EditTools
from bot.errors import ChatClosed, Doubtful, MarkupRefused, NotSent, SendError, SendLater, SendRefused
from bot.format import post_message
from bot.models import Correction, Message, PollResult
from bot.store import Database
from bot.store.feeds import FeedStore

WINDOW = 48 * 3600


class Newsroom(Delivery):
    """A channel in which an article stands that its publisher may change."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.feeds = FeedStore(self.database)
        self.editor = Editor(
            EditTools(
                outbox=self.outbox,
                messenger=self.messenger,
                governor=self.governor,
                now=self.clock,
                render=lambda post: post_message(post.article),
                window=WINDOW,
            )
        )

    async def correct(self, headline: str, *, shown: bool = True) -> None:
        """The feed brings the first article with another headline."""
        now = int(self.clock()) + 1000
        [feed] = await self.feeds.claim_due(now, lease=1, limit=1)
        correction = Correction(1, headline, headline, "Other words.", "Other words.", shown=shown)
        assert await self.feeds.save(PollResult(feed, corrections=(correction,)), channels=[CHANNEL], now=now)

    async def tick(self, after: float = 3600) -> None:
        self.clock.time += after
        await self.editor.tick()


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    newsroom = Newsroom(database)
    await newsroom.publish(new_article(1))
    await newsroom.work()
    return newsroom


async def test_a_changed_headline_is_edited_in_place_and_nothing_is_posted(newsroom: Newsroom) -> None:
    await newsroom.correct("A better headline")
    await newsroom.tick()
    assert newsroom.headlines() == ["A better headline"]
    assert newsroom.messenger.calls == 1


async def test_an_edit_is_made_once(newsroom: Newsroom) -> None:
    await newsroom.correct("A better headline")
    for _ in range(3):
        await newsroom.tick()
    assert len(newsroom.messenger.edits) == 1


async def test_a_change_that_nobody_sees_is_no_edit(newsroom: Newsroom) -> None:
    await newsroom.correct("Headline 1", shown=False)
    await newsroom.tick()
    assert newsroom.messenger.edits == []


async def test_a_storm_of_changes_edits_a_few_times_at_most(newsroom: Newsroom) -> None:
    for number in range(30):
        await newsroom.correct(f"Headline, version {number}")
        await newsroom.tick(after=1000)
    assert len(newsroom.messenger.edits) <= MOST_EDITS
    assert newsroom.messenger.calls == 1


async def test_a_post_older_than_the_window_stays_as_it_is(newsroom: Newsroom) -> None:
    newsroom.clock.time += WINDOW + 1
    await newsroom.correct("Too late")
    await newsroom.tick()
    assert newsroom.messenger.edits == []


@pytest.mark.parametrize(
    "trouble", [SendLater(600), NotSent("no route"), Doubtful("502"), ChatClosed("no right")], ids=str
)
async def test_an_edit_that_fails_for_now_is_made_later(newsroom: Newsroom, trouble: SendError) -> None:
    await newsroom.correct("A better headline")
    newsroom.messenger.trouble = lambda _chat, _message: trouble
    await newsroom.tick()
    newsroom.messenger.trouble = lambda _chat, _message: None
    await newsroom.tick(after=1)
    assert newsroom.headlines() == ["Headline 1"]
    await newsroom.tick(after=601)
    assert newsroom.headlines() == ["A better headline"]


async def test_a_limit_met_by_an_edit_closes_the_chat_for_posts_too(newsroom: Newsroom) -> None:
    await newsroom.correct("A better headline")
    newsroom.messenger.trouble = lambda _chat, _message: SendLater(600)
    await newsroom.tick()
    assert newsroom.governor.closed_until(CHANNEL) >= newsroom.clock() + 600


async def test_refused_markup_is_edited_as_plain_text_at_once(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    await newsroom.correct("A better headline")

    def refused(_chat: int, message: Message) -> SendError | None:
        return MarkupRefused("can't parse entities") if message.html else None

    newsroom.messenger.trouble = refused
    await newsroom.tick()
    [(_, _, edited)] = newsroom.messenger.edits
    assert (edited.html, edited.plain.split("\n")[0]) == ("", "A better headline")
    assert "our bug" in caplog.text


async def test_a_post_that_was_deleted_is_left_alone(newsroom: Newsroom) -> None:
    await newsroom.correct("A better headline")
    calls = []

    def gone(chat: int, _message: Message) -> SendError:
        calls.append(chat)
        return SendRefused("message to edit not found")

    newsroom.messenger.trouble = gone
    for _ in range(5):
        await newsroom.tick()
    assert len(calls) == 1
