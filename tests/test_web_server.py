"""The web server against callers who send too much, too slowly, or what is none of their business."""

import asyncio
import io
from contextlib import asynccontextmanager

import aiohttp
import pytest
from builders import new_article, store_articles

import bot.web.server as web_server
from bot.errors import StoreUnavailable
from bot.serving import HealthCheck, PushGate
from bot.store.feeds import FeedStore
from bot.store.vitals import LONGEST_OVERDUE
from bot.web.server import LARGEST_PUSH, LARGEST_UPDATE, Health, TelegramDoor, WebServer

SECRET = "a-secret-that-only-tests-know"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
TOKEN = "t" * 43


class Doors:
    """Keeps what came through; `trouble` is what the inside fails with."""

    def __init__(self):
        self.updates, self.pushes, self.questions, self.trouble, self.is_full = [], [], [], None, False

    async def take(self, body):
        if self.trouble:
            raise self.trouble
        self.updates.append(body)
        return not self.is_full

    async def verify(self, token, question):
        self.questions.append((token, dict(question)))
        return question.get("hub.challenge") if token == TOKEN else None

    async def deliver(self, token, body, content_type, signature):
        if self.trouble:
            raise self.trouble
        self.pushes.append((token, len(body), content_type, signature))
        return token == TOKEN


async def well():
    return Health(is_well=True, facts={"posts_waiting": 0})


@asynccontextmanager
async def serving(prefix="", health=well, **closed):
    doors = Doors()
    given = {"telegram": TelegramDoor(SECRET, doors.take), "pushes": doors} | closed
    server = WebServer(("127.0.0.1", 0), health=health, prefix=prefix, **given)
    await server.start()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as client:
            yield doors, client, server
    finally:
        await server.stop()


async def status(request):
    async with request as answer:
        return answer.status


async def test_an_update_needs_the_secret():
    async with serving() as (doors, client, _):
        assert await status(client.post("/telegram", data=b"{}", headers=HEADERS)) == 200
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1]}):
            assert await status(client.post("/telegram", data=b"{}", headers=headers)) == 403
        assert await status(client.get("/telegram", headers=HEADERS)) == 405
        assert doors.updates == [b"{}"]


async def test_what_cannot_be_taken_now_is_to_be_brought_again():
    async with serving() as (doors, client, _):
        doors.is_full = True
        assert await status(client.post("/telegram", data=b"{}", headers=HEADERS)) == 503
        for doors.trouble in (StoreUnavailable("disk full"), RuntimeError("on purpose")):
            assert await status(client.post("/telegram", data=b"{}", headers=HEADERS)) == 503
            async with client.post(f"/websub/{TOKEN}", data=b"x") as answer:
                assert (answer.status, await answer.text()) == (503, "")


async def test_bodies_are_counted_whatever_their_headers_say():
    async def pieces(size):
        for _ in range(0, size, 2**18):
            yield b"x" * 2**18

    async with serving() as (doors, client, _):
        assert (
            await status(client.post("/telegram", data=io.BytesIO(b"x" * (LARGEST_UPDATE + 1)), headers=HEADERS)) == 413
        )
        assert await status(client.post(f"/websub/{TOKEN}", data=pieces(LARGEST_PUSH))) == 202
        assert await status(client.post(f"/websub/{TOKEN}", data=pieces(LARGEST_PUSH + 2**18))) == 413
        assert [size for _, size, _, _ in doors.pushes] == [LARGEST_PUSH]
        assert doors.updates == []


async def test_a_body_that_drips_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(web_server, "BODY_SECONDS", 0.05)
    async with serving() as (_, _, server):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"POST /websub/{TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow".encode())
        assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
        writer.close()


async def test_a_hubs_question_and_delivery_reach_their_door():
    async with serving() as (doors, client, _):
        async with client.get(f"/websub/{TOKEN}", params={"hub.challenge": "<b>c</b>"}) as answer:
            assert (answer.status, await answer.text()) == (200, "<b>c</b>")
            assert answer.content_type == "text/plain"
        headers = {"X-Hub-Signature": "sha256=00", "Content-Type": "text/xml"}
        assert await status(client.post(f"/websub/{TOKEN}", data=b"<rss/>", headers=headers)) == 202
        assert doors.pushes == [(TOKEN, 6, "text/xml", "sha256=00")]
        for token in ("u" * 43, "short", "t" * 200, "%2e%2e%2f" + TOKEN):
            assert await status(client.post(f"/websub/{token}", data=b"x")) == 404


async def test_paths_that_are_not_open_are_not_there():
    async with serving(telegram=None, pushes=None) as (_, client, _):
        for path in ("/telegram", f"/websub/{TOKEN}", "/", "/healthz/x"):
            assert await status(client.post(path, data=b"x", headers=HEADERS)) == 404


async def test_paths_stand_under_the_one_of_the_public_address():
    async with serving(prefix="/bot") as (_, client, _):
        assert await status(client.post("/bot/telegram", data=b"{}", headers=HEADERS)) == 200
        assert await status(client.post("/telegram", data=b"{}", headers=HEADERS)) == 404
        assert await status(client.get("/healthz")) == await status(client.get("/bot/healthz")) == 200


async def test_hubs_are_asked_to_come_again_while_the_bot_starts():
    gate = PushGate()
    async with serving(pushes=gate) as (doors, client, _):
        assert await status(client.post(f"/websub/{TOKEN}", data=b"x")) == 503
        gate.open(doors)
        assert await status(client.post(f"/websub/{TOKEN}", data=b"x")) == 202


async def test_health_counts_what_waits_and_names_nobody(database):
    await store_articles(database, new_article(1), new_article(2))
    async with serving(health=HealthCheck(database)) as (_, client, _), client.get("/healthz") as answer:
        assert answer.status == 200
        facts = await answer.json()
    assert facts["posts_waiting"] == 2
    assert facts["oldest_post_seconds"] > 0
    assert (facts["status"], facts["database_writable"]) == ("ok", True)


async def test_a_feed_that_is_due_since_long_makes_the_bot_unwell(database):
    await store_articles(database, new_article())
    check = HealthCheck(database)
    check._started -= LONGEST_OVERDUE + 10
    async with serving(health=check) as (_, client, _), client.get("/healthz") as answer:
        assert (answer.status, (await answer.json())["status"]) == (503, "unhealthy")


class FullDisk:
    """A database on a disk that is full."""

    async def write(self, work):
        raise StoreUnavailable("database or disk is full")


async def test_a_database_that_takes_no_writes_makes_the_bot_unwell():
    async with serving(health=HealthCheck(FullDisk())) as (_, client, _), client.get("/healthz") as answer:
        assert answer.status == 503
        assert await answer.json() == {"status": "unhealthy", "database_writable": False}


async def test_many_questions_about_health_cost_the_database_one(database):
    check = HealthCheck(database)
    first = await check()
    await FeedStore(database).configure([])
    assert await check() is first


async def test_health_that_takes_too_long_is_none(monkeypatch):
    monkeypatch.setattr(web_server, "HEALTH_SECONDS", 0.02)

    async def stuck():
        await asyncio.Event().wait()

    async with serving(health=stuck) as (_, client, _):
        assert await status(client.get("/healthz")) == 503


@pytest.mark.parametrize("idle", [0, 3])
async def test_the_server_stops_at_once_with_connections_open(idle):
    async with serving() as (_, client, server):
        await status(client.get("/healthz"))
        others = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(idle)]
        async with asyncio.timeout(3):
            await server.stop()
        for _, writer in others:
            writer.close()
