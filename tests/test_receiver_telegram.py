"""The receiver against the Bot API emulator of the shared rig."""

import asyncio
import importlib
from contextlib import asynccontextmanager

import pytest

from bot.calls import Offer, Offers, Reply
from bot.errors import TokenInUse, TokenRefused
from bot.format import notice
from bot.messengers.telegram.handler import Hooks
from bot.messengers.telegram.introduction import Introduction
from bot.messengers.telegram.receiver import Receiver
from bot.messengers.telegram.rights import GroupAdmins
from bot.messengers.telegram.sender import TelegramMessenger, build_bot
from bot.models import Button, Message

pytestmark = pytest.mark.rig

INTRODUCTIONS = {
    "en": Introduction((("latest", "The newest"),), "I bring news.", "News"),
    "ar": Introduction((("latest", "الأحدث"),), "آتي بالأخبار.", "أخبار"),
}


class Desk:
    """Answers each call with its name and argument, and keeps what it was told."""

    def __init__(self):
        self.seen, self.calls, self.memberships, self.gone, self.moved = [], [], [], [], []

    async def answer(self, call):
        self.calls.append(call)
        if call.name == "crash":
            raise RuntimeError("on purpose")
        if call.name == "slow":
            await asyncio.sleep(1)
        if call.name == "urgent":
            return Reply((notice("urgent"),), at_once=True)
        if call.pressed:
            return Reply(edit=notice("turned"), alert="" if call.argument == "2" else "too old")
        if call.name == "page":
            return Reply(
                (
                    Message(
                        "<b>one</b>",
                        "one",
                        ((Button("More", "page:2"), Button("Old", "page:77"), Button("Crash", "crash:1")),),
                    ),
                )
            )
        if call.name == "broken":
            return Reply((Message("<b>not closed", "in plain"),))
        return Reply((notice(f"{call.name}|{call.argument}"),))

    async def offer(self, call):
        self.calls.append(call)
        if call.text == "crash":
            raise RuntimeError("on purpose")
        if call.offset:
            return Offers()
        message = Message("<b>Storm</b>", "Storm")
        offer = Offer("7", "Storm", "Harbour", "https://example.com/7", message, "https://example.com/sea.jpg")
        return Offers((offer,), next_offset="1")

    async def on_membership(self, membership):
        self.memberships.append(membership)

    async def on_gone(self, chat_id, reason):
        self.gone.append((chat_id, reason))

    async def on_moved(self, old, new):
        self.moved.append((old, new))

    async def on_message(self, chat_id, message_id):
        self.seen.append((chat_id, message_id))


@pytest.fixture
async def world():
    client = importlib.import_module("botapi.client")
    async with client.World(limits=False) as opened:
        yield opened


@asynccontextmanager
async def receiving(world, token=None):
    bot = build_bot(token or world.token, world.url)
    desk = Desk()
    receiver = Receiver(
        bot,
        answer=desk.answer,
        messenger=TelegramMessenger(bot),
        hooks=Hooks(desk.on_membership, desk.on_gone, desk.on_moved, desk.on_message),
        introductions=INTRODUCTIONS,
        offering=desk.offer,
    )
    running = asyncio.create_task(receiver.run())
    desk.running = running
    try:
        yield desk
    finally:
        await receiver.stop()
        await asyncio.wait([running], timeout=6)
        assert running.done()
        running.exception()
        await bot.shutdown()


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_command_is_answered_in_a_private_chat(world):
    ann = await world.user("Ann", language_code="ar")
    async with receiving(world) as desk:
        await world.say(ann, "/Latest  7 ")

        assert (await world.wait_message(ann)).text == "latest|7"
    assert desk.calls[0].language_code == "ar"
    assert desk.calls[0].is_private


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/latest@emulated_test_bot 3", "latest|3"),
        ("/LATEST@Emulated_Test_Bot", "latest|"),
        ("/search two\nlines", "search|two\nlines"),
    ],
)
async def test_in_a_group_a_command_may_name_the_bot(world, said, answered):
    ann = await world.user("Ann")
    group = await world.supergroup(members=[ann])
    async with receiving(world):
        await world.say(ann, said, chat=group)

        assert (await world.wait_message(group)).text == answered


async def test_a_command_for_another_bot_is_left_to_it(world):
    ann = await world.user("Ann")
    group = await world.supergroup(members=[ann])
    async with receiving(world) as desk:
        await world.say(ann, "/latest@other_bot", chat=group)
        await world.say(ann, "/latest", chat=group)
        await world.wait_message(group)
    assert len(desk.calls) == 1
    assert not desk.calls[0].addressed


