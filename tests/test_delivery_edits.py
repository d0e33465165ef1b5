"""Corrections: the post is edited in place, a few times at most, and never posted again."""

from collections.abc import Callable

import pytest
from builders import CHANNEL, GROUP, new_article
from deliverer import Delivery

from bot.delivery.edits import Editor, EditTools
from bot.errors import ChatClosed, Doubtful, MarkupRefused, NotSent, SendError, SendLater, SendRefused
from bot.models import Correction, Message, PollResult, Post
from bot.store import Database
from bot.store.feeds import FeedStore

WINDOW = 48 * 3600


class Newsroom(Delivery):
    """A channel in which an article stands that its publisher may change."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.feeds = FeedStore(self.database)
        self.editor = self.editor_with(self.render)

    def editor_with(self, render: Callable[[Post], Message]) -> Editor:
        return Editor(
            EditTools(
                outbox=self.outbox,
                messenger=self.messenger,
                governor=self.governor,
                now=self.clock,
                render=render,
                window=WINDOW,
            )
        )

    def texts(self) -> list[str]:
        return self.messenger.texts(CHANNEL)

    async def correct(self, headline: str, *, article_id: int = 1, shown: bool = True) -> None:
        """The feed brings an article with another headline."""
        now = int(self.clock())
        await self.feeds.release_stale(now)
        [feed] = await self.feeds.active()
        feed = await self.feeds.claim(feed.id, now, lease=1)
        assert feed
        correction = Correction(article_id, headline, headline, "Other words.", "Other words.", shown=shown)
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


async def test_a_storm_of_changes_edits_a_few_times_and_the_last_change_is_shown(newsroom: Newsroom) -> None:
    for number in range(200):
        newsroom.clock.time += 60
        await newsroom.correct(f"Headline, version {number}")
        await newsroom.tick(after=0)
    assert len(newsroom.messenger.edits) <= 6
    for _ in range(12):
        await newsroom.tick(after=3600)
    assert newsroom.headlines() == ["Headline, version 199"]
    assert newsroom.messenger.calls == 1


async def test_a_second_correction_soon_after_the_first_is_shown_within_the_minute(newsroom: Newsroom) -> None:
    for headline in ("A better headline", "The best headline"):
        await newsroom.correct(headline)
        await newsroom.tick(after=1)
    assert newsroom.headlines() == ["A better headline"]
    await newsroom.tick(after=60)
    assert newsroom.headlines() == ["The best headline"]


async def test_what_changes_while_an_edit_is_made_is_edited_too(newsroom: Newsroom) -> None:
    await newsroom.correct("A better headline")
    [read_before] = await newsroom.outbox.edits_due(int(newsroom.clock()), sent_since=0)
    await newsroom.correct("The best headline")
    await newsroom.outbox.edited(read_before, int(newsroom.clock()))
    await newsroom.tick()
    assert newsroom.headlines() == ["The best headline"]


async def test_what_changes_while_a_post_waits_for_its_turn_is_edited_once_it_stands(database: Database) -> None:
    newsroom = Newsroom(database)
    await newsroom.publish(new_article(1))
    read_before = await newsroom.head()
    await newsroom.correct("A better headline")
    await newsroom.outbox.begin(read_before, int(newsroom.clock()))
    sent = await newsroom.messenger.send(CHANNEL, newsroom.render(read_before))
    await newsroom.outbox.sent(read_before, sent, int(newsroom.clock()))
    await newsroom.tick()
    assert newsroom.headlines() == ["A better headline"]


async def test_an_article_that_changes_before_it_is_posted_is_not_marked_as_updated(database: Database) -> None:
    newsroom = Newsroom(database)
    await newsroom.publish(new_article(1))
    await newsroom.correct("A better headline")
    post = await newsroom.head()
    assert (post.article.headline, post.article.updated_at) == ("A better headline", None)


async def test_a_closed_channel_holds_up_the_edits_of_no_other(database: Database) -> None:
    newsroom = Newsroom(database)
    await newsroom.publish(new_article(1), channels=(CHANNEL, GROUP))
    await newsroom.work()
    await newsroom.governor.refused(CHANNEL, 86_400)
    await newsroom.correct("A better headline")
    start = newsroom.clock()
    await newsroom.tick(after=10)
    assert newsroom.clock() == start + 10
    assert (newsroom.headlines(), newsroom.headlines(GROUP)) == (["Headline 1"], ["A better headline"])
    await newsroom.tick(after=86_400)
    assert newsroom.headlines() == ["A better headline"]


async def test_a_post_in_a_channel_that_is_closed_to_us_is_edited_when_it_is_open_again(newsroom: Newsroom) -> None:
    await newsroom.outbox.close_chat(CHANNEL, "kicked")
    await newsroom.correct("A better headline")
    tried: list[int] = []
    newsroom.messenger.trouble = lambda chat, _message: tried.append(chat)
    await newsroom.tick()
    assert tried == []
    await newsroom.outbox.open_chat(CHANNEL)
    await newsroom.tick()
    assert newsroom.headlines() == ["A better headline"]


async def test_one_post_that_cannot_be_made_holds_up_no_other_edit(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom = Newsroom(database)
    await newsroom.publish(new_article(1), new_article(2))
    await newsroom.work()
    whole = newsroom.render

    def render(post: Post) -> Message:
        if post.article.id == 1:
            raise ZeroDivisionError
        return whole(post)

    newsroom.editor = newsroom.editor_with(render)
    await newsroom.correct("A better headline")
    await newsroom.correct("Another better headline", article_id=2)
    await newsroom.tick()
    assert newsroom.headlines() == ["Headline 1", "Another better headline"]
    assert "our bug" in caplog.text


async def test_an_article_in_a_burst_is_corrected_in_its_place(database: Database) -> None:
    newsroom = Newsroom(database, burst_fold=2)
    await newsroom.publish(*(new_article(number) for number in range(1, 4)))
    await newsroom.work()
    [standing] = newsroom.texts()
    await newsroom.correct("A better headline", article_id=2)
    await newsroom.tick()
    [edited] = newsroom.texts()
    assert edited == standing.replace("Headline 2", "A better headline")


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
    assert newsroom.governor.closed_for(CHANNEL) >= 600


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
