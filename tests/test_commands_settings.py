import pytest

from bot.calls import Call
from bot.commands import Context, answer
from bot.digests import Mode, Quiet, Wishes
from bot.i18n import LANGUAGES, phrases
from bot.patience import Patience
from bot.ports import ChatInfo
from bot.store.readers import ReaderStore

ANN, BEN = 10, 20
EN = phrases("en")
FORUM = ChatInfo(-40, "supergroup")


@pytest.fixture
def context(database):
    return Context(ReaderStore(database), lambda: 1_800_000_000, patience=Patience(1000))


async def reply(context, name, argument="", *, reader=ANN, chat=None, **more):
    chat = chat or ChatInfo(reader, "private")
    return await answer(Call(chat, name, argument, user_id=reader, language_code="en", **more), context)


async def press(context, data, **more):
    return await reply(context, "settings", data, pressed=True, **more)


async def subscribed(context, reader=ANN):
    return (await reply(context, "unsubscribe", reader=reader)).messages[0].plain


def buttons(message):
    return {button.text: button.data.partition(":")[2] for row in message.buttons for button in row}


async def test_a_reader_chooses_a_language_and_is_spoken_to_in_it_from_then_on(context):
    page = (await reply(context, "settings")).messages[0]
    assert "English" in page.plain

    changed = (await press(context, buttons((await press(context, "l")).edit)["Deutsch"])).edit

    assert "Deutsch" in changed.plain
    assert await subscribed(context) == phrases("de").say("not_subscribed")
    assert await subscribed(context, BEN) == EN.say("not_subscribed")


async def test_a_reader_goes_back_to_the_language_of_their_telegram(context):
    await press(context, "l:de")

    page = (await press(context, "l:-")).edit

    assert "English" in page.plain
    assert await subscribed(context) == EN.say("not_subscribed")


async def test_every_language_can_be_chosen(context):
    page = (await press(context, "l")).edit

    assert set(buttons(page).values()) == {*(f"l:{language}" for language in LANGUAGES), "l:-", ""}


MADE_UP = ["l:xx", "x:de", "l:de:1", "mode:never", "hour:24", "hour:-1", "hour:٣", "weekday:7", "zone:/etc/passwd"]


@pytest.mark.parametrize("data", [*MADE_UP, "offsets:1", "from:99", "pictures:maybe", "pictures", "x"])
async def test_made_up_settings_change_nothing(context, data):
    answered = await press(context, data)

    assert answered.alert == EN.say("settings_old")
    assert await context.readers.wishes(ANN) == Wishes()
    assert await subscribed(context) == EN.say("not_subscribed")


async def test_a_weekly_digest_is_chosen_by_buttons_alone(context):
    page = (await reply(context, "settings")).messages[0]
    page = (await press(context, buttons(page)[EN.say("set_delivery")])).edit
    page = (await press(context, buttons(page)[EN.say("mode_weekly")])).edit
    days = (await press(context, buttons(page)["Monday"])).edit
    page = (await press(context, buttons(days)["Friday"])).edit
    hours = (await press(context, next(data for data in buttons(page).values() if data == "hour"))).edit
    page = (await press(context, next(data for data in buttons(hours).values() if data == "hour:19"))).edit
    overview = (await press(context, buttons(page)[EN.say("previous")])).edit

    wishes = await context.readers.wishes(ANN)
    assert (wishes.mode, wishes.weekday, wishes.hour) == (Mode.WEEKLY, 4, 19)
    assert f"{EN.say('mode_weekly')} · Friday · 7:00" in overview.plain


async def test_the_time_of_the_next_digest_is_told_in_the_readers_zone_and_none_where_there_is_none(context):
    assert EN.say("next_digest") not in (await reply(context, "settings")).messages[0].plain

    for data in ("zone:Asia/Tokyo", "mode:daily", "hour:19"):  # it is 17:00 there, on a Friday
        await press(context, data)
    overview = (await press(context, "")).edit

    assert f"{EN.say('next_digest')}: Fri, Jan 15 · 7:00" in overview.plain


async def test_quiet_hours_and_pictures_are_chosen_by_buttons(context):
    for data in ("quiet:held", "from:23", "to:6", "pictures:no"):
        page = (await press(context, data)).edit

    assert await context.readers.wishes(ANN) == Wishes(quiet=Quiet.HELD, quiet_from=23, quiet_to=6, pictures=False)
    assert EN.say("quiet_held") in page.plain


@pytest.mark.parametrize(("typed", "zone"), [("Europe/Madrid", "Europe/Madrid"), ("sao paulo", "America/Sao_Paulo")])
async def test_a_time_zone_is_typed_or_pressed(context, typed, zone):
    page = (await reply(context, "settings", typed)).messages[0]
    assert (await context.readers.wishes(ANN)).zone == zone
    assert EN.place(zone) in page.plain

    chooser = (await press(context, "zone")).edit
    await press(context, buttons(chooser)["Tokyo"])
    assert (await context.readers.wishes(ANN)).zone == "Asia/Tokyo"
    offsets = (await press(context, buttons(chooser)[EN.say("zone_offsets")])).edit
    await press(context, buttons(offsets)["UTC+3"])
    assert (await context.readers.wishes(ANN)).zone == "Etc/GMT-3"


async def test_an_unknown_time_zone_gets_a_line_that_helps(context):
    assert (await reply(context, "settings", "Atlantis")).messages[0].plain.startswith("I do not know this time zone")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_can_be_shown_in_every_language_and_every_button_is_short_enough(context, language):
    seen, waiting = set(), [""]
    await press(context, f"l:{language}")
    while waiting:
        data = waiting.pop()
        answered = await press(context, data, message_id=1)
        assert answered.edit is not None, data
        for row in answered.edit.buttons:
            for button in row:
                assert len(button.data.encode()) <= 64
                assert button.text.strip()
                rest = button.data.partition(":")[2]
                if ":" not in rest and rest not in seen:
                    seen.add(rest)
                    waiting.append(rest)
    assert {"mode", "zone", "offsets", "quiet", "l"} <= seen


async def test_in_a_group_only_admins_set_and_only_what_concerns_a_group(context):
    data = "mode:daily"
    refused = await press(context, data, chat=FORUM, thread_id=7)
    assert refused.alert == EN.say("admins_only")

    await press(context, data, chat=FORUM, thread_id=7, is_chat_admin=True)
    page = (await reply(context, "settings", chat=FORUM, thread_id=7, is_chat_admin=True)).messages[0]

    assert (await context.readers.wishes(FORUM.id, thread_id=7)).mode is Mode.DAILY
    assert (await context.readers.wishes(FORUM.id)).mode is Mode.INSTANTLY
    assert set(buttons(page).values()) == {"mode", "zone"}
    for only_for_readers in ("quiet:held", "pictures:no", "l:de", "quiet"):
        answered = await press(context, only_for_readers, chat=FORUM, is_chat_admin=True)
        assert answered.alert == EN.say("settings_old")


async def test_buttons_of_one_reader_never_change_another(context):
    await press(context, "mode:daily", reader=BEN)

    assert await context.readers.wishes(ANN) == Wishes()
