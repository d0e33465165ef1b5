import io

from bot.calls import Reply
from bot.format import notice
from bot.messengers.console import ConsoleMessenger, converse, lines_of
from bot.models import Button, Message


async def talk(typed, answer):
    shown = []
    messenger = ConsoleMessenger(shown.append, {-100: "@news"})
    await converse(messenger, answer, lines_of(io.StringIO(typed)), write=shown.append, language_code="ar")
    return "\n".join(shown)


def keeping(calls, reply=None):
    async def answer(call):
        calls.append(call)
        return reply or Reply((notice(f"answer to {call.name}"),))

    return answer


async def test_lines_are_commands_until_the_input_ends():
    calls = []

    shown = await talk("/latest 3\n\n  /Search  big storm \nhello\n/help", keeping(calls))

    assert [(call.name, call.argument) for call in calls] == [
        ("latest", "3"),
        ("search", "big storm"),
        ("", "hello"),
        ("help", ""),
    ]
    assert calls[0].language_code == "ar"
    assert "answer to latest" in shown


async def test_a_button_is_pressed_by_its_number():
    calls = []
    page = Reply((Message("x", "page one", ((Button("Back", "search:t:0"), Button("More", "search:t:2")),)),))

    shown = await talk("/search x\n2\n3\n", keeping(calls, page))

    assert "[1] Back   [2] More" in shown
    assert (calls[1].name, calls[1].argument, calls[1].pressed) == ("search", "t:2", True)
    assert (calls[2].name, calls[2].argument, calls[2].pressed) == ("", "3", False)


async def test_an_edit_is_printed_anew_and_an_alert_in_brackets():
    shown = await talk("/x\n", keeping([], Reply(edit=notice("the second page"), alert="too old")))

    assert "the second page" in shown
    assert "(too old)" in shown


async def test_a_post_is_printed_under_the_name_of_its_channel():
    shown = []
    messenger = ConsoleMessenger(shown.append, {-100: "@news"})

    sent = await messenger.send(-100, Message("<b>Storm</b>", "Storm\nhttps://example.com/1"))

    assert "@news" in shown[0]
    assert shown[1] == "Storm\nhttps://example.com/1"
    assert sent.message_id == 1
    assert (await messenger.resolve("@news")).id == -100