async def test_the_answer_goes_to_the_topic_of_the_question(world):
    ann = await world.user("Ann")
    forum = await world.forum(members=[ann])
    topic = await world.topic(forum, "Ships")
    async with receiving(world) as desk:
        await world.say(ann, "/latest", chat=forum, thread_id=topic.message_thread_id)

        assert (await world.wait_message(forum)).message_thread_id == topic.message_thread_id
    assert desk.calls[0].thread_id == topic.message_thread_id


async def test_who_administers_a_group_is_asked_of_telegram_and_nobody_where_it_does_not_tell(world):
    ann, ben = await world.user("Ann"), await world.user("Ben")
    group = await world.supergroup(owner=ann, members=[ben])
    bot = build_bot(world.token, world.url)
    await bot.initialize()
    admins = GroupAdmins(bot)

    assert await admins.has(group.id, ann.id)
    assert not await admins.has(group.id, ben.id)
    await world.fault("garbage", "getChatMember", count=1)
    assert not await admins.has(group.id, ann.id)
    await bot.shutdown()


async def test_a_picture_with_a_command_as_its_caption_is_that_command(world):
    ann = await world.user("Ann")
    async with receiving(world):
        await world.send_photo(ann, caption="/search storm")

        assert (await world.wait_message(ann)).text == "search|storm"


async def test_a_pressed_button_is_always_answered_and_its_message_edited(world):
    ann = await world.user("Ann")
    async with receiving(world) as desk:
        await world.say(ann, "/page")
        page = await world.wait_message(ann)
        await world.answer(await world.press(ann, page, text="Crash"))
        pressed = await world.press(ann, page, text="More")

        assert not (await world.answer(pressed)).get("text")
        assert (await world.wait_edit(ann)).text == "turned"
    assert desk.calls[1].message_id == page.id


async def test_a_word_to_the_reader_who_pressed_a_button_is_shown(world):
    ann = await world.user("Ann")
    async with receiving(world):
        await world.say(ann, "/page")
        pressed = await world.press(ann, await world.wait_message(ann), text="Old")

        assert (await world.answer(pressed)).text == "too old"


async def test_a_command_that_crashes_stops_no_other(world):
    ann = await world.user("Ann")
    async with receiving(world):
        await world.say(ann, "/crash")
        await world.say(ann, "/latest 1")

        assert (await world.wait_message(ann)).text == "latest|1"


async def test_a_slow_reader_keeps_nobody_waiting_and_their_own_order(world):
    ann, ben = await world.user("Ann"), await world.user("Ben")
    async with receiving(world):
        await world.say(ann, "/slow")
        await world.say(ann, "/latest")
        await world.say(ben, "/latest")

        assert (await world.wait_message(ben, timeout=0.9)).text == "latest|"
        assert [message.text for message in await world.wait_messages(ann, 2, after=0)] == ["slow|", "latest|"]


async def test_a_word_that_is_urgent_comes_before_answers_that_wait_to_be_sent(world):
    ann = await world.user("Ann")
    await world.fault("flood", "sendMessage", count=1, retry_after=2)
    async with receiving(world):
        for said in ("/one", "/two", "/urgent"):
            await world.say(ann, said)

        texts = [message.text for message in await world.wait_messages(ann, 3, after=0)]
        assert texts.index("urgent") < texts.index("two|")


async def test_text_whose_markup_is_refused_comes_as_plain_text(world):
    ann = await world.user("Ann")
    async with receiving(world):
        await world.say(ann, "/broken")

        assert (await world.wait_message(ann)).text == "in plain"


async def test_a_reader_who_blocked_the_bot_is_told_of_quietly(world):
    ann = await world.user("Ann")
    async with receiving(world) as desk:
        await world.fault("block", "sendMessage", count=1, user=ann.id)
        await world.say(ann, "/latest")
        await until(lambda: desk.gone)
    assert desk.gone[0][0] == ann.id


async def test_what_becomes_of_the_bot_in_its_chats_is_told(world):
    ann = await world.user("Ann")
    news = await world.channel("@news")
    async with receiving(world) as desk:
        await world.wait_bot()
        await world.block(ann)
        await until(lambda: len(desk.memberships) == 1)
        await world.unblock(ann)
        await until(lambda: len(desk.memberships) == 2)
        await world.kick(news)
        await until(lambda: len(desk.memberships) == 3)
        await world.promote(news)
        await until(lambda: len(desk.memberships) == 4)
    told = [(change.chat.id, change.status, change.can_post) for change in desk.memberships]
    assert told == [
        (ann.id, "kicked", False),
        (ann.id, "member", True),
        (news.id, "kicked", False),
        (news.id, "administrator", True),
    ]


async def test_a_group_that_becomes_a_supergroup_is_told(world):
    ann = await world.user("Ann")
    group = await world.group(members=[ann])
    async with receiving(world) as desk:
        await world.wait_bot()
        supergroup = await world.migrate(group)
        await until(lambda: desk.moved)
    assert desk.moved[0] == (group.id, supergroup.id)


