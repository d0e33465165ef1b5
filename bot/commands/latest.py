"""/latest [n] [source or #category]: the newest articles."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.interests import LISTS, choice, choices, chosen_of, closest, in_rows, label, pressed
from bot.commands.lists import as_typed, listed
from bot.format import article_list, notice
from bot.i18n import Phrases
from bot.interest import EVERYTHING, Interest, Kind, interest_of, key
from bot.models import Article, Message

NAME = "latest"
USUAL = 5
MOST = 20


async def latest(call: Call, context: Context) -> Reply:
    """List the newest articles, newest first; what makes no sense gets a line that helps."""
    speak = context.phrases(call)
    count, rest = _count(call.argument)
    wanted = await _wanted(rest, context)
    if count is None or (wanted is None and not _is_name(rest)):
        return Reply((notice(_how(speak)),))
    articles = await context.readers.latest(count, wanted) if wanted else ()
    if articles and wanted:
        return Reply(_list(articles, wanted, context, speak))
    return Reply((await _nothing(rest, context, speak),))


async def choose(call: Call, context: Context) -> Reply:
    """Show the newest articles of what was chosen, or another page to choose from."""
    speak = context.phrases(call)
    button = pressed(call.argument)
    if button is None:
        return Reply(alert=speak.say("old_button"))
    names = await _names(LISTS[button.letter], context)
    if not button.chosen:
        buttons = choices(names, button.letter, button.page, speak, command=NAME)
        return Reply(edit=notice(speak.say("latest_choose"), buttons=buttons))
    wanted = chosen_of(button, names)
    articles = await context.readers.latest(USUAL, wanted) if wanted else ()
    if not articles or not wanted:
        return Reply(alert=speak.say("old_button"))
    return Reply(edit=_list(articles, wanted, context, speak)[0])


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


async def _nothing(text: str, context: Context, speak: Phrases) -> Message:
    """Say that there is no such source or category, and offer the closest, or all; of an empty archive say that."""
    first, second = LISTS if not text.startswith("#") else reversed(LISTS)
    names = {letter: await _names(LISTS[letter], context) for letter in (first, second)}
    if not text or not any(names.values()):
        return notice(speak.say("nothing_yet"))
    near = closest(text, [Interest(LISTS[letter], name) for letter in names for name in names[letter]])
    letter = first if names[first] else second
    how, buttons = _how(speak), choices(names[letter], letter, 0, speak, command=NAME)
    if near:
        how, buttons = speak.say("latest_closest"), in_rows([choice(interest, NAME, speak) for interest in near])
    return notice(speak.say("latest_unknown", name=as_typed(text, speak)) + "\n" + how, buttons=buttons)


def _how(speak: Phrases) -> str:
    return speak.say("latest_number", most=MOST, example=USUAL)


async def _names(kind: Kind, context: Context) -> tuple[str, ...]:
    return await (context.readers.sources() if kind is Kind.SOURCE else context.readers.categories())


def _list(articles: tuple[Article, ...], wanted: Interest, context: Context, speak: Phrases) -> tuple[Message, ...]:
    items = [listed(article, speak, context.now) for article in articles]
    title = speak.say("latest_title")
    title = title if wanted == EVERYTHING else f"{title}: {label(wanted, speak)}"
    return article_list(items, title=title, right_to_left=speak.right_to_left)


def _is_name(text: str) -> bool:
    """Say whether words may name a source or category: numbers that make no sense do not."""
    return not key(text).isnumeric() and bool(key(text))


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


LATEST = Command(NAME, latest, press=choose, usage="usage_latest")
