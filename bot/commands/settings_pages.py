"""The pages of /settings: what they say and their buttons.

A button's data names a page and, after a second colon, what is chosen there; all else stands in the database, so the
buttons work for as long as the message stands.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.calls import Call
from bot.commands.call import Context
from bot.digests import HOURS, WEEK_DAYS, Mode, Quiet, Wishes, zone_of
from bot.format import notice
from bot.i18n import LANGUAGES, Phrases, name_of
from bot.models import Button, Message
from bot.shown_text import isolated
from bot.zones import is_zone

EXAMPLE = "Europe/Madrid"
AS_TELEGRAM = "-"
MODES = {
    Mode.INSTANTLY: "mode_instantly",
    Mode.HOURLY: "mode_hourly",
    Mode.DAILY: "mode_daily",
    Mode.WEEKLY: "mode_weekly",
}
QUIETS = {Quiet.NEVER: "quiet_never", Quiet.SILENT: "quiet_silent", Quiet.HELD: "quiet_held"}
CITIES = (
    *("Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Berlin", "Europe/Kyiv", "Europe/Istanbul"),
    *("Europe/Moscow", "Africa/Cairo", "Africa/Lagos", "Asia/Beirut", "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai"),
    *("Asia/Karachi", "Asia/Kolkata", "Asia/Jakarta", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney"),
    *("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Mexico_City", "America/Sao_Paulo"),
)
OFFSETS = (*(f"Etc/GMT+{hours}" for hours in range(12, 0, -1)), "UTC", *(f"Etc/GMT-{hours}" for hours in range(1, 15)))
OF_READERS = frozenset({"quiet", "from", "to", "l", "pictures"})
BACK = ""
BEHIND = {"hour": "mode", "weekday": "mode", "from": "quiet", "to": "quiet", "offsets": "zone"}

Rows = tuple[tuple[Button, ...], ...]
Page = tuple[str, Rows]


async def shown(page: str, wishes: Wishes, call: Call, context: Context) -> Message:
    """Return a page of /settings, for a group without what is for readers alone."""
    speak = context.phrases(call)
    if page == BACK:
        next_at = await context.readers.next_digest(call.chat.id, thread_id=call.thread_id)
        return _overview(wishes, next_at, call, context)
    heading, rows = PAGES[page](wishes, speak)
    return notice(heading, buttons=(*rows, (Button(speak.say("previous"), _data(BEHIND.get(page, BACK))),)))


def _overview(wishes: Wishes, next_at: int | None, call: Call, context: Context) -> Message:
    speak = context.phrases(call)
    zone = zone_of(wishes, context.zone)
    clock = datetime.fromtimestamp(context.now, zone)
    place = isolated(speak.place(str(zone)), right_to_left=speak.right_to_left)
    lines = [
        ("mode", "set_delivery", _delivery(wishes, speak)),
        ("zone", "set_zone", f"{place} · {speak.moment(clock, clock)}"),
        ("quiet", "set_quiet", _quiet_hours(wishes, speak)),
        ("l", "set_language", name_of(speak.language)),
        ("pictures", "set_pictures", speak.say("on" if wishes.pictures else "off")),
    ]
    lines = [line for line in lines if call.is_private or line[0] not in OF_READERS]
    told = [speak.say("settings_line", name=speak.say(name), value=value) for _, name, value in lines]
    if next_at is not None:
        value = speak.appointment(datetime.fromtimestamp(next_at, zone))
        told.insert(1, speak.say("settings_line", name=speak.say("next_digest"), value=value))
    flip = "no" if wishes.pictures else "yes"
    buttons = [
        Button(speak.say(name), _data(page, flip) if page == "pictures" else _data(page)) for page, name, _ in lines
    ]
    return notice("\n".join((speak.say("settings_title"), "", *told)), buttons=_in_rows(buttons, 2))


def _delivery(wishes: Wishes, speak: Phrases) -> str:
    parts = [speak.say(MODES[wishes.mode])]
    if wishes.mode is Mode.WEEKLY:
        parts.append(speak.weekday(wishes.weekday))
    if wishes.mode in {Mode.DAILY, Mode.WEEKLY}:
        parts.append(speak.hour(wishes.hour))
    return " · ".join(parts)


def _quiet_hours(wishes: Wishes, speak: Phrases) -> str:
    said = speak.say(QUIETS[wishes.quiet])
    if wishes.quiet is Quiet.NEVER:
        return said
    return f"{speak.hour(wishes.quiet_from)} – {speak.hour(wishes.quiet_to)} · {said}"


def _mode_page(wishes: Wishes, speak: Phrases) -> Page:
    rows = [(_choice("mode", mode, speak.say(said), chosen=mode is wishes.mode),) for mode, said in MODES.items()]
    details = []
    if wishes.mode is Mode.WEEKLY:
        details.append(Button(speak.weekday(wishes.weekday), _data("weekday")))
    if wishes.mode in {Mode.DAILY, Mode.WEEKLY}:
        details.append(Button(speak.hour(wishes.hour), _data("hour")))
    return speak.say("set_delivery"), (*rows, tuple(details)) if details else tuple(rows)


def _hour_page(wishes: Wishes, speak: Phrases) -> Page:
    return speak.say("set_hour"), _hours("hour", wishes.hour, speak)


def _weekday_page(wishes: Wishes, speak: Phrases) -> Page:
    days = range(WEEK_DAYS)
    buttons = [_choice("weekday", str(day), speak.weekday(day), chosen=day == wishes.weekday) for day in days]
    return speak.say("set_weekday"), _in_rows(buttons, 2)


def _zone_page(wishes: Wishes, speak: Phrases) -> Page:
    rows = (*_zones(CITIES, wishes, speak), (Button(speak.say("zone_offsets"), _data("offsets")),))
    return speak.say("zone_how", example=EXAMPLE), rows


def _offsets_page(wishes: Wishes, speak: Phrases) -> Page:
    return speak.say("zone_how", example=EXAMPLE), _zones(OFFSETS, wishes, speak)


def _quiet_page(wishes: Wishes, speak: Phrases) -> Page:
    rows: Rows = tuple(
        (_choice("quiet", quiet, speak.say(said), chosen=quiet is wishes.quiet),) for quiet, said in QUIETS.items()
    )
    if wishes.quiet is not Quiet.NEVER:
        ends = (("from", "quiet_begin", wishes.quiet_from), ("to", "quiet_end", wishes.quiet_to))
        lines = [
            (speak.say("settings_line", name=speak.say(key), value=speak.hour(at)), page) for page, key, at in ends
        ]
        rows = (*rows, tuple(Button(line, _data(page)) for line, page in lines))
    return speak.say("set_quiet"), rows


def _from_page(wishes: Wishes, speak: Phrases) -> Page:
    return speak.say("quiet_begin"), _hours("from", wishes.quiet_from, speak)


def _to_page(wishes: Wishes, speak: Phrases) -> Page:
    return speak.say("quiet_end"), _hours("to", wishes.quiet_to, speak)


def _language_page(_wishes: Wishes, speak: Phrases) -> Page:
    names = [_choice("l", code, name_of(code), chosen=False) for code in LANGUAGES]
    usual = _choice("l", AS_TELEGRAM, speak.say("settings_as_telegram"), chosen=False)
    said = speak.say("settings_language", language=name_of(speak.language))
    return said, (*_in_rows(names, 3), (usual,))


def _hours(page: str, chosen: int, speak: Phrases) -> Rows:
    return _in_rows([_choice(page, str(hour), speak.hour(hour), chosen=hour == chosen) for hour in range(HOURS)], 4)


def _zones(names: Sequence[str], wishes: Wishes, speak: Phrases) -> Rows:
    known = [name for name in names if is_zone(name)]
    return _in_rows([_choice("zone", name, speak.place(name), chosen=name == wishes.zone) for name in known], 3)


def _choice(page: str, value: str, label: str, *, chosen: bool) -> Button:
    return Button(f"✓ {label}" if chosen else label, _data(page, value))


def _data(page: str, value: str = "") -> str:
    return f"settings:{page}:{value}" if value else f"settings:{page}"


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


PAGES: dict[str, Callable[[Wishes, Phrases], Page]] = {
    "mode": _mode_page,
    "hour": _hour_page,
    "weekday": _weekday_page,
    "zone": _zone_page,
    "offsets": _offsets_page,
    "quiet": _quiet_page,
    "from": _from_page,
    "to": _to_page,
    "l": _language_page,
}