async def test_the_commands_are_registered_in_every_language(world):
    async with receiving(world):
        async with asyncio.timeout(8):
            while len(await world.commands()) < 3:
                await asyncio.sleep(0.02)
        registered = {one["language_code"]: one["commands"][0]["description"] for one in await world.commands()}
    assert registered == {"": "The newest", "en": "The newest", "ar": "الأحدث"}


async def test_a_telegram_that_is_down_at_the_start_is_waited_for(world):
    ann = await world.user("Ann")
    await world.fault("bad_gateway", ["getMe", "setMyCommands"], count=2)
    async with receiving(world):
        await world.say(ann, "/latest")

        assert (await world.wait_message(ann)).text == "latest|"


async def test_polling_goes_on_after_a_lost_connection(world):
    ann = await world.user("Ann")
    async with receiving(world):
        await world.wait_bot()
        await world.fault("drop_before", "getUpdates", count=1)
        await world.say(ann, "/one")
        await world.wait_message(ann)
        await world.say(ann, "/two")

        assert (await world.wait_message(ann)).text == "two|"


async def test_a_wrong_token_ends_the_run(world):
    async with receiving(world, token="1:wrong_wrong_wrong_wrong_wrong_wrong") as desk:
        with pytest.raises(TokenRefused):
            await asyncio.wait_for(asyncio.shield(desk.running), 8)


async def test_a_token_in_use_elsewhere_ends_the_run(world, monkeypatch):
    monkeypatch.setattr("bot.messengers.telegram.receiver.CONFLICT_PAUSE", 0.05)
    async with receiving(world) as desk:
        await world.wait_bot()
        await world.fault("conflict", "getUpdates", count=2)
        ann = await world.user("Ann")
        await world.say(ann, "/latest")  # ends the poll that is under way
        with pytest.raises(TokenInUse):
            await asyncio.wait_for(asyncio.shield(desk.running), 8)


async def test_what_was_answered_before_the_stop_is_not_answered_again(world):
    ann = await world.user("Ann")
    async with receiving(world):
        await world.say(ann, "/one")
        await world.wait_message(ann)
    async with receiving(world) as desk:
        await world.say(ann, "/two")
        await world.wait_message(ann, contains="two")
    assert [call.name for call in desk.calls] == ["two"]


async def test_another_admins_post_in_a_channel_is_noticed(world):
    channel = await world.channel("@news")
    async with receiving(world) as desk:
        post = await world.post(channel, "A word of the editor")
        await until(lambda: (channel.id, post.id) in desk.seen)


async def test_an_inline_query_is_answered_and_what_is_chosen_is_sent(world):
    ann = await world.user("Ann", language_code="ar")
    await world.call("bot", token=world.token, supports_inline_queries=True)
    async with receiving(world) as desk:
        query = await world.inline(ann, "storm")
        found = await world.answer(query)

        assert [one["title"] for one in found["results"]] == ["Storm"]
        assert found["results"][0]["thumbnail_url"] == "https://example.com/sea.jpg"
        assert found["next_offset"] == "1"
        sent = await world.choose(query, "7", chat=ann)
        assert sent.text == "Storm"
        last = await world.answer(await world.inline(ann, "storm", offset="1"))
        assert last["results"] == []
    assert (desk.calls[0].text, desk.calls[0].language_code, desk.calls[0].user_id) == ("storm", "ar", ann.id)


async def test_an_inline_query_whose_answer_fails_or_is_refused_is_answered_with_nothing(world):
    ann = await world.user("Ann")
    await world.call("bot", token=world.token, supports_inline_queries=True)
    async with receiving(world):
        failed = await world.answer(await world.inline(ann, "crash"))
        await world.fault(
            "api_error", "answerInlineQuery", count=1, code=400, description="Bad Request: RESULT_INVALID"
        )
        refused = await world.answer(await world.inline(ann, "storm"))
    assert failed["results"] == refused["results"] == []


async def test_the_bot_introduces_itself_in_every_language_and_not_again_at_the_next_start(world):
    async def said(code):
        long = (await world.api("getMyDescription", language_code=code))["result"]["description"]
        short = (await world.api("getMyShortDescription", language_code=code))["result"]["short_description"]
        return long, short

    for _ in range(2):
        async with receiving(world):
            async with asyncio.timeout(8):
                while await said("ar") != ("آتي بالأخبار.", "أخبار"):
                    await asyncio.sleep(0.02)
    assert await said("") == await said("en") == ("I bring news.", "News")
    for method in ("setMyDescription", "setMyShortDescription"):
        assert len(await world.requests(method)) <= len(INTRODUCTIONS) + 1
    assert len(await world.requests("setMyCommands")) == len(INTRODUCTIONS) + 1
