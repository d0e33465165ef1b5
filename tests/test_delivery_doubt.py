"""A post whose call died without an answer: looked up, never guessed, and nobody else's message is touched."""

from typing import Never

import pytest
from builders import CHANNEL, GROUP, new_article
from deliverer import Delivery
from fakes import LOST

from bot.delivery import looking
from bot.errors import ChatClosed, ChatGone, Doubtful, NotSent, SendError, SendLater, SendRefused
from bot.models import Message, PostState
from bot.ports import ChatInfo, Probed
from bot.store import Database

OTHERS = Message(html="", plain="A word of the editor", link="https://elsewhere.example/")


async def doubtful(database: Database, *, arrived: bool, number: int = 2, **facts: object) -> Delivery:
    """Posts up to `number`, the last of them without an answer."""
    delivery = Delivery(database, **facts)  # type: ignore[arg-type]
    await delivery.publish(*(new_article(each) for each in range(1, number + 1)))
    for _ in range(number - 1):
        await delivery.step()
    delivery.messenger.trouble = lambda _chat, _message: LOST if arrived else Doubtful("502")
    await delivery.step()
    delivery.messenger.trouble = lambda _chat, _message: None
    delivery.messenger.probes.clear()
    post = await delivery.head()
    assert post.state is PostState.SENDING
    return delivery


async def test_a_post_that_arrived_is_found_above_the_last_known_id_and_recorded(database: Database) -> None:
    delivery = await doubtful(database, arrived=True)
    await delivery.step()
    assert delivery.messenger.probes == [(CHANNEL, 2)]
    assert await delivery.states() == ["sent", "sent"]
    assert delivery.headlines() == ["Headline 1", "Headline 2"]
    rows = await database.read(lambda connection: connection.rows("SELECT message_id FROM post ORDER BY id"))
    assert rows == [(1,), (2,)]


async def test_a_post_that_did_not_arrive_is_sent_again(database: Database) -> None:
    delivery = await doubtful(database, arrived=False)
    await delivery.step()
    assert [message_id for _, message_id in delivery.messenger.probes] == list(range(2, 12))
    assert delivery.headlines() == ["Headline 1"]
    await delivery.step()
    assert delivery.headlines() == ["Headline 1", "Headline 2"]


async def test_what_others_posted_in_between_is_passed_over(database: Database) -> None:
    delivery = Delivery(database)
    await delivery.publish(new_article(1), new_article(2))
    await delivery.step()
    for _ in range(5):
        delivery.messenger.put(CHANNEL, OTHERS)
    delivery.messenger.trouble = lambda _chat, _message: LOST
    await delivery.step()
    before = dict(delivery.messenger.chats[CHANNEL])
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]
    assert delivery.messenger.chats[CHANNEL] == before
    assert delivery.messenger.edits == []


async def test_gaps_of_deleted_messages_shorter_than_ten_are_passed_over(database: Database) -> None:
    delivery = Delivery(database)
    await delivery.publish(new_article(1), new_article(2))
    await delivery.step()
    delivery.messenger.next_ids[CHANNEL] += 9
    delivery.messenger.trouble = lambda _chat, _message: LOST
    await delivery.step()
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]
    assert delivery.headlines() == ["Headline 1", "Headline 2"]


async def test_posts_of_ours_between_are_known_without_looking(database: Database) -> None:
    delivery = await doubtful(database, arrived=True, number=5)
    await database.write(lambda connection: connection.run("UPDATE post SET base_id = 0 WHERE state = 'sending'"))
    await delivery.step()
    assert delivery.messenger.probes == [(CHANNEL, 5)]
    assert await delivery.states() == ["sent"] * 5


async def test_an_article_without_a_link_is_known_by_its_headline(database: Database) -> None:
    delivery = Delivery(database)
    await delivery.publish(new_article(1), new_article(2, link="", headline="A headline without a link"))
    await delivery.step()
    delivery.messenger.put(CHANNEL, OTHERS)
    delivery.messenger.trouble = lambda _chat, _message: LOST
    await delivery.step()
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]


async def test_it_is_not_looked_up_before_an_answerless_message_can_have_arrived(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = await doubtful(database, arrived=False, doubt_wait=60.0)
    naps: list[float] = []

    async def arrives_late(seconds: float) -> None:
        naps.append(seconds)
        delivery.clock.time += seconds
        delivery.messenger.put(CHANNEL, Message(html="", plain="Headline 2", link="https://news.example/2"))

    delivery.clock.time += 20
    monkeypatch.setattr("bot.delivery.doubt.asyncio.sleep", arrives_late)
    await delivery.step()
    assert naps == [40]
    assert await delivery.states() == ["sent", "sent"]
    assert delivery.headlines() == ["Headline 1", "Headline 2"]


async def test_after_a_long_outage_it_is_looked_up_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = await doubtful(database, arrived=True, doubt_wait=60.0)
    delivery.clock.time += 3600

    async def never(_seconds: float) -> None:
        raise AssertionError("it waited")

    monkeypatch.setattr("bot.delivery.doubt.asyncio.sleep", never)
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]


