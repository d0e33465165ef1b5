"""Alerts: the admins are told of a matter once, and when it is over."""

import pytest
from fakes import FakeClock, FakeGates, FakeMessenger

from bot.alerts import AdminAlerts, alert_text
from bot.errors import CannotLook, ChatGone, NotSent, SendError, SendLater, SendRefused, StoreUnavailable, TokenRefused
from bot.governor import Governor, Rates
from bot.i18n import LANGUAGES, phrases
from bot.models import Message
from bot.store import Database
from bot.store.outbox import Outbox

ANN, BOB = 11, 12
EN = phrases("en")
CLOSED = "⚠️ " + EN.say("alert_chat_closed", chat="@news", error="kicked")
OPEN = "✅ " + EN.say("alert_chat_open", chat="@news")
REFUSES = "⚠️ " + EN.say("alert_database_refuses", error="disk full")
WORKS = "✅ " + EN.say("alert_database_works")


def alerts_of(
    database: Database, messenger: FakeMessenger, *, chats: tuple[int, ...] = (ANN, BOB), language: str = "en"
) -> AdminAlerts:
    clock = FakeClock()
    governor = Governor(Rates(1e6, 1e6, 1e6), now=clock, gates=FakeGates(), sleep=clock.sleep)
    return AdminAlerts(
        store=Outbox(database),
        messenger=messenger,
        governor=governor,
        chats=chats,
        now=clock,
        language=language,
        sleep=clock.sleep,
    )


async def test_every_admin_is_told_once_while_the_matter_stands(database: Database) -> None:
    messenger = FakeMessenger()
    alerts = alerts_of(database, messenger)
    for _ in range(3):
        await alerts.tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    assert messenger.texts(ANN) == messenger.texts(BOB) == [CLOSED]


async def test_a_restart_does_not_tell_it_again(database: Database) -> None:
    messenger = FakeMessenger()
    await alerts_of(database, messenger).tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    await alerts_of(database, messenger).tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    assert len(messenger.texts(ANN)) == 1


async def test_they_are_told_that_it_is_over_and_of_the_next_time(database: Database) -> None:
    messenger = FakeMessenger()
    alerts = alerts_of(database, messenger, chats=(ANN,))
    await alerts.tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    await alerts.clear("channel closed", "alert_chat_open", chat="@news")
    await alerts.clear("channel closed", "alert_chat_open", chat="@news")
    await alerts.tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    assert messenger.texts(ANN) == [CLOSED, OPEN, CLOSED]


async def test_what_never_stood_is_not_said_to_be_over(database: Database) -> None:
    messenger = FakeMessenger()
    await alerts_of(database, messenger).clear("channel closed", "alert_chat_open", chat="@news")
    assert messenger.calls == 0


