"""/search words: what was found, page by page."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context, FoundArticles
from bot.commands.lists import as_typed, listed
from bot.commands.saved import stars
from bot.format import article_list, notice
from bot.i18n import Phrases
from bot.models import Button, Message
from bot.search_passage import passage
from bot.search_query import LONGEST_QUERY, Query, parse_query

PAGE_SIZE = 5


async def search(call: Call, context: Context) -> Reply:
    """Show the first page of what the words find."""
    speak = context.phrases(call)
    text = " ".join(call.argument.split())[:LONGEST_QUERY]
    query = parse_query(text)
    if not query.asks_for_something:
        key = "search_only_without" if query.excluded or query.after else "search_how"
        return Reply((notice(speak.say(key, example=speak.say("search_example"))),))
    return Reply((await _page(call, context, text, query, 0),))


async def turn_page(call: Call, context: Context) -> Reply:
    """Show another page in place of the one whose button was pressed."""
    speak = context.phrases(call)
    token, _, number = call.argument.partition(":")
    text = await context.readers.kept_query(call.chat.id, token)
    if text is None or not (number.isascii() and number.isdecimal() and len(number) <= len("999")):
        return Reply(alert=speak.say("old_button"))
    return Reply(edit=await _page(call, context, text, parse_query(text), int(number)))


async def _page(call: Call, context: Context, text: str, query: Query, page: int) -> Message:
    speak = context.phrases(call)
    found = await context.readers.search(query, page=page, page_size=PAGE_SIZE, now=context.now)
    asked = as_typed(text, speak)
    if not found.articles:
        return notice(speak.say("search_nothing", query=asked))
    pages = -(-found.total // PAGE_SIZE)
    title = _title(found, asked, speak) + "\n" + speak.count("found", found.total)
    buttons: tuple[tuple[Button, ...], ...] = (stars(found.articles),)
    if pages > 1:
        title += " · " + speak.say("page", page=page + 1, pages=pages)
        token = await context.readers.keep_query(call.chat.id, text, context.now)
        buttons = (*buttons, _buttons(speak, token, page, pages))
    posts = await context.readers.public_posts([one.id for one in found.articles])
    items = [
        listed(one, speak, context.now, passage=passage(one, query), number=number, post=posts.get(one.id, ""))
        for number, one in enumerate(found.articles, 1)
    ]
    return article_list(items, title=title, right_to_left=speak.right_to_left, buttons=buttons)[0]


def _title(found: FoundArticles, asked: str, speak: Phrases) -> str:
    if found.missing:
        return speak.say("search_closest", query=as_typed(" ".join(found.missing), speak))
    return speak.say("search_title", query=asked)


def _buttons(speak: Phrases, token: str, page: int, pages: int) -> tuple[Button, ...]:
    row = []
    if page > 0:
        row.append(Button(speak.say("previous"), f"{SEARCH.name}:{token}:{page - 1}"))
    if page + 1 < pages:
        row.append(Button(speak.say("next"), f"{SEARCH.name}:{token}:{page + 1}"))
    return tuple(row)


SEARCH = Command("search", search, press=turn_page, usage="usage_search")