@pytest.mark.parametrize(("policy", "state"), [(None, "pending"), ("repeat", "pending"), ("skip", "skipped")])
async def test_without_anybody_to_look_through_the_setting_decides_and_the_admins_are_told(
    database: Database, policy: str | None, state: str
) -> None:
    delivery = await doubtful(database, arrived=True, policy=policy, looks=False)
    await delivery.outbox.remember_chat(ChatInfo(CHANNEL, "channel", "News", "news"))
    await delivery.step()
    assert await delivery.states() == ["sent", state]
    assert delivery.messenger.probes == []
    [told] = delivery.alerts.told
    assert told.startswith(
        "No answer came for a post in @news, and it cannot be looked up: there is no chat of the adm"
    )
    assert "DOUBTFUL" in told
    assert "https://news.example/2" in told


async def test_where_nothing_stands_that_is_not_known_the_post_goes_again_whatever_the_setting(
    database: Database,
) -> None:
    delivery = await doubtful(database, arrived=False, policy="skip", looks=False)
    await delivery.step()
    assert [message_id for _, message_id in delivery.messenger.felt] == list(range(2, 12))
    assert delivery.alerts.told == []
    await delivery.step()
    assert delivery.headlines() == ["Headline 1", "Headline 2"]


async def test_of_what_others_posted_while_the_program_was_away_it_is_told_a_moment_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = await doubtful(database, arrived=False, policy="skip", looks=False, doubt_wait=60.0)
    delivery.clock.time += 3600
    message_id = delivery.messenger.put(CHANNEL, OTHERS)

    async def told_meanwhile(_seconds: float) -> None:
        await delivery.outbox.saw_message(CHANNEL, message_id)

    monkeypatch.setattr("bot.delivery.doubt.asyncio.sleep", told_meanwhile)
    await delivery.step()
    assert await delivery.states() == ["sent", "pending"]


async def test_a_basic_group_is_not_looked_into_because_its_ids_are_not_its_own(database: Database) -> None:
    delivery = Delivery(database, channels=(GROUP,))
    await delivery.publish(new_article(1), channels=(GROUP,))
    delivery.messenger.trouble = lambda _chat, _message: Doubtful("502")
    await delivery.step(GROUP)
    delivery.messenger.probes.clear()
    await delivery.step(GROUP)
    assert delivery.messenger.probes == []
    assert await delivery.states() == ["pending"]


async def test_in_a_private_chat_nothing_is_repeated_unless_told(database: Database) -> None:
    delivery = Delivery(database, channels=(77,))
    await delivery.publish(new_article(1), channels=(77,))
    await delivery.outbox.remember_chat(ChatInfo(77, "private"))
    delivery.messenger.trouble = lambda _chat, _message: Doubtful("502")
    await delivery.step(77)
    await delivery.step(77)
    assert await delivery.states() == ["skipped"]


async def test_a_chat_whose_content_is_protected_is_left_to_the_setting(database: Database) -> None:
    delivery = await doubtful(database, arrived=True, policy="skip")

    async def protected(_chat: int, _message: int) -> Probed | None:
        raise SendRefused("message has protected content and can't be forwarded")

    delivery.messenger.probe = protected  # type: ignore[method-assign]
    await delivery.step()
    assert await delivery.states() == ["sent", "skipped"]
    assert "protected content" in delivery.alerts.told[0]
    assert delivery.messenger.felt == [(CHANNEL, 2)] * 2


async def test_posts_of_ours_do_not_count_as_messages_that_were_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_PROBES", 10)
    delivery = await doubtful(database, arrived=False, number=20, policy="skip")
    await database.write(lambda connection: connection.run("UPDATE post SET base_id = 1 WHERE state = 'sending'"))
    await delivery.step()
    assert (await delivery.states())[-1] == "pending"


async def test_more_messages_of_others_than_can_be_looked_at_leave_it_to_the_setting(database: Database) -> None:
    delivery = Delivery(database, policy="skip")
    await delivery.publish(new_article(1), new_article(2))
    await delivery.step()
    for _ in range(looking.MOST_PROBES):
        delivery.messenger.put(CHANNEL, OTHERS)
    delivery.messenger.trouble = lambda _chat, _message: LOST
    await delivery.step()
    delivery.messenger.probes.clear()
    await delivery.step()
    assert len(delivery.messenger.probes) == looking.MOST_PROBES
    assert await delivery.states() == ["sent", "skipped"]
    assert "300" in delivery.alerts.told[0]


