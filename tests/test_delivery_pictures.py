"""A post's picture in delivery: down the ladder at every refusal, in the post's own turn, and for all readers at once."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from builders import CHANNEL, NOW, new_article, store_articles
from deliverer import Delivery
from fakes import FakeGates, FakeMessenger

from bot.delivery.broadcast import Broadcaster, BroadcastTools
from bot.delivery.compose import Composer
from bot.delivery.editions import Editions
from bot.errors import Doubtful, FetchError, PictureRefused, SendError, SendLater, WorkerError
from bot.format import post_message
from bot.governor import Governor, Rates
from bot.interest import EVERYTHING
from bot.models import Message, Post
from bot.pictures import Rung, Seen
from bot.ports import ChatInfo, Sent
from bot.store import Database
from bot.store.broadcasts import BroadcastStore
from bot.store.readers import ReaderStore

PICTURE = "https://news.example/i.jpg"
SEEN = Seen("JPEG", "RGB", 1200, 800, 100_000)


@dataclass
class FakePictures:
    """One picture for every address."""

    seen: Seen = SEEN
    error: Exception | None = None
    looks: int = 0
    files: int = 0

    async def look(self, url: str) -> Seen:
        self.looks += 1
        if self.error:
            raise self.error
        return self.seen

    async def file(self, url: str) -> bytes:
        self.files += 1
        return b"jpeg of " + url.encode()


@dataclass
class PhotoMessenger(FakeMessenger):
    """Gives photos an id."""

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        sent = await super().send(chat_id, message, thread_id=thread_id)
        return Sent(sent.message_id, "photo", "AgAD-id") if message.photo or message.upload else sent


@dataclass
class PictureDelivery(Delivery):
    """Delivery with the real composer."""

    messenger: PhotoMessenger = field(default_factory=PhotoMessenger)
    pictures: FakePictures = field(default_factory=FakePictures)
    images: str = "photo"
    of_feed: str | None = None

    @property
    def composer(self) -> Composer:
        async def images_of(_feed_id: int) -> str | None:
            return self.of_feed

        def render(article: object, rung: Rung, upload: bytes | None) -> Message:
            return post_message(article, rung=rung, upload=upload)

        return Composer(pictures=self.pictures, images=self.images, images_of=images_of, render=render)

    async def compose(self, post: Post):
        return await self.composer.compose(post)


def form(message: Message) -> str:
    """The rung on which a message shows its picture."""
    if message.upload:
        return "upload"
    if message.photo:
        return "url" if message.photo == PICTURE else "known"
    if message.preview_url:
        return "preview" if message.preview_url == PICTURE else "page"
    return "none"


class Refusing:
    """Refuses pictures in these forms, and notes all that was tried."""

    def __init__(self, *forms: str) -> None:
        self.forms, self.tried = forms, []

    def __call__(self, _chat_id: int, message: Message) -> PictureRefused | None:
        self.tried.append(form(message))
        return PictureRefused("wrong type") if form(message) in self.forms else None


async def published(database: Database, count: int = 1, **facts: object) -> PictureDelivery:
    delivery = PictureDelivery(database, **facts)
    await delivery.publish(*(new_article(number, image=PICTURE) for number in range(1, count + 1)))
    return delivery


async def test_a_refused_picture_goes_down_the_ladder_before_the_next_post_leaves(database: Database) -> None:
    delivery = await published(database, 2)
    delivery.messenger.trouble = refusing = Refusing("url", "upload", "page")
    start = delivery.clock()
    await delivery.work()
    assert refusing.tried == ["url", "upload", "page", "none"] * 2
    assert delivery.headlines() == ["Headline 1", "Headline 2"]
    assert delivery.clock() == start
    assert all(message.html for message in delivery.messenger.chats[CHANNEL].values())


async def test_a_restart_goes_on_from_the_rung_that_was_reached(database: Database) -> None:
    delivery = await published(database)
    delivery.messenger.trouble = Refusing("url", "upload")
    assert await delivery.step()
    assert await delivery.step()
    again = PictureDelivery(database)
    again.messenger.trouble = refusing = Refusing()
    await again.work()
    assert refusing.tried == ["page"]


@pytest.mark.parametrize(
    ("troubles", "forms"),
    [
        ([PictureRefused("wrong type"), SendLater(5)], ["url", "upload", "upload"]),
        ([Doubtful("no answer")], ["url", "upload"]),
        ([Doubtful("no answer")] * 2, ["url", "upload", "page"]),
    ],
    ids=["too early", "no answer", "no answer twice"],
)
async def test_a_post_that_did_not_arrive_is_sent_in_a_form_that_may(
    database: Database, troubles: list[SendError], forms: list[str]
) -> None:
    delivery = await published(database)
    waiting, tried = list(troubles), []

    def trouble(_chat_id: int, message: Message) -> SendError | None:
        tried.append(form(message))
        return waiting.pop(0) if waiting else None

    delivery.messenger.trouble = trouble
    await delivery.work()
    assert tried == forms


async def test_a_picture_that_silences_the_server_does_not_stop_its_channel(database: Database) -> None:
    delivery = await published(database, 2)

    def trouble(_chat_id: int, message: Message) -> SendError | None:
        return Doubtful("no answer") if message.photo or message.upload else None

    delivery.messenger.trouble = trouble
    await delivery.work()
    assert delivery.headlines() == ["Headline 1", "Headline 2"]
    assert delivery.messenger.calls == 6


async def test_a_kill_while_a_photo_is_uploaded_costs_no_picture(database: Database) -> None:
    delivery = await published(database, pictures=FakePictures(replace(SEEN, type="WEBP")))
    post = await delivery.head()
    await delivery.outbox.begin(replace(post, rung=Rung.UPLOAD), int(delivery.clock()))
    again = PictureDelivery(database, pictures=delivery.pictures)
    again.messenger.trouble = refusing = Refusing()
    await again.work()
    assert refusing.tried == ["upload"]


async def test_a_second_channel_gets_the_photo_by_the_id_of_the_first(database: Database) -> None:
    delivery = PictureDelivery(database, channels=(CHANNEL, -1002))
    await delivery.publish(new_article(image=PICTURE), channels=(CHANNEL, -1002))
    delivery.messenger.trouble = refusing = Refusing("url")
    while await delivery.outbox.head(CHANNEL):
        await delivery.step()
    await delivery.step(-1002)
    assert refusing.tried == ["url", "upload", "known"]
    assert delivery.messenger.chats[-1002][1].photo == "AgAD-id"


@pytest.mark.parametrize(
    ("facts", "error", "shown"),
    [
        ({}, None, "url"),
        ({"type": "WEBP"}, None, "upload"),
        ({"width": 1, "height": 1}, None, "none"),
        ({}, FetchError("gone", status=404), "page"),
        ({}, FetchError("not for bots", status=403), "url"),
        ({}, WorkerError("too much memory"), "page"),
    ],
)
async def test_what_is_found_at_the_address_decides_the_form(database: Database, facts, error, shown) -> None:
    delivery = await published(database, pictures=FakePictures(replace(SEEN, **facts), error))
    composed = await delivery.compose(await delivery.head())
    assert form(composed.message) == composed.rung == shown


@pytest.mark.parametrize(
    ("images", "of_feed", "shown"), [("off", None, "none"), ("preview", None, "preview"), ("photo", "no", "none")]
)
async def test_settings_decide_the_form_and_off_asks_nobody(database: Database, images, of_feed, shown) -> None:
    delivery = await published(database, images=images, of_feed=of_feed)
    composed = await delivery.compose(await delivery.head())
    assert form(composed.message) == shown
    assert bool(delivery.pictures.looks) is (shown != "none")


async def test_a_post_too_long_for_a_caption_is_whole_under_a_preview(database: Database) -> None:
    delivery = PictureDelivery(database)
    summary = "The harbour is open again. " * 50
    await delivery.publish(new_article(image=PICTURE, summary=summary))
    composed = await delivery.compose(await delivery.head())
    assert form(composed.message) == "preview"
    assert summary.strip() in composed.message.html


async def test_a_post_whose_markup_was_refused_is_plain_text_alone(database: Database) -> None:
    delivery = await published(database)
    composed = await delivery.compose(replace(await delivery.head(), plain=True))
    assert (composed.message.html, form(composed.message)) == ("", "none")


async def broadcast(database: Database, delivery: PictureDelivery, readers: int) -> None:
    """Serve everybody once."""
    gone: list[int] = []

    async def on_gone(chat_id: int, _reason: str) -> None:
        gone.append(chat_id)

    governor = Governor(Rates(1e6, 1e6, 1e6), now=delivery.clock, gates=FakeGates(), sleep=delivery.clock.sleep)
    tools = BroadcastTools(
        store=BroadcastStore(database),
        messenger=delivery.messenger,
        governor=governor,
        now=delivery.clock,
        chance=lambda: 0.0,
        editions=Editions(delivery.composer.show),
        on_gone=on_gone,
        policy=None,
    )
    broadcaster = Broadcaster(tools)
    running = asyncio.create_task(broadcaster.run())
    async with asyncio.timeout(10):
        while sum(len(delivery.messenger.chats[reader]) for reader in range(1, readers + 1)) < readers:
            await asyncio.sleep(0.005)
    await broadcaster.stop()
    await running
    await governor.close()


async def with_readers(database: Database, readers: int) -> PictureDelivery:
    delivery = PictureDelivery(database)
    store = ReaderStore(database)
    for reader in range(1, readers + 1):
        await store.remember_chat(ChatInfo(reader, "private"))
        await store.subscribe(reader, EVERYTHING, private=True, now=NOW, most=20)
    await store_articles(database, new_article(image=PICTURE), channels=(CHANNEL,))
    return delivery


async def test_a_refused_picture_falls_once_for_all_readers_and_is_then_sent_by_its_id(database: Database) -> None:
    delivery = await with_readers(database, 100)
    delivery.messenger.trouble = refusing = Refusing("url")
    await broadcast(database, delivery, 100)
    in_flight = 32
    assert refusing.tried.count("url") <= in_flight
    assert refusing.tried.count("upload") <= in_flight
    assert refusing.tried.count("known") >= 100 - in_flight
    assert delivery.pictures.files == 1


async def test_readers_get_the_text_where_no_form_of_the_picture_is_taken(database: Database) -> None:
    delivery = await with_readers(database, 3)
    delivery.messenger.trouble = Refusing("url", "upload", "page")
    await broadcast(database, delivery, 3)
    assert [form(delivery.messenger.chats[reader][1]) for reader in (1, 2, 3)] == ["none"] * 3


async def test_readers_get_the_channels_photo_by_its_id(database: Database) -> None:
    delivery = await with_readers(database, 3)
    await delivery.work()
    delivery.messenger.trouble = refusing = Refusing()
    await broadcast(database, delivery, 3)
    assert refusing.tried == ["known"] * 3
