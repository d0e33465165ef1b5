"""What Telegram's messages mean to us."""

import pytest
import telegram

from bot.messengers.telegram.updates import call_of_message

ANN = {"id": 10, "is_bot": False, "first_name": "Ann", "language_code": "ar"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
PRIVATE = {"id": 10, "type": "private", "first_name": "Ann"}
GROUP = {"id": -30, "type": "supergroup", "title": "Friends"}
NEWS = {"id": -100, "type": "channel", "title": "News"}
OURS = {"id": 1, "is_bot": True, "first_name": "Tidings", "username": "tidings_bot"}
PICTURE = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}


def called(chat=PRIVATE, sender=ANN, **more):
    facts = {"message_id": 5, "date": 0, "chat": chat, "from": sender, **more}
    return call_of_message(telegram.Message.de_json(facts, None), "Tidings_Bot")


def test_a_command_is_read_with_what_stands_after_it():
    call = called(text="/Search  storm warning ")

    assert (call.name, call.argument, call.user_id, call.language_code) == ("search", "storm warning", 10, "ar")


def test_the_caption_of_a_picture_is_read_like_a_text():
    call = called(caption="/search storm", **PICTURE)

    assert (call.name, call.argument) == ("search", "storm")


@pytest.mark.parametrize(
    "facts",
    [
        PICTURE,
        {"text": "/latest@other_bot"},
        {"text": "/latest", "chat": NEWS},
        {"text": "/latest", "chat": GROUP, "sender_chat": NEWS, "is_automatic_forward": True},
        {"text": "Storm closes the harbour", "via_bot": OURS},
        {"new_chat_title": "Friends", "chat": GROUP},
    ],
)
def test_what_does_not_concern_us_is_no_call(facts):
    assert called(**{"chat": PRIVATE, **facts}) is None


def test_what_was_sent_by_way_of_another_bot_is_a_call_like_any():
    assert called(text="hello", via_bot={**OURS, "username": "gif"}).argument == "hello"


@pytest.mark.parametrize(("sender_chat", "is_admin"), [(GROUP, True), (NEWS, False)])
def test_who_speaks_in_the_name_of_a_chat_is_no_reader_and_an_admin_only_in_the_groups_own_name(sender_chat, is_admin):
    sender = ANONYMOUS if is_admin else CHANNEL_BOT
    call = called(GROUP, sender, text="/subscribe", sender_chat=sender_chat)

    assert (call.user_id, call.language_code, call.is_chat_admin) == (0, "", is_admin)


def test_the_topic_of_a_forum_is_known_and_a_mere_reply_is_no_topic():
    assert called(GROUP, text="/latest", message_thread_id=7, is_topic_message=True).thread_id == 7
    assert called(GROUP, text="/latest", message_thread_id=7).thread_id == 0