async def test_a_chat_of_which_no_message_is_known_proves_nothing_by_empty_first_ids(database: Database) -> None:
    delivery = Delivery(database, policy="skip")
    delivery.messenger.next_ids[CHANNEL] = 50_000  # an old channel whose first messages were deleted
    await delivery.publish(new_article(1))
    delivery.messenger.trouble = lambda _chat, _message: LOST
    await delivery.step()
    await delivery.step()
    assert await delivery.states() == ["skipped"]
    assert "no message of that chat is known" in delivery.alerts.told[0]


@pytest.mark.parametrize("trouble", [SendLater(30), NotSent("no route"), Doubtful("502")], ids=str)
async def test_a_probe_that_fails_is_made_again(
    database: Database, trouble: SendError, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = await doubtful(database, arrived=True)
    probe, troubles = delivery.messenger.probe, [trouble, trouble]

    async def troubled(chat_id: int, message_id: int) -> Probed | None:
        if troubles:
            raise troubles.pop()
        return await probe(chat_id, message_id)

    delivery.messenger.probe = troubled  # type: ignore[method-assign]
    monkeypatch.setattr(looking, "retry_delay", lambda _attempts, *, chance: chance * 0)
    start = delivery.clock()
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]
    if isinstance(trouble, SendLater):
        assert delivery.clock() - start >= 60


async def test_while_the_server_answers_nothing_at_all_the_post_waits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = await doubtful(database, arrived=True, policy="repeat")
    messenger, unanswered = delivery.messenger, [Doubtful("502")] * 40
    probe, exists = messenger.probe, messenger.exists

    async def during_the_outage(chat_id: int, message_id: int) -> bool:
        if unanswered:
            raise unanswered.pop()
        return await exists(chat_id, message_id)

    async def seen_after_it(chat_id: int, message_id: int) -> Probed | None:
        if unanswered:
            raise unanswered.pop()
        return await probe(chat_id, message_id)

    messenger.probe, messenger.exists = seen_after_it, during_the_outage  # type: ignore[method-assign]
    monkeypatch.setattr(looking, "retry_delay", lambda _attempts, *, chance: chance * 0)
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]
    assert delivery.headlines() == ["Headline 1", "Headline 2"]


async def test_a_chat_of_the_admins_that_is_closed_for_long_is_passed_over(database: Database) -> None:
    delivery = await doubtful(database, arrived=True)
    await delivery.governor.refused(delivery.messenger.through, 3600)
    await delivery.step()
    assert delivery.messenger.passed_on == 1
    assert await delivery.states() == ["sent", "sent"]


async def test_a_probe_that_never_gets_an_answer_leaves_it_to_the_setting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = await doubtful(database, arrived=True, policy="skip")

    async def unanswered(_chat: int, _message: int) -> Probed | None:
        raise Doubtful("read time-out")

    delivery.messenger.probe = unanswered  # type: ignore[method-assign]
    monkeypatch.setattr(looking, "retry_delay", lambda _attempts, *, chance: chance * 0)
    await delivery.step()
    assert await delivery.states() == ["sent", "skipped"]


@pytest.mark.parametrize("error", [SendRefused, ChatGone, ChatClosed])
async def test_a_channel_that_is_gone_meanwhile_is_no_reason_to_call_the_post_settled(
    database: Database, error: type[SendError]
) -> None:
    delivery = await doubtful(database, arrived=False)

    async def gone(_chat: int, _message: int) -> Never:
        raise error("bot is not a member of the channel chat")

    delivery.messenger.probe = delivery.messenger.exists = gone  # type: ignore[method-assign]
    await delivery.step()
    delivery.messenger.trouble = lambda _chat, _message: ChatGone("bot is not a member of the channel chat")
    await delivery.step()
    assert await delivery.states() == ["sent", "pending"]


async def test_of_two_processes_on_one_database_only_the_one_that_begins_a_post_sends_it(database: Database) -> None:
    older = Delivery(database)
    younger = Delivery(database, messenger=older.messenger)
    await older.publish(new_article(1), new_article(2))
    seen = await younger.head()
    await older.step()
    await younger.lanes._advance(seen)
    assert older.headlines() == ["Headline 1"]
    assert await older.states() == ["sent", "pending"]


async def test_what_another_process_settles_meanwhile_is_not_taken_back_and_sent_again(database: Database) -> None:
    delivery = await doubtful(database, arrived=True)
    post = await delivery.head()
    await delivery.step()
    assert await delivery.states() == ["sent", "sent"]
    await delivery.lanes._advance(post)
    assert await delivery.states() == ["sent", "sent"]


async def test_where_every_answer_is_lost_a_post_that_cannot_be_looked_up_is_repeated_a_few_times_and_no_more(
    database: Database,
) -> None:
    delivery = Delivery(database, policy="repeat", looks=False)
    await delivery.publish(new_article(1), new_article(2))
    delivery.messenger.trouble = lambda _chat, message: LOST if "Headline 1" in message.plain else None
    await delivery.work()
    assert delivery.headlines() == ["Headline 1"] * 5 + ["Headline 2"]
    assert ["left out" in told for told in delivery.alerts.told] == [False, True]
