"""/latest [n] [source or #category]: the newest articles."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.interests import label
from bot.commands.lists import listed
from bot.format import article_list, notice
from bot.i18n import Phrases
from bot.interest import EVERYTHING, Interest, Kind, interest_of, key

USUAL = 5
MOST = 20


async def latest(call: Call, context: Context) -> Reply:
    """List the newest articles, newest first; what makes no sense gets a line that helps."""
    speak = context.phrases(call)
    count, rest = _count(call.argument)
    wanted = await _wanted(rest, context)
    if count is None or wanted is None:
        return Reply((notice(speak.say("latest_number", most=MOST, example=USUAL)),))
    articles = await context.readers.latest(count, wanted)
    if not articles:
        return Reply((notice(speak.say("nothing_yet")),))
    items = [listed(article, speak, context.now) for article in articles]
    return Reply(article_list(items, title=_title(wanted, speak), right_to_left=speak.right_to_left))


async def _wanted(text: str, context: Context) -> Interest | None:
    """Return the source or category that is named, None where there is none such.

    Words are not served here, so a part of a name that only one source has names it, and a category needs no '#'.
    """
    sources = await context.readers.sources() if text else ()
    named = interest_of(text, sources)
    if named is None or named.kind is not Kind.WORDS:
        return named
    typed = key(text)
    found = [Interest(Kind.SOURCE, source) for source in sources if typed in key(source)]
    found = found or [
        Interest(Kind.CATEGORY, name) for name in await context.readers.categories() if key(name) == typed
    ]
    return found[0] if typed and len(found) == 1 else None


def _title(wanted: Interest, speak: Phrases) -> str:
    title = speak.say("latest_title")
    return title if wanted == EVERYTHING else f"{title}: {label(wanted, speak)}"


def _count(argument: str) -> tuple[int | None, str]:
    """Return the number asked for, None if it is not from 1 to `MOST`, and the words that are no number.

    Digits of any script are digits.
    """
    words = argument.split()
    for place in (0, -1):
        if words and words[place].isdecimal():
            number = words.pop(place)
            is_sensible = len(number) <= len(str(MOST)) and 1 <= int(number) <= MOST
            return (int(number) if is_sensible else None), " ".join(words)
    return USUAL, " ".join(words)


LATEST = Command("latest", latest, usage="usage_latest")