@pytest.mark.parametrize("error", [ChatGone("never started"), SendLater(600), TokenRefused("revoked")], ids=str)
async def test_an_admin_who_cannot_be_reached_keeps_no_other_from_being_told(
    database: Database, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    messenger = FakeMessenger()
    send = messenger.send

    async def refusing(chat_id: int, message: Message, *, thread_id: int = 0) -> object:
        if chat_id == ANN:
            raise error
        return await send(chat_id, message, thread_id=thread_id)

    messenger.send = refusing  # type: ignore[method-assign,assignment]
    await alerts_of(database, messenger).tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    assert messenger.texts(BOB) == [CLOSED]
    assert "admin not reached" in caplog.text


async def test_without_admins_there_is_still_a_line_in_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await alerts_of(database, FakeMessenger(), chats=()).tell(
        "channel closed", "alert_chat_closed", chat="@news", error="kicked"
    )
    assert "I cannot post to @news: kicked." in caplog.text


async def test_a_full_disk_keeps_no_alert_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    messenger = FakeMessenger()

    async def full(*_: object) -> bool:
        raise StoreUnavailable("disk full")

    monkeypatch.setattr(Outbox, "raise_alert", full)
    await alerts_of(database, messenger).tell("database", "alert_database_refuses", error="disk full")
    assert messenger.texts(ANN) == [REFUSES]


async def test_text_from_outside_is_shown_as_it_is(database: Database) -> None:
    messenger = FakeMessenger()
    await alerts_of(database, messenger, chats=(ANN,)).tell(
        "failing", "alert_feed_failing", feed="<b>1 < 2</b>", error="x" * 9000
    )
    [message] = messenger.chats[ANN].values()
    assert message.html == ""
    assert message.plain.startswith("⚠️ <b>1 < 2</b>")
    assert len(message.plain) <= 4096


async def test_an_alert_that_got_no_answer_is_told_again_soon(database: Database) -> None:
    messenger = FakeMessenger()
    troubles: list[SendError] = [NotSent("no route"), SendLater(7)]
    messenger.trouble = lambda _chat, _message: troubles.pop(0) if troubles else None
    await alerts_of(database, messenger, chats=(ANN,)).tell(
        "channel closed", "alert_chat_closed", chat="@news", error="kicked"
    )
    assert messenger.texts(ANN) == [CLOSED]


async def test_while_the_database_refuses_a_matter_is_told_once_all_the_same_and_when_it_is_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger = FakeMessenger()
    alerts = alerts_of(database, messenger, chats=(ANN,))

    async def refusing(_work: object) -> object:
        raise StoreUnavailable("SQLite: database or disk is full")

    with monkeypatch.context() as full:
        full.setattr(database, "write", refusing)
        for _ in range(3):
            await alerts.tell("database", "alert_database_refuses", error="disk full")
    await alerts.clear("database", "alert_database_works")
    assert messenger.texts(ANN) == [REFUSES, WORKS]


async def test_an_alert_that_a_limit_refuses_is_sent_when_the_limit_is_over(database: Database) -> None:
    messenger, refusals = FakeMessenger(), [SendLater(20)]
    messenger.trouble = lambda _chat, _message: refusals.pop() if refusals else None
    alerts = alerts_of(database, messenger, chats=(ANN,))
    await alerts.tell("channel closed", "alert_chat_closed", chat="@news", error="kicked")
    assert messenger.texts(ANN) == [CLOSED]
    assert messenger.calls == 2


async def test_an_alert_for_a_chat_that_is_closed_for_long_is_not_pressed_on_it(database: Database) -> None:
    messenger = FakeMessenger()
    messenger.trouble = lambda _chat, _message: SendLater(600)
    await alerts_of(database, messenger, chats=(ANN,)).tell(
        "channel closed", "alert_chat_closed", chat="@news", error="kicked"
    )
    assert messenger.calls == 1


async def test_alerts_speak_the_language_of_the_settings_and_the_log_speaks_english(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    messenger = FakeMessenger()
    alerts = alerts_of(database, messenger, chats=(ANN,), language="fa")
    await alerts.tell("channel closed", "alert_chat_closed", chat="@news", error="Forbidden: bot was kicked")
    await alerts.clear("channel closed", "alert_chat_open", chat="@news")
    closed, opened = messenger.texts(ANN)
    assert closed.startswith("⚠️ نمی‌توانم در \u2068@news\u2069 منتشر کنم: \u2068Forbidden: bot was kicked\u2069.")
    assert opened.startswith("✅ دوباره می‌توانم در \u2068@news\u2069 منتشر کنم")
    assert "I cannot post to @news: Forbidden" in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_of_ours_are_told_in_the_language_too_and_those_of_telegram_in_its_words(language: str) -> None:
    speak = phrases(language)
    reasons = (SendRefused("message can't be forwarded"), CannotLook("it was sent 5 times", "doubt_sent_often", 5))
    told = alert_text(
        speak, "alert_post_repeated", {"chat": "@news", "reason": reasons, "link": "https://news.example/2"}
    )
    assert "message can't be forwarded" in told
    assert speak.say("doubt_sent_often", count=5) in told
    assert told.splitlines()[1].strip("\u2068\u2069") == "https://news.example/2"
