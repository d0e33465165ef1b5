"""The receiver behind a webhook, against the Bot API emulator of the shared rig."""

import asyncio
import importlib
import json
from contextlib import asynccontextmanager

import pytest

import bot.messengers.telegram.receiver as receiver_module
from bot.calls import Offers, Reply
from bot.errors import TokenInUse
from bot.format import notice
from bot.messengers.telegram.handler import Hooks
from bot.messengers.telegram.introduction import Introduction
from bot.messengers.telegram.receiver import ALLOWED, Receiver, Webhook
from bot.messengers.telegram.sender import TelegramMessenger, build_bot
from bot.web.server import Health, TelegramDoor, WebServer

pytestmark = pytest.mark.rig

SECRET = "a-secret-that-only-tests-know"


@pytest.fixture
async def world():
    client = importlib.import_module("botapi.client")
    async with client.World(limits=False) as opened:
        yield opened


async def nothing(*_):
    pass


async def no_offers(_call):
    return Offers()


@asynccontextmanager
async def receiving(world, answer):
    """A receiver and its web server; gives the receiver and its running task."""

    async def health():
        return Health(is_well=True, facts={})

    async def take(body):
        return await receiver.take(body)

    server = WebServer(("127.0.0.1", 0), health=health, telegram=TelegramDoor(SECRET, take))
    await server.start()
    bot = build_bot(world.token, world.url)
    receiver = Receiver(
        bot,
        answer=answer,
        messenger=TelegramMessenger(bot),
        hooks=Hooks(nothing, nothing, nothing, nothing),
        introductions={"en": Introduction((("latest", "The newest"),), "I bring news.", "News")},
        offering=no_offers,
        webhook=Webhook(f"http://127.0.0.1:{server.port}/telegram", SECRET),
    )
    running = asyncio.create_task(receiver.run())
    try:
        yield receiver, running
    finally:
        await receiver.stop()
        await asyncio.wait([running], timeout=6)
        assert running.done()
        running.exception()
        await bot.shutdown()
        await server.stop()


async def echo(call):
    return Reply((notice(f"{call.name}|{call.argument}"),))


def an_update(number, text="/latest 1"):
    chat = {"id": 4321, "type": "private", "first_name": "Ann"}
    sender = {"id": 4321, "is_bot": False, "first_name": "Ann"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_commands_come_in_by_the_webhook_in_order(world):
    ann = await world.user("Ann")
    async with receiving(world, echo):
        await world.wait_bot()
        for number in range(5):
            await world.say(ann, f"/latest {number}")
        found = await world.wait_messages(ann, 5, after=0)
        assert [message.text for message in found] == [f"latest|{number}" for number in range(5)]
    info = (await world.api("getWebhookInfo"))["result"]
    assert set(info["allowed_updates"]) == set(ALLOWED)
    assert info["pending_update_count"] == 0


async def test_an_update_brought_twice_is_handled_once_and_what_is_none_is_taken_and_forgotten(world):
    calls = []

    async def keep(call):
        calls.append(call.argument)
        return Reply()

    async with receiving(world, keep) as (receiver, _):
        await world.wait_bot()
        for body in (an_update(1), an_update(1), b"", b"[]", b"\xff", b'{"message": 3}', b"[" * 100_000, b'{"a":'):
            assert await receiver.take(body)
        assert await receiver.take(an_update(2, "/latest 2"))
        assert calls == ["1", "2"]


async def test_a_slow_command_does_not_hold_the_answer_up_and_none_is_taken_while_stopping(world):
    gate = asyncio.Event()

    async def slow(call):
        await gate.wait()
        return Reply()

    async with receiving(world, slow) as (receiver, _):
        await world.wait_bot()
        async with asyncio.timeout(1):
            assert await receiver.take(an_update(1))
        gate.set()
        await receiver.stop()
        assert not await receiver.take(an_update(2))


async def test_nothing_is_taken_before_the_bot_knows_its_own_name():
    bot = build_bot("123456:not-connected", "http://127.0.0.1:9")
    receiver = Receiver(
        bot,
        answer=echo,
        messenger=TelegramMessenger(bot),
        hooks=Hooks(nothing, nothing, nothing, nothing),
        introductions={},
        offering=no_offers,
        webhook=Webhook("http://127.0.0.1:9/telegram", SECRET),
    )
    assert not await receiver.take(an_update(1))


async def test_a_bot_whose_webhook_is_taken_away_does_not_sit_there_deaf(world, monkeypatch):
    monkeypatch.setattr(receiver_module, "WATCH_SECONDS", 0.05)
    async with receiving(world, echo) as (_, running):
        await world.wait_bot()
        await world.api("deleteWebhook")
        async with asyncio.timeout(5):
            with pytest.raises(TokenInUse, match="taken the webhook away"):
                await running
