"""What `tidings check` finds out, asked of a small Bot API and a feed server on loopback."""

from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Self

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from newssite import Site
from pydantic import SecretStr

from bot.check import findings
from bot.config import Settings
from bot.health import overdue
from bot.models import FeedOptions, FeedSource
from bot.store import open_database
from bot.store.feeds import FeedStore

TOKEN = "4711:a-token-for-tests"
ME = {"id": 4711, "is_bot": True, "first_name": "Tidings", "username": "tidings_bot"}


@dataclass
class BotApi:
    """As much of a Bot API server as looking around takes: it knows the chats a test names."""

    chats: dict[str, dict[str, object]] = field(default_factory=dict)
    member: dict[str, object] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        self.url = str(self._server.make_url("")).rstrip("/")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    def _chat(self, asked: str) -> dict[str, object] | None:
        by_id = {str(chat["id"]): chat for chat in self.chats.values()}
        return (self.chats | by_id).get(asked)

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        if request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        asked = str((await request.post()).get("chat_id", ""))
        known = {"getMe": ME, "getChat": self._chat(asked), "getChatMember": {"user": ME, **self.member}}
        if known.get(method) is None:
            refusal = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
            return web.json_response(refusal, status=400)
        return web.json_response({"ok": True, "result": known[method]})


CHANNEL = {
    "id": -1001,
    "type": "channel",
    "title": "News",
    "accent_color_id": 0,
    "max_reaction_count": 0,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}
RIGHTS = [
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "is_anonymous",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]
ADMINISTRATOR = {"status": "administrator", **dict.fromkeys(RIGHTS, False), "can_post_messages": True}


def settings(api, tmp_path, **changes):
    values = {
        "telegram_bot_token": SecretStr(TOKEN),
        "telegram_channel": "@news",
        "telegram_api_url": api.url,
        "database_url": f"sqlite:///{tmp_path}/tidings.db",
        "allowed_networks": (ip_network("127.0.0.0/8"),),
    }
    return Settings(**{**values, **changes})


async def told(chosen):
    return {finding.subject: finding async for finding in findings(chosen)}


async def test_everything_right_is_all_ok_and_nothing_is_sent(tmp_path):
    api = BotApi(chats={"@news": CHANNEL}, member=ADMINISTRATOR)
    async with api, Site() as site:
        site.publish(count=2)
        found = await told(settings(api, tmp_path, feeds=(FeedSource(site.url("/feed/a")),)))
        assert [str(finding) for finding in found.values() if not finding.fine] == []
        assert str(found["token"]) == "ok    token: Telegram knows it, the bot is @tidings_bot"
        assert "may post in 'News'" in found["channel @news"].said
        assert "'Town Herald a', 2 entries, the newest of 20" in found[f"feed {site.url('/feed/a')}"].said
        assert "0 articles" in found["database"].said
    assert not [call for call in api.calls if call.startswith("send")]


async def test_each_wrong_thing_fails_with_advice_and_does_not_hide_the_others(tmp_path):
    (tmp_path / "file").write_text("no folder")
    api = BotApi(chats={"@news": CHANNEL}, member={**ADMINISTRATOR, "can_post_messages": False})
    async with api, Site() as site:
        site.bodies["b"] = b"<html><body>nothing to see</body></html>"
        feeds = (
            FeedSource(site.url("/feed/b")),
            FeedSource("https://127.0.0.1:1/feed", FeedOptions(channel="@elsewhere")),
        )
        chosen = settings(
            api,
            tmp_path,
            feeds=feeds,
            admin_ids=(77,),
            language="tlh",
            database_url=f"sqlite:///{tmp_path}/file/t.db",
        )
        found = await told(chosen)
        assert [subject for subject, finding in found.items() if finding.fine] == ["token"]
        assert "administrator there who may post" in found["channel @news"].said
        assert "is the name right" in found["channel @elsewhere"].said
        assert "press Start" in found["admin 77"].said
        assert "en or ar" in found["language"].said
        assert "DATABASE_URL" in found["database"].said
        assert "no feed" in found[f"feed {site.url('/feed/b')}"].said


async def test_a_refused_token_says_where_the_right_one_is(tmp_path):
    async with BotApi() as api:
        found = await told(settings(api, tmp_path, telegram_bot_token=SecretStr("1:wrong")))
        assert "@BotFather" in found["token"].said
        assert not found["token"].fine


async def test_a_silent_telegram_is_told_apart_from_a_wrong_token(tmp_path):
    async with BotApi() as api:
        pass
    found = await told(settings(api, tmp_path))
    assert f"no answer from {api.url}" in found["token"].said


async def test_the_health_check_sees_how_long_work_was_left_undone(tmp_path):
    url = f"sqlite:///{tmp_path}/tidings.db"
    database = await open_database(url)
    await FeedStore(database).configure([FeedSource("https://news.example/feed")])
    (feed,) = await FeedStore(database).claim_due(1000, lease=600, limit=1)
    await database.close()
    assert feed.url == "https://news.example/feed"
    assert await overdue(url, 1500) == 0
    assert await overdue(url, 2000) == 400


@pytest.mark.rig
async def test_against_the_emulator_rights_are_seen_as_they_are_and_nothing_is_sent(tmp_path):
    botapi = pytest.importorskip("botapi.client")
    async with botapi.World() as world:
        news = await world.channel("@news")
        chosen = settings(world, tmp_path, telegram_bot_token=SecretStr(world.token))
        found = await told(chosen)
        assert found["channel @news"].fine
        assert found["token"].fine
        await world.promote(news, ["can_edit_messages"])
        assert not (await told(chosen))["channel @news"].fine
        assert await world.posts(news) == []


@pytest.mark.rig
async def test_looking_up_is_tried_once_and_leaves_nothing_behind(tmp_path):
    botapi = pytest.importorskip("botapi.client")
    async with botapi.World() as world:
        news = await world.channel("@news")
        admin = await world.user("Admin")
        await world.post(news, "an older post")
        await world.say(admin, "/start")
        chosen = settings(world, tmp_path, telegram_bot_token=SecretStr(world.token), admin_ids=(admin.id,))
        found = await told(chosen)
        assert found["doubtful posts"].fine
        assert [message.text for message in await world.messages(admin, deleted=False)] == ["/start"]
        await world.block(admin)
        found = await told(chosen)
        assert not found["doubtful posts"].fine
        assert "as DOUBTFUL says" in found["doubtful posts"].said
        assert (await told(chosen.model_copy(update={"doubtful": "skip"})))["doubtful posts"].fine


@pytest.mark.rig
async def test_a_channel_whose_content_is_protected_cannot_be_looked_into_and_check_says_so(tmp_path):
    botapi = pytest.importorskip("botapi.client")
    async with botapi.World() as world:
        await world.channel("@news", protected=True)
        admin = await world.user("Admin")
        chosen = settings(world, tmp_path, telegram_bot_token=SecretStr(world.token), admin_ids=(admin.id,))
        found = await told(chosen)
        assert "protected" in found["doubtful posts"].said
        assert not found["doubtful posts"].fine


@pytest.mark.rig
async def test_without_admins_check_says_what_becomes_of_a_doubtful_post(tmp_path):
    botapi = pytest.importorskip("botapi.client")
    async with botapi.World() as world:
        await world.channel("@news")
        found = await told(settings(world, tmp_path, telegram_bot_token=SecretStr(world.token)))
        assert "LOG_CHAT_ID or ADMIN_IDS" in found["doubtful posts"].said
        assert found["doubtful posts"].fine
