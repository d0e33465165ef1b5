"""/settings: when articles come, in which language and how; every choice is a button."""

from collections.abc import Callable
from dataclasses import replace

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.settings_pages import AS_TELEGRAM, BACK, BEHIND, EXAMPLE, OF_READERS, PAGES, shown
from bot.digests import HOURS, WEEK_DAYS, Mode, Quiet, Wishes
from bot.format import notice
from bot.i18n import LANGUAGES
from bot.zones import is_zone, zone_named

# Pages that are shown again once something was chosen on them; from the others the reader is led back.
STAYS = {"mode": "mode", "quiet": "quiet"}


async def settings(call: Call, context: Context) -> Reply:
    """Show what is set; a time zone after the command is set first."""
    speak = context.phrases(call)
    wishes = await context.readers.wishes(call.chat.id, thread_id=call.thread_id)
    if call.argument:
        zone = zone_named(call.argument, speak.cities())
        if not zone:
            return Reply((notice(speak.say("zone_unknown", example=EXAMPLE)),))
        wishes = replace(wishes, zone=zone)
        await _keep(call, context, wishes)
    return Reply((await shown(BACK, wishes, call, context),))


async def press(call: Call, context: Context) -> Reply:
    """Show the page whose button was pressed, or set what was chosen on it."""
    page, _, chosen = call.argument.partition(":")
    if page == "l" and chosen:
        return await _speak(call, context, chosen)
    wishes = await context.readers.wishes(call.chat.id, thread_id=call.thread_id)
    changed: Wishes | None = wishes
    if chosen:
        changed = CHANGES[page](wishes, chosen) if page in CHANGES else None
    is_allowed = call.is_private or page not in OF_READERS
    if changed is None or not is_allowed or not (chosen or page in {*PAGES, BACK}):
        return Reply(alert=context.phrases(call).say("settings_old"))
    if changed != wishes:
        await _keep(call, context, changed)
    return Reply(edit=await shown(BEHIND.get(page, STAYS.get(page, BACK)) if chosen else page, changed, call, context))


async def _speak(call: Call, context: Context, code: str) -> Reply:
    """Take the language whose button was pressed, or again that of the reader's Telegram."""
    if code not in {*LANGUAGES, AS_TELEGRAM} or not call.is_private:
        return Reply(alert=context.phrases(call).say("settings_old"))
    chosen = "" if code == AS_TELEGRAM else code
    await context.readers.choose_language(call.user_id, chosen)
    call = replace(call, language_code=chosen or call.telegram_language or call.language_code)
    await context.readers.remember_chat(call.chat, language=context.phrases(call).language)
    wishes = await context.readers.wishes(call.chat.id, thread_id=call.thread_id)
    return Reply(edit=await shown(BACK, wishes, call, context))


async def _keep(call: Call, context: Context, wishes: Wishes) -> None:
    await context.readers.remember_chat(call.chat, language=context.phrases(call).language)
    await context.readers.keep_wishes(
        call.chat.id, wishes, thread_id=call.thread_id, now=context.now, zone=context.zone
    )


def _numbered(text: str, below: int, change: Callable[[int], Wishes]) -> Wishes | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(below)) and int(text) < below
    return change(int(text)) if is_number else None


def _with_mode(wishes: Wishes, text: str) -> Wishes | None:
    return replace(wishes, mode=Mode(text)) if text in set(Mode) else None


def _with_zone(wishes: Wishes, text: str) -> Wishes | None:
    return replace(wishes, zone=text) if is_zone(text) else None


def _with_quiet(wishes: Wishes, text: str) -> Wishes | None:
    return replace(wishes, quiet=Quiet(text)) if text in set(Quiet) else None


def _with_pictures(wishes: Wishes, text: str) -> Wishes | None:
    return replace(wishes, pictures=text == "yes") if text in {"yes", "no"} else None


# What a choice on a page changes; None for a choice that was made up.
CHANGES: dict[str, Callable[[Wishes, str], Wishes | None]] = {
    "mode": _with_mode,
    "hour": lambda wishes, text: _numbered(text, HOURS, lambda hour: replace(wishes, hour=hour)),
    "weekday": lambda wishes, text: _numbered(text, WEEK_DAYS, lambda day: replace(wishes, weekday=day)),
    "zone": _with_zone,
    "quiet": _with_quiet,
    "from": lambda wishes, text: _numbered(text, HOURS, lambda hour: replace(wishes, quiet_from=hour)),
    "to": lambda wishes, text: _numbered(text, HOURS, lambda hour: replace(wishes, quiet_to=hour)),
    "pictures": _with_pictures,
}

SETTINGS = Command("settings", settings, press=press, usage="usage_settings", admins_only=True)
