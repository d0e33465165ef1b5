"""A database restored from a backup: what it forgot is found in the channel, and not posted again."""

import pytest
from builders import CHANNEL, GROUP, new_article
from deliverer import Delivery

from bot.delivery import strays as strays_module
from bot.errors import SendRefused
from bot.models import Message
from bot.ports import ChatInfo, Probed
from bot.store import Database


async def restored(database: Database, *, count: int = 6, kept: int = 2, **facts: object) -> Delivery:
    """Posts of which the database knows only the first `kept`; a new process, as after a restart."""
    delivery = Delivery(database)
    await delivery.publish(*(new_article(number, **facts) for number in range(1, count + 1)))  # type: ignore[arg-type]
    await delivery.work()
    forget = (
        "UPDATE post SET state = 'pending', message_id = NULL, base_id = NULL, attempts = 0, sent_at = NULL"
        " WHERE message_id > ?"
    )
    await database.write(
        lambda connection: [
            connection.run(forget, (kept,)),
            connection.run("UPDATE chat SET highest_message_id = ?", (kept,)),
        ]
    )
    after = Delivery(database, messenger=delivery.messenger)
    after.messenger.probes.clear()
    after.messenger.calls = 0
    return after


@pytest.mark.parametrize(
    "facts",
    [{}, {"link": "http://intranet/news"}, {"link": ""}],
    ids=["a link", "an address that becomes no link", "no link"],
)
async def test_posts_that_the_database_forgot_are_recorded_and_not_made_again(
    database: Database, facts: dict[str, object]
) -> None:
    delivery = await restored(database, **facts)
    if facts:
        probe = delivery.messenger.probe

        async def without_links(chat_id: int, message_id: int) -> Probed | None:
            probed = await probe(chat_id, message_id)
            return probed and Probed(probed.text)

        delivery.messenger.probe = without_links  # type: ignore[method-assign]
    await delivery.work()
    assert delivery.messenger.calls == 0
    rows = await database.read(lambda connection: connection.rows("SELECT state, message_id FROM post ORDER BY id"))
    assert rows == [("sent", number) for number in range(1, 7)]


async def test_somebody_elses_word_about_an_article_is_not_its_post(database: Database) -> None:
    delivery = await restored(database, count=3)
    delivery.messenger.chats[CHANNEL][3] = Message(html="", plain="Read this!", link="https://news.example/3")
    await delivery.work()
    assert delivery.headlines()[-1] == "Headline 3"
    assert delivery.messenger.calls == 1


async def test_what_was_looked_at_once_is_not_looked_at_after_the_next_restart(database: Database) -> None:
    delivery = await restored(database, count=2)
    delivery.messenger.put(CHANNEL, Message(html="", plain="A word of the editor"))
    await delivery.lanes._strays.look(CHANNEL)
    assert delivery.messenger.probes[0] == (CHANNEL, 3)
    again = Delivery(database, messenger=delivery.messenger)
    again.messenger.probes.clear()
    await again.lanes._strays.look(CHANNEL)
    assert (CHANNEL, 3) not in again.messenger.probes


async def test_the_admins_are_told_when_it_takes_long_and_when_it_is_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strays_module, "MANY", 3)
    delivery = await restored(database, count=8)
    await delivery.work()
    begun, over = delivery.alerts.told
    assert "backup" in begun
    assert "looked at 6 messages" in over
    assert delivery.messenger.calls == 0


async def test_without_an_end_the_admins_are_told_what_may_happen(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strays_module, "MOST_LOOKED_OVER", 2)
    delivery = await restored(database)
    await delivery.work()
    [told] = delivery.alerts.told
    assert "may be doubled" in told
    assert delivery.messenger.calls == 2


async def test_a_channel_that_cannot_be_looked_into_is_posted_to_all_the_same(database: Database) -> None:
    delivery = await restored(database, count=3)
    del delivery.messenger.chats[CHANNEL][3]

    async def protected(_chat: int, _message: int) -> Probed | None:
        raise SendRefused("message has protected content and can't be forwarded")

    delivery.messenger.probe = protected  # type: ignore[method-assign]
    await delivery.work()
    assert delivery.headlines() == ["Headline 1", "Headline 2", "Headline 3"]


async def test_what_the_members_of_a_group_write_is_not_looked_at(database: Database) -> None:
    delivery = Delivery(database, channels=(GROUP,))
    await delivery.publish(new_article(1), new_article(2), channels=(GROUP,))
    await delivery.outbox.remember_chat(ChatInfo(GROUP, "supergroup"))
    await delivery.step(GROUP)
    delivery.messenger.put(GROUP, Message(html="", plain="Between us"))
    again = Delivery(database, messenger=delivery.messenger, channels=(GROUP,))
    await again.step(GROUP)
    assert again.messenger.probes == []
